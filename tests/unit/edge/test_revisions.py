"""A story's revisions: which of them readers saw, and what a later one changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.edge.content.revisions import Revision, as_response, changes, public, readable
from shared.contracts.item import WireItem
from shared.contracts.story import Act, StoryState

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

PUBLISHED, EMBARGOED, HELD = StoryState.PUBLISHED, StoryState.EMBARGOED, StoryState.HELD
WITHHELD, KILLED, INTERNAL, EXPIRED = StoryState.WITHHELD, StoryState.KILLED, StoryState.INTERNAL, StoryState.EXPIRED


def revision(number: int = 1, state: StoryState = PUBLISHED, **fields: Any) -> Revision:
    item = {"uri": "urn:x", "version": number, "headline": "H", "body_html": "<p>B</p>", "correction_note": "N", **fields}
    return Revision(
        revision=number, act=Act.UPDATE, state=state, made_at=NOON + timedelta(minutes=number), item=f"item-{number}",
        version=number, sent_by="levant", content=WireItem.model_validate(item),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("states", "published_min", "shown"),
    [
        ([PUBLISHED], 1, [1]),
        ([PUBLISHED, PUBLISHED], 1, [1, 2]),
        # under embargo: the one that was in force when it ended is the first that readers saw
        ([EMBARGOED], 60, [1]),
        ([EMBARGOED, EMBARGOED, PUBLISHED], 60, [3]),
        ([EMBARGOED, EMBARGOED], 60, [2]),
        ([EMBARGOED, PUBLISHED], 2, [2]),  # in force until the very moment, and not after it
        # never shown, before or after
        ([HELD, PUBLISHED], 2, [2]),
        ([INTERNAL, PUBLISHED], 2, [2]),
        ([PUBLISHED, WITHHELD, PUBLISHED], 1, [1, 3]),
        ([PUBLISHED, KILLED], 1, [1]),
        ([PUBLISHED, EXPIRED], 1, [1]),
    ],
)
def test_readers_see_the_revisions_that_were_public(states: list[StoryState], published_min: int, shown: list[int]) -> None:
    revisions = [revision(number, state) for number, state in enumerate(states, start=1)]
    assert [one.revision for one in public(revisions, NOON + timedelta(minutes=published_min))] == shown


@pytest.mark.parametrize(
    ("states", "reasons", "words"),
    [
        ([PUBLISHED, PUBLISHED], {}, [1, 2]),
        # what was taken back stays so when the story goes on
        ([PUBLISHED, WITHHELD, PUBLISHED], {}, [3]),
        ([PUBLISHED, PUBLISHED, WITHHELD, PUBLISHED, PUBLISHED], {}, [4, 5]),
        ([PUBLISHED, EXPIRED, PUBLISHED], {}, [3]),
        ([PUBLISHED, KILLED], {}, []),
        # one that is only doubted takes nothing back
        ([PUBLISHED, HELD, PUBLISHED], {}, [1, 3]),
        # a correction that says a reason of law has the mended text, and what was before it is not to be read
        ([PUBLISHED, PUBLISHED], {2: "legal"}, [2]),
        ([PUBLISHED, PUBLISHED, PUBLISHED], {2: "rights"}, [2, 3]),
        ([PUBLISHED, PUBLISHED], {2: "factual"}, [1, 2]),
        ([PUBLISHED, PUBLISHED], {1: "legal"}, [1, 2]),
    ],
)
def test_words_that_were_taken_back_are_nobodys_to_read(
    states: list[StoryState], reasons: dict[int, str], words: list[int]
) -> None:
    revisions = [revision(number, state, kill_reason=reasons.get(number)) for number, state in enumerate(states, start=1)]
    assert [one.revision for one in readable(revisions, NOON)] == words


ALWAYS = {"revision", "act", "state", "made_at"}
SENDER = {"item", "uri", "version", "sent_by"}
WORDS = {"headline", "byline", "dateline", "summary", "body", "body_html", "correction_note"}


@pytest.mark.parametrize(
    ("with_text", "for_newsroom", "says"),
    [
        (False, False, ALWAYS),
        (True, False, ALWAYS | WORDS),
        (False, True, ALWAYS | SENDER),
        (True, True, ALWAYS | SENDER | WORDS),
    ],
)
def test_an_answer_has_what_its_reader_may_have_and_no_field_beside_that(
    with_text: bool, for_newsroom: bool, says: set[str]
) -> None:
    answer = as_response(revision(), with_text=with_text, for_newsroom=for_newsroom)
    assert set(answer.model_dump(exclude_unset=True)) == says


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ({}, {}, []),
        ({}, {"correction_note": "M"}, []),  # which is of the later one alone
        ({}, {"body_html": "<p><b>B</b></p>"}, []),  # words, not mark-up
        ({"headline": "H one"}, {"headline": "H two"}, ["headline"]),
        ({"dateline": "RIYADH"}, {"dateline": ""}, ["dateline"]),
        ({}, {"byline": "Rana"}, ["byline"]),
        ({"summary": "S"}, {"summary": "T", "body_html": "<p>B and on</p>", "headline": "I"}, ["headline", "summary", "body"]),
    ],
)
def test_a_change_is_said_field_by_field(before: dict[str, str], after: dict[str, str], changed: list[str]) -> None:
    older, newer = revision(1, **before), revision(2, **after)
    found = changes(older, newer)
    assert [change.field for change in found] == changed
    for change in found:
        assert "".join(p.text for p in change.passages if p.kind != "added") == older.text()[change.field]
        assert "".join(p.text for p in change.passages if p.kind != "removed") == newer.text()[change.field]
