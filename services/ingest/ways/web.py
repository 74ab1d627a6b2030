"""Polled addresses: RSS, Atom, JSON Feed, ninjs, NewsML-G2 or anything else over HTTP, with conditional requests.

Validators are kept and sent back word by word. A server that has none is not made to pay for it here: the same body again
is not read again. `Retry-After` is honoured.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import unquote, urlunsplit

from services.ingest.ways import Found, Visit
from shared.outbound import Unreachable, asked_to_wait, fetch

SCHEMES = ("https", "http")

_VALIDATORS = {"etag": "if-none-match", "last-modified": "if-modified-since"}
_ACCEPT = "application/json, application/feed+json, application/atom+xml, application/rss+xml, application/xml, */*;q=0.5"


def look(visit: Visit) -> Iterator[Found]:
    """The document, if it is another than the last time."""
    at = visit.source.at
    host = at.netloc.rpartition("@")[2]
    headers = {"user-agent": "Barq", "accept": _ACCEPT, **_authorization(at.username, visit.secret)}
    kept = visit.memory.get("validators", {})
    headers |= {_VALIDATORS[name]: value for name, value in kept.items()}
    answer = fetch(
        urlunsplit((at.scheme, host, at.path or "/", at.query, "")),
        headers=headers,
        timeout_s=visit.timeout_s,
        most_bytes=visit.most_bytes,
    )
    visit.asked_to_wait = asked_to_wait(answer.headers.get("retry-after"), visit.now)
    if answer.status == 304:
        return
    if answer.status != 200:
        raise Unreachable(f"{host} answered {answer.status}")
    digest = hashlib.sha256(answer.body).hexdigest()
    validators = {name: answer.headers[name] for name in _VALIDATORS if name in answer.headers}

    def put_away(_: list[str]) -> None:
        # only now: a look that was cut off must see the document again
        visit.memory.update(validators=validators, digest=digest)

    if digest == visit.memory.get("digest"):
        put_away([])
        return
    yield Found(
        name=visit.source.url,
        body=answer.body,
        content_type=answer.headers.get("content-type", ""),
        put_away=put_away,
    )


def _authorization(username: str | None, secret: str) -> dict[str, str]:
    """Basic where the address has a user, else the secret as a bearer's token, else nothing."""
    if username:
        pair = f"{unquote(username)}:{secret}".encode()
        return {"authorization": f"Basic {base64.b64encode(pair).decode()}"}
    return {"authorization": f"Bearer {secret}"} if secret else {}
