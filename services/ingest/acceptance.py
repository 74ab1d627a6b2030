"""Acceptance: a request's body as items, and what becomes of each. Knows no SQL and no HTTP framework."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.ingest.formats import ninjs
from shared.contracts.item import WireItem
from shared.contracts.problem import Problem, ProblemType, Refused

NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An item that was understood, on its way into the archive."""

    index: int  #: its place in the request, from 0
    item: WireItem
    raw: bytes  #: as sent, zlib
    raw_type: str

    @property
    def content_hash(self) -> bytes:
        """Tells a resent item from a changed one. Of what was understood: white space and key order do not count."""
        return hashlib.sha256(self.item.model_dump_json(exclude_defaults=True).encode()).digest()


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """An item that was not taken, and why."""

    index: int
    problem: Problem


def read_items(body: bytes, content_type: str, *, most: int) -> Iterator[Candidate | Rejection]:
    """The items of a request's body, each on its own: a bad one never takes the others with it.

    Raises Refused if nothing can be made of the body as a whole.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if not body.strip():
        raise Refused(
            ProblemType.EMPTY, 400, "Empty body", "The request has no body: send an item, or one item a line."
        )
    text = _decode(body)
    if media_type in NDJSON:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) > most:
            raise Refused(
                ProblemType.TOO_MANY_ITEMS,
                413,
                "Too many items",
                f"The request has {len(lines):,} items; send at most {most:,} in one.",
            )
        for index, line in enumerate(lines):
            yield _read(index, line, media_type)
    elif media_type in ninjs.MEDIA_TYPES or media_type.endswith("+json"):
        yield _read(0, text, media_type)
    else:
        raise Refused(
            ProblemType.UNSUPPORTED_MEDIA_TYPE,
            415,
            "Unsupported media type",
            f"Cannot read {media_type or 'a body without a Content-Type'}: "
            "send ninjs as application/json, or one item a line as application/x-ndjson.",
        )


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Refused(
            ProblemType.NOT_UTF8,
            400,
            "Not UTF-8",
            f"JSON is UTF-8; byte {wrong.start} of the body is not. Encode it as UTF-8 and send it again.",
        ) from wrong


def _read(index: int, text: str, media_type: str) -> Candidate | Rejection:
    try:
        try:
            decoded = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as broken:
            where = (
                f"line {broken.lineno}, column {broken.colno}: {broken.msg}"
                if isinstance(broken, json.JSONDecodeError)
                else "it is nested too deeply"
            )
            raise Refused(ProblemType.NOT_JSON, 400, "Not JSON", f"The item is not valid JSON: {where}.") from broken
        item = ninjs.parse(decoded)
    except Refused as refused:
        return Rejection(index=index, problem=refused.problem)
    return Candidate(index=index, item=item, raw=zlib.compress(text.encode(), 1), raw_type=media_type)


def without_repeats(
    candidates: list[Candidate],
) -> tuple[list[Candidate], list[tuple[Candidate, Candidate]], list[Rejection]]:
    """The first of each identity in one request, the later ones that repeat it, and those that contradict it."""
    first: dict[tuple[str, int], Candidate] = {}
    repeats: list[tuple[Candidate, Candidate]] = []
    contradictions: list[Rejection] = []
    for candidate in candidates:
        known = first.setdefault((candidate.item.uri, candidate.item.version), candidate)
        if known is candidate:
            continue
        if known.content_hash == candidate.content_hash:
            repeats.append((candidate, known))
        else:
            contradictions.append(Rejection(index=candidate.index, problem=version_conflict(candidate.item)))
    return list(first.values()), repeats, contradictions


def version_conflict(item: WireItem) -> Problem:
    """The same `uri` and `version` with other content: a version never changes once it was sent."""
    return Refused(
        ProblemType.VERSION_CONFLICT,
        409,
        "Version conflict",
        f"{item.uri} version {item.version} was accepted before with other content. "
        "A version never changes: send the new content with a higher version.",
    ).problem


def with_provider(candidate: Candidate, default: str) -> Candidate:
    """The candidate with its provider's name, which is the key's where the item names none."""
    item = candidate.item
    if item.provider.name or item.provider.code:
        return candidate
    return replace(
        candidate, item=item.model_copy(update={"provider": item.provider.model_copy(update={"name": default})})
    )
