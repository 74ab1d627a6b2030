"""Where the command line finds the wire: its address, its keys, and the one way in which it calls the wire's API."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx

from shared.embedded.runfile import read_runfile
from shared.errors import BarqError
from shared.settings import settings
from shared.web.paths import address_of


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


def connect(key: str | None, url: str | None, *, timeout_s: float = 60) -> httpx.Client:
    """A client of the wire's API that shows a newsroom key; close it. Raises BarqError if there is no key."""
    headers = {"authorization": f"Bearer {newsroom_key(key)}"}
    return httpx.Client(base_url=wire_url(url), headers=headers, timeout=timeout_s, trust_env=False)


def api_path(*parts: str, **query: str) -> str:
    """An address of the API from its parts: what somebody typed stays one part of it, whatever is in it.

    Raises BarqError for an empty one, which would be another address.
    """
    if not all(parts):
        raise BarqError("a name or id that is asked for is empty")
    return address_of("v1", *parts, **query)


def ask(method: str, path: str, *, key: str | None, url: str | None, body: object = None, timeout_s: float = 60) -> Any:
    """Call the API; `body` is sent as JSON. Returns the decoded answer, None if it is empty.

    Raises BarqError with a problem's sentence, or if the answer is not JSON; httpx.HTTPError if there is none.
    """
    answer = _request(method, path, key=key, url=url, body=body, timeout_s=timeout_s)
    try:
        return answer.json() if answer.content else None
    except ValueError:
        raise BarqError(_no_json(answer)) from None


def fetch(path: str, *, key: str | None, url: str | None) -> bytes:
    """What stands at an address of the API, byte for byte. Raises as `ask` does."""
    return _request("GET", path, key=key, url=url, timeout_s=30).content


def decode_object(answer: httpx.Response) -> dict[str, Any]:
    """A JSON object that the API answered, be it a problem; what is none becomes a `detail` that says so."""
    try:
        decoded = answer.json()
    except ValueError:
        decoded = None
    return decoded if isinstance(decoded, dict) else {"detail": _no_json(answer)}


def _request(
    method: str, path: str, *, key: str | None, url: str | None, body: object = None, timeout_s: float
) -> httpx.Response:
    with connect(key, url, timeout_s=timeout_s) as client:
        answer = client.request(method, path, json=body)
    if answer.is_error:
        raise BarqError(str(decode_object(answer).get("detail", f"the wire answered {answer.status_code}")))
    return answer


def _no_json(answer: httpx.Response) -> str:
    return f"the wire answered {answer.status_code} without JSON; is it a wire at all?"
