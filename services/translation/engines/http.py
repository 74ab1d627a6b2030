"""One JSON request to an engine's server, and what its answer means when it is none."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from services.translation.engines import EngineError
from shared.clock import utc_now

#: an engine whose month is used up (DeepL answers 456) is left alone for so long
_USED_UP_S = 3600.0


def ask(url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None, timeout_s: float) -> Any:
    """The decoded answer. Raises EngineError with the server's own words."""
    try:
        response = httpx.post(url, json=body, headers=headers, timeout=timeout_s)
    except httpx.HTTPError as unreachable:
        raise EngineError(f"{url} did not answer: {unreachable!r}") from unreachable
    try:
        answer = response.json()
    except ValueError as not_json:
        raise EngineError(
            f"{url} answered {response.status_code} and no JSON", retry_after_s=_retry_after_s(response)
        ) from not_json
    if response.status_code != 200:
        raise EngineError(f"{url} answered {response.status_code}: {_said(answer)}", retry_after_s=_retry_after_s(response))
    return answer


def texts_of(found: Any, count: int, url: str) -> list[str]:
    """An answer's texts, if there is one for each that was asked. Raises EngineError."""
    if isinstance(found, list) and len(found) == count and all(isinstance(one, str) for one in found):
        return found
    raise EngineError(f"{url} did not answer one text for each of {count}")


def _said(answer: Any) -> str:
    """What a server says of its own error, wherever it puts that."""
    said = answer.get("error") or answer.get("message") or answer if isinstance(answer, dict) else answer
    return str(said.get("message", said) if isinstance(said, dict) else said)[:300]


def _retry_after_s(response: httpx.Response) -> float | None:
    if response.status_code == 456:
        return _USED_UP_S
    said = response.headers.get("retry-after", "")
    if said.isdecimal():
        return float(said)
    try:
        return max((parsedate_to_datetime(said) - utc_now()).total_seconds(), 0.0) if said else None
    except (ValueError, TypeError):
        return None
