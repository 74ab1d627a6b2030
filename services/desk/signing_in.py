"""Who is at the screen: a newsroom key, shown once, then a session in a cookie; and the token that each of our forms carries."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response

from shared.contracts.problem import ProblemType, Refused
from shared.database import engine
from shared.keys import Key, Right, Role, check_key, form_token

COOKIE = "barq_desk"


class SignInFirst(Exception):
    """Nobody is signed in; the page to sign in is shown instead."""


@dataclass(frozen=True, kw_only=True)
class Editor:
    """Somebody at a screen."""

    key: Key
    session: str  #: the session's secret: acts for the key
    token: str  #: what our forms carry

    def may(self, *rights: Right) -> bool:
        """Has the key one of these rights?"""
        return self.key.may(*rights)


def signed_in(request: Request) -> Editor:
    """A FastAPI dependency: who is at the screen. Raises SignInFirst."""
    session = request.cookies.get(COOKIE, "")
    if not session:
        raise SignInFirst
    try:
        with engine().connect() as connection:
            key = check_key(connection, session, Role.NEWSROOM)
    except Refused as refused:
        raise SignInFirst from refused
    return Editor(key=key, session=session, token=form_token(session))


def check_form(request: Request, editor: Editor, token: str) -> None:
    """Was this form sent from one of our pages? Raises Refused (403).

    The cookie is for this site alone (`SameSite=Strict`); the token and the browser's own word on where the form came from are
    for browsers that get that wrong.
    """
    origin = request.headers.get("origin")
    is_elsewhere = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if is_elsewhere or not hmac.compare_digest(token, editor.token):
        raise Refused(
            ProblemType.INVALID_REQUEST,
            403,
            "Not from this page",
            "This form was not sent from a page of the desk. Go back, reload the page, and send it again.",
        )


def keep_session(response: Response, secret: str, *, is_secure: bool, lasts_s: float) -> None:
    """Leave the session in a cookie that scripts cannot read and other sites cannot use."""
    response.set_cookie(
        COOKIE, secret, max_age=int(lasts_s), httponly=True, samesite="strict", secure=is_secure, path="/desk"
    )
