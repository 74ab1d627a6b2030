"""What a person can mend is one sentence; a fault of the command keeps its traceback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as SQLAlchemyTimeout

from services.console.failures import sentence_for
from shared.archive import disk
from shared.contracts.problem import NotFound
from shared.embedded.runfile import take_home
from shared.errors import BarqError, StartError
from shared.settings import settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("BARQ_HOME", str(tmp_path))
    monkeypatch.setenv("BARQ_PUBLIC_URL", "https://wire.example")
    monkeypatch.setattr(disk, "trouble", lambda: "")
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.mark.parametrize(
    ("failed", "sentence"),
    [
        (NotFound("There is no item x."), "There is no item x."),
        (BarqError("give a key"), "give a key"),
        (StartError("port 8000 cannot be used"), "port 8000 cannot be used"),
        (
            httpx.ConnectError("refused"),
            "no wire answers at https://wire.example: start one with `barq up`, or name one with --url",
        ),
        (httpx.ReadTimeout("slow"), "the wire did not answer: ReadTimeout('slow')"),
        (
            UnicodeEncodeError("ascii", "مفتاح", 0, 1, "no"),
            "what was typed has letters that cannot be sent: a key is plain letters, a name is UTF-8",
        ),
        (ValueError("x"), None),
        (OSError("x"), None),
        (IntegrityError("INSERT", {}, Exception("twice")), None),
    ],
)
def test_a_failure_is_a_sentence_or_a_fault(failed: Exception, sentence: str | None) -> None:
    assert sentence_for(failed) == sentence


@pytest.mark.parametrize(
    ("away", "reason"),
    [
        (OperationalError("SELECT 1", {}, Exception("\nconnection refused\nIs the server running?")), "connection refused"),
        (OperationalError("SELECT 1", {}, Exception("")), "no reason given"),
        (SQLAlchemyTimeout("QueuePool limit reached"), "QueuePool limit reached"),
    ],
)
def test_a_database_that_is_away_comes_with_who_starts_it_again(home: Path, away: Exception, reason: str) -> None:
    assert sentence_for(away) == (
        f"the database does not answer ({reason}). Nobody runs a wire in {home}: start it with `barq up`, or see to the "
        "database that is named."
    )
    (home / "run").mkdir()
    lock = take_home(home)
    assert lock
    with lock:
        assert f"The wire runs (process {os.getpid()}) and starts it again by itself" in str(sentence_for(away))


def test_a_full_disk_is_named_beside_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "trouble", lambda: "disk full: 12 MB are free")
    assert "(gone). disk full: 12 MB are free. Nobody" in str(sentence_for(OperationalError("", {}, Exception("gone"))))
