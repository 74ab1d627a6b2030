"""Receivers of webhooks: who they are, what they ask for, which secrets sign what they are sent. Values only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from shared.contracts.problem import FieldError
from shared.web.outbound import Unreachable, checked_url


@dataclass(frozen=True, kw_only=True)
class WebhookConfig:
    """What a subscriber asks to be sent, and where. Lists that are empty ask for everything."""

    name: str
    url: str
    editions: Sequence[str]
    feeds: Sequence[str]
    events: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class StoredReceiver:
    """A receiver as it is kept."""

    id: UUID
    key: str  #: name of the subscriber's key; empty: named in the wire file
    name: str
    url: str
    secret: str = field(repr=False)  #: empty: in the environment
    old_secret: str = field(repr=False)
    old_secret_until: datetime | None  #: signs beside the new one until then
    editions: tuple[str, ...]  #: empty: every one; so with feeds and events
    feeds: tuple[str, ...]
    events: tuple[str, ...]
    added_at: datetime
    sequence: int  #: notifications acknowledged
    failures: int  #: in a row
    failing_since: datetime | None
    disabled_at: datetime | None
    error: str | None  #: what went wrong last


@dataclass(frozen=True, kw_only=True)
class ListedReceiver(StoredReceiver):
    """A receiver and how it does."""

    waiting: int  #: notifications that are due
    parked: int  #: notifications that were refused


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Who is sent a notification, where, and signed by which secrets."""

    id: UUID
    key: str  #: name of the subscriber's key; empty: named in the wire file
    name: str
    url: str
    secrets: tuple[str, ...] = field(repr=False)  #: each signs; the newest first
    sequence: int  #: notifications acknowledged
    failures: int  #: in a row
    failing_since: datetime | None


def receiver_of(stored: StoredReceiver, *, file_secret: Callable[[str], str], now: datetime) -> Receiver:
    """A receiver with the secrets that sign what it is sent at `now`; an old one signs for a while beside the new one.

    The secret of a receiver in the wire file is in the environment: `file_secret` finds it by the receiver's name; empty if
    there is none, and nothing is signed.
    """
    is_old_valid = stored.old_secret_until is not None and stored.old_secret_until > now
    secrets = (stored.secret, stored.old_secret if is_old_valid else "") if stored.key else (file_secret(stored.name),)
    return Receiver(
        id=stored.id,
        key=stored.key,
        name=stored.name,
        url=stored.url,
        secrets=tuple(secret for secret in secrets if secret),
        sequence=stored.sequence,
        failures=stored.failures,
        failing_since=stored.failing_since,
    )


def faults_of(
    config: WebhookConfig, *, editions: Collection[str], feeds: Collection[str], events: Collection[str]
) -> list[FieldError]:
    """What is wrong with what a subscriber asks for, field by field, the address last; the others are what they may ask for.

    Empty if all is well. No name is looked up: an address that is written as one is judged at once.
    """
    faults = [
        FieldError.at(name, f"there is no {', '.join(unknown)}; there is {', '.join(sorted(there))}")
        for name, wanted, there in (
            ("editions", config.editions, editions),
            ("feeds", config.feeds, feeds),
            ("events", config.events, events),
        )
        if (unknown := sorted({*wanted} - {*there}))
    ]
    if fault := _fault_of_url(config.url):
        faults.append(FieldError.at("url", fault))
    return faults


def _fault_of_url(url: str) -> str:
    """What is wrong with an address; names are checked again whenever they are resolved for a connection."""
    try:
        parts = urlsplit(url)
        _ = parts.port
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password or parts.fragment:
            return "must be an http or https address without user, password and fragment"
        checked_url(url)
    except (ValueError, Unreachable) as wrong:
        return str(wrong)
    return ""
