"""What a story without a name of its own is known by, which take of it an item is, and what replaces what."""

from __future__ import annotations

from typing import Any

import pytest

from services.ingest.identity import (
    in_order_of_replacement,
    take_in_slugline,
    uri_from_content,
    uri_from_reference,
    without_take,
)
from shared.contracts.item import Provider, WireItem


@pytest.mark.parametrize(
    ("slugline", "take", "shared"),
    [
        ("Storm", None, "Storm"),
        ("Storm 1st add", 2, "Storm"),
        ("Storm 2nd add", 3, "Storm"),
        ("Storm, take 3", 3, "Storm"),
        ("Storm-1st-take", 1, "Storm"),
        ("BC-Storm-12th Add", 13, "BC-Storm"),
        ("Storm take-2", 2, "Storm"),
        ("Storm 3rd-add x", 4, "Storm x"),
        ("take 3", 3, ""),
        ("Add 1", 2, ""),
        ("", None, ""),
        ("Storm add", None, "Storm add"),  # which one it does not say
        ("Storm 1st lead", None, "Storm 1st lead"),
        ("intake 3", None, "intake 3"),
        ("Storm 100th add", None, "Storm 100th add"),
    ],
)
def test_a_slugline_says_which_take_this_is_and_what_all_of_them_share(slugline: str, take: int | None, shared: str) -> None:
    assert (take_in_slugline(slugline), without_take(slugline)) == (take, shared)


@pytest.mark.parametrize(
    ("parts", "uri"),
    [
        (("dpa", "20131113", "eca062"), "urn:barq:iptc7901:dpa:20131113:eca062"),
        (("dpa ", "2013/11/13", "eca 062"), "urn:barq:iptc7901:dpa:2013-11-13:eca-062"),
        (("DPA", "", "--"), "urn:barq:iptc7901:dpa"),
        (("Ünï cod",), "urn:barq:iptc7901:ünï-cod"),
        ((), "urn:barq:iptc7901"),
    ],
)
def test_a_running_number_of_an_agency_is_a_name(parts: tuple[str, ...], uri: str) -> None:
    assert uri_from_reference("iptc7901", *parts) == uri


STORY = {"provider": Provider(name="Agency"), "headline": "A headline", "body_html": "<p>Text.</p>"}


@pytest.mark.parametrize(
    ("changed", "is_same"),
    [
        ({}, True),
        ({"headline": "  A   headline "}, True),
        ({"body_html": "<p>Text.</p>\n"}, True),
        ({"urgency": 3, "keywords": ["x"]}, True),
        ({"provider": Provider(code="Agency")}, True),
        ({"headline": "a headline"}, False),
        ({"headline": "A headline <p>Text.</p>", "body_html": ""}, False),
        ({"provider": Provider(name="Another")}, False),
        ({"provider": None}, False),
    ],
)
def test_the_same_story_sent_again_has_its_name_again_and_another_never_has(changed: dict[str, Any], is_same: bool) -> None:
    uri = uri_from_content(STORY)
    assert uri.startswith("urn:uuid:")
    assert (uri_from_content({**STORY, **changed}) == uri) is is_same


def test_a_story_of_half_a_character_has_a_name_too() -> None:
    assert uri_from_content({"headline": "\ud800"}) == uri_from_content({"headline": "\ud800"})


def item(uri: str, replaces: str = "") -> WireItem:
    return WireItem(uri=uri, version=1, headline="H", replaces=replaces)


@pytest.mark.parametrize(
    ("pairs", "order"),
    [
        ([], []),
        ([("b", ""), ("a", "")], ["a", "b"]),
        ([("a", "b"), ("b", "")], ["b", "a"]),
        ([("a", "b"), ("b", "c"), ("c", "")], ["c", "b", "a"]),
        ([("a", "elsewhere"), ("b", "")], ["a", "b"]),
        ([("a", "a")], ["a"]),
        ([("a", "b"), ("b", "a")], ["a", "b"]),  # each replaces the other: no reason to stand still
        ([("c", "b"), ("d", "b"), ("b", "")], ["b", "c", "d"]),
    ],
)
def test_what_is_replaced_comes_before_what_replaces_it(pairs: list[tuple[str, str]], order: list[str]) -> None:
    assert [one.uri for one in in_order_of_replacement([item(*pair) for pair in pairs])] == order
