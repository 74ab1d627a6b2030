"""Where the command line finds the wire: its address, its keys, and its ledger if it runs here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx

from shared.embedded.runfile import read_runfile
from shared.errors import BarqError
from shared.settings import settings


def wire_url(given: str | None) -> str:
    """`--url`, else the wire that runs in this home, else the public address."""
    if given:
        return given.rstrip("/")
    run = read_runfile(settings().home)
    return run.url if run else settings().public_url.rstrip("/")


def newsroom_key(given: str | None) -> str:
    """`--key`, else `BARQ_KEY`, else the first key of the wire in this home. Raises BarqError that says how to get one."""
    if key := given or os.environ.get("BARQ_KEY"):
        return key
    kept = first_key_file(settings().home, "newsroom")
    try:
        return kept.read_text(encoding="utf-8").strip()
    except OSError:
        raise BarqError(
            "no key: give one with --key or BARQ_KEY; `barq key create --role newsroom --name NAME` makes one"
        ) from None


def first_key_file(home: Path, role: str) -> Path:
    """Where the first keys of an embedded wire are kept for its owner's command line, readable by nobody else."""
    return home / "keys" / role


def ask(method: str, path: str, *, key: str | None, url: str | None, body: Any = None, timeout_s: float = 60) -> Any:
    """Call the wire's API with a newsroom key. Returns the decoded answer; raises BarqError with a problem's sentence."""
    answer = httpx.request(
        method,
        f"{wire_url(url)}{path}",
        headers={"authorization": f"Bearer {newsroom_key(key)}"},
        json=body,
        timeout=timeout_s,
        trust_env=False,
    )
    told: Any = answer.json() if answer.content else {}
    if answer.is_error:
        raise BarqError(told.get("detail", f"the wire answered {answer.status_code}"))
    return told
