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

from shared.contracts.feeds import CONTENT_TYPES, FeedFormat
from shared.web.addresses import Unreadable, plain_url
from shared.wire.config import Wire

#: how long a subscription lasts if nobody says, and the bounds of what may be said (5.3: none lasts for ever)
USUAL_LEASE = timedelta(days=10)
MIN_LEASE, MAX_LEASE = timedelta(minutes=5), timedelta(days=30)

#: 5.1: a secret has fewer than 200 bytes
_SECRET_BELOW_BYTES = 200
_MAX_CALLBACK_CHARS = 2000
_MAX_FIELDS = 100
#: a lease of more digits is no number that somebody means; Python refuses to read very many
_MAX_LEASE_DIGITS = 100


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
    format: FeedFormat
    secret: str = ""  #: the subscriber's key, where the address is their own

    def url(self, public_url: str) -> str:
        """Its `self` address, which is its name."""
        own = f"/private/{self.secret}" if self.secret else ""
        return f"{public_url}{own}/{self.edition}/feeds/{self.feed}.{self.format}"


@dataclass(frozen=True, kw_only=True)
class SubscriptionRequest:
    """A request that may be verified."""

    mode: Mode
    topic: Topic
    callback: str
    secret: str  #: signs what is sent; empty: nothing is signed
    lease: timedelta


# ── What is asked ────────────────────────────────────────────────────────────────────────────────────────────────


def parse_form(body: bytes) -> dict[str, str]:
    """A form as it was sent; of a name that comes twice the first one counts. Raises Unacceptable if it has too many fields."""
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise Unacceptable(f"the form has more than {_MAX_FIELDS} fields") from None
    return dict(reversed(pairs))


def parse_request(form: Mapping[str, str], *, wire: Wire, public_url: str) -> SubscriptionRequest:
    """What a form asks for (5.1). Parameters that are not known are ignored. Raises Unacceptable."""
    try:
        mode = Mode(form.get("hub.mode", ""))
    except ValueError:
        raise Unacceptable("hub.mode must be subscribe or unsubscribe") from None
    topic = find_topic(form.get("hub.topic", ""), wire=wire, public_url=public_url)
    if topic is None:
        raise Unacceptable(
            f"hub.topic must be the rel=self address of one of this wire's feeds, as {public_url}/"
            f"{wire.own_edition}/feeds/all.atom"
        )
    secret = form.get("hub.secret", "")
    if len(secret.encode()) >= _SECRET_BELOW_BYTES:
        raise Unacceptable(f"hub.secret must have fewer than {_SECRET_BELOW_BYTES} bytes")
    callback, lease = _check_callback(form.get("hub.callback", "")), _parse_lease(form.get("hub.lease_seconds", ""))
    return SubscriptionRequest(mode=mode, topic=topic, callback=callback, secret=secret, lease=lease)


def find_topic(url: str, *, wire: Wire, public_url: str) -> Topic | None:
    """The topic behind an address; None if it is no feed of this wire."""
    match = _TOPIC.fullmatch(url.removeprefix(public_url)) if url.startswith(public_url) else None
    if not match or match["edition"] not in wire.editions or not wire.has_feed(match["feed"]):
        return None
    return Topic(edition=match["edition"], feed=match["feed"], format=FeedFormat(match["format"]), secret=match["secret"] or "")


_TOPIC = re.compile(
    rf"(?:/private/(?P<secret>[\w-]+))?/(?P<edition>[\w-]+)/feeds/(?P<feed>[\w-]+)\.(?P<format>{'|'.join(FeedFormat)})"
)


def _check_callback(url: str) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise Unacceptable("hub.callback is no address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > _MAX_CALLBACK_CHARS:
        raise Unacceptable("hub.callback must be an http or https address")
    if parts.username or parts.password or parts.fragment:
        raise Unacceptable("hub.callback must have no user, no password and no fragment")
    try:
        plain_url(url)
    except Unreadable as odd:
        raise Unacceptable(f"hub.callback: {odd}") from odd
    return url


def _parse_lease(seconds: str) -> timedelta:
    """The lease that was asked for, within bounds; the hub says which one it gives (5.3)."""
    if not seconds:
        return USUAL_LEASE
    if not seconds.isdecimal() or len(seconds) > _MAX_LEASE_DIGITS:
        raise Unacceptable("hub.lease_seconds must be a whole number of seconds")
    return min(max(timedelta(seconds=min(int(seconds), 10**9)), MIN_LEASE), MAX_LEASE)


# ── What the hub asks and sends ──────────────────────────────────────────────────────────────────────────────────


def verification_url(request: SubscriptionRequest, topic_url: str, challenge: str) -> str:
    """Where to ask whether a subscriber meant it (5.3); a subscription's lease is in it."""
    lease = {"lease_seconds": str(int(request.lease.total_seconds()))} if request.mode is Mode.SUBSCRIBE else {}
    return _add_query(request.callback, mode=request.mode.value, topic=topic_url, challenge=challenge, **lease)


def denial_url(request: SubscriptionRequest, topic_url: str, reason: str) -> str:
    """Where to say that a request is denied, and why (5.2)."""
    return _add_query(request.callback, mode="denied", topic=topic_url, reason=reason)


def is_confirmed(status: int | None, body: bytes, challenge: bytes) -> bool:
    """Does an answer confirm what was asked: 2xx, and the challenge as its whole body (5.3.1)?"""
    return status is not None and 200 <= status < 300 and body == challenge


def distribution_headers(
    feed_format: FeedFormat, *, topic_url: str, public_url: str, sequence: int, secret: str, body: bytes
) -> dict[str, str]:
    """The headers of a document that is sent whole: its media type, hub and self, and a signature if there is a secret (7, 7.1).

    `Barq-Sequence` is our own: it counts what this subscriber has acknowledged, without a gap.
    """
    headers = {
        "content-type": CONTENT_TYPES[feed_format],
        "link": f'<{public_url}/hub>; rel="hub", <{topic_url}>; rel="self"',
        "barq-sequence": str(sequence),
    }
    if secret:
        headers["x-hub-signature"] = signature(secret, body)
    return headers


def signature(secret: str, body: bytes) -> str:
    """The `X-Hub-Signature` of a body (7.1)."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def _add_query(callback: str, **parameters: str) -> str:
    """A callback with parameters added to those that it has, which stay as they are (5.3)."""
    parts = urlsplit(callback)
    added = urlencode({f"hub.{name}": value for name, value in parameters.items()})
    return urlunsplit((parts.scheme, parts.netloc, parts.path, f"{parts.query}&{added}" if parts.query else added, ""))
