"""Keys: who may do what, from where, until when. The secret is shown once and kept only as its hash.

A secret is 256 random bits, so a plain SHA-256 keeps it safe at rest and checking it costs nothing. A person at a screen
signs in with a key and gets a session: a secret of its own that acts for the key, for some hours, and ends with it.

Secrets are looked for, and sessions begun, by functions of the database (migration 0023): who serves strangers may call these,
and can neither read nor write the tables.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Row, text

from shared.clock import utc_now
from shared.contracts.problem import (
    ExpiredKey,
    MissingRight,
    NoKey,
    NotKnown,
    RevokedKey,
    UnknownKey,
    WrongAddress,
    WrongRole,
)
from shared.errors import BarqError
from shared.web import key_use
from shared.web.clients import address_now, is_within

#: how the secret of a session begins; a key's begins otherwise
SESSION = "barq_session_"
#: sessions of one key at once
MOST_SESSIONS = 50
_MOST_NETWORKS = 50


class Role(StrEnum):
    """What a key is for."""

    NEWSROOM = "newsroom"
    SUBSCRIBER = "subscriber"
    OPS = "ops"


class Right(StrEnum):
    """What a newsroom key may do."""

    PUSH = "push"  #: send whatever a newsroom's own systems send, kills among it: a sender's kill is never held up
    EDIT = "edit"  #: write, update, correct, hold and release at the desk
    KILL = "kill"  #: take a story back for good
    TRANSLATE = "translate"  #: write an edition's own text
    ADMIN = "admin"  #: sources, what was refused, reading again, and the record of who did what


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key as it is listed; the secret is not in it."""

    name: str
    role: Role
    rights: frozenset[Right]
    products: tuple[str, ...]  #: of a subscriber
    networks: tuple[str, ...]  #: from which it may be shown; none named: from anywhere
    created_at: datetime
    revoked_at: datetime | None
    expires_at: datetime | None
    old_secret_until: datetime | None  #: the secret before this one is valid beside it until then
    last_used_at: datetime | None  #: to the minute
    last_used_from: str
    is_person: bool = False  #: shown by a session: somebody is at a screen

    def state(self, now: datetime) -> str:
        """What somebody must know who looks after keys, in a word or a few."""
        if self.revoked_at:
            return f"revoked {self.revoked_at:%Y-%m-%d %H:%M}"
        if self.expires_at and self.expires_at <= now:
            return f"expired {self.expires_at:%Y-%m-%d %H:%M}"
        said = [f"expires {self.expires_at:%Y-%m-%d %H:%M}"] if self.expires_at else []
        if self.old_secret_until and self.old_secret_until > now:
            said.append(f"old secret until {self.old_secret_until:%Y-%m-%d %H:%M}")
        return ", ".join(said) or "valid"

    def may(self, *rights: Right) -> bool:
        """Has it one of these rights?"""
        return not self.rights.isdisjoint(rights)

    def must(self, *rights: Right) -> None:
        """Raises Refused (403) if it has none of these rights."""
        if not self.may(*rights):
            raise MissingRight(
                f"The key {self.name!r} may {', '.join(sorted(self.rights)) or 'read'} only; "
                f"this needs the right to {' or '.join(rights)}. Ask ops for a key that has it.",
            )


#: in SQL, of a row of `keys` that may not be there: has the key come to its end?
HAS_ENDED = "coalesce(keys.revoked_at IS NOT NULL OR keys.expires_at <= now(), false)"


def create_key(
    connection: Connection,
    *,
    role: Role,
    name: str,
    now: datetime,
    rights: Sequence[Right] | None = None,
    products: Sequence[str] = (),
    networks: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> str:
    """Make a key and return its secret, the only time that it is seen; a newsroom's has every right if none is named.

    Raises BarqError if the name is taken.
    """
    if role is not Role.NEWSROOM and rights:
        raise BarqError(f"only a newsroom key has rights; this is to be a {role} key")
    if role is not Role.SUBSCRIBER and products:
        raise BarqError(f"only a subscriber's key has products; this is to be a {role} key")
    granted = (list(Right) if rights is None else rights) if role is Role.NEWSROOM else []
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}", name):
        raise BarqError("a key's name has letters, digits, spaces, dots, hyphens or underscores, at most 100 of them")
    secret = _new_secret(role)
    made = connection.execute(
        text("""
            INSERT INTO keys (name, role, rights, products, networks, secret_hash, created_at, expires_at)
            VALUES (:name, :role, :rights, :products, :networks, :hash, :now, :expires_at) ON CONFLICT DO NOTHING
        """),
        {
            "name": name,
            "role": role.value,
            "rights": [right.value for right in granted],
            "products": list(products),
            "networks": _read_networks(networks),
            "hash": _hash(secret),
            "now": now,
            "expires_at": _must_be_ahead(expires_at, now),
        },
    ).rowcount
    if not made:
        raise BarqError(f"there is a key named {name!r} already: revoke it or choose another name")
    return secret


def rotate_key(connection: Connection, name: str, *, overlap: timedelta, now: datetime) -> str:
    """Give a key a new secret and return it; the one before is valid beside it for so long. Without an overlap it ends at once,
    and with it whatever was begun with it. Raises BarqError."""
    row = connection.execute(text("SELECT * FROM keys WHERE name = :name FOR UPDATE"), {"name": name}).one_or_none()
    if row is None:
        raise BarqError(f"there is no key named {name!r}: `barq key list` shows them")
    if row.revoked_at is not None:
        raise BarqError(f"the key {name!r} is revoked: make another")
    if overlap and row.old_secret_until is not None and row.old_secret_until > now:
        raise BarqError(
            f"an older secret of {name!r} is valid until {row.old_secret_until:%Y-%m-%d %H:%M} UTC and may be in use: wait for "
            "that, or say `--overlap 0h`, which ends every secret but the new one"
        )
    secret = _new_secret(Role(row.role))
    connection.execute(
        text("""
            UPDATE keys SET old_secret_hash = secret_hash, old_secret_until = :until, secret_hash = :hash WHERE name = :name
        """),
        {"name": name, "hash": _hash(secret), "until": now + overlap},
    )
    if not overlap:
        connection.execute(text("DELETE FROM sessions WHERE key = :name"), {"name": name})
    return secret


def limit_key(
    connection: Connection,
    name: str,
    *,
    networks: Sequence[str] | None,
    expires_at: datetime | None,
    forever: bool,
    now: datetime,
) -> None:
    """Say from where a key may be shown, and until when; None leaves it as it is. Raises BarqError."""
    changed = connection.execute(
        text("""
            UPDATE keys SET networks = coalesce(CAST(:networks AS varchar[]), networks),
                expires_at = CASE WHEN :forever THEN NULL ELSE coalesce(CAST(:expires_at AS timestamptz), expires_at) END
            WHERE name = :name
        """),
        {
            "name": name,
            "networks": None if networks is None else _read_networks(networks),
            "expires_at": _must_be_ahead(expires_at, now),
            "forever": forever,
        },
    ).rowcount
    if not changed:
        raise BarqError(f"there is no key named {name!r}: `barq key list` shows them")


def revoke_key(connection: Connection, name: str, now: datetime) -> None:
    """End a key at once. Raises BarqError if there is no such key."""
    if not connection.execute(
        text("UPDATE keys SET revoked_at = coalesce(revoked_at, :now) WHERE name = :name"), {"name": name, "now": now}
    ).rowcount:
        raise BarqError(f"there is no key named {name!r}: `barq key list` shows them")


def _new_secret(role: Role) -> str:
    return f"barq_{role}_{secrets.token_urlsafe(32)}"


def _must_be_ahead(expires_at: datetime | None, now: datetime) -> datetime | None:
    if expires_at is not None and expires_at <= now:
        raise BarqError(f"{expires_at:%Y-%m-%d %H:%M} UTC is past: name a moment ahead, or revoke the key")
    return expires_at


def _read_networks(said: Sequence[str]) -> list[str]:
    """Networks and addresses as they are kept. Raises BarqError."""
    if len(said) > _MOST_NETWORKS:
        raise BarqError(f"a key has {_MOST_NETWORKS} networks at most")
    try:
        return [str(ipaddress.ip_network(word.strip())) for word in said]
    except ValueError as wrong:
        raise BarqError(f"{wrong}: name addresses and networks, as 192.0.2.7, 10.1.0.0/16 or 2001:db8::/32") from wrong


def set_products(connection: Connection, name: str, products: Sequence[str]) -> None:
    """Give a subscriber these products and no others, at once. Raises BarqError if there is no such subscriber."""
    if not connection.execute(
        text("UPDATE keys SET products = :products WHERE name = :name AND role = 'subscriber'"),
        {"name": name, "products": list(products)},
    ).rowcount:
        raise BarqError(f"there is no subscriber's key named {name!r}: `barq key list` shows them")


def list_keys(connection: Connection) -> list[Key]:
    """Every key, oldest first."""
    rows = connection.execute(text("SELECT *, false AS is_person FROM keys ORDER BY created_at, name"))
    return [_key(row) for row in rows]


def _key(row: Row[tuple[object, ...]]) -> Key:
    return Key(
        name=row.name,
        role=Role(row.role),
        rights=frozenset(Right(right) for right in row.rights),
        products=tuple(row.products),
        networks=tuple(row.networks),
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        expires_at=row.expires_at,
        old_secret_until=row.old_secret_until,
        last_used_at=row.last_used_at,
        last_used_from=row.last_used_from,
        is_person=row.is_person,
    )


def check_key(connection: Connection, secret: str | None, role: Role) -> Key:
    """The key behind a secret, if it may act in `role`, now and from where it is shown.

    It is looked for each time, so that a key that ends does so at once. Raises Refused (401 or 403) that says what to do.
    """
    if not secret:
        raise _who_are_you(NoKey, "Send your key in the header `Authorization: Bearer KEY`.")
    row = connection.execute(_BEHIND, {"hash": _hash(secret)}).one_or_none()
    if row is None:
        raise _who_are_you(
            UnknownKey,
            "This wire does not know the key. Check that it was copied whole, or ask ops for a new one.",
        )
    if row.revoked_at is not None:
        raise _who_are_you(
            RevokedKey,
            f"The key {row.name!r} was revoked on {row.revoked_at:%d %B %Y}. Ask ops for a new one.",
        )
    if row.secret_ended_at is not None:
        raise _who_are_you(
            ExpiredKey,
            f"The key {row.name!r} has a new secret; this old one ended on {row.secret_ended_at:%d %B %Y}. Use the new one.",
        )
    if row.expires_at is not None and row.expires_at <= utc_now():
        raise _who_are_you(
            ExpiredKey,
            f"The key {row.name!r} expired on {row.expires_at:%d %B %Y}. Ask ops for a new one.",
        )
    if row.role != role:
        raise WrongRole(
            f"The key {row.name!r} is a {row.role} key; this needs a {role} key.",
        )
    address = address_now()
    if row.networks and not is_within(address, row.networks):
        raise WrongAddress(
            f"The key {row.name!r} may not be shown from {address[:60] or 'an address that is not known'}. Ask from one of its "
            "networks, or ask ops to add yours.",
        )
    key_use.note(row.name, address, row.last_used_at)
    return _key(row)


def _who_are_you(kind: type[NotKnown], say: str) -> NotKnown:
    return kind(say, headers={"WWW-Authenticate": 'Bearer realm="barq"'})


_BEHIND = text("SELECT * FROM key_behind(:hash)")


def begin_session(connection: Connection, secret: str, role: Role, *, lasts: timedelta) -> tuple[Key, str]:
    """Let somebody who shows a key act for it from a screen: the key, and the session's secret. Raises Refused.

    Sessions that are over are forgotten, and of too many of one key the oldest end. No session begins another: that would be one
    without an end.
    """
    if secret.startswith(SESSION):
        secret = ""
    key = check_key(connection, secret, role)
    session = f"{SESSION}{secrets.token_urlsafe(32)}"
    connection.execute(
        text("SELECT begin_session(:shown, :session, :lasts, :most)"),
        {"shown": _hash(secret), "session": _hash(session), "lasts": lasts, "most": MOST_SESSIONS},
    )
    return key, session


def end_session(connection: Connection, secret: str) -> None:
    """Sign out."""
    connection.execute(text("SELECT end_session(:hash)"), {"hash": _hash(secret)})


def form_token(secret: str) -> str:
    """What a form must carry to be taken from this session: known to our own pages, and to nobody without the cookie."""
    return hashlib.sha256(b"form:" + secret.encode()).hexdigest()[:40]


def shown_secret(authorization: str | None) -> str | None:
    """The secret in `Authorization`: `Bearer SECRET`, or `Basic` as readers of feeds send it, with the secret as password."""
    scheme, _, said = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return bearer(authorization)
    try:
        user, _, password = base64.b64decode(said, validate=True).decode().partition(":")
    except ValueError:
        return None
    return password or user


def bearer(authorization: str | None) -> str | None:
    """The secret in an `Authorization: Bearer …` header, if there is one."""
    scheme, _, secret = (authorization or "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
