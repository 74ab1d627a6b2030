"""Feeds whose elements stand in one another where nobody expects them: an entry costs itself, the others are read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from services.ingest.acceptance import Candidate, read_items
from services.ingest.formats.feedparsing import read_feed

NAMES = (
    "link", "title", "author", "source", "content", "item", "entry", "summary", "image", "contributor", "name", "category",
    "textinput", "channel", "feed", "updated", "rights", "publisher", "cloud", "enclosure", "links", "tags",
)  # fmt: skip
FRAMES = (
    "<rss><channel><title>F</title><item><guid>urn:good</guid><title>Good</title></item>{}</channel></rss>",
    '<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><entry><id>urn:good</id><title>Good</title></entry>{}</feed>',
)

elements = st.recursive(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["", "u"])).map(lambda one: "<{0}>{1}</{0}>".format(*one)),
    lambda inner: st.tuples(st.sampled_from(NAMES), st.lists(inner, max_size=2)).map(
        lambda one: f"<{one[0]}>u{''.join(one[1])}</{one[0]}>"
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(
    "bad",
    [
        "<item><name></name><textinput>u<name>u</name></textinput></item>",
        "<item><enclosure>u</enclosure><category>u<entry></entry></category></item>",
        "<item><link><entry>u</entry></link><updated></updated></item>",
        "<item><image>u<link>u<source><publisher/><channel>u</channel></source></link></image><updated>u</updated></item>",
    ],
)
def test_what_breaks_feedparser_costs_its_entry_alone(frame: str, bad: str) -> None:
    if "Atom" in frame:
        bad = bad.replace("item>", "entry>", 1).replace("</item>", "</entry>")
    results = list(read_items(frame.format(bad).encode(), "", most=10))
    assert "urn:good" in {result.item.uri for result in results if isinstance(result, Candidate)}
    assert all(isinstance(result, Candidate) or result.problem.status == 422 for result in results)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FRAMES), st.lists(elements, min_size=1, max_size=3))
def test_whatever_stands_in_whatever_else_a_good_entry_is_read(frame: str, bad: list[str]) -> None:
    results = list(read_items(frame.format("".join(bad)).encode(), "", most=100))
    assert "urn:good" in {result.item.uri for result in results if isinstance(result, Candidate)}
    assert all(isinstance(result, Candidate) or result.problem.status < 500 for result in results)


def test_a_feed_that_breaks_it_by_itself_is_read_without_its_own_elements() -> None:
    root = etree.fromstring(
        "<rss><channel><textinput>u<name>u</name></textinput><name></name><item><guid>urn:good</guid></item></channel></rss>"
    )
    assert [entry["id"] for entry in read_feed(root, list(root.iter("item"))).entries] == ["urn:good"]
