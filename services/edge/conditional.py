"""HTTP's conditional requests and content coding (RFC 9110), as pure functions of headers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime


def http_date(moment: datetime) -> str:
    """`Tue, 24 Nov 2026 07:00:00 GMT`."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


#: the codings that documents are kept in, the smallest first
CODINGS = ("br", "gzip")


def coding_for(accept_encoding: str) -> str:
    """The coding to answer with: of those that the reader likes best the smallest; `identity` if it takes none of ours.

    `*` stands for every coding that is not named, `q=0` says no.
    """
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameters = part.strip().partition(";")
        try:
            weight = float(parameters.strip().removeprefix("q=")) if parameters.strip().startswith("q=") else 1.0
        except ValueError:
            weight = 0.0
        weights[{"x-gzip": "gzip"}.get(coding.strip(), coding.strip())] = weight
    ours = {coding: weights.get(coding, weights.get("*", 0.0)) for coding in CODINGS}
    best = max(CODINGS, key=lambda coding: ours[coding])
    return best if ours[best] > 0 else "identity"


def is_unchanged(headers: Mapping[str, str], etag: str, modified_at: datetime) -> bool:
    """May the answer be 304? `If-None-Match` (a list or `*`, weak comparison) is asked before `If-Modified-Since`."""
    if (tags := headers.get("if-none-match")) is not None:
        listed = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in listed or etag in listed
    if since := headers.get("if-modified-since"):
        try:
            return modified_at <= parsedate_to_datetime(since).astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            return False
    return False
