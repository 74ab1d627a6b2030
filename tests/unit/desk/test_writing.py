"""What an editor writes, and finds in the form the next time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.desk.writing import form_of
from shared.language.markup import body_of
from shared.wire.config import wire
from tests.support.factories import wire_item

_TOKENS = [
    "<", ">", "<b>", "</b>", "<p>", "</p>", "<y then z>",
    "&", "&lt;", "&amp;", "word", "كلمة", " ", "\n", "\n\n", "<br>", "<!-- x -->",
]  # fmt: skip


def edited(body: str) -> str:
    """What stands in the form of a story whose text was written so."""
    form = form_of(wire_item().model_copy(update={"body_html": str(body_of(body))}), wire())
    return str(form["body"])


@pytest.mark.parametrize("body", ["x<y then z>w", "profit <3, AT&amp;T & others", "one\n\ntwo < three", "he wrote &lt;b&gt;"])
def test_text_comes_back_as_the_text_that_it_is(body: str) -> None:
    assert edited(body) == body


def test_words_that_look_like_an_element_come_back_as_words() -> None:
    sent = "<p>he wrote &lt;b&gt; here</p>"
    assert body_of(edited(sent)) == sent


@given(st.lists(st.sampled_from(_TOKENS), max_size=20).map("".join))
def test_a_story_that_is_saved_unchanged_is_unchanged(body: str) -> None:
    # which white space stands between two words is nobody's
    assert "".join(body_of(edited(body)).split()) == "".join(body_of(body).split())
