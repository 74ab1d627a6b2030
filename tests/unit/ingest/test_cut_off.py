"""Whether a file is only the beginning of one is told by its end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.ingest.acceptance import Candidate, read_items
from services.ingest.connectors.truncation import describe_truncation
from tests.unit.ingest.test_corpus import FILES, name_of


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_whole_file_is_known_for_whole(path: Path) -> None:
    assert describe_truncation(path.read_bytes()) == ""


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix in (".xml", ".json")], ids=name_of)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.97])
def test_documents_are_known_for_cut_off_wherever_they_are(path: Path, share: float) -> None:
    body = path.read_bytes().rstrip()
    assert describe_truncation(body[: int(len(body) * share)])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xef\xbb\xbf",
        b"<?xml version='1.0'?>",
        b"<?xml version='1.0'?><!-- a comment",
        b'{"uri": "a", "headline": "Zur',
        b'{"uri": "a", "urgency": 3',
        b'{"uri": "a", "is": tru',
        b'[{"uri": "a"},',
        b'{"uri": "a"}\n{"uri": "b", "head',
        b"\x01abx001 2 i 40 wire\r\n",
        b"\x01abx001 2 i 40 wire\r\n\x02quake/\r\nStrong quake=\r\n   TOKYO - A strong",
        b"\x01a\x02one\x03\x01b\x02two",
        b'Content-Type: multipart/mixed; boundary="x1"\r\n\r\n--x1\r\n\r\nwords',
    ],
)
def test_what_lacks_its_end_is_cut_off(body: bytes) -> None:
    assert describe_truncation(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel/></rss>",
        b"<rss><channel/></rss  >\n<!-- made in 3 ms -->",
        b"<br />Warning: something<rss><channel/></rss>",
        b"<nitf/>",
        b'{"uri": "a"}\n{"uri": "b"}\n',
        b'{"uri": a wrong word, "headline": "and the rest of it is all there"}',
        b"a text with no marks at all",
        "<a>é</a>".encode("utf-16"),
        b"Content-Type: multipart/mixed;\r\n boundary=x1\r\n\r\n--x1\r\n\r\nwords\r\n--x1--",
    ],
)
def test_what_has_its_end_is_not(body: bytes) -> None:
    assert describe_truncation(body) == ""


def test_deep_and_large_files_are_looked_at_in_their_stride() -> None:
    assert describe_truncation(b"[" * 100_000) == ""  # no reader takes it either: it is refused, and not waited for
    assert describe_truncation(b"<a>" + b"<" * 1_000_000)
    assert describe_truncation(json.dumps({"body": "x" * 1_000_000}).encode()) == ""


HEADER = {
    "IPTC 7901": "\x01abx001 2 i 40 wire\r\n\x02quake/\r\nStrong quake=\r\n   TOKYO - A strong quake",
    "ANPA 1312": "\x16\x16\x01a0503\r\nu i BC-Quake 11-24 0040\r\n^Strong quake<\r\n\x02   TOKYO (AP) _ A strong quake",
}
TRAILER = {"IPTC 7901": "241137 GMT Nov 26", "ANPA 1312": "AP-NY-11-24-26 1320EST<"}


def titles(body: str) -> list[str]:
    """What became of each message: its headline, or why it was refused."""
    results = read_items(body.encode(), "", most=10)
    return [result.item.headline if isinstance(result, Candidate) else _named(result.problem.detail) for result in results]


def _named(detail: str) -> str:
    return "Cut off" if "is cut off" in detail else detail


@pytest.mark.parametrize("name", HEADER)
def test_a_message_that_stops_amid_its_text_is_refused(name: str) -> None:
    half = HEADER[name]
    whole = f"{half} struck.\r\n\x03{TRAILER[name]}\r\n"
    assert titles(whole) == ["Strong quake"]
    assert titles(half) == ["Cut off"]
    assert titles(whole + half) == ["Strong quake", "Cut off"]
    assert titles(half + whole) == ["Strong quake", "Strong quake"]  # only the last can be cut off


@pytest.mark.parametrize("name", HEADER)
@pytest.mark.parametrize("end", ["\x03", "\x04", "\x03\r\n\x04\x1a"])
def test_a_message_with_an_end_of_any_kind_is_whole(name: str, end: str) -> None:
    assert titles(f"{HEADER[name]} struck.\r\n{end}") == ["Strong quake"]


@pytest.mark.parametrize("name", HEADER)
def test_a_message_that_lost_its_mark_and_has_its_date_line_is_whole(name: str) -> None:
    assert titles(f"{HEADER[name]} struck.\r\n{TRAILER[name]}\r\n") == ["Strong quake"]


@pytest.mark.parametrize("name", HEADER)
def test_a_message_without_any_marks_is_read_as_it_stands(name: str) -> None:
    text = HEADER[name].replace("\x01", "").replace("\x02", "").replace("\x16", "")
    assert "Cut off" not in titles(text)
