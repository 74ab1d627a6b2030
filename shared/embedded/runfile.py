"""Where a running embedded wire is: a small file under its home that the command line reads."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict


class RunFile(BaseModel):
    """What `barq status`, `push` and `down` need to find the wire of a home."""

    model_config = ConfigDict(frozen=True)

    pid: int  #: the supervisor's
    url: str
    database_url: str
    broker_url: str
    ready: bool = False


def _path(home: Path) -> Path:
    return home / "run" / "wire.json"


def write_runfile(home: Path, run: RunFile) -> None:
    """Replace the run file in one step; only its owner may read it."""
    path = _path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(run.model_dump_json(), encoding="utf-8")
    fresh.replace(path)


def read_runfile(home: Path) -> RunFile | None:
    """The run file of a home; None if no wire was started there or it was stopped cleanly."""
    try:
        return RunFile.model_validate_json(_path(home).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def remove_runfile(home: Path) -> None:
    """Say that no wire runs here any more."""
    _path(home).unlink(missing_ok=True)
