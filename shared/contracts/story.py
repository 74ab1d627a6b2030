"""The story: what readers see under one identifier for life, and the words for its states and acts."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

STORY_ID = re.compile(r"^[A-Z]{2,10}\d{8}\d{12}ID\d{10}$")


class StoryState(StrEnum):
    """What a story is now."""

    PUBLISHED = "published"
    EMBARGOED = "embargoed"
    WITHHELD = "withheld"
    KILLED = "killed"
    EXPIRED = "expired"  #: its rights are over
    INTERNAL = "internal"  #: for desks only: an advisory, a picture or a package without words, a test
    HELD = "held"  #: the wire doubts it; a person at the desk decides


class Act(StrEnum):
    """What a revision did to its story; the facts that rendering and delivery speak of."""

    NEW = "new"
    UPDATE = "update"
    CORRECTION = "correction"
    WITHHOLD = "withhold"
    RELEASE = "release"
    KILL = "kill"
    LIFT = "lift"
    EXPIRE = "expire"


#: acts after which nobody should see what stood there before
TAKES_BACK = (Act.CORRECTION, Act.WITHHOLD, Act.KILL, Act.EXPIRE)


class ItemState(StrEnum):
    """Where an item is, as `GET /v1/items/{item}` answers."""

    ACCEPTED = "accepted"
    PUBLISHED = "published"
    WITHHELD = "withheld"
    EMBARGOED = "embargoed"
    KILLED = "killed"
    EXPIRED = "expired"
    INTERNAL = "internal"
    HELD = "held"
    DEAD = "dead"
    SUPERSEDED = "superseded"


#: what a sender hears, in the answer to the push where it is known then, and in the item's timeline
NO_EMBARGO_AFTER = "the story is public already and cannot be embargoed or scheduled: withhold it instead"
KILLED_FOR_GOOD = "the story was killed, which is final for its uri"
KEPT_BY_DESK = "the story is held back by a person at the desk: this version is kept, and published with the release"
KEPT_BY_SENDER = (
    "another sender holds the story back: this version is kept, and published when that sender or the desk releases it"
)
UNKNOWN_TO_TAKE_BACK = (
    "no story is known under this uri, so that nothing was taken back; check its spelling. "
    "What comes under it later is kept back by this"
)
NO_EDITION_OF_LANGUAGE = "no edition is in its language: the story is held until it is translated"


def story_id(*, agency: str, day: datetime, provider_code: int, serial: int) -> str:
    """The identifier for life: agency, day of first publication (DDMMYYYY), 12 digits of provider, `ID`, 10 of serial."""
    identifier = f"{agency}{day:%d%m%Y}{provider_code:012d}ID{serial:010d}"
    if not STORY_ID.match(identifier):
        raise ValueError(f"{identifier!r} is no story identifier: agency is 2 to 10 capitals, codes must fit their digits")
    return identifier
