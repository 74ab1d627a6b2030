"""Translations, and what they are made with."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.archive.tables.declaring import READS, metadata, moment, written_by

translations = Table(
    "translations",
    metadata,
    Column("story", String, nullable=False),
    Column("edition", String, nullable=False),
    Column("revision", Integer, nullable=False),  # the story's revision that it renders
    Column("method", String, nullable=False),
    Column("state", String, nullable=False, server_default="ready"),  # waiting: for a person
    Column("translator", String, nullable=False),
    Column("reviewed_by", String, nullable=False, server_default=""),  # the person who signed a machine's text
    Column("headline", String, nullable=False),
    Column("summary", String, nullable=False),
    Column("body_html", String, nullable=False),
    Column("segments", JSONB, nullable=False, server_default="[]"),  # source, target, where it is from, its faults
    Column("tries", Integer, nullable=False, server_default="0"),  # of engines, while it waits
    moment("made_at"),
    CheckConstraint("method IN ('human', 'memory', 'machine')", name="translation_method"),
    CheckConstraint("state IN ('ready', 'waiting')", name="translation_state"),
    PrimaryKeyConstraint("story", "edition", "revision", "method"),
    Index("translations_waiting", "edition", "made_at", postgresql_where=text("state = 'waiting'")),
    info=written_by("translation", edge=READS),
    comment="A text of a story's revision in another edition: a person's, or a machine's.",
)

segments = Table(
    "segments",
    metadata,
    Column("source_language", String, nullable=False),
    Column("edition", String, nullable=False),
    Column("source_hash", LargeBinary, nullable=False),  # of the source, which may be longer than an index takes
    Column("method", String, nullable=False),
    Column("source", String, nullable=False),
    Column("target", String, nullable=False),
    Column("translator", String, nullable=False),
    Column("story", String, nullable=False),  # where it was translated last
    moment("made_at"),
    CheckConstraint("method IN ('human', 'machine')", name="segment_method"),
    PrimaryKeyConstraint("source_language", "edition", "source_hash", "method"),
    # likeness is asked of words: what is alike has many three-letter pieces in common
    Index("segments_alike", "source", postgresql_using="gin", postgresql_ops={"source": "gin_trgm_ops"}),
    info=written_by("translation"),
    comment="A sentence with its newest translation: the translation memory.",
)

terms = Table(
    "terms",
    metadata,
    Column("source_language", String, nullable=False),
    Column("edition", String, nullable=False),
    Column("source", String, nullable=False),
    Column("targets", ARRAY(String), nullable=False),  # the approved one first
    Column("kind", String, nullable=False),
    Column("changed_by", String, nullable=False),
    moment("changed_at"),
    CheckConstraint("kind IN ('person', 'organisation', 'place', 'term')", name="term_kind"),
    PrimaryKeyConstraint("source_language", "edition", "source"),
    info=written_by("translation"),
    comment="A name or term of the glossary, with its approved translations.",
)

engine_months = Table(
    "engine_months",
    metadata,
    Column("engine", String, nullable=False),
    Column("month", String, nullable=False),  # 2026-11
    Column("characters", BigInteger, nullable=False),  # sent, of which its contract has so many a month
    PrimaryKeyConstraint("engine", "month"),
    info=written_by("translation"),
    comment="How many characters were sent to an engine in a month.",
)
