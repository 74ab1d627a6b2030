"""Every table, with the one service that writes it, and what the account to which strangers speak may do with it.

The migrations under `migrations/` make these tables; a test compares the two. Times are `timestamptz`, always UTC.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR, UUID

metadata = MetaData()


#: what the edge's account may do with a table, which only its own few commands need (`accounts.py`)
_READS = ("SELECT",)
_ADDS = ("SELECT", "INSERT")
_CHANGES = ("SELECT", "INSERT", "UPDATE")


def _written_by(service: str, *, edge: tuple[str, ...] = ()) -> dict[str, object]:
    return {"written_by": service, "edge": edge}


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


# ── The ledger: the truth about work; the queue is transport ─────────────────────────────────────────────────────

work = Table(
    "work",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("stage", String, nullable=False),
    Column("lane", SmallInteger, nullable=False),  # 0 express, 1 regular: sorts as it overtakes
    Column("item", UUID, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("edition", String, nullable=False),
    Column("state", String, nullable=False, server_default="due"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    _moment("due_at"),
    _moment("held_until", nullable=True),  # a worker has just taken it; covers the gap until it locks the row
    _moment("asked_at"),
    _moment("done_at", nullable=True),
    Column("error", String),
    Column("stuck", SmallInteger, nullable=False, server_default="0"),  # so often it was alone and beyond its deadline
    Column("held_by", String),  # the worker that took it last
    CheckConstraint("state IN ('due', 'done', 'dead')", name="work_state"),
    UniqueConstraint("item", "stage", "revision", "edition", name="work_key"),
    Index("work_due", "stage", "lane", "due_at", "id", postgresql_where=text("state = 'due'")),
    Index("work_dead", "stage", "done_at", postgresql_where=text("state = 'dead'")),
    info=_written_by("shared.queue.ledger", edge=_CHANGES),  # of two stages alone: migration 0023
)

workers = Table(
    "workers",
    metadata,
    Column("name", String, primary_key=True),
    Column("services", ARRAY(String), nullable=False),
    _moment("started_at"),
    _moment("heard_at"),  # when its own last message came through its own queue
    Column("lanes", ARRAY(String), nullable=False, server_default="{express,regular}"),
    info=_written_by("shared.queue.worker"),
)

pauses = Table(
    "pauses",
    metadata,
    Column("stage", String, primary_key=True),
    _moment("since"),
    info=_written_by("shared.queue.ledger"),
)

# How far the audit has walked through all items, and what it found.
audits = Table(
    "audits",
    metadata,
    Column("walk", String, primary_key=True),
    Column("at", UUID),  # the last item that was examined; null: begins anew
    info=_written_by("shared.archive.audit"),
)

out_of_sight = Table(
    "out_of_sight",
    metadata,
    Column("item", UUID, ForeignKey("items.id"), primary_key=True),
    Column("story", String, nullable=False),
    Column("fault", String, nullable=False),
    _moment("found_at"),
    Column("mends", Integer, nullable=False),  # how often what is missing was asked for again
    info=_written_by("shared.archive.audit"),
)

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
    _moment("old_secret_until", nullable=True),
    _moment("created_at"),
    _moment("expires_at", nullable=True),
    _moment("revoked_at", nullable=True),
    _moment("last_used_at", nullable=True),  # to the minute
    Column("last_used_from", String, nullable=False, server_default=""),  # an address
    info=_written_by("shared.web.keys"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("secret_hash", LargeBinary, primary_key=True),
    Column("key", String, ForeignKey("keys.name"), nullable=False),
    _moment("begun_at"),
    _moment("ends_at"),
    Index("sessions_of_key", "key", "begun_at"),
    info=_written_by("shared.web.keys"),
)

# ── ingest ───────────────────────────────────────────────────────────────────────────────────────────────────────

story_serial = Sequence("story_serial", metadata=metadata)

identities = Table(
    "identities",
    metadata,
    Column("uri", String, primary_key=True),
    Column("story", String, nullable=False),
    Column("generation", Integer, nullable=False),  # a resent story's `uri` is one higher than the one it replaces
    Column("replaces", String, nullable=False, server_default=""),
    _moment("first_seen_at"),
    Index("identities_of_story", "story"),
    Index("identities_replaces", "replaces", postgresql_where=text("replaces <> ''")),
    info=_written_by("ingest", edge=_READS),
)

payloads = Table(
    "payloads",
    metadata,
    Column("digest", LargeBinary, primary_key=True),  # the SHA-256 of the body as it is kept
    Column("media_type", String, nullable=False),
    Column("body", LargeBinary, nullable=False),  # as sent, zlib
    Column("address", String, nullable=False, server_default=""),  # where the document stood, for its relative links
    _moment("received_at"),
    info=_written_by("ingest"),
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
    _moment("first_refused_at"),
    _moment("refused_at"),  # the newest time, whose payload is the one that is kept
    Index("quarantine_newest", "refused_at"),
    UniqueConstraint("source", "reason", name="quarantine_once"),
    info=_written_by("ingest"),
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
    _moment("accepted_at"),
    UniqueConstraint("uri", "version", name="items_identity"),
    Index("items_of_story", "story"),
    Index("items_of_sender", "key_name", "id"),
    Index("items_express", "provider", "accepted_at", postgresql_where=text("lane = 0")),
    Index("items_same_words", "key_name", "words_hash", postgresql_where=text("words_hash IS NOT NULL")),
    info=_written_by("ingest", edge=_READS),
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
    _moment("gone_at", nullable=True),  # its server said that it is gone: not asked any more
    _moment("unsteady_at", nullable=True),  # when it last changed the names of entries
    _moment("looking_since", nullable=True),  # a look beside others is under way; if nobody is at it, it ended its process
    Column("ended_count", Integer, nullable=False, server_default="0"),  # looks that ended their process, less good ones since
    _moment("alone_since", nullable=True),  # from then on it is looked at in a process of its own
    Column("items_count", BigInteger, nullable=False, server_default="0"),
    _moment("added_at"),
    _moment("looked_at", nullable=True),
    _moment("brought_at", nullable=True),  # when it last brought an item that was not known
    info=_written_by("ingest"),
)

# ── enrichment ───────────────────────────────────────────────────────────────────────────────────────────────────

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
    CheckConstraint("language_by IN ('said', 'story', 'usual', 'text', 'guess')", name="language_by"),
    info=_written_by("enrichment"),
)

# What a sender writes for a provider, as far as it was said or is sure: what tells the language of what does not say it.
usual_languages = Table(
    "usual_languages",
    metadata,
    Column("sender", String, nullable=False),  # a key or a source
    Column("provider", String, nullable=False),
    Column("recent", ARRAY(String), nullable=False),  # the newest last; so many of them are kept
    PrimaryKeyConstraint("sender", "provider"),
    info=_written_by("enrichment"),
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
    _moment("made_at"),
    Index("fingerprints_text", "text_hash"),
    Index("fingerprints_keys", "keys", postgresql_using="gin"),
    info=_written_by("enrichment"),
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
    info=_written_by("enrichment"),
)

# ── publish ──────────────────────────────────────────────────────────────────────────────────────────────────────

stories = Table(
    "stories",
    metadata,
    Column("id", String, primary_key=True),
    Column("uri", String, nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("generation", Integer, nullable=False),  # the newest item's identity's
    Column("version", Integer, nullable=False),  # the newest item's
    Column("revision", Integer, nullable=False),
    Column("item", UUID, nullable=False),  # the newest usable item: the text; a kill's own item if there was none
    Column("adds", ARRAY(UUID), nullable=False, server_default="{}"),  # the items that continue it, in their order
    Column("content_hash", LargeBinary, nullable=False),  # of that item, as it was applied
    Column("edition", String),  # the edition of its own language; null: none has it
    _moment("published_at", nullable=True),
    _moment("updated_at"),
    _moment("embargoed_until", nullable=True),  # the year 9999: no end yet
    _moment("scheduled_for", nullable=True),
    _moment("expires_at", nullable=True),
    Column("kill_reason", String),
    Column("correction_notes", ARRAY(String), nullable=False, server_default="{}"),
    Column("doubt", String),  # why it is held: an item's `Doubt`
    Column("doubt_note", String, nullable=False, server_default=""),
    Column("is_desk_hold", Boolean, nullable=False, server_default=text("false")),  # withheld by a person: so released
    # the audit asks which minute has come and gone
    Index("stories_embargoed", "embargoed_until", postgresql_where=text("state = 'embargoed'")),
    Index("stories_expiring", "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
    Column("held_by", String, nullable=False, server_default=""),  # the sender that withholds it: so released too
    Index("stories_held", "updated_at", postgresql_where=text("state = 'held'")),
    # ops ask every second how old the newest heartbeat is
    Index("stories_heartbeats", "updated_at", postgresql_where=text("uri LIKE 'urn:barq:heartbeat:%'")),
    info=_written_by("publish", edge=_READS),
)

# What became of each item at its story, for those who ask where it is.
decisions = Table(
    "decisions",
    metadata,
    Column("item", UUID, ForeignKey("items.id"), primary_key=True),
    Column("outcome", String, nullable=False),  # `applied`, `kept` for later, `unchanged`, `refused`
    Column("reason", String, nullable=False, server_default=""),  # in words for who sent it
    _moment("decided_at"),
    CheckConstraint("outcome IN ('applied', 'kept', 'unchanged', 'refused')", name="decision_outcome"),
    Index("decisions_refused", "decided_at", postgresql_where=text("outcome = 'refused'")),
    Index("decisions_kept", "decided_at", postgresql_where=text("outcome = 'kept'")),
    info=_written_by("publish"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("story", String, ForeignKey("stories.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("item", UUID, nullable=False),
    Column("act", String, nullable=False),
    Column("state", String, nullable=False),
    _moment("made_at"),
    PrimaryKeyConstraint("story", "revision"),
    info=_written_by("publish", edge=_READS),
)

memberships = Table(
    "memberships",
    metadata,
    Column("story", String, ForeignKey("stories.id"), nullable=False),
    Column("feed", String, nullable=False),
    PrimaryKeyConstraint("story", "feed"),
    Index("memberships_of_feed", "feed", "story"),
    info=_written_by("publish", edge=_READS),
)

# ── translation ──────────────────────────────────────────────────────────────────────────────────────────────────

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
    _moment("made_at"),
    CheckConstraint("method IN ('human', 'memory', 'machine')", name="translation_method"),
    CheckConstraint("state IN ('ready', 'waiting')", name="translation_state"),
    PrimaryKeyConstraint("story", "edition", "revision", "method"),
    Index("translations_waiting", "edition", "made_at", postgresql_where=text("state = 'waiting'")),
    info=_written_by("translation", edge=_READS),
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
    _moment("made_at"),
    CheckConstraint("method IN ('human', 'machine')", name="segment_method"),
    PrimaryKeyConstraint("source_language", "edition", "source_hash", "method"),
    # likeness is asked of words: what is alike has many three-letter pieces in common
    Index("segments_alike", "source", postgresql_using="gin", postgresql_ops={"source": "gin_trgm_ops"}),
    info=_written_by("translation"),
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
    _moment("changed_at"),
    CheckConstraint("kind IN ('person', 'organisation', 'place', 'term')", name="term_kind"),
    PrimaryKeyConstraint("source_language", "edition", "source"),
    info=_written_by("translation"),
)

engine_months = Table(
    "engine_months",
    metadata,
    Column("engine", String, nullable=False),
    Column("month", String, nullable=False),  # 2026-11
    Column("characters", BigInteger, nullable=False),  # sent, of which its contract has so many a month
    PrimaryKeyConstraint("engine", "month"),
    info=_written_by("translation"),
)

# ── rendering ────────────────────────────────────────────────────────────────────────────────────────────────────

entries = Table(
    "entries",
    metadata,
    Column("story", String, nullable=False),
    Column("edition", String, nullable=False),
    Column("format", String, nullable=False),
    Column("revision", Integer, nullable=False),
    _moment("published_at"),
    _moment("updated_at"),
    Column("is_notice", Boolean, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),  # grows whenever a reader should look again
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
    info=_written_by("rendering", edge=_READS),
)

documents = Table(
    "documents",
    metadata,
    Column("edition", String, nullable=False),
    Column("feed", String, nullable=False),
    Column("format", String, nullable=False),
    Column("etag", String, nullable=False),
    _moment("modified_at"),  # whole seconds, moves with the etag
    _moment("refreshed_at"),
    Column("entry_count", Integer, nullable=False),
    Column("body_gzip", LargeBinary, nullable=False),
    Column("body_br", LargeBinary),  # null: put together by an older Barq
    PrimaryKeyConstraint("edition", "feed", "format"),
    Index("documents_refreshed", "refreshed_at"),
    info=_written_by("rendering", edge=_READS),
)

archives = Table(
    "archives",
    metadata,
    Column("edition", String, nullable=False),
    Column("feed", String, nullable=False),
    Column("number", Integer, nullable=False),  # from 1, the oldest
    _moment("ends_at"),  # its newest entry: when that was published, and which story it is
    Column("ends_story", String, nullable=False),
    PrimaryKeyConstraint("edition", "feed", "number"),
    info=_written_by("rendering", edge=_READS),
)

# ── delivery ─────────────────────────────────────────────────────────────────────────────────────────────────────

receivers = Table(
    "receivers",
    metadata,
    Column("id", UUID, primary_key=True, server_default=text("uuidv7()")),
    Column("key", String, nullable=False),  # the subscriber's; empty: named in the wire's file
    Column("name", String, nullable=False),
    Column("url", String, nullable=False),
    Column("secret", String, nullable=False),  # empty: in the environment
    Column("old_secret", String, nullable=False, server_default=""),  # signs beside the new one for a while
    _moment("old_secret_until", nullable=True),
    Column("editions", ARRAY(String), nullable=False),  # none named: every one; so with feeds and events
    Column("feeds", ARRAY(String), nullable=False),
    Column("events", ARRAY(String), nullable=False),
    _moment("added_at"),
    _moment("ended_at", nullable=True),  # asks for nothing any more; must still hear of what is taken back
    Column("sequence", BigInteger, nullable=False, server_default="0"),  # notifications acknowledged
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    _moment("failing_since", nullable=True),
    _moment("disabled_at", nullable=True),  # has failed for so long that it is told of kills alone
    Column("error", String),
    _moment("due_at"),  # not to be sent to before
    _moment("held_until", nullable=True),  # a process is sending to it
    UniqueConstraint("key", "name", name="receiver_once"),
    info=_written_by("delivery", edge=_CHANGES),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("receiver", UUID, ForeignKey("receivers.id"), nullable=False),
    Column("story", String, nullable=False),
    Column("edition", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("event", String, nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("sequence", BigInteger),  # its number among what this receiver has acknowledged, without a gap
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("status", Integer),  # the receiver's answer; null: none came
    Column("error", String),
    _moment("asked_at"),
    _moment("due_at"),
    _moment("tried_at", nullable=True),
    _moment("acknowledged_at", nullable=True),
    CheckConstraint("state IN ('due', 'acknowledged', 'parked', 'superseded')", name="delivery_state"),
    PrimaryKeyConstraint("receiver", "story", "edition", "revision"),
    Index("deliveries_due", "receiver", "lane", "asked_at", postgresql_where=text("state = 'due'")),
    Index("deliveries_parked", "receiver", postgresql_where=text("state = 'parked'")),
    Index("deliveries_sequence", "receiver", "sequence"),
    Index("deliveries_of_story", "story"),
    info=_written_by("delivery", edge=_CHANGES),
)

intents = Table(
    "intents",
    metadata,
    Column("id", UUID, primary_key=True, server_default=text("uuidv7()")),
    Column("mode", String, nullable=False),
    Column("edition", String, nullable=False),
    Column("feed", String, nullable=False),
    Column("format", String, nullable=False),
    Column("topic", String, nullable=False),
    Column("callback", String, nullable=False),
    Column("secret", String, nullable=False),
    Column("lease_s", Integer, nullable=False),
    Column("key", String, nullable=False, server_default=""),  # the subscriber's, if one was shown
    _moment("asked_at"),
    info=_written_by("delivery", edge=_ADDS),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", UUID, primary_key=True, server_default=text("uuidv7()")),
    Column("feed_id", UUID, nullable=False),  # of edition and feed, as the ledger names them
    Column("edition", String, nullable=False),
    Column("feed", String, nullable=False),
    Column("format", String, nullable=False),
    Column("topic", String, nullable=False),  # as it was subscribed to
    Column("callback", String, nullable=False),
    Column("secret", String, nullable=False),
    Column("key", String, nullable=False, server_default=""),  # the subscriber's, if one was shown
    _moment("verified_at"),
    _moment("lease_ends_at"),
    _moment("ended_at", nullable=True),
    Column("end_reason", String),
    Column("sent_etag", String),  # of the document that was acknowledged last, or stood when it was subscribed
    Column("sequence", BigInteger, nullable=False, server_default="0"),  # documents acknowledged
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("error", String),
    _moment("due_at"),  # not to be sent to before
    _moment("held_until", nullable=True),  # a process is sending to it
    UniqueConstraint("callback", "edition", "feed", "format", name="subscription_once"),
    Index("subscriptions_of_feed", "feed_id", postgresql_where=text("ended_at IS NULL")),
    info=_written_by("delivery", edge=_READS),
)

pushes = Table(
    "pushes",
    metadata,
    Column("subscription", UUID, ForeignKey("subscriptions.id"), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("etag", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("status", Integer),
    Column("error", String),
    _moment("tried_at"),
    _moment("acknowledged_at", nullable=True),
    PrimaryKeyConstraint("subscription", "sequence"),
    info=_written_by("delivery"),
)

# ── comments ─────────────────────────────────────────────────────────────────────────────────────────────────────

comments = Table(
    "comments",
    metadata,
    Column("id", UUID, primary_key=True, server_default=text("uuidv7()")),
    Column("story", String, nullable=False),
    Column("edition", String, nullable=False),  # under whose page it was written
    Column("name", String, nullable=False),  # as its writer gave it
    Column("text", String, nullable=False),
    Column("state", String, nullable=False, server_default="waiting"),
    Column("sender_hash", LargeBinary, nullable=False),  # of address and day: to count by
    _moment("made_at"),
    Column("decided_by", String),
    _moment("decided_at", nullable=True),
    CheckConstraint("state IN ('waiting', 'shown', 'hidden')", name="comment_state"),
    Index("comments_of_story", "story", "edition", "made_at"),
    Index("comments_waiting", "made_at", postgresql_where=text("state = 'waiting'")),
    Index("comments_of_sender", "sender_hash", "made_at"),
    info=_written_by("comments", edge=_ADDS),
)

# ── desk ─────────────────────────────────────────────────────────────────────────────────────────────────────────

drafts = Table(
    "drafts",
    metadata,
    Column("id", UUID, primary_key=True, server_default=text("uuidv7()")),
    Column("uri", String, nullable=False),
    Column("story", String),  # null: it is to be a new one
    Column("act", String, nullable=False),  # new, update, correction, kill
    Column("fields", JSONB, nullable=False),  # what the form holds
    Column("state", String, nullable=False, server_default="open"),
    Column("author", String, nullable=False),
    Column("decided_by", String),
    _moment("made_at"),
    _moment("changed_at"),
    CheckConstraint("state IN ('open', 'asked', 'sent', 'dropped')", name="draft_state"),
    Index("drafts_open", "changed_at", postgresql_where=text("state IN ('open', 'asked')")),
    info=_written_by("desk"),
)

feeds = Table(
    "feeds",
    metadata,
    Column("name", String, primary_key=True),
    Column("definition", JSONB, nullable=False),  # as a feed in the wire's file
    Column("changed_by", String, nullable=False),
    _moment("changed_at"),
    info=_written_by("desk", edge=_READS),
)

actions = Table(
    "actions",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    _moment("done_at"),
    Column("key", String, nullable=False),  # who
    Column("action", String, nullable=False),
    Column("story", String),
    Column("detail", String, nullable=False, server_default=""),
    Index("actions_of_story", "story"),
    info=_written_by("desk"),
)
