"""Webhooks, the WebSub hub, and what they were sent."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from shared.archive.tables.declaring import ADDS, CHANGES, READS, metadata, moment, written_by

receivers = Table(
    "receivers",
    metadata,
    Column("id", UUID, primary_key=True, server_default=text("uuidv7()")),
    Column("key", String, nullable=False),  # the subscriber's; empty: named in the wire file
    Column("name", String, nullable=False),
    Column("url", String, nullable=False),
    Column("secret", String, nullable=False),  # empty: in the environment
    Column("old_secret", String, nullable=False, server_default=""),  # signs beside the new one for a while
    moment("old_secret_until", nullable=True),
    Column("editions", ARRAY(String), nullable=False),  # none named: every one; so with feeds and events
    Column("feeds", ARRAY(String), nullable=False),
    Column("events", ARRAY(String), nullable=False),
    moment("added_at"),
    moment("ended_at", nullable=True),  # asks for nothing any more; must still hear of what is taken back
    Column("sequence", BigInteger, nullable=False, server_default="0"),  # notifications acknowledged
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    moment("failing_since", nullable=True),
    moment("disabled_at", nullable=True),  # has failed for so long that it hears of kills alone
    Column("error", String),
    moment("due_at"),  # not to be sent to before
    moment("held_until", nullable=True),  # a process is sending to it
    UniqueConstraint("key", "name", name="receiver_once"),
    info=written_by("delivery", edge=CHANGES),
    comment="A webhook: a subscriber's, or one named in the wire file.",
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
    moment("asked_at"),
    moment("due_at"),
    moment("tried_at", nullable=True),
    moment("acknowledged_at", nullable=True),
    CheckConstraint("state IN ('due', 'acknowledged', 'parked', 'superseded')", name="delivery_state"),
    PrimaryKeyConstraint("receiver", "story", "edition", "revision"),
    Index("deliveries_due", "receiver", "lane", "asked_at", postgresql_where=text("state = 'due'")),
    Index("deliveries_parked", "receiver", postgresql_where=text("state = 'parked'")),
    Index("deliveries_sequence", "receiver", "sequence"),
    Index("deliveries_of_story", "story"),
    info=written_by("delivery", edge=CHANGES),
    comment="A notification of one revision of a story to one webhook, with all its attempts.",
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
    moment("asked_at"),
    info=written_by("delivery", edge=ADDS),
    comment="A request to the hub that its subscriber has still to confirm.",
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
    moment("verified_at"),
    moment("lease_ends_at"),
    moment("ended_at", nullable=True),
    Column("end_reason", String),
    Column("sent_etag", String),  # of the document that was acknowledged last, or stood when it was subscribed
    Column("sequence", BigInteger, nullable=False, server_default="0"),  # documents acknowledged
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("error", String),
    moment("due_at"),  # not to be sent to before
    moment("held_until", nullable=True),  # a process is sending to it
    UniqueConstraint("callback", "edition", "feed", "format", name="subscription_once"),
    Index("subscriptions_of_feed", "feed_id", postgresql_where=text("ended_at IS NULL")),
    info=written_by("delivery", edge=READS),
    comment="A confirmed WebSub subscription to one feed document.",
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
    moment("tried_at"),
    moment("acknowledged_at", nullable=True),
    PrimaryKeyConstraint("subscription", "sequence"),
    info=written_by("delivery"),
    comment="A feed document sent to a subscription.",
)
