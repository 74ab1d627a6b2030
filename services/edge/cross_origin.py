"""What a script on anybody's page may read of the wire, by CORS (https://fetch.spec.whatwg.org/#http-cors-protocol).

Feeds, sitemaps and the public content API are open to every origin, with a preflight for who polls with validators. What needs a
key, a session or a form's token is open to none: it is never named here, and a new address is closed until it is.
"""

from __future__ import annotations

import re

from starlette.types import Message, Scope, Send

from shared.wire.config import wire

#: of an answer: what a script sees beside what every script may
EXPOSED = "ETag, Last-Modified, Link, IM, Retry-After"
#: of a request: what a script may send beside what every script may
_MAY_BE_SENT = "Accept, Accept-Language, A-IM, Cache-Control, If-Modified-Since, If-None-Match"
#: how long a browser need not ask again, in seconds
_PREFLIGHT_HOLDS_S = 86_400

_READ = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED.encode()),
)
_PREFLIGHT = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", _MAY_BE_SENT.encode()),
    (b"access-control-max-age", str(_PREFLIGHT_HOLDS_S).encode()),
)

_FEED = re.compile(r"/[^/]+/feeds/([^/]+)\.[^/.]+\Z")
_OTHERS = re.compile(
    r"/[^/]+/feeds\.opml\Z|/sitemap\.xml\Z|/news-sitemap\.xml\Z|/sitemaps/[^/]+/[^/]+\.xml\Z"
    r"|/v1/stories(?:\.[^/]+)?\Z|/v1/stories/[^/]+\Z|/v1/stories/[^/]+/revisions\Z"
)


def is_open(path: str) -> bool:
    """Is what stands at this address for everybody? A feed that needs a key is not, wherever it is asked for."""
    if feed := _FEED.match(path):
        return not wire().is_private(feed[1])
    return _OTHERS.match(path) is not None


def opened(scope: Scope, send: Send) -> Send:
    """What sends the answer to this request, with what scripts may read of it where that is anything."""
    if not is_open(scope["path"]) or _shows_key(scope):
        return send
    said = _PREFLIGHT if scope["method"] == "OPTIONS" else _READ

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name.lower() for name, _ in message["headers"]}
            message = {**message, "headers": [*message["headers"], *(row for row in said if row[0] not in names)]}
        await send(message)

    return send_on


def _shows_key(scope: Scope) -> bool:
    """Some addresses say more to who shows a key. No script may send one, so what is said to one is for none."""
    return scope["path"].endswith("/revisions") and any(name == b"authorization" for name, _ in scope["headers"])
