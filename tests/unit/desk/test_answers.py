"""What the translators' screens read of translation's answers."""

from __future__ import annotations

from typing import Any

import pytest

from services.desk.translating.answers import SegmentedStory

SEGMENT = {
    "place": 0, "part": "headline", "block": 0, "source": "Ministers agree", "target": "", "origin": "none", "by": "",
    "is_changed": False, "faults": [["length", "is empty"]], "matches": [], "terms": [],
}  # fmt: skip
ANSWER: dict[str, Any] = {
    "story": "S", "edition": "ar", "language": "en", "direction": "rtl", "revision": 2, "translated_revision": None,
    "state": None, "method": None, "translator": "", "reviewed_by": "", "as_a_whole": None,
    "segments": [SEGMENT, {**SEGMENT, "place": 1, "target": "two"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ([], ["", "two"]),
        (["one", "2"], ["one", "2"]),
        (["", ""], ["", ""]),
        (["one"], ["", "two"]),
        (["one", "2", "3"], ["", "two"]),
    ],
)
def test_what_somebody_typed_stays_if_it_is_one_text_for_each_sentence(typed: list[str], shown: list[str]) -> None:
    story = SegmentedStory.model_validate(ANSWER)
    assert [segment.target for segment in story.with_targets(typed).segments] == shown
    assert [segment.target for segment in story.segments] == ["", "two"]
