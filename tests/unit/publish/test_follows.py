"""The work that follows from each step in a story's life."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.publish.follows import follows_of
from services.publish.story import NEVER, StoryRecord, Transition
from shared.contracts.item import Doubt
from shared.contracts.story import Act, StoryState
from shared.contracts.work import Work
from shared.pipeline import Lane, Stage
from shared.wire.config import DEFAULT_FILE, read_wire

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
WIRE = read_wire(DEFAULT_FILE)
OTHERS = [edition for edition in WIRE.editions if edition != "en"]
WORK = Work(
    id=1, stage=Stage.PUBLISH, lane=Lane.REGULAR, item=UUID(int=1), revision=1, edition="", attempts=1, asked_at=NOON, due_at=NOON
)


def follows(act: Act, state: StoryState, kept: str = "", **fields: Any) -> list[tuple[Stage, str, Lane | None]]:
    record = StoryRecord(
        **{"state": state, "uri": "urn:x", "generation": 0, "version": 1, "revision": 3, "item": UUID(int=1), "content_hash": b"",
           "edition": "en", "published_at": NOON, "updated_at": NOON, **fields}
    )  # fmt: skip
    asked = list(follows_of(Transition(act=act, record=record, kept=kept), WORK, WIRE))
    assert {(follow.item, follow.revision) for follow in asked} <= {(UUID(int=1), 3)}
    assert {follow.due_at for follow in asked} <= {None, LATER}
    return [(follow.stage, follow.edition, follow.lane) for follow in asked]


OWN = [(Stage.RENDER, "en", None)]
RENDER_OTHERS = [(Stage.RENDER, edition, None) for edition in OTHERS]
TRANSLATE = [(Stage.TRANSLATE, edition, None) for edition in OTHERS]
TAKE_BACK = [(Stage.RENDER, edition, Lane.EXPRESS) for edition in WIRE.editions]


@pytest.mark.parametrize(
    ("act", "state", "fields", "asked"),
    [
        (Act.NEW, StoryState.PUBLISHED, {}, OWN + TRANSLATE),
        (Act.UPDATE, StoryState.PUBLISHED, {}, OWN + TRANSLATE),
        (Act.CORRECTION, StoryState.PUBLISHED, {}, OWN + RENDER_OTHERS + TRANSLATE),
        (Act.RELEASE, StoryState.PUBLISHED, {}, OWN + RENDER_OTHERS + TRANSLATE),
        (Act.WITHHOLD, StoryState.WITHHELD, {}, TAKE_BACK),
        (Act.KILL, StoryState.KILLED, {}, TAKE_BACK),
        (Act.EXPIRE, StoryState.EXPIRED, {}, TAKE_BACK),
        # nobody has seen it
        (Act.KILL, StoryState.KILLED, {"published_at": None}, []),
        (Act.NEW, StoryState.INTERNAL, {"published_at": None}, []),
        # readers go on seeing what they saw
        (Act.WITHHOLD, StoryState.WITHHELD, {"kept": "held back"}, []),
        # waits for a time, which may never come
        (Act.NEW, StoryState.EMBARGOED, {"embargoed_until": LATER, "published_at": None}, [(Stage.LIFT, "", Lane.EXPRESS)]),
        (Act.NEW, StoryState.EMBARGOED, {"embargoed_until": NEVER, "published_at": None}, []),
        # waits for its first translation, or for the desk
        (Act.NEW, StoryState.HELD, {"doubt": Doubt.NO_EDITION, "published_at": None}, TRANSLATE),
        (Act.NEW, StoryState.HELD, {"doubt": Doubt.EMBARGO, "published_at": None}, []),
    ],
)
def test_what_a_step_asks_for(act: Act, state: StoryState, fields: dict[str, Any], asked: list[Any]) -> None:
    assert follows(act, state, **fields) == asked


@pytest.mark.parametrize("state", list(StoryState))
def test_rights_that_end_are_watched_while_the_story_is_not_gone(state: StoryState) -> None:
    watches = (Stage.EXPIRE, "", Lane.EXPRESS) in follows(Act.UPDATE, state, expires_at=LATER)
    assert watches == (state in ("published", "embargoed", "withheld", "held"))
