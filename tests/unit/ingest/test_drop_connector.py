"""A drop folder as others leave it: files with the names of our own folders, and files that cannot be brought back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from services.ingest.connectors import drop
from tests.unit.ingest.made_sources import context, source

WIRES = source(name="wires", url="drop:")


def poll(folder: Path, memory: dict[str, Any]) -> list[str]:
    """Poll once; the names of what was taken."""
    names = []
    for document in drop.poll(context(WIRES, memory=memory, drop_folder=folder)):
        document.put_away([document.fault] if document.fault else [])
        names.append(document.name)
    return names


@pytest.mark.parametrize("name", ["done", "failed"])
def test_a_file_that_is_named_like_one_of_our_folders_is_taken_like_any_other(tmp_path: Path, name: str) -> None:
    home = tmp_path / "wires"
    home.mkdir()
    (home / name).write_text('{"uri": "urn:x"}')
    (home / "a.json").write_text('{"uri": "urn:x:1"}')
    memory: dict[str, Any] = {}
    assert poll(tmp_path, memory) == []
    assert sorted(poll(tmp_path, memory)) == ["a.json", f"{name}.sent"]
    assert (home / "done" / f"{name}.sent").read_text() == '{"uri": "urn:x"}'
    assert poll(tmp_path, memory) == []


def test_a_link_to_nowhere_that_is_named_like_one_of_our_folders_stops_nothing(tmp_path: Path) -> None:
    home = tmp_path / "wires"
    home.mkdir()
    (home / "done").symlink_to(tmp_path / "nowhere")
    (home / "a.json").write_text("{}")
    memory: dict[str, Any] = {}
    assert [poll(tmp_path, memory), poll(tmp_path, memory)] == [[], ["a.json"]]


def test_what_is_no_plain_file_is_left_where_it_is_and_named(tmp_path: Path) -> None:
    home = tmp_path / "wires"
    (home / "more").mkdir(parents=True)
    (home / ".hidden").mkdir()
    (home / "linked.json").symlink_to("/etc/hostname")
    os.mkfifo(home / "pipe.xml")
    polled = context(WIRES, memory={}, drop_folder=tmp_path)
    assert list(drop.poll(polled)) == []
    assert polled.remark.endswith("3: linked.json, more, pipe.xml")


def test_what_cannot_be_brought_back_costs_itself_and_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "wires"
    home.mkdir()
    memory: dict[str, Any] = {}
    for name in ("a.json", "b.json"):
        (home / name).write_text('{"uri": "urn:x"}')
    poll(tmp_path, memory), poll(tmp_path, memory)
    for name in ("a.json", "b.json"):  # their writer was not done
        (home / "done" / name).write_text('{"uri": "urn:x"}\n\n')
    replace = Path.replace

    def refuses(path: Path, target: Path) -> Path:
        if path.name == "a.json":
            raise PermissionError(13, "Permission denied")
        return replace(path, target)

    with monkeypatch.context() as locked:
        locked.setattr(Path, "replace", refuses)
        given = context(WIRES, memory=memory, drop_folder=tmp_path)
        list(drop.poll(given))
    assert given.remark == "a.json: it may have grown, and cannot be taken again: Permission denied"
    assert sorted(os.listdir(home / "done")) == ["a.json"], "the other came back"
    assert poll(tmp_path, memory) == ["b.json"]
    assert poll(tmp_path, memory) == ["a.json"], "it is brought back as soon as it can be"


def test_a_file_that_grows_after_it_was_listed_is_read_no_further_than_it_may_be_large(tmp_path: Path) -> None:
    home = tmp_path / "wires"
    home.mkdir()
    (home / "a.txt").write_bytes(b"x" * 5_000)
    listed = drop.Listed(size=10, modified="1")
    document = drop._read(home / "a.txt", home, listed, context(WIRES, memory={}, drop_folder=tmp_path, max_bytes=1_000))
    assert document is not None
    assert (document.body, "larger than" in document.fault) == (b"", True)
