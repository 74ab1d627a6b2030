"""Who may do what, and who is signed in."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table
from sqlalchemy.dialects.postgresql import ARRAY

from shared.archive.tables.declaring import metadata, moment, written_by

keys = Table(
    "keys",
    metadata,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("rights", ARRAY(String), nullable=False),  # of a newsroom key
    Column("products", ARRAY(String), nullable=False, server_default="{}"),  # of a subscriber's
    Column("networks", ARRAY(String), nullable=False, server_default="{}"),  # from which it may be shown; none: from anywhere
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("old_secret_hash", LargeBinary, unique=True),  # the one before, valid beside it for a while
    moment("old_secret_until", nullable=True),
    moment("created_at"),
    moment("expires_at", nullable=True),
    moment("revoked_at", nullable=True),
    moment("last_used_at", nullable=True),  # to the minute
    Column("last_used_from", String, nullable=False, server_default=""),  # an address
    info=written_by("shared.web.keys"),
    comment="A key of a newsroom, a subscriber or ops; its secret is kept as a hash.",
)

sessions = Table(
    "sessions",
    metadata,
    Column("secret_hash", LargeBinary, primary_key=True),
    Column("key", String, ForeignKey("keys.name"), nullable=False),
    moment("begun_at"),
    moment("ends_at"),
    Index("sessions_of_key", "key", "begun_at"),
    info=written_by("shared.web.keys"),
    comment="A person signed in with a key, on one browser.",
)
