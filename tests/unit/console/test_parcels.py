"""What a file is taken apart into before it is sent; what the wire is to read by itself goes as it is."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from services.console.parcels import read_parcels, split_parcels
from shared.errors import BarqError

ITEM = b'{"uri": "urn:d:1"}'
TRANSLATION = b'{"translationOf": {"uri": "urn:d:1"}, "language": "ar"}'


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("a.json", ITEM, [("a.json", True)]),
        ("a.json", b"\xef\xbb\xbf" + ITEM, [("a.json", True)]),
        ("a.json", b"[" + ITEM + b"]", [("a.json", False)]),  # many: for the wire to count
        ("a.json", b"[" + TRANSLATION + b", " + TRANSLATION + b"]", [("a.json#1", True), ("a.json#2", True)]),
        ("a.json", b"[" + TRANSLATION + b", " + ITEM + b"]", [("a.json", False)]),
        ("a.json", b"[]", [("a.json", False)]),
        ("a.json", b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', [("a.json", False)]),
        ("a.json", b'{"version": 2}', [("a.json", True)]),
        ("a.json", b"{", [("a.json", False)]),
        ("a.json", b'"words"', [("a.json", False)]),
        ("a.json", '{"uri": "é"}'.encode("latin-1"), [("a.json", False)]),
        ("a.json", b"[" * 100_000, [("a.json", False)]),
        ("a.json", b"", [("a.json", False)]),
        ("a.xml", b"<nitf/>", [("a.xml", False)]),
        ("a.ndjson", ITEM + b"\n\n" + ITEM + b"\r\n", [("a.ndjson:1", True), ("a.ndjson:3", True)]),
        ("a.jsonl", b"no JSON\n" + ITEM, [("a.jsonl:1", False), ("a.jsonl:2", True)]),
        ("a.ndjson", b"\n \n", []),
        ("-", ITEM, [("-", True)]),
        ("-", ITEM + b"\n" + ITEM, [("-:1", True), ("-:2", True)]),
        ("-", b"<nitf/>\n", [("-", False)]),
    ],
)
def test_a_file_is_taken_apart(name: str, body: bytes, expected: list[tuple[str, bool]]) -> None:
    assert [(parcel.name, parcel.content is not None) for parcel in split_parcels(name, body)] == expected


@pytest.mark.parametrize(
    ("body", "is_translation"),
    [
        (ITEM, False),
        (TRANSLATION, True),
        (b"[" + TRANSLATION + b"]", True),
        (b'{"translationOf": null}', True),  # what is wrong with it is for whoever sends it to say
        (b"<translationOf/>", False),
    ],
)
def test_a_translation_says_of_what(body: bytes, is_translation: bool) -> None:
    (parcel,) = split_parcels("a.json", body)
    assert parcel.is_translation is is_translation


def test_folders_are_searched_in_order_and_named_files_are_taken_whatever_they_are_called(tmp_path: Path) -> None:
    for name in ("b.json", "a/z.xml", "a/notes.md", "c.JSON"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(ITEM)
    names = [Path(parcel.name).name for parcel in read_parcels([str(tmp_path), str(tmp_path / "a/notes.md")])]
    assert names == ["z.xml", "b.json", "notes.md"]


def test_a_path_that_is_not_there_and_a_folder_with_nothing_are_said(tmp_path: Path) -> None:
    with pytest.raises(BarqError, match="nowhere is not there"):
        read_parcels([str(tmp_path / "nowhere")])
    with pytest.raises(BarqError, match="nothing to push"):
        read_parcels([str(tmp_path)])


def test_standard_input_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(ITEM)))
    assert [parcel.name for parcel in read_parcels(["-"])] == ["-"]
