"""JSON whose bytes, numbers, control characters or nesting are wrong in one place: that costs this place, and no kill."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.acceptance import Candidate, Rejection, read_items
from shared.contracts.item import PubStatus

NDJSON = "application/x-ndjson"
KILL = {"uri": "urn:x:1", "pubstatus": "canceled"}
BAD_BYTES = [b"\xff", b"\xd9", b"\xc3(", b"\xe2\x82", b"\x80\x81"]


def read(body: bytes, content_type: str = "application/json") -> list[Candidate | Rejection]:
    return list(read_items(body, content_type, most=100))


def story(number: int = 1, **members: Any) -> bytes:
    item = {"uri": f"urn:x:{number}", "headline": "Headline", "body_text": "Text.", **members}
    return json.dumps(item, ensure_ascii=False).encode()


def kill_with(member: bytes) -> bytes:
    return b'{"uri": "urn:x:1", "pubstatus": "canceled", "version": 3, ' + member + b"}"


@pytest.mark.parametrize("content_type", [NDJSON, "application/json", ""])
@pytest.mark.parametrize("bad", BAD_BYTES)
def test_a_line_that_is_not_utf8_is_refused_and_the_others_are_taken(content_type: str, bad: bytes) -> None:
    for place in (0, 1, 2):
        lines = [story(1), story(2), story(3)]
        lines[place] = lines[place].replace(b"Headline", "الحكومة ".encode() + bad + b" line")
        results = read(b"\n".join(lines), content_type)
        assert [isinstance(result, Candidate) for result in results] == [number != place for number in range(3)]
        refused = results[place]
        assert isinstance(refused, Rejection)
        assert (refused.kind, refused.problem.status) == ("not-utf-8", 400)


@given(st.binary(max_size=40).filter(lambda junk: b"\n" not in junk))
def test_no_line_costs_another(junk: bytes) -> None:
    results = read(b"\n".join([story(1), junk, story(3)]), NDJSON)
    uris = [result.item.uri for result in results if isinstance(result, Candidate)]
    assert (uris[0], uris[-1]) == ("urn:x:1", "urn:x:3")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
@pytest.mark.parametrize("content_type", [NDJSON, "application/json", ""])
def test_json_with_the_mark_of_utf16_is_read(encoding: str, content_type: str) -> None:
    one = story(1, headline="الحكومة تعلن").decode()
    for text in (one, f"{one}\n{story(2).decode()}\n"):
        for body in {text.encode(encoding), *([b"\xfe\xff" + text.encode("utf-16-be")] if encoding == "utf-16" else [])}:
            results = read(body, content_type)
            uris = [result.item.uri for result in results if isinstance(result, Candidate)]
            assert uris == ["urn:x:1", "urn:x:2"][: text.count("urn:")]
            assert isinstance(results[0], Candidate)
            assert results[0].item.headline == "الحكومة تعلن"


@pytest.mark.parametrize("headline", ["Café fermé", "Café à Beyrouth: الحكومة", "Ölpreis steigt"])
@pytest.mark.parametrize("content_type", ["application/json", NDJSON])
def test_letters_of_latin_1_are_read_as_what_they_are_with_a_note(headline: str, content_type: str) -> None:
    said = b"".join(letter.encode("cp1252" if letter < "\u0100" else "utf-8") for letter in headline)
    body = story(1, body_text="الحكومة تعلن").replace(b"Headline", said)
    (result,) = read(body, content_type)
    assert isinstance(result, Candidate), result
    assert result.item.headline == headline
    assert result.item.notes == ("what is not UTF-8 in it was read as Windows-1252",)
    assert "الحكومة تعلن" in result.item.body_html
    assert result.payload.raw == body


@pytest.mark.parametrize(
    "member",
    [
        b'"headline": "Caf\xe9"', b'"headline": "\xff\xd9 \x80"', b'"headline": "tab\there, line\nthere, bell\x07"',
        b'"urgency": ' + b"9" * 5000, b'"extra": ' + b"[" * 40 + b"]" * 40, b'"extra": ' + b'{"a":[' * 20_000 + b"]}" * 20_000,
        b'"extra": [' + b"[" * 50_000 + b'"]}\\"' + b'"' + b"]" * 50_000 + b", 1]", b'"x": 1e999', b'"x": NaN', b'"x": "\\ud800"',
        b'"associations": {"a": ' + b"[" * 900 + b"]" * 900 + b"}",
    ],
)  # fmt: skip
def test_what_is_wrong_elsewhere_leaves_a_kill_a_kill(member: bytes) -> None:
    (result,) = read(kill_with(member))
    assert isinstance(result, Candidate), result
    assert (result.item.uri, result.item.pubstatus, result.item.version) == ("urn:x:1", PubStatus.CANCELED, 3)


@pytest.mark.parametrize("depth", [40, 100_000])
def test_what_is_nested_too_deeply_is_told_by_its_name(depth: int) -> None:
    nested = b"[" * depth + b"]" * depth
    (killed,) = read(kill_with(b'"extra": ' + nested))
    assert isinstance(killed, Candidate)
    assert killed.item.notes == ("extra: has more than 32 objects or arrays within each other; it was left out",)
    (usable,) = read(story(1, extra=0).replace(b'"extra": 0', b'"extra": ' + nested))
    assert isinstance(usable, Rejection)
    assert (usable.problem.status, [error.field for error in usable.problem.errors]) == (422, ["extra"])


@pytest.mark.parametrize("digits", [101, 5000, 100_000])
def test_a_version_of_any_number_of_digits_is_the_archives_to_number_in_a_kill(digits: int) -> None:
    body = b'{"uri": "urn:x:1", "pubstatus": "canceled", "version": ' + b"7" * digits + b"}"
    (result,) = read(body)
    assert isinstance(result, Candidate), result
    assert result.needs_number
    (usable,) = read(story(1, version=0).replace(b'"version": 0', b'"version": ' + b"7" * digits))
    assert isinstance(usable, Rejection)
    assert [error.field for error in usable.problem.errors] == ["version"]


def test_control_characters_in_strings_are_taken_and_cleaned() -> None:
    (result,) = read(b'{"uri": "urn:x:1", "headline": "One\ttwo\x07 three", "body_text": "First.\n\nSecond\x00."}')
    assert isinstance(result, Candidate), result
    assert (result.item.headline, result.item.body_html) == ("One two three", "<p>First.</p>\n<p>Second.</p>")


@pytest.mark.parametrize("bad", BAD_BYTES)
def test_a_kill_whose_identity_cannot_be_read_is_refused(bad: bytes) -> None:
    (result,) = read(b'{"uri": "urn:x:' + "الحكومة".encode() + bad + b'", "pubstatus": "canceled"}')
    assert isinstance(result, Rejection)
    assert result.kind == "not-utf-8"
