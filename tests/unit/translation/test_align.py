"""What a person's translation of a whole text teaches, and how that is found again."""

from __future__ import annotations

import pytest

from services.translation.memory.align import align, join_block, keys_of, lessons_of, spread
from services.translation.targets import Target
from services.translation.text.segments import SegmentedText, StoryText, split_text


def text(body_html: str, *, headline: str = "Oil rises", summary: str = "") -> StoryText:
    return StoryText(headline=headline, summary=summary, body_html=body_html)


def english(body_html: str, **parts: str) -> SegmentedText:
    return split_text(text(body_html, **parts), "en")


def arabic(body_html: str, *, summary: str = "") -> StoryText:
    return text(body_html, headline="النفط يرتفع", summary=summary)


def by_person(text: str) -> Target:
    return Target(text=text, origin="human", by="Layla", is_remembered=True)


@pytest.mark.parametrize(
    ("source", "target", "sentences"),
    [
        pytest.param("<p>One.</p><p>Two.</p>", "<p>واحد.</p><p>اثنان.</p>", ["واحد.", "اثنان."], id="paragraph by paragraph"),
        pytest.param("<p>One. Two.</p>", "<p>واحد. اثنان.</p>", ["واحد.", "اثنان."], id="sentence by sentence"),
        pytest.param("<p>One. Two.</p>", "<p>واحد واثنان.</p>", ["واحد واثنان.", ""], id="two sentences became one"),
        pytest.param("<p>One and two.</p>", "<p>واحد. اثنان.</p>", ["واحد. اثنان."], id="one sentence became two"),
        pytest.param("<p>One.</p>", "<ul><li>واحد.</li></ul>", ["واحد."], id="a paragraph is a block of any kind"),
        pytest.param("<p>One.</p><p></p>", "<p>واحد.</p>", ["واحد."], id="an empty paragraph is none"),
        pytest.param(
            "<p><b>A</b> <i>b</i>.</p>", "<p><i>ب</i> <b>أ</b>.</p>", ['<i id="1">ب</i> <b id="2">أ</b>.'], id="elements move"
        ),
        pytest.param("<p>One.</p><p>Two.</p>", "<p>واحد واثنان.</p>", None, id="paragraphs were joined"),
        pytest.param("<p>One.</p>", "<p>واحد.</p><p>زيادة.</p>", None, id="a paragraph was added"),
        pytest.param("<p><b>One</b>.</p>", "<p>واحد.</p>", None, id="an element was lost"),
        pytest.param("<p>One.</p>", "<p><b>واحد</b>.</p>", None, id="an element was added"),
        pytest.param("<p><b>One</b>.</p>", "<p><i>واحد</i>.</p>", None, id="an element became another"),
    ],
)
def test_a_translation_is_laid_beside_its_source(source: str, target: str, sentences: list[str] | None) -> None:
    found = align(english(source), arabic(target), "ar")
    assert found == (None if sentences is None else dict(enumerate(["النفط يرتفع", *sentences])))


def test_a_summary_lies_beside_a_summary_alone() -> None:
    source = english("<p>One.</p>", summary="Short.")
    assert align(source, arabic("<p>قصير.</p><p>واحد.</p>"), "ar") is None
    assert align(source, arabic("<p>واحد.</p>", summary="قصير."), "ar") == {0: "النفط يرتفع", 1: "قصير.", 2: "واحد."}


@pytest.mark.parametrize(
    ("targets", "lessons"),
    [
        pytest.param(
            {0: "ع", 1: "واحد.", 2: "اثنان."}, {"Oil rises": "ع", "One.": "واحد.", "Two.": "اثنان."}, id="every sentence"
        ),
        pytest.param({0: "ع", 1: "واحد واثنان.", 2: ""}, {"Oil rises": "ع", "One.\u2029Two.": "واحد واثنان."}, id="as a whole"),
        pytest.param({0: "ع", 1: "", 2: "اثنان."}, {"Oil rises": "ع"}, id="a paragraph without its beginning teaches nothing"),
        pytest.param({}, {}, id="nothing"),
    ],
)
def test_what_is_learnt(targets: dict[int, str], lessons: dict[str, str]) -> None:
    assert lessons_of(english("<p>One. Two.</p>"), targets) == lessons


def test_a_text_is_looked_for_by_sentences_and_by_paragraphs_of_several() -> None:
    assert keys_of(english("<p>One. Two.</p><p>Three.</p>")) == ["Oil rises", "One.", "Two.", "Three.", "One.\u2029Two."]


def test_a_paragraph_that_is_known_as_a_whole_stands_in_its_first_sentences_place() -> None:
    source = english("<p>One. Two.</p><p>Three.</p>")
    whole = by_person("واحد واثنان.")
    known = spread(source, {join_block(source, [1, 2]): whole, "Three.": by_person("ثلاثة.")})
    assert {sentence: target.text for sentence, target in known.items()} == {
        "One.": "واحد واثنان.",
        "Two.": "",
        "Three.": "ثلاثة.",
    }
    assert known["Two."].by == "Layla"


def test_sentences_that_are_known_each_come_before_their_paragraph() -> None:
    source = english("<p>One. Two.</p>")
    sentences = {"One.": by_person("واحد."), "Two.": by_person("اثنان.")}
    assert spread(source, {**sentences, join_block(source, [1, 2]): by_person("واحد واثنان.")}) == sentences


def test_a_paragraph_of_which_one_sentence_is_known_is_taken_whole() -> None:
    source = english("<p>One. Two.</p>")
    known = spread(source, {"Two.": by_person("اثنان."), join_block(source, [1, 2]): by_person("واحد واثنان.")})
    assert [known[sentence].text for sentence in ("One.", "Two.")] == ["واحد واثنان.", ""]
