"""Filters of feeds, and the index that finds those that want a story."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.contracts.item import Concept, Provider, WireItem
from shared.wire.matching import Facts, Filter, Index, facts_of
from shared.wire.topics import Topics


def facts(**fields: Any) -> Facts:
    item = WireItem(
        uri="urn:x",
        headline="OPEC raises output",
        body_html="<p>Ministers of Saudi Arabia met.</p>",
        urgency=fields.get("urgency", 3),
        labels=("BREAKING",),
        provider=Provider(name="Levant Press Agency", code="17"),
        subjects=(Concept(code="medtop:20000256", name="oil"),),
        genres=(Concept(name="Analysis"),),
    )
    sections = ("oil-energy", "economy")
    return facts_of(
        item, language="en-GB", regions=("arab",), sections=sections, tags=("OPEC",), labels=item.labels, topics=Topics()
    )


@pytest.mark.parametrize(
    ("wanted", "does"),
    [
        ({}, True),
        ({"region": ["arab"]}, True),
        ({"region": ["asia"]}, False),
        ({"region": ["asia", "arab"], "section": ["oil-energy"]}, True),
        ({"region": ["arab"], "section": ["sport"]}, False),
        ({"subject": ["medtop:20000256"]}, True),
        ({"subject": ["Oil"]}, True),
        ({"tag": ["opec"]}, True),
        ({"label": ["breaking"]}, True),
        ({"genre": ["analysis"]}, True),
        ({"provider": ["levant press agency"]}, True),
        ({"provider": ["17"]}, True),
        ({"language": ["en"]}, True),
        ({"language": ["ar"]}, False),
        ({"urgency": 3}, True),
        ({"urgency": 2}, False),
        ({"words": ["saudi arabia"]}, True),
        ({"words": ["saudi ministers"]}, False),
        ({"words": ["raise"]}, False),
        ({"not": {"label": ["BREAKING"]}}, False),
        ({"not": {"label": ["OPINION"]}}, True),
        ({"any": [{"region": ["asia"]}, {"tag": ["OPEC"]}]}, True),
        ({"all": [{"region": ["arab"]}, {"words": ["tokyo"]}]}, False),
    ],
)
def test_a_filter_wants_what_it_says(wanted: dict[str, Any], does: bool) -> None:
    assert Filter.model_validate(wanted).wants(facts()) is does
    assert list(Index({"f": Filter.model_validate(wanted)}).wanting(facts())) == (["f"] if does else [])


def test_a_filter_with_a_word_that_is_none_of_its_own_is_refused() -> None:
    with pytest.raises(ValidationError):
        Filter.model_validate({"regions": ["arab"]})


_NAMES = ("region", "section", "tag", "provider")
_VALUES = ("a", "b", "c", "d")
_terms = st.lists(st.sampled_from(_VALUES), max_size=2)
_leaves = st.fixed_dictionaries({}, optional={**dict.fromkeys(_NAMES, _terms), "words": _terms, "urgency": st.integers(1, 9)})
_filters = st.recursive(
    _leaves,
    lambda inner: st.fixed_dictionaries(
        {}, optional={"all": st.lists(inner, max_size=2), "any": st.lists(inner, max_size=2), "not": inner, "region": _terms}
    ),
    max_leaves=5,
)
_facts = st.builds(
    Facts,
    values=st.fixed_dictionaries(
        {
            **{name: st.frozensets(st.sampled_from(_VALUES)) for name in _NAMES},
            **{name: st.just(frozenset[str]()) for name in ("subject", "label", "genre", "language")},
        }
    ),
    urgency=st.integers(1, 9),
    text=st.lists(st.sampled_from(_VALUES)).map(lambda words: f" {' '.join(words)} "),
)


@given(st.lists(_filters, max_size=6), _facts)
def test_the_index_finds_exactly_the_filters_that_want_a_story(filters: list[dict[str, Any]], told: Facts) -> None:
    named = {str(number): Filter.model_validate(wanted) for number, wanted in enumerate(filters)}
    found = list(Index(named).wanting(told))
    assert len(found) == len(set(found))
    assert set(found) == {name for name, wanted in named.items() if wanted.wants(told)}
