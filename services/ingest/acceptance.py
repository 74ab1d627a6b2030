"""Acceptance: a request's body as items, and what becomes of each. Knows no SQL and no HTTP framework."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from services.ingest.formats.payload import Part, Payload, parts_of
from shared import log
from shared.contracts.item import PubStatus, WireItem
from shared.contracts.problem import Problem, ProblemType, Refused

_log = log.get("ingest")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An item that was understood, on its way into the archive."""

    index: int  #: its place in the request, from 0
    item: WireItem
    payload: Payload
    position: int  #: its place in the payload, from 0
    needs_number: bool = False  #: its format has no versions: the archive gives it the next one

    def from_desk(self) -> Candidate:
        """The same, and a person pressed a button for it."""
        return replace(self, item=self.item.model_copy(update={"is_from_desk": True}))

    @property
    def content_hash(self) -> bytes:
        """Tells a resent item from a changed one. Of what was understood: white space and key order do not count."""
        understood = self.item.model_dump_json(exclude_defaults=True, exclude={"unplaced", "notes", "doubt_note"})
        return hashlib.sha256(understood.encode()).digest()


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """An item that was not taken, and why."""

    index: int
    problem: Problem
    payload: Payload | None = None  #: None: it could not be told apart from the payload that it came in
    position: int = -1

    @property
    def is_contradiction(self) -> bool:
        """Is it another content under a version that is known?"""
        return self.problem.type.endswith(ProblemType.VERSION_CONFLICT)


def read_items(body: bytes, content_type: str, *, most: int) -> Iterator[Candidate | Rejection]:
    """The items of a payload, each on its own: a bad one never takes the others with it.

    Raises Refused if nothing can be made of the payload as a whole, or if it has more items than `most`.
    """
    parts = list(islice(parts_of(body, content_type), most + 1))
    if len(parts) > most:
        raise Refused(
            ProblemType.TOO_MANY_ITEMS,
            413,
            "Too many items",
            f"There are more than {most:,} items in it; send at most {most:,} in one.",
        )
    for index, part in enumerate(parts):
        yield Rejection(index=index, problem=part.problem) if isinstance(part, Refused) else read_part(part, index)


def read_part(part: Part, index: int = 0) -> Candidate | Rejection:
    """One item of a payload."""
    try:
        draft = part.read()
        item = draft.item()
        if item.is_from_desk:  # nobody is a person by saying so
            item = item.model_copy(update={"is_from_desk": False})
    except Refused as refused:
        return Rejection(index=index, problem=refused.problem, payload=part.payload, position=part.position)
    except Exception:
        # a fault of ours, which must not cost the other items of the payload
        _log.exception("item.unreadable", format=part.format, payload=part.payload.digest.hex())
        say = f"This {part.format} item breaks its reader, which is a fault of the wire. Tell ops; the log has the reason."
        problem = Refused(ProblemType.BROKEN, 500, "Broken", say).problem
        return Rejection(index=index, problem=problem, payload=part.payload, position=part.position)
    return Candidate(
        index=index, item=item, payload=part.payload, position=part.position, needs_number=draft.needs_number
    )


def without_repeats(
    candidates: Sequence[Candidate],
) -> tuple[list[Candidate], list[tuple[Candidate, Candidate]], list[Rejection]]:
    """The first of each identity in one request, the later ones that repeat it, and those that contradict it.

    A kill contradicts nothing: it follows what has its number.
    """
    first: dict[tuple[str, int], Candidate] = {}
    repeats: list[tuple[Candidate, Candidate]] = []
    contradictions: list[Rejection] = []
    for candidate in candidates:
        known = first.setdefault((candidate.item.uri, candidate.item.version), candidate)
        if known is candidate:
            continue
        if known.content_hash == candidate.content_hash:
            repeats.append((candidate, known))
        elif candidate.item.pubstatus is PubStatus.CANCELED:
            after = candidate.item.model_copy(update={"version": candidate.item.version + 1})
            first.setdefault((after.uri, after.version), replace(candidate, item=after))
        else:
            contradictions.append(version_conflict(candidate))
    return list(first.values()), repeats, contradictions


def version_conflict(candidate: Candidate) -> Rejection:
    """The same `uri` and `version` with other content: a version never changes once it was sent."""
    item = candidate.item
    problem = Refused(
        ProblemType.VERSION_CONFLICT,
        409,
        "Version conflict",
        f"{item.uri} version {item.version} was accepted before with other content. "
        "A version never changes: send the new content with a higher version.",
    ).problem
    return Rejection(index=candidate.index, problem=problem, payload=candidate.payload, position=candidate.position)


def with_provider(candidate: Candidate, default: str) -> Candidate:
    """The candidate with its provider's name, which is the key's where the item names none."""
    item = candidate.item
    if item.provider.name or item.provider.code:
        return candidate
    return replace(
        candidate, item=item.model_copy(update={"provider": item.provider.model_copy(update={"name": default})})
    )
