"""One JSON request to an engine's server, and what its answer means when it is none."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from pydantic import JsonValue

from services.translation.engines.protocol import EngineError
from shared.clock import utc_now

#: an engine whose month is used up (DeepL answers 456) is left alone for so long
_USED_UP_S = 3600.0


def ask(url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None, timeout_s: float) -> JsonValue:
    """Ask an engine's server by POST. Returns its decoded answer; raises EngineError with the server's own words."""
    try:
        response = httpx.post(url, json=body, headers=headers, timeout=timeout_s)
    except httpx.HTTPError as unreachable:
        raise EngineError(f"{url} did not answer: {unreachable!r}") from unreachable
    try:
        answer: JsonValue = response.json()
    except ValueError as not_json:
        raise EngineError(
            f"{url} answered {response.status_code} and no JSON", retry_after_s=_retry_after_s(response)
        ) from not_json
    if response.status_code != 200:
        raise EngineError(f"{url} answered {response.status_code}: {_error_in(answer)}", retry_after_s=_retry_after_s(response))
    return answer


def texts_of(texts: object, count: int, url: str) -> list[str]:
    """An answer's texts, if there is one for each that was sent. Raises EngineError."""
    strings = [text for text in texts if isinstance(text, str)] if isinstance(texts, list) else []
    if len(strings) == count and strings == texts:
        return strings
    raise EngineError(f"{url} did not answer one text for each of {count}")


def _error_in(answer: JsonValue) -> str:
    """What a server says of its own error, wherever it puts that."""
    error = answer.get("error") or answer.get("message") or answer if isinstance(answer, dict) else answer
    return str(error.get("message", error) if isinstance(error, dict) else error)[:300]


def _retry_after_s(response: httpx.Response) -> float | None:
    if response.status_code == 456:
        return _USED_UP_S
    value = response.headers.get("retry-after", "")
    if value.isdecimal():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - utc_now()).total_seconds(), 0.0) if value else None
    except (ValueError, TypeError):
        return None
