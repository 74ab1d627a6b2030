"""Health checks: cheap, since each container starts one every few seconds; and right."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.console.supervision import health
from shared.queue.liveness import PULSE, heard_file


def test_a_worker_is_well_if_it_was_heard_lately(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARQ_HOME", str(tmp_path))
    assert health.main(["--service", "publish"]) == 1
    file = heard_file(tmp_path, health.default_worker_name(["publish"]))
    file.parent.mkdir(parents=True)
    file.touch()
    assert health.main(["--service", "publish"]) == 0


def test_the_express_worker_of_a_machine_is_another_than_its_rooms_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARQ_HOME", str(tmp_path))
    file = heard_file(tmp_path, health.default_worker_name(["publish"]))
    file.parent.mkdir(parents=True)
    file.touch()
    assert [health.main([*lane, "--service", "publish"]) for lane in ([], ["--lane", "express"])] == [0, 1]


def test_a_web_role_that_does_not_answer_is_ill(capsys: pytest.CaptureFixture[str]) -> None:
    assert health.main(["--web", "9"]) == 1
    assert "does not answer" in capsys.readouterr().err


def test_a_check_loads_none_of_what_the_other_commands_need() -> None:
    script = "import sys; import services.console.entry, services.console.supervision.health; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert {"celery", "sqlalchemy", "fastapi", "typer", "pydantic", "httpx"}.isdisjoint(loaded)


def test_a_pulse_is_well_while_it_beats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARQ_HOME", str(tmp_path))
    assert health.main(["--pulse"]) == 1
    sign = heard_file(tmp_path, PULSE)
    sign.parent.mkdir(parents=True)
    sign.touch()
    assert health.main(["--pulse"]) == 0
    os.utime(sign, (1, 1))
    assert health.main(["--pulse"]) == 1


@pytest.mark.parametrize(("listens", "reached"), [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("10.1.2.3", "10.1.2.3")])  # noqa: S104
def test_a_web_role_is_asked_where_it_listens(
    listens: str, reached: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BARQ_HOST", listens)
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr(health, "answers", lambda host, port: not asked.append((host, port)))
    assert health.main(["--web", "8123"]) == 0
    assert asked == [(reached, 8123)]
