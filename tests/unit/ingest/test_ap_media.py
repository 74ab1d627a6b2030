"""Whatever stands in a member of an AP item, it is read or refused with words, and what takes back is taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.acceptance import Candidate, Rejection, read_items
from shared.contracts.item import Doubt, PubStatus

SAMPLE = json.loads((Path(__file__).parents[2] / "wire" / "ap_media" / "text-with-its-nitf.json").read_text(encoding="utf-8"))
NAMES = sorted(SAMPLE["data"]["item"])

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "code", "rels", "href", "type", "width", "altids", "nitf"]), inside, max_size=4
        )
    ),
    max_leaves=8,
)


def read_one(document: Any) -> Candidate | Rejection:
    (result,) = read_items(json.dumps(document).encode(), "application/json", most=10)
    return result


def with_fields(**fields: Any) -> dict[str, Any]:
    item = {**SAMPLE["data"]["item"], **fields}
    return {**SAMPLE, "data": {"item": item}}


@given(name=st.sampled_from([name for name in NAMES if name not in ("altids", "uri")]), value=anything)
def test_no_value_of_any_member_breaks_the_reader(name: str, value: Any) -> None:
    result = read_one(with_fields(**{name: value}))
    if isinstance(result, Rejection):
        assert result.problem.status == 422
        assert result.problem.errors


@given(name=st.sampled_from([n for n in NAMES if n not in ("altids", "uri", "pubstatus", "type", "embargoed")]), value=anything)
def test_a_kill_is_taken_whatever_else_stands_in_it(name: str, value: Any) -> None:
    result = read_one(with_fields(pubstatus="canceled", **{name: value}))
    assert isinstance(result, Candidate)
    assert result.item.pubstatus is PubStatus.CANCELED


@pytest.mark.parametrize("said", ["Kill", "mandatory kill", "killed", "Elimination", "canceled"])
@pytest.mark.parametrize("where", ["signals", "editorialtypes"])
def test_a_kill_among_the_signals_is_a_kill_though_the_status_says_usable(where: str, said: str) -> None:
    result = read_one(with_fields(**{where: ["newscontent", said]}))
    assert isinstance(result, Candidate)
    assert result.item.pubstatus is PubStatus.CANCELED


@pytest.mark.parametrize("text", ["", "<nitf", "<rss/>", "<nitf><body><body.content></body.content></body></nitf>"])
def test_a_text_that_cannot_be_read_holds_the_item_and_names_where_it_should_be(text: str) -> None:
    result = read_one({**SAMPLE, "nitf": text})
    assert isinstance(result, Candidate)
    assert result.item.doubt is Doubt.UNREADABLE_TEXT
    assert "https://api.example/media/v/content/0c4e1f.1/download" in result.item.doubt_note
    assert result.item.body_html == ""


def test_the_same_item_is_the_same_story_however_it_was_asked_for() -> None:
    item = SAMPLE["data"]["item"]
    asked = [
        SAMPLE,
        {"api_version": "1.1", "data": {"items": [{"meta": {}, "item": item}]}},
        {"item": {**item, "uri": "https://api.example/media/v/content/0c4e1f?qt=other"}},
        item,
    ]
    assert {read_one(each).item.uri for each in asked} == {"urn:barq:ap:0c4e1f"}  # type: ignore[union-attr]
