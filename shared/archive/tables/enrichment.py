"""What items are about, and which are alike."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from shared.archive.tables.declaring import metadata, moment, written_by

enrichments = Table(
    "enrichments",
    metadata,
    Column("item", UUID, ForeignKey("items.id"), primary_key=True),
    Column("language", String, nullable=False),
    Column("language_by", String, nullable=False, server_default="said"),  # whose word that is: an item's, a story's, …
    Column("countries", ARRAY(String), nullable=False),
    Column("regions", ARRAY(String), nullable=False),
    Column("sections", ARRAY(String), nullable=False),
    Column("tags", ARRAY(String), nullable=False),
    Column("labels", ARRAY(String), nullable=False, server_default="{}"),  # by its wording, where its sender gives none
    Column("findings", JSONB, nullable=False, server_default="{}"),  # by kind: each one's method, confidence and evidence
    Column("is_unsure", Boolean, nullable=False, server_default=text("false")),  # no section, and some that are likely
    CheckConstraint("language_by IN ('said', 'story', 'usual', 'text', 'guess')", name="language_by"),
    Index("enrichments_unsure", "item", postgresql_where=text("is_unsure")),
    info=written_by("enrichment"),
    comment="What an item is about, as it was found or said.",
)

# Of each kind that an editor has said nothing of there is null, and enrichment's word stands.
sortings = Table(
    "sortings",
    metadata,
    Column("story", String, primary_key=True),
    Column("sections", ARRAY(String)),
    Column("regions", ARRAY(String)),
    Column("tags", ARRAY(String)),
    Column("key_name", String, nullable=False),  # of who said so last
    moment("sorted_at"),
    info=written_by("enrichment"),
    comment="What an editor says that a story is about, for good.",
)

models = Table(
    "models",
    metadata,
    Column("version", Integer, Identity(), primary_key=True),
    moment("made_at"),
    Column("report", JSONB, nullable=False),  # from how much it was learnt, and how well it does beside the one before
    Column("content", LargeBinary),  # null: there was too little to learn from, or it was taken away since
    Column("is_used", Boolean, nullable=False, server_default=text("false")),
    Index("models_used", "is_used", unique=True, postgresql_where=text("is_used")),
    info=written_by("enrichment"),
    comment="What the wire has learnt of its sections, or tried to learn.",
)

tag_spellings = Table(
    "tag_spellings",
    metadata,
    Column("key", String, primary_key=True),  # whatever its capitals, hyphens and dots: `services/enrichment/tags.py`
    Column("spelling", String, nullable=False),  # the best that has come
    info=written_by("enrichment"),
    comment="How the wire spells a tag.",
)

# As far as it was said or is sure: it tells the language of what does not say it.
usual_languages = Table(
    "usual_languages",
    metadata,
    Column("sender", String, nullable=False),  # a key or a source
    Column("provider", String, nullable=False),
    Column("recent", ARRAY(String), nullable=False),  # the newest last; so many of them are kept
    PrimaryKeyConstraint("sender", "provider"),
    info=written_by("enrichment"),
    comment="The languages that a sender has lately used for a provider.",
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("item", UUID, ForeignKey("items.id"), primary_key=True),
    Column("story", String, nullable=False),
    Column("headline", String, nullable=False),
    Column("keys", ARRAY(BigInteger), nullable=False),  # the smallest of the sketch, by which others are found
    Column("sketch", ARRAY(BigInteger), nullable=False),
    Column("text_hash", LargeBinary),  # of the headline's and the text's words and figures; null: kept by an older Barq
    moment("made_at"),
    Index("fingerprints_text", "text_hash"),
    Index("fingerprints_keys", "keys", postgresql_using="gin"),
    info=written_by("enrichment"),
    comment="A sketch of an item's text, by which texts that are alike are found.",
)

likenesses = Table(
    "likenesses",
    metadata,
    Column("item", UUID, ForeignKey("items.id"), nullable=False),
    Column("story", String, nullable=False),  # another one, which was here before
    Column("likeness", Float, nullable=False),  # of the texts, 0 to 1
    Column("is_same", Boolean, nullable=False),  # word by word and figure by figure, the headline too
    Column("is_anothers", Boolean, nullable=False, server_default=text("false")),  # of another provider
    PrimaryKeyConstraint("item", "story"),
    Index("likenesses_of_story", "story"),
    info=written_by("enrichment"),
    comment="Another story whose text is like an item's.",
)
