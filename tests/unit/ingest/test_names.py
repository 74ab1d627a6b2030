"""Names are any bytes: whatever a file is called, it is said, remembered and put away, and costs no other file anything."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.ingest.connectors import drop
from services.ingest.connectors.connector import PollContext
from services.ingest.connectors.names import LONGEST_SAID_BYTES, decode_name, encode_name, free_path, path_beside, printable_name
from services.ingest.sources.outcome import PollResult
from services.ingest.sources.polling import _put_away
from services.ingest.sources.source import Source
from shared.clock import utc_now

NAMES = st.binary(min_size=1, max_size=255).map(lambda raw: raw.replace(b"/", b"_").replace(b"\0", b"_"))
ITEM = b'{"uri": "urn:x:1"}'


@given(st.one_of(NAMES.map(os.fsdecode), st.text()))
@example("\ud800")
@example("\udcff\udcfe.json")
@example("\x1b[31m\u202egnp.exe")
def test_what_is_said_of_a_name_can_be_written_anywhere(name: str) -> None:
    said = printable_name(name)
    assert 0 < len(said.encode()) <= LONGEST_SAID_BYTES or not name
    assert said.splitlines() in ([said], [])
    assert not any(ord(letter) < 32 or "\x7f" <= letter < "\xa0" for letter in said)


def test_an_arabic_name_of_an_old_machine_is_said_in_its_own_letters() -> None:
    assert printable_name(os.fsdecode("خبر عاجل.txt".encode("cp1256"))) == "خبر عاجل.txt"
    assert printable_name("خبر عاجل.txt") == "خبر عاجل.txt"
    assert printable_name(os.fsdecode("خبر".encode() + b"\xff.txt")) == "خبر\ufffd.txt"


@given(NAMES, NAMES)
@example(b"\xff", b"%FF")
def test_no_two_names_are_remembered_as_one_and_each_is_known_again(one: bytes, other: bytes) -> None:
    names = os.fsdecode(one), os.fsdecode(other)
    remembered = [encode_name(name) for name in names]
    assert [decode_name(json.loads(json.dumps(key).encode())) for key in remembered] == list(names)
    assert (remembered[0] == remembered[1]) == (one == other)


@given(NAMES)
@example(b"a" * 255)
@example(b"a." + b"b" * 253)
@example("خ".encode() * 127)
@example(b"\xff" * 250)
def test_what_stands_beside_a_file_has_a_name_that_the_file_system_takes(name: bytes) -> None:
    if name in (b".", b".."):
        return
    with tempfile.TemporaryDirectory() as place:
        there = Path(place) / os.fsdecode(name)
        there.touch()
        for path in (path_beside(there, ".reason.txt"), free_path(Path(place), there.name)):
            assert path != there
            assert path.parent == Path(place)
            path.touch()
        other = there.with_name(there.name[:-1] + "x")
        assert path_beside(there, ".reason.txt") != path_beside(other, ".reason.txt") or name[-1:] == b"x"


SOURCE = Source(
    id=uuid4(), name="wires", url="drop:", provider="", interval=timedelta(0), quiet_after=timedelta(1), added_at=utc_now()
)


def polls(folder: Path, memory: dict[str, Any]) -> list[str]:
    """One poll, where all but the good item is refused; what is said of it."""
    result = PollResult()
    context = PollContext(
        source=SOURCE, memory=memory, secret="", now=utc_now(), timeout_s=30, max_bytes=1_000_000, drop_folder=folder
    )
    for document in drop.poll(context):
        refused = [] if document.body.strip() == ITEM else [f"{printable_name(document.name)}: refused"]
        _put_away(document, refused, context, result)
    json.dumps(memory, ensure_ascii=False).encode()  # as no surrogate can be
    return result.refused


@given(NAMES)
@example(b"bad\xff\xfe.json")
@example(b"a" * 255)
@example(b"a" * 244)
@example("خبر عاجل.txt".encode("cp1256"))
def test_a_file_of_any_name_beside_a_good_one_stops_nothing(name: bytes) -> None:
    if name in (b".", b"..", b"done", b"failed", b"good.json"):
        return
    with tempfile.TemporaryDirectory() as place:
        folder, memory = Path(place), dict[str, Any]()
        home = folder / SOURCE.name
        home.mkdir()
        (home / os.fsdecode(name)).write_bytes(b"no item")
        (home / "good.json").write_bytes(ITEM)
        for _ in range(2):
            polls(folder, memory)
        assert (home / "done" / "good.json").exists()
        is_left_alone = list(memory["listing"]) == ["good.json"]  # its name says that it is still being written
        assert is_left_alone == (home / os.fsdecode(name)).exists()


def test_what_cannot_be_put_away_is_left_told_once_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, memory = tmp_path / SOURCE.name, dict[str, Any]()
    home.mkdir()
    for name in ("a.json", "b.json", "c.json"):
        (home / name).write_bytes(ITEM)
    move = drop._move

    def fails(path: Path, *more: Any) -> Path:
        if path.name == "a.json":
            raise PermissionError(13, "Permission denied")
        return move(path, *more)

    monkeypatch.setattr(drop, "_move", fails)
    said = [polls(tmp_path, memory) for _ in range(4)]
    assert said == [[], ["a.json: left where it is, it cannot be put away: Permission denied"], [], []]
    assert sorted(path.name for path in (home / "done").iterdir()) == ["b.json", "c.json"]
    (home / "a.json").write_bytes(ITEM + b" ")
    monkeypatch.undo()
    polls(tmp_path, memory), polls(tmp_path, memory)
    assert (home / "done" / "a.json").exists(), "it has changed: it is taken again"
