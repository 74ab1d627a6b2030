"""A language is understood however it is spelled, and never refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.acceptance import Candidate, read_items
from services.ingest.formats.languages import language_tag


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("en_US", "en-US"), ("ar_SA", "ar-SA"), ("English", "en"), ("Arabic", "ar"), ("العربية", "ar"), ("ar-", "ar"), ("EN",
        "en"),
        ("eng", "en"), ("ara", "ar"), ("fre", "fr"), ("fra", "fr"), ("en-US-x-desk", "en-US"), (["en"], "en"), ({"code": "en"},
        "en"),
        ([{"code": "ar", "name": "Arabic"}], "ar"), ("english (US)", "en"), ("English, mostly", "en"), ("Deutsch", "de"),
        ("Français", "fr"), ("en_US.UTF-8", "en-US"), ("zh-Hant-TW", "zh-Hant-TW"), ("en-us", "en-us"), ("lang:ar", "ar"),
        ("عربي", "ar"),
    ],
)  # fmt: skip
def test_every_spelling_of_a_language_is_that_language(said: object, tag: str) -> None:
    assert language_tag(said) == tag


@pytest.mark.parametrize(
    "said", ["", "xx", "und", "mul", "not a language", 7, None, True, {}, [], [None], "-", "x" * 500, {"a": "en"}]
)
def test_what_is_none_is_left_to_the_text(said: object) -> None:
    assert language_tag(said) is None


@given(st.text(max_size=60) | st.integers() | st.lists(st.text(max_size=5), max_size=3))
def test_no_language_costs_an_item(said: object) -> None:
    item = {"uri": "urn:x:1", "headline": "H", "body_text": "B", "language": said}
    (result,) = read_items(json.dumps(item).encode(), "application/json", most=10)
    assert isinstance(result, Candidate)


def test_what_nobody_understands_is_told() -> None:
    body = json.dumps({"uri": "urn:x:1", "headline": "H", "body_text": "B", "language": "Klingon!"}).encode()
    (result,) = read_items(body, "application/json", most=10)
    assert isinstance(result, Candidate)
    assert any("Klingon!" in note for note in result.item.notes)
