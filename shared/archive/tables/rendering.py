"""Entries and feed documents."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from shared.archive.tables.declaring import READS, metadata, moment, written_by

entries = Table(
    "entries",
    metadata,
    Column("story", String, nullable=False),
    Column("edition", String, nullable=False),
    Column("format", String, nullable=False),
    Column("revision", Integer, nullable=False),
    moment("published_at"),
    moment("updated_at"),
    Column("is_notice", Boolean, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),  # grows whenever a reader should look again
    Column("text_revision", Integer),  # the story's revision that its text, or notice, is of; null: rendered by an older Barq
    Column("first_revision", Integer),  # the story's revision when the edition's readers saw it first; null as well
    Column("has_left", Boolean, nullable=False),  # out of every list; its address still says so
    Column("content_hash", LargeBinary, nullable=False),  # of what it was rendered from
    Column("body", LargeBinary, nullable=False),
    Column("in_feeds", LargeBinary),  # as documents have it, where they have less of a long text
    Column("facets", ARRAY(String), nullable=False, server_default="{}"),  # `tag:opec`; of the JSON entry only
    Column("words", TSVECTOR),  # of the JSON entry only
    PrimaryKeyConstraint("story", "edition", "format"),
    Index("entries_newest", "edition", "format", "published_at"),
    Index("entries_facets", "facets", postgresql_using="gin"),
    Index("entries_words", "words", postgresql_using="gin"),
    info=written_by("rendering", edge=READS),
    comment="A story in one edition and one format, as feeds and pages have it.",
)

documents = Table(
    "documents",
    metadata,
    Column("edition", String, nullable=False),
    Column("feed", String, nullable=False),
    Column("format", String, nullable=False),
    Column("etag", String, nullable=False),
    moment("modified_at"),  # whole seconds, moves with the etag
    moment("refreshed_at"),
    Column("entry_count", Integer, nullable=False),
    Column("body_gzip", LargeBinary, nullable=False),
    Column("body_br", LargeBinary),  # null: put together by an older Barq
    PrimaryKeyConstraint("edition", "feed", "format"),
    Index("documents_refreshed", "refreshed_at"),
    info=written_by("rendering", edge=READS),
    comment="A feed's newest entries in one edition and format, compressed, ready to be served.",
)

archives = Table(
    "archives",
    metadata,
    Column("edition", String, nullable=False),
    Column("feed", String, nullable=False),
    Column("number", Integer, nullable=False),  # from 1, the oldest
    moment("ends_at"),  # its newest entry: when that was published, and which story it is
    Column("ends_story", String, nullable=False),
    PrimaryKeyConstraint("edition", "feed", "number"),
    info=written_by("rendering", edge=READS),
    comment="A page of a feed's older entries that will not change (RFC 5005), by where it ends.",
)
