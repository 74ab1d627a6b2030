"""Whom a keeper watches, and by which file or address."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from services.console.supervision import keeper
from shared.queue.liveness import PULSE, heard_file

HOST = os.uname().nodename


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["worker", "--service", "publish"], f"publish-{HOST}"),
        (["worker", "--service", "publish", "--service", "rendering"], f"publish-{HOST}"),
        (["worker", "--lane", "express", "--service", "publish"], f"express-{HOST}"),
        (["worker", "--lane=express", "--service=publish", "--name=w7"], "w7"),
        (["pulse"], "pulse"),
        (["web", "--role", "edge"], "web"),
    ],
)
def test_a_role_has_the_name_that_the_command_gives_it(arguments: list[str], name: str) -> None:
    assert keeper._worker_name(arguments) == name


@pytest.mark.parametrize(
    ("arguments", "name"),
    [(["worker", "--service", "publish"], f"publish-{HOST}"), (["worker", "--name", "w7"], "w7"), (["pulse"], PULSE)],
)
def test_the_sign_of_a_worker_and_of_a_pulse_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], name: str
) -> None:
    monkeypatch.setenv("BARQ_HOME", str(tmp_path))
    read = keeper._sign_of(arguments)
    assert read
    assert read() is None
    file = heard_file(tmp_path, name)
    file.parent.mkdir(parents=True)
    file.touch()
    assert read() == file.stat().st_mtime


@pytest.mark.parametrize(("answers", "gives_sign"), [(True, True), (False, False)])
def test_the_sign_of_a_web_role_is_an_answer(monkeypatch: pytest.MonkeyPatch, answers: bool, gives_sign: bool) -> None:
    asked: list[tuple[str, int]] = []
    monkeypatch.setenv("BARQ_PORT", "8123")
    monkeypatch.setattr(keeper, "answers", lambda host, port: asked.append((host, port)) or answers)
    read = keeper._sign_of(["web", "--role", "edge"])
    assert read
    assert ((read() is not None), asked) == (gives_sign, [("127.0.0.1", 8123)])


@pytest.mark.parametrize("arguments", [["migrate"], ["status"], []])
def test_what_is_done_once_needs_nobody_beside_it(arguments: list[str]) -> None:
    assert keeper._sign_of(arguments) is None
