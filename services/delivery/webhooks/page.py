"""The subscribers' page: their feeds, webhooks, deliveries and subscriptions. Each form does what the API does."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from services.delivery.hub.queries import list_subscriptions
from services.delivery.webhooks import queries, routes
from services.delivery.webhooks.notifications import EVENTS
from services.delivery.webhooks.routes import NewWebhook, Secret
from shared.archive.database import engine
from shared.contracts.problem import FieldError, InvalidRequest, NotFound, Problem, Refused
from shared.settings import settings
from shared.web.headers import page_headers
from shared.web.keys import Role
from shared.web.pages import templates_of
from shared.web.problems import answer_problems
from shared.web.sessions import Screens, SignInFirst, Visitor, check_form
from shared.wire.config import in_language, wire

_MAX_DELIVERIES, _MAX_SUBSCRIPTIONS = 20, 50
_HEADERS = page_headers()
_FIELDS = ("name", "url", "editions", "feeds", "events")

app = FastAPI(title="Barq subscribers", docs_url=None, redoc_url=None)
answer_problems(app)

_templates = templates_of("services.delivery")
_templates.filters["clock"] = lambda moment: f"{moment:%d %b %H:%M:%S}" if moment else ""
_templates.filters["day"] = lambda moment: f"{moment:%d %B %Y}"

screens = Screens(role=Role.SUBSCRIBER, path="/subscriber", cookie="barq_subscriber")
SignedIn = Annotated[Visitor, Depends(screens.signed_in)]


@app.exception_handler(SignInFirst)
async def sign_in_first(_: Request, __: SignInFirst) -> Response:
    """The page to sign in, in place of the one that was asked for."""
    return _sign_in_page()


@app.exception_handler(Refused)
async def refused(_: Request, error: Refused) -> Response:
    """A form that is not from our pages: whoever sent it may sign in."""
    return _sign_in_page(error.problem.detail)


@app.post("/subscriber/sign-in", include_in_schema=False)
def sign_in(request: Request, key: Annotated[str, Form()]) -> Response:
    """Show a subscriber's key once and get a session for it."""
    try:
        with engine().begin() as connection:
            visitor = screens.begin(request, connection, key)
    except Refused as unknown:
        return _sign_in_page(unknown.problem.detail)
    return screens.send_in(request, visitor, "/subscriber")


@app.post("/subscriber/sign-out", include_in_schema=False)
def sign_out(request: Request, visitor: SignedIn, token: Annotated[str, Form()]) -> Response:
    """End the session."""
    check_form(request, visitor, token)
    with engine().begin() as connection:
        return screens.send_out(connection, visitor)


@app.get("/subscriber", include_in_schema=False)
def subscriber(visitor: SignedIn) -> Response:
    """Everything that is this subscriber's."""
    return _page(visitor)


@app.post("/subscriber/webhooks", include_in_schema=False)
def add(
    request: Request,
    visitor: SignedIn,
    token: Annotated[str, Form()],
    name: Annotated[str, Form()] = "",
    url: Annotated[str, Form()] = "",
    editions: Annotated[str, Form()] = "",
    feeds: Annotated[str, Form()] = "",
    events: Annotated[str, Form()] = "",
) -> Response:
    """Add a webhook."""
    check_form(request, visitor, token)
    form = dict(zip(_FIELDS, (name, url, editions, feeds, events), strict=True))
    try:
        lists = {field: [part for part in form[field].replace(",", " ").split() if part] for field in _FIELDS[2:]}
        new = NewWebhook.model_validate({"name": name.strip(), "url": url.strip(), **lists})
        return _page(visitor, secret=routes.add(visitor.key, new), open=new.name)
    except ValidationError as wrong:
        errors = tuple(FieldError.at(str(error["loc"][0]), error["msg"]) for error in wrong.errors())
        problem = InvalidRequest("Not added:", errors=errors).problem
        return _page(visitor, problem=problem, form=form)
    except Refused as taken:
        return _page(visitor, problem=taken.problem, form=form)


@app.post("/subscriber/webhooks/{name}/{action}", include_in_schema=False)
def act(
    request: Request,
    visitor: SignedIn,
    name: str,
    action: str,
    token: Annotated[str, Form()],
    after: Annotated[int | None, Form(ge=0)] = None,
) -> Response:
    """One of the buttons of a webhook."""
    check_form(request, visitor, token)
    try:
        done = _do(visitor, name, action, after)
    except Refused as unknown:
        return _page(visitor, problem=unknown.problem)
    if isinstance(done, Secret):
        return _page(visitor, secret=done, open=name)
    return _page(visitor, message=done, open=name)


def _do(visitor: Visitor, name: str, action: str, after: int | None) -> str | Secret:
    """What a button does, and what to say of it. Raises Refused."""
    match action:
        case "test":
            return _send_test(visitor, name)
        case "secret":
            return routes.change_secret(visitor.key, name)
        case "parked":
            return f"{routes.replay(visitor.key, name, None)} are sent again."
        case "replay":
            return f"{routes.replay(visitor.key, name, after)} are sent again."
        case "enable":
            routes.enable(visitor.key, name)
            return f"{name} is sent what it missed."
        case "remove":
            routes.remove(visitor.key, name)
            return f"{name} is removed."
        case _:
            raise NotFound(f"A webhook cannot {action[:40]!r}.")


def _send_test(visitor: Visitor, name: str) -> str:
    answer = routes.send_test(visitor.key, name)
    return f"{name} answered {answer.status}." if answer.status else f"{name} did not answer: {answer.error}"


def _page(
    visitor: Visitor,
    *,
    message: str = "",
    secret: Secret | None = None,
    problem: Problem | None = None,
    form: dict[str, str] | None = None,
    open: str = "",
) -> Response:
    the_wire = wire()
    with engine().connect() as connection:
        receivers = queries.list_receivers(connection, visitor.key.name)
        deliveries = {
            receiver.name: queries.list_deliveries(connection, receiver.id, after=None, state=None, limit=_MAX_DELIVERIES)
            for receiver in receivers
        }
        subscriptions = list_subscriptions(connection, visitor.key.name, limit=_MAX_SUBSCRIPTIONS)
    html = _templates.get_template("subscriber.html").render(
        visitor=visitor,
        agency=_agency(),
        public_url=settings().public_url,
        own_edition=the_wire.own_edition,
        editions=list(the_wire.editions),
        events=EVENTS,
        feeds=[
            (the_wire.feed_title(feed, edition), edition, feed)
            for feed in the_wire.private_feeds(visitor.key.products)
            for edition in the_wire.editions
        ],
        hooks=receivers,
        deliveries=deliveries,
        subscriptions=subscriptions,
        message=message,
        secret=secret,
        problem=problem,
        form=form or dict.fromkeys(_FIELDS, ""),
        open=open,
    )
    return HTMLResponse(html, problem.status if problem else 200, headers=_HEADERS)


def _sign_in_page(complaint: str = "") -> Response:
    html = _templates.get_template("sign_in.html").render(complaint=complaint, agency=_agency())
    return HTMLResponse(html, 401, headers=_HEADERS)


def _agency() -> str:
    return in_language(wire().agency.name, wire().own_edition)
