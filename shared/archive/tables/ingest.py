"""What came in, from where, and what could not be taken."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Sequence,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.archive.tables.declaring import READS, metadata, moment, written_by

story_serial = Sequence("story_serial", metadata=metadata)

identities = Table(
    "identities",
    metadata,
    Column("uri", String, primary_key=True),
    Column("story", String, nullable=False),
    Column("generation", Integer, nullable=False),  # a resent story's `uri` is one higher than the one it replaces
    Column("replaces", String, nullable=False, server_default=""),
    moment("first_seen_at"),
    Index("identities_of_story", "story"),
    Index("identities_replaces", "replaces", postgresql_where=text("replaces <> ''")),
    info=written_by("ingest", edge=READS),
    comment="A `uri` that a sender used, and the story that it belongs to.",
)

payloads = Table(
    "payloads",
    metadata,
    Column("digest", LargeBinary, primary_key=True),  # the SHA-256 of the body as it is kept
    Column("media_type", String, nullable=False),
    Column("body", LargeBinary, nullable=False),  # as sent, zlib
    Column("address", String, nullable=False, server_default=""),  # where the document stood, for its relative links
    moment("received_at"),
    info=written_by("ingest"),
    comment="A body as it was sent; many items may have been read from it.",
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", UUID, primary_key=True, server_default=text("uuidv7()")),
    Column("payload", LargeBinary, ForeignKey("payloads.digest"), nullable=False),
    Column("position", Integer, nullable=False),  # -1: the payload as a whole
    Column("source", String, nullable=False),  # the key, or the way in, by which it came
    Column("problem", JSONB, nullable=False),
    Column("reason", String, nullable=False),  # the problem without what differs from time to time
    Column("count", BigInteger, nullable=False, server_default="1"),
    moment("first_refused_at"),
    moment("refused_at"),  # the newest time, whose payload is the one that is kept
    Index("quarantine_newest", "refused_at"),
    UniqueConstraint("source", "reason", name="quarantine_once"),
    info=written_by("ingest"),
    comment="A refusal by a source, once for each reason, with a count and the newest payload.",
)

items = Table(
    "items",
    metadata,
    Column("id", UUID, primary_key=True, server_default=text("uuidv7()")),
    Column("uri", String, ForeignKey("identities.uri"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("story", String, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("content", JSONB, nullable=False),  # the WireItem
    Column("words_hash", LargeBinary),  # headline and text alone, where a polled source could send them under another name
    Column("payload", LargeBinary, ForeignKey("payloads.digest"), nullable=False),  # what it was read from
    Column("position", Integer, nullable=False),  # its place in the payload, from 0
    Column("provider", String, nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("key_name", String, nullable=False),
    moment("accepted_at"),
    UniqueConstraint("uri", "version", name="items_identity"),
    Index("items_of_story", "story"),
    Index(
        "items_evolved_from",
        text("(content ->> 'evolved_from')"),
        postgresql_where=text("(content ->> 'evolved_from') IS NOT NULL"),
    ),
    Index("items_of_sender", "key_name", "id"),
    Index("items_express", "provider", "accepted_at", postgresql_where=text("lane = 0")),
    Index("items_same_words", "key_name", "words_hash", postgresql_where=text("words_hash IS NOT NULL")),
    info=written_by("ingest", edge=READS),
    comment="A version of a story as it was accepted; never changed but by reading it again.",
)

sources = Table(
    "sources",
    metadata,
    Column("id", UUID, primary_key=True, server_default=text("uuidv7()")),
    Column("name", String, nullable=False, unique=True),
    Column("url", String, nullable=False),
    Column("provider", String, nullable=False),  # who wrote what names no provider
    Column("interval_s", Integer, nullable=False),
    Column("quiet_after_s", Integer, nullable=False),  # silence from then on is worth a look
    Column("memory", JSONB, nullable=False, server_default="{}"),  # validators, names seen: what the way in keeps
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("error", String),
    Column("refusals", BigInteger, nullable=False, server_default="0"),  # in a row, since something was last accepted
    Column("refusal", String),  # the newest of them
    Column("encoding", String, nullable=False, server_default=""),  # of its texts, where they do not say
    Column("moved_from", String),  # its address before the server said that it moved for good
    moment("gone_at", nullable=True),  # its server said that it is gone: not asked any more
    moment("unsteady_at", nullable=True),  # when it last changed the names of entries
    moment("looking_since", nullable=True),  # a look beside others is under way; if nobody is at it, it ended its process
    Column("ended_count", Integer, nullable=False, server_default="0"),  # looks that ended their process, less good ones since
    moment("alone_since", nullable=True),  # from then on it is looked at in a process of its own
    Column("items_count", BigInteger, nullable=False, server_default="0"),
    moment("added_at"),
    moment("looked_at", nullable=True),
    moment("brought_at", nullable=True),  # when it last brought an item that was not known
    info=written_by("ingest"),
    comment="A feed, folder, server or mailbox that is polled, and how it is.",
)
