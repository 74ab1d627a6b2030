"""Entries that come under another name each time: the first is held, the next are refused, and twins are left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.ingest.acceptance import PUSHED, Arrival, Candidate
from services.ingest.numbering.renames import Like, could_be_renamed, hold_renamed
from shared.contracts.item import Doubt
from tests.unit.ingest.made_sources import NOW, candidate

POLLED = Arrival(is_polled=True)
ENTRY = candidate(0, needs_number=True)


def like(*, hours_ago: float = 1, is_unsteady: bool = False, has_date: bool = True, of: Candidate = ENTRY) -> Like:
    return Like(
        words_hash=of.words_hash,
        uri="urn:before",
        accepted_at=NOW - timedelta(hours=hours_ago),
        written_at=ENTRY.item.version_created_at if has_date else None,
        is_unsteady=is_unsteady,
    )


@pytest.mark.parametrize(
    ("likes", "is_new", "fate"),
    [
        ([], True, "kept"),
        ([like()], True, "held"),
        ([like()], False, "kept"),  # its name is known: it was not changed
        ([like(hours_ago=100)], True, "held"),  # days ago, with the same date
        ([like(hours_ago=100, has_date=False)], True, "kept"),  # the same few words, sent again
        ([like(hours_ago=5, has_date=False)], True, "held"),
        ([like(is_unsteady=True)], True, "refused"),
        ([like(), like(is_unsteady=True)], True, "refused"),
        ([like(hours_ago=100, has_date=False, is_unsteady=True)], True, "kept"),
        ([like(of=candidate(1))], True, "kept"),  # other words
    ],
)
def test_what_becomes_of_an_entry_whose_words_came_before(likes: list[Like], is_new: bool, fate: str) -> None:
    kept, refused = hold_renamed([ENTRY], likes, new={0} if is_new else (), now=NOW)
    assert len(kept) + len(refused) == 1
    assert ("refused" if refused else "held" if kept[0].doubt is Doubt.UNSTEADY_SOURCE else "kept") == fate


@pytest.mark.parametrize(
    ("entry", "arrival", "could"),
    [
        (ENTRY, POLLED, True),
        (ENTRY, PUSHED, False),
        (candidate(0), POLLED, False),
        (candidate(0, needs_number=True, pubstatus="canceled"), POLLED, False),
        (candidate(0, needs_number=True, headline=""), POLLED, False),
    ],
)
def test_only_a_polled_entry_without_a_version_can_be_renamed(entry: Candidate, arrival: Arrival, could: bool) -> None:
    assert could_be_renamed(entry, arrival) is could
