"""Which two revisions are compared, and what changed for readers."""

from __future__ import annotations

from typing import Any

import pytest

from services.desk.story.comparison import choose_revisions, find_changes
from tests.support.factories import wire_item


@pytest.mark.parametrize(
    ("asked_for", "with_text", "pair"),
    [
        ("", [], None),
        ("", [1], None),
        ("", [4, 2, 1], (2, 4)),
        ("1,4", [4, 2, 1], (1, 4)),
        ("4,1", [4, 2, 1], (4, 1)),
        (" 1 , 2", [], (1, 2)),
        ("3", [4, 2], None),
        ("1,2,3", [4, 2], None),
        ("one,two", [4, 2], (2, 4)),
        ("-1,2", [4, 2], None),
    ],
)
def test_an_address_names_two_revisions_or_the_newest_two_with_a_text_are_meant(
    asked_for: str, with_text: list[int], pair: tuple[int, int] | None
) -> None:
    assert choose_revisions(asked_for, with_text) == pair


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({}, []),
        ({"headline": "Other"}, ["headline"]),
        ({"summary": "Other", "headline": "Other"}, ["headline", "summary"]),
        ({"body_html": "<p>Other.</p>"}, ["text"]),
        ({"keywords": ("other",)}, []),
    ],
)
def test_only_what_readers_see_otherwise_is_shown(changed: dict[str, Any], fields: list[str]) -> None:
    before = wire_item()
    assert list(find_changes(before, before.model_copy(update=changed))) == fields
