"""A feed as it is written in a form, and as it comes back."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from services.desk.feeds.feed_form import PROPERTIES, FeedForm, build_feed, write_filter
from shared.wire.config import wire

EDITIONS = ("en", "ar")
OIL = {"name": "arab-oil", "title.en": "Arab oil", "title.ar": "نفط العرب", "filter": 'region = ["arab"]'}


def form(**fields: str) -> FeedForm:
    return FeedForm.from_fields({**OIL, **fields}, EDITIONS)


def test_a_form_is_read_by_its_editions() -> None:
    assert FeedForm.from_fields({"name": "x", "title.ar": "ن", "title.fr": "f"}, EDITIONS) == FeedForm(
        name="x", titles={"en": "", "ar": "ن"}
    )


def test_a_feed_is_a_public_one_with_the_titles_that_it_was_given() -> None:
    row = build_feed(form(**{"title.ar": ""}), wire())
    assert (row.name, row.private, row.filter.region) == ({"en": "Arab oil"}, False, ("arab",))


@pytest.mark.parametrize(
    ("fields", "say"),
    [
        ({"filter": "region = "}, "The filter cannot be read"),
        ({"filter": "region"}, "The filter cannot be read"),
        ({"filter": 'region = ["atlantis"]'}, "atlantis, which is no region or section"),
        ({"filter": 'mood = "sunny"'}, "filter.mood: Extra inputs are not permitted"),
        ({"filter": "urgency = 12"}, "filter.urgency: "),
        ({"name": "asia"}, "is taken"),
        ({"name": "search"}, "is taken"),
        ({"name": "Not So"}, "name: String should match pattern"),
        ({"name": ""}, "name: String should"),
        ({"title.en": "", "title.ar": ""}, "A feed needs a title"),
    ],
)
def test_a_mistake_is_said_in_a_sentence(fields: dict[str, str], say: str) -> None:
    with pytest.raises(ValueError, match=re.escape(say)):
        build_feed(form(**fields), wire())


@pytest.mark.parametrize(
    ("conditions", "written"),
    [
        ({}, ""),
        ({"urgency": 4}, "urgency = 4"),
        ({"region": ["arab", "asia"]}, 'region = ["arab", "asia"]'),
        ({"region": ["arab"], "section": []}, 'region = ["arab"]\nsection = []'),
        ({"not": {"label": ["OPINION"]}}, 'not = { label = ["OPINION"] }'),
        ({"any": [{"urgency": 1}, {"tag": ["opec"]}]}, 'any = [{ urgency = 1 }, { tag = ["opec"] }]'),
        ({"words": ["نفط", 'a "b"']}, 'words = ["نفط", "a \\"b\\""]'),
    ],
)
def test_a_filter_is_written_as_a_line_for_each_condition_and_reads_back(conditions: Any, written: str) -> None:
    assert write_filter(conditions) == written
    assert tomllib.loads(written) == conditions


def test_every_property_of_a_filter_is_offered_under_the_name_that_it_has_in_the_file() -> None:
    assert {"region", "section", "not", "all", "any"} <= set(PROPERTIES)
    assert not {"not_", "all_", "any_"} & set(PROPERTIES)
