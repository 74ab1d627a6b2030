"""Text that travels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from shared.language.characters import clean, clean_identity, clean_line


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\x00b\x0bc", "abc"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("e\u0301", "é"),
        ("\ufeffstart", "start"),
        ("emoji 😀 stays", "emoji 😀 stays"),
        ("قال \u2067نص", "قال \u2067نص\u2069"),
        ("\u202bembedded \u2066isolated", "\u202bembedded \u2066isolated\u2069\u202c"),
        ("\u2067closed\u2069", "\u2067closed\u2069"),
        ("\u202eعنوان مقلوب", "عنوان مقلوب"),
        ("one \u202dtwo\u202c three", "one two three"),
        ("\u202aone \u202etwo\u202c three", "\u202aone two three\u202c"),
        ("\u2067one \u202etwo\u2069 three\u202c", "\u2067one two\u2069 three\u202c"),
    ],
)
def test_what_cannot_travel_is_left_out_and_what_was_opened_is_closed(sent: str, kept: str) -> None:
    assert clean(sent) == kept


def test_a_line_is_one_line() -> None:
    assert clean_line("  two\n\twords \u00a0 here ") == "two words here"


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_can_be_put_into_xml_and_encoded(sent: str) -> None:
    element = etree.Element("x")
    element.text = clean(sent)
    assert etree.fromstring(etree.tostring(element)).text in (clean(sent), None)
    clean(sent).encode()


@given(st.text(max_size=100))
def test_cleaning_twice_is_cleaning_once(sent: str) -> None:
    assert clean(clean(sent)) == clean(sent)


@given(st.text("urn:x/ abcé\u0301", min_size=1, max_size=12), st.sampled_from("\u00ad\u200b\u200d\u200f\u2060\ufeff"), st.data())
def test_an_identity_that_looks_like_another_is_that_one(identity: str, unseen: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(identity)))
    twin = identity[:place] + unseen + identity[place:]
    assert clean_identity(twin) == clean_identity(identity) == clean_identity(clean_identity(twin))
