"""The wire's own words where a text was taken back or corrected."""

from __future__ import annotations

from dataclasses import asdict, fields
from string import Formatter

import pytest

from services.rendering.notices import Words, words_of
from shared.contracts.item import KillReason

ENGLISH = words_of("en")


def holes(text: str) -> set[str]:
    """What is filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("edition", ["ar", "es", "es-MX"])
@pytest.mark.parametrize("name", [field.name for field in fields(Words) if field.name != "kill_reasons"])
def test_a_language_says_each_of_them_in_its_own_words_with_the_same_holes(edition: str, name: str) -> None:
    own, english = getattr(words_of(edition), name), getattr(ENGLISH, name)
    assert own
    assert own != english
    assert holes(own) == holes(english)


@pytest.mark.parametrize("edition", ["en", "ar", "es"])
def test_each_reason_of_a_kill_has_its_words(edition: str) -> None:
    reasons = words_of(edition).kill_reasons
    assert set(reasons) == set(KillReason)
    assert all(reasons.values())


def test_a_language_without_words_of_its_own_is_shown_english() -> None:
    assert words_of("sv") is ENGLISH


def test_titles_have_the_story_and_no_text() -> None:
    assert {name: holes(text) for name, text in asdict(ENGLISH).items() if name.endswith("_title")} == {
        "advisory_title": {"story"},
        "killed_title": {"story"}, "expired_title": {"story"}, "held_title": {"story"}, "stale_title": {"story"},
    }  # fmt: skip
    assert {name for name, text in asdict(ENGLISH).items() if name.endswith("_body") and holes(text)} == set()
