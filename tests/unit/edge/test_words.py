"""The pages' words: each language that has some has them all."""

from __future__ import annotations

import pytest

from services.edge.portal.words import words_of


@pytest.mark.parametrize("edition", ["ar", "es", "es-MX"])
def test_a_language_has_every_word_and_says_it_in_its_own(edition: str) -> None:
    english, own = words_of("en"), words_of(edition)
    assert set(own) == set(english)
    assert [name for name in own if own[name] == english[name]] == []


def test_a_language_without_words_of_its_own_is_shown_english() -> None:
    assert words_of("sv") == words_of("en")
