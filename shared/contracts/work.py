"""A piece of work, what it may ask for next, and how it can end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from shared.pipeline import Lane, Stage

#: stands in place of an item where work concerns every story of an edition (a feed is rebuilt)
EVERY_ITEM = UUID(int=0)

_CACHES = UUID("c1a0f2c8-2f0e-5b2f-9a54-6f6a1f3f2f10")
_FEEDS = UUID("5f0f6d52-55a5-5bb0-8d51-4a5a3a0c9e21")


def feed_id(edition: str, feed: str) -> UUID:
    """What stands in place of an item where work concerns one feed of one edition."""
    return uuid5(_FEEDS, f"{edition}/{feed}")


def cache_id(name: str) -> UUID:
    """What stands in place of an item where work concerns a cache in front of the wire."""
    return uuid5(_CACHES, name)


#: the edition of work that comes before there are editions
NO_EDITION = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """One piece of work as a worker holds it. Its key is (item, revision, stage, edition)."""

    id: int
    stage: Stage
    lane: Lane
    item: UUID  #: the wire message that caused it
    revision: int  #: the item's version until there is a story, the story's revision after that
    edition: str
    attempts: int  #: times begun, this one included
    asked_at: datetime  #: for the last time
    due_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Follow:
    """Work that should come next. Recorded again after it was done, it is due again."""

    stage: Stage
    item: UUID
    revision: int
    edition: str = NO_EDITION
    lane: Lane | None = None  #: None: the lane of its cause
    due_at: datetime | None = None  #: None: at once


@dataclass(frozen=True, slots=True)
class Done:
    """The work is done; `follows` become due with the same commit."""

    follows: tuple[Follow, ...] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """Not yet, through no fault of the item: due again after `delay`, and the attempt does not count."""

    delay: timedelta
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """This piece of work failed; it is tried again with backoff, and dead after the stage's number of attempts."""

    error: str


@dataclass(frozen=True, slots=True)
class Dead:
    """This piece of work can never succeed: dead at once, with the reason, for a person to look at."""

    reason: str


Outcome = Done | Later | Failed | Dead
