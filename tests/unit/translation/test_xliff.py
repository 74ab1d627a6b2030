"""A story's sentences as XLIFF 2.1, and what a translator's tool makes of it."""

from __future__ import annotations

import pytest
from lxml import etree

from services.translation.text.xliff import Document, NotXliff, State, Unit, read, write

_NS = "urn:oasis:names:tc:xliff:document:2.0"


def document(*sources: str, target: str = "", state: State = "initial") -> bytes:
    units = [Unit(part="body", source=source, target=target, state=state) for source in sources]
    return write(Document(story="S", revision=3, source_language="en", target_language="ar", units=units))


def file(*units: str, original: str = "S/3") -> bytes:
    return f'<xliff xmlns="{_NS}" version="2.1"><file id="S" original="{original}">{"".join(units)}</file></xliff>'.encode()


def unit(number: object, *targets: str) -> str:
    segments = "".join(f"<segment><source>x</source><target>{target}</target></segment>" for target in targets)
    return f'<unit id="u{number}">{segments}</unit>'


def test_a_document_says_whose_it_is() -> None:
    root = etree.fromstring(document("One.", "Two."))
    assert [root.get(name) for name in ("version", "srcLang", "trgLang")] == ["2.1", "en", "ar"]
    assert root[0].get("original") == "S/3"
    assert [(one.get("id"), one.get("name")) for one in root.iter(f"{{{_NS}}}unit")] == [("u0", "body"), ("u1", "body")]


@pytest.mark.parametrize("state", ["initial", "translated", "reviewed"])
def test_a_segment_says_how_far_it_is(state: State) -> None:
    root = etree.fromstring(document("One.", target="واحد.", state=state))
    assert [segment.get("state") for segment in root.iter(f"{{{_NS}}}segment")] == [state]


def test_what_nobody_has_translated_has_no_target() -> None:
    assert b"<target" not in document("One.")
    assert read(document("One.")).targets == [""]


@pytest.mark.parametrize(
    "sentence",
    [
        "Plain words.",
        'He <em id="1">said</em> so.',
        '<a id="1">One <b id="2">and</b></a> <i id="3">two</i>',
        "Oil &amp; gas: 1 &lt; 2",
        "«اتفق» الوزراء",
        "non\u00a0breaking\u2029and more",
    ],
)
def test_a_sentence_goes_out_and_comes_back_as_it_was(sentence: str) -> None:
    returned = read(document("x", target=sentence))
    assert (returned.story, returned.revision, returned.targets) == ("S", 3, [sentence])


@pytest.mark.parametrize(
    ("sentence", "returned"), [("one&nbsp;two", "one\u00a0two"), ("caf&eacute; &amp; bar", "café &amp; bar")]
)
def test_what_html_alone_knows_becomes_a_letter(sentence: str, returned: str) -> None:
    assert read(document("x", target=sentence)).targets == [returned]


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        pytest.param('<pc id="1" subType="html:b">a</pc>', '<b id="1">a</b>', id="ours"),
        pytest.param('<pc id="1" subType="html:script">a</pc>', "a", id="an element that no sentence has"),
        pytest.param('<pc id="1">a</pc>', "a", id="an element of the tool's own"),
        pytest.param('a<ph id="1"/>b', "ab", id="a placeholder"),
        pytest.param("a<!-- said -->b", "ab", id="a comment"),
    ],
)
def test_only_our_own_elements_come_back(target: str, sentence: str) -> None:
    assert read(file(unit(0, target))).targets == [sentence]


def test_a_unit_that_a_tool_divided_is_one_sentence_and_the_order_is_the_numbers() -> None:
    assert read(file(unit(1, "c"), unit(0, "a ", "b"))).targets == ["a b", "c"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"nonsense", "not well-formed"),
        (b"<x/>", "no file of XLIFF 2"),
        (b'<xliff version="1.2"><file original="S/3"/></xliff>', "no file of XLIFF 2"),
        (file(original=""), "which story and revision"),
        (file(original="S"), "which story and revision"),
        (file(original="S/new"), "which story and revision"),
        (file(original=f"S/{'9' * 5000}"), "which story and revision"),
        (file(unit("9" * 5000, "a")), "is none of ours"),
        (file(unit("x", "a")), "is none of ours"),
        (file(unit(0, "a"), unit(2, "c")), "missing, or there twice"),
    ],
)
def test_what_cannot_be_read_is_said(source: bytes, says: str) -> None:
    with pytest.raises(NotXliff, match=says):
        read(source)


def test_nothing_is_fetched_or_read_for_a_document() -> None:
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>{file(unit(0, "a&e;b")).decode()}'
    assert read(entity.encode()).targets == ["ab"]
