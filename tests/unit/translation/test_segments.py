"""A text in sentences, and whole again."""

from __future__ import annotations

import pytest

from services.translation.text.segments import StoryText, clean_sentence, split_text

_WHOLE = StoryText(
    headline="Oil & gas: prices < 5 fall",
    summary="One sentence. Another.",
    body_html="<p>He <em>said so. And left</em>. Mr. Smith "
    '<a href="https://x.example/?a=1&amp;b=2">came</a>. The U.S. agreed.</p>\n'
    "<ul><li>12 houses</li><li>The end<br>new line</li></ul>"
    "<table><tbody><tr><td>3</td><td>abc</td></tr></tbody></table>"
    "<blockquote>Loose <b>bold.</b> <i>Next one.</i> End.</blockquote>",
)


def test_a_text_that_nobody_translates_is_whole_again_as_it_was() -> None:
    text = split_text(_WHOLE, "en")
    assert text.fill([segment.source for segment in text.segments]) == _WHOLE


def test_what_looks_like_a_slot_in_an_attribute_is_none() -> None:
    text = split_text(StoryText(headline="x", summary="", body_html='<p lang="e\ue0009\ue001n">One.</p>'), "en")
    assert text.fill(["x", "واحد."]).body_html == '<p lang="en">واحد.</p>'


def test_sentences_end_where_people_say_they_do_and_not_inside_an_element() -> None:
    sources = [segment.source for segment in split_text(_WHOLE, "en").segments if segment.part == "body"]
    assert sources[:3] == [
        'He <em id="1">said so. And left</em>.',
        'Mr. Smith <a id="1">came</a>.',
        "The U.S. agreed.",
    ]
    assert sources[-3:] == ['Loose <b id="1">bold.</b>', '<i id="1">Next one.</i>', "End."]


def test_the_same_sentence_is_the_same_wherever_its_links_lead() -> None:
    one, other = (
        split_text(StoryText(headline="x", summary="", body_html=f'<p>See <a href="https://{host}.example/">this</a>.</p>'), "en")
        for host in ("a", "b")
    )
    assert one.segments[1].source == other.segments[1].source
    assert 'href="https://b.example/"' in other.fill(["x", 'انظر <a id="1">هذا</a>.']).body_html


def test_elements_may_change_places_and_keep_their_links() -> None:
    body = '<p><a href="https://a.example/">One</a> and <a href="https://b.example/">two</a>.</p>'
    text = split_text(StoryText(headline="x", summary="", body_html=body), "en")
    filled = text.fill(["x", '<a id="2">اثنان</a> و<a id="1">واحد</a>.'])
    assert filled.body_html == '<p><a href="https://b.example/">اثنان</a> و<a href="https://a.example/">واحد</a>.</p>'


def test_arabic_is_cut_at_its_own_marks() -> None:
    text = split_text(StoryText(headline="x", summary="", body_html="<p>هل تنخفض الأسعار؟ نعم. سنرى!</p>"), "ar")
    assert [segment.source for segment in text.segments[1:]] == ["هل تنخفض الأسعار؟", "نعم.", "سنرى!"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ('a <em id="1">b</em>', 'a <em id="1">b</em>'),
        ("a <script>x</script>b", "a b"),
        ('<em id="1" onclick="x()">b</em>', '<em id="1">b</em>'),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("<p>b</p>", "b"),
    ],
)
def test_what_somebody_types_has_no_other_elements_than_a_sentence_may_have(typed: str, kept: str) -> None:
    assert clean_sentence(typed) == kept
