"""Who is at a screen: a key of its role, shown once, then a session in a cookie; and the token that each of our forms carries."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from shared.archive.database import engine
from shared.contracts.problem import ForeignForm, Refused
from shared.settings import settings
from shared.web.keys import SESSION, Key, Right, Role, begin_session, check_key, end_session, form_token


class SignInFirst(Exception):
    """Nobody is signed in; the page to sign in is shown instead."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody at a screen."""

    key: Key
    session: str  #: the session's secret: acts for the key
    token: str  #: what our forms carry

    def may(self, *rights: Right) -> bool:
        """Has the key one of these rights?"""
        return self.key.may(*rights)


@dataclass(frozen=True, kw_only=True)
class Screens:
    """The screens of one role, all under one path."""

    role: Role
    path: str
    cookie: str

    def signed_in(self, request: Request) -> Visitor:
        """A FastAPI dependency: who is at the screen. Raises SignInFirst."""
        session = request.cookies.get(self.cookie, "")
        if not session.startswith(SESSION):  # a key is shown once, and never kept in a browser
            raise SignInFirst
        try:
            with engine().connect() as connection:
                key = check_key(connection, session, self.role)
        except Refused as refused:
            raise SignInFirst from refused
        return Visitor(key=key, session=session, token=form_token(session))

    def begin(self, request: Request, connection: Connection, secret: str) -> Visitor:
        """A session for who shows a key in the form of our own page: nobody is signed in by another site. Raises Refused."""
        if _is_from_elsewhere(request):
            raise _not_from_this_page()
        lasts = timedelta(hours=settings().session_hours)
        key, session = begin_session(connection, secret.strip(), self.role, lasts=lasts)
        return Visitor(key=key, session=session, token=form_token(session))

    def send_in(self, request: Request, visitor: Visitor, to: str) -> Response:
        """On to a page of ours, with the session in a cookie that scripts cannot read and other sites cannot use."""
        response = RedirectResponse(to if to.startswith(self.path) else self.path, 303)
        response.set_cookie(
            self.cookie,
            visitor.session,
            max_age=int(settings().session_hours * 3600),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
            path=self.path,
        )
        return response

    def send_out(self, connection: Connection, visitor: Visitor) -> Response:
        """End the session."""
        end_session(connection, visitor.session)
        response = RedirectResponse(self.path, 303)
        response.delete_cookie(self.cookie, path=self.path)
        return response


def check_form(request: Request, visitor: Visitor, token: str) -> None:
    """Was this form sent from one of our pages? Raises Refused (403).

    The cookie is for this site alone (`SameSite=Strict`); the token and the browser's own word on where the form came from are
    for browsers that get that wrong.
    """
    if _is_from_elsewhere(request) or not hmac.compare_digest(token.encode("utf-8", "replace"), visitor.token.encode()):
        raise _not_from_this_page()


def _is_from_elsewhere(request: Request) -> bool:
    """Does the browser say that a form came from another origin? What is no browser says nothing."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != request.headers.get("host")
    except ValueError:
        return True


def _not_from_this_page() -> Refused:
    return ForeignForm(
        "This form was not sent from one of our pages. Go back, reload the page, and send it again.",
    )
