"""WebSub, as the W3C Recommendation has it (https://www.w3.org/TR/websub/): what may be asked of a hub, and what it answers.

Values only. Section numbers are the Recommendation's.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from shared.web.addresses import Unreadable, plain_url
from shared.wire.config import Wire

#: how long a subscription lasts if nobody says, and the bounds of what may be said (5.3: none lasts for ever)
USUAL_LEASE = timedelta(days=10)
LEAST_LEASE, LONGEST_LEASE = timedelta(minutes=5), timedelta(days=30)

#: 5.1: a secret has fewer than 200 bytes
_SECRET_BELOW_BYTES = 200
_LONGEST_CALLBACK = 2000

FORMATS = ("rss", "atom", "json")
CONTENT_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


class Mode(StrEnum):
    """What a subscriber asks for."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


class Unacceptable(Exception):
    """A request that the hub refuses at once; the message is for its sender (5.1.2)."""


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One feed document that can be subscribed to."""

    edition: str
    feed: str
    format: str
    secret: str = ""  #: the subscriber's key, where the address is their own

    def url(self, public_url: str) -> str:
        """Its `self` address, which is its name."""
        own = f"/private/{self.secret}" if self.secret else ""
        return f"{public_url}{own}/{self.edition}/feeds/{self.feed}.{self.format}"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that may be verified."""

    mode: Mode
    topic: Topic
    callback: str
    secret: str
    lease: timedelta


def asked_of(form: Mapping[str, str], *, wire: Wire, public_url: str) -> Asked:
    """What a form asks for (5.1). Parameters that are not known are ignored. Raises Unacceptable."""
    try:
        mode = Mode(form.get("hub.mode", ""))
    except ValueError:
        raise Unacceptable("hub.mode must be subscribe or unsubscribe") from None
    topic = topic_of(form.get("hub.topic", ""), wire=wire, public_url=public_url)
    if topic is None:
        raise Unacceptable(
            f"hub.topic must be the rel=self address of one of this wire's feeds, as {public_url}/"
            f"{wire.own_edition}/feeds/all.atom"
        )
    secret = form.get("hub.secret", "")
    if len(secret.encode()) >= _SECRET_BELOW_BYTES:
        raise Unacceptable(f"hub.secret must have fewer than {_SECRET_BELOW_BYTES} bytes")
    return Asked(mode=mode, topic=topic, callback=_callback(form.get("hub.callback", "")), secret=secret, lease=_lease(form))


def topic_of(url: str, *, wire: Wire, public_url: str) -> Topic | None:
    """The topic behind an address; None if it is no feed of this wire."""
    found = _TOPIC.fullmatch(url.removeprefix(public_url)) if url.startswith(public_url) else None
    if not found or found["edition"] not in wire.editions or not wire.has_feed(found["feed"]):
        return None
    return Topic(edition=found["edition"], feed=found["feed"], format=found["form"], secret=found["secret"] or "")


_TOPIC = re.compile(
    rf"(?:/private/(?P<secret>[\w-]+))?/(?P<edition>[\w-]+)/feeds/(?P<feed>[\w-]+)\.(?P<form>{'|'.join(FORMATS)})"
)


def _callback(url: str) -> str:
    try:
        at = urlsplit(url)
        _ = at.port
    except ValueError:
        raise Unacceptable("hub.callback is no address") from None
    if at.scheme not in ("http", "https") or not at.hostname or len(url) > _LONGEST_CALLBACK:
        raise Unacceptable("hub.callback must be an http or https address")
    if at.username or at.password or at.fragment:
        raise Unacceptable("hub.callback must have no user, no password and no fragment")
    try:
        plain_url(url)
    except Unreadable as odd:
        raise Unacceptable(f"hub.callback: {odd}") from odd
    return url


def _lease(form: Mapping[str, str]) -> timedelta:
    """The lease that was asked for, within bounds; the hub says which one it gives (5.3)."""
    said = form.get("hub.lease_seconds", "")
    if not said:
        return USUAL_LEASE
    if not said.isdecimal():
        raise Unacceptable("hub.lease_seconds must be a whole number of seconds")
    return min(max(timedelta(seconds=min(int(said), 10**9)), LEAST_LEASE), LONGEST_LEASE)


def with_query(callback: str, **parameters: str) -> str:
    """A callback with parameters added to those that it has, which stay as they are (5.3)."""
    at = urlsplit(callback)
    added = urlencode({f"hub.{name}": value for name, value in parameters.items()})
    return urlunsplit((at.scheme, at.netloc, at.path, f"{at.query}&{added}" if at.query else added, ""))


def signature(secret: str, body: bytes) -> str:
    """The `X-Hub-Signature` of a body (7.1)."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def parsed_form(body: bytes) -> dict[str, str]:
    """A form as it was sent; of a name that comes twice the first one counts."""
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100)
    return dict(reversed(pairs))
