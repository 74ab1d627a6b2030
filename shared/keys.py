"""Keys: who may do what. The secret is shown once and kept only as its hash.

A secret is 256 random bits, so a plain SHA-256 keeps it safe at rest and checking it costs nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, text

from shared.contracts.problem import ProblemType, Refused
from shared.errors import BarqError


class Role(StrEnum):
    """What a key is for."""

    NEWSROOM = "newsroom"
    SUBSCRIBER = "subscriber"
    OPS = "ops"


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key as it is listed; the secret is not in it."""

    name: str
    role: Role
    created_at: datetime
    revoked_at: datetime | None


def create_key(connection: Connection, *, role: Role, name: str, now: datetime) -> str:
    """Make a key and return its secret, the only time that it is seen. Raises BarqError if the name is taken."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}", name):
        raise BarqError("a key's name has letters, digits, spaces, dots, hyphens or underscores, at most 100 of them")
    secret = f"barq_{role}_{secrets.token_urlsafe(32)}"
    made = connection.execute(
        text("""
            INSERT INTO keys (name, role, secret_hash, created_at) VALUES (:name, :role, :hash, :now)
            ON CONFLICT DO NOTHING
        """),
        {"name": name, "role": role.value, "hash": _hash(secret), "now": now},
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


def list_keys(connection: Connection) -> list[Key]:
    """Every key, oldest first."""
    rows = connection.execute(text("SELECT name, role, created_at, revoked_at FROM keys ORDER BY created_at"))
    return [
        Key(name=row.name, role=Role(row.role), created_at=row.created_at, revoked_at=row.revoked_at) for row in rows
    ]


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
    row = connection.execute(
        text("SELECT name, role, created_at, revoked_at FROM keys WHERE secret_hash = :hash"), {"hash": _hash(secret)}
    ).one_or_none()
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
    return Key(name=row.name, role=Role(row.role), created_at=row.created_at, revoked_at=None)


def bearer(authorization: str | None) -> str | None:
    """The secret in an `Authorization: Bearer …` header, if there is one."""
    scheme, _, secret = (authorization or "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
