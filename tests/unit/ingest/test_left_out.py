"""A sender hears what was left out of a text, and keeps every word that was not."""

from __future__ import annotations

import pytest

from services.ingest.formats import ninjs, wire_item
from shared.language.markup import plain_text
from tests.support.factories import sent


@pytest.mark.parametrize("body", ["<p>One</p><script>tell()</script><svg><text>Two</text></svg>"])
def test_what_is_left_out_of_a_text_is_told(body: str) -> None:
    for draft in (ninjs.read(sent(body_text=None, body_html=body)), wire_item.read({"uri": "urn:1", "body_html": body})):
        assert draft.fields["body_html"] == "<p>One</p>"
        assert draft.notes == ["left out of body_html with its words: script, svg"]


@pytest.mark.parametrize("body", ["x<y then z>w", "<p>x<y then z>w</p>"])
def test_words_between_two_marks_are_kept_and_nothing_is_told(body: str) -> None:
    for draft in (ninjs.read(sent(body_text=None, body_html=body)), wire_item.read({"uri": "urn:1", "body_html": body})):
        assert plain_text(draft.fields["body_html"]) == "x<y then z>w"
        assert draft.notes == []


def test_a_headline_keeps_its_words_too() -> None:
    assert ninjs.read(sent(headline="If x<y then z>w, say <b>so</b>")).fields["headline"] == "If x<y then z>w, say so"
