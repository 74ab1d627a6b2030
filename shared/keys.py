"""Keys: who may do what. The secret is shown once and kept only as its hash.

A secret is 256 random bits, so a plain SHA-256 keeps it safe at rest and checking it costs nothing. A person at a screen
signs in with a key and gets a session: a secret of its own that acts for the key, for some hours, and ends with it.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Row, text

from shared.contracts.problem import ProblemType, Refused
from shared.errors import BarqError

#: how the secret of a session begins; a key's begins otherwise
SESSION = "barq_session_"


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
    created_at: datetime
    revoked_at: datetime | None
    is_person: bool = False  #: shown by a session: somebody is at a screen

    def may(self, *rights: Right) -> bool:
        """Has it one of these rights?"""
        return not self.rights.isdisjoint(rights)

    def must(self, *rights: Right) -> None:
        """Raises Refused (403) if it has none of these rights."""
        if not self.may(*rights):
            raise Refused(
                ProblemType.MISSING_RIGHT,
                403,
                "Missing right",
                f"The key {self.name!r} may {', '.join(sorted(self.rights)) or 'read'} only; "
                f"this needs the right to {' or '.join(rights)}. Ask ops for a key that has it.",
            )


def create_key(
    connection: Connection,
    *,
    role: Role,
    name: str,
    now: datetime,
    rights: Sequence[Right] | None = None,
    products: Sequence[str] = (),
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
    secret = f"barq_{role}_{secrets.token_urlsafe(32)}"
    made = connection.execute(
        text("""
            INSERT INTO keys (name, role, rights, products, secret_hash, created_at)
            VALUES (:name, :role, :rights, :products, :hash, :now) ON CONFLICT DO NOTHING
        """),
        {
            "name": name,
            "role": role.value,
            "rights": [right.value for right in granted],
            "products": list(products),
            "hash": _hash(secret),
            "now": now,
        },
    ).rowcount
    if not made:
        raise BarqError(f"there is a key named {name!r} already: revoke it or choose another name")
    return secret


def revoke_key(connection: Connection, name: str, now: datetime) -> None:
    """End a key at once. Raises BarqError if there is no such key."""
    if not connection.execute(
        text("UPDATE keys SET revoked_at = coalesce(revoked_at, :now) WHERE name = :name"), {"name": name, "now": now}
    ).rowcount:
        raise BarqError(f"there is no key named {name!r}: `barq key list` shows them")


def set_products(connection: Connection, name: str, products: Sequence[str]) -> None:
    """Give a subscriber these products and no others, at once. Raises BarqError if there is no such subscriber."""
    if not connection.execute(
        text("UPDATE keys SET products = :products WHERE name = :name AND role = 'subscriber'"),
        {"name": name, "products": list(products)},
    ).rowcount:
        raise BarqError(f"there is no subscriber's key named {name!r}: `barq key list` shows them")


def list_keys(connection: Connection) -> list[Key]:
    """Every key, oldest first."""
    rows = connection.execute(text("SELECT *, false AS is_person FROM keys ORDER BY created_at"))
    return [_key(row) for row in rows]


def _key(row: Row[tuple[object, ...]]) -> Key:
    return Key(
        name=row.name,
        role=Role(row.role),
        rights=frozenset(Right(right) for right in row.rights),
        products=tuple(row.products),
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        is_person=row.is_person,
    )


def check_key(connection: Connection, secret: str | None, role: Role) -> Key:
    """The key behind a secret, if it may act in `role`. Raises Refused (401 or 403) that says what to do."""
    challenge = {"WWW-Authenticate": 'Bearer realm="barq"'}
    if not secret:
        raise Refused(
            ProblemType.NO_KEY,
            401,
            "No key",
            "Send your key in the header `Authorization: Bearer KEY`.",
            headers=challenge,
        )
    row = connection.execute(_BEHIND, {"hash": _hash(secret)}).one_or_none()
    if row is None:
        raise Refused(
            ProblemType.UNKNOWN_KEY,
            401,
            "Unknown key",
            "This wire does not know the key. Check that it was copied whole, or ask ops for a new one.",
            headers=challenge,
        )
    if row.revoked_at is not None:
        raise Refused(
            ProblemType.REVOKED_KEY,
            401,
            "Revoked key",
            f"The key {row.name!r} was revoked on {row.revoked_at:%d %B %Y}. Ask ops for a new one.",
            headers=challenge,
        )
    if row.role != role:
        raise Refused(
            ProblemType.WRONG_ROLE,
            403,
            "Wrong role",
            f"The key {row.name!r} is a {row.role} key; this needs a {role} key.",
        )
    return _key(row)


_BEHIND = text("""
    SELECT name, role, rights, products, keys.created_at, revoked_at, false AS is_person FROM keys WHERE secret_hash = :hash
    UNION ALL
    SELECT name, role, rights, products, keys.created_at, revoked_at, true AS is_person FROM sessions JOIN keys ON name = key
    WHERE sessions.secret_hash = :hash AND ends_at > now()
""")


def begin_session(connection: Connection, key: Key, *, lasts: timedelta, now: datetime) -> str:
    """Let somebody who showed a key act for it from a screen. Returns the session's secret; old sessions are forgotten."""
    secret = f"{SESSION}{secrets.token_urlsafe(32)}"
    connection.execute(text("DELETE FROM sessions WHERE ends_at <= :now"), {"now": now})
    connection.execute(
        text("INSERT INTO sessions (secret_hash, key, begun_at, ends_at) VALUES (:hash, :key, :now, :ends_at)"),
        {"hash": _hash(secret), "key": key.name, "now": now, "ends_at": now + lasts},
    )
    return secret


def end_session(connection: Connection, secret: str) -> None:
    """Sign out."""
    connection.execute(text("DELETE FROM sessions WHERE secret_hash = :hash"), {"hash": _hash(secret)})


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
