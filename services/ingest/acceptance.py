"""Acceptance: a request's body as items, and what becomes of each. Knows no SQL and no HTTP framework."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from services.ingest.completion import complete
from services.ingest.formats.payload import Part, Payload, parts_of
from shared import log
from shared.contracts.item import Doubt, WireItem
from shared.contracts.problem import (
    Broken,
    Conflict,
    OlderCopy,
    Problem,
    ProblemType,
    Refused,
    TooManyItems,
    Unreadable,
    UnsteadySource,
    VersionConflict,
)
from shared.language.markup import plain_text

_log = log.get("ingest")

#: when something was written cannot lie ahead of its acceptance
_WHEN_WRITTEN = ("version_created_at", "first_created_at", "content_created_at")
#: problems of one item; all others are of a document, whose every state has other bytes and the same problem
_OF_ONE_ITEM = (ProblemType.INVALID_ITEM, ProblemType.VERSION_CONFLICT, ProblemType.OLDER_COPY, ProblemType.BROKEN)
_NAMES_ITS_ITEM = (ProblemType.VERSION_CONFLICT, ProblemType.OLDER_COPY)
_DIFFERS = re.compile(r"'[^']{0,200}'|\"[^\"]{0,200}\"|\d+")
_LONGEST_REASON = 500
#: clocks that are no further apart than this are not worth a word
_CLOCKS_APART = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """How a payload came."""

    address: str = ""  #: where its document stands, after all redirects
    is_polled: bool = False  #: the document is polled there again and again
    is_old_copy: bool = False  #: its server's own marks say that a newer state of it was taken before


PUSHED = Arrival()

_SAYS_STANDS_ALONE = "stands_alone: is said by a person at the desk alone; it was left out, and the item is held"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An item that was understood, on its way into the archive."""

    index: int  #: its place in the request, from 0
    item: WireItem
    payload: Payload
    position: int  #: its place in the payload, from 0
    needs_number: bool = False  #: its format has no versions: the archive gives it the next one
    doubt: Doubt | None = None  #: why it is held, for what the wire knows beside it; no part of its content
    doubt_note: str = ""
    sent_version: int | None = None  #: its sender's own number, where the archive gave it another

    def from_desk(self) -> Candidate:
        """The same, and a person pressed a button for it."""
        return replace(self, item=self.item.model_copy(update={"is_from_desk": True}))

    def from_a_system(self) -> Candidate:
        """The same, and nobody has looked: one that says so without a person was read without the wire's doubts, and is held."""
        if not self.item.stands_alone:
            return self
        item = self.item.model_copy(update={"stands_alone": False})
        return replace(self, item=item, doubt=self.doubt or Doubt.EMBARGO, doubt_note=self.doubt_note or _SAYS_STANDS_ALONE)

    @property
    def place(self) -> tuple[bytes, int]:
        """Its payload and its place there: the same bytes again are the same item, also for a reader that has learned since."""
        return self.payload.digest, self.position

    @property
    def content_hash(self) -> bytes:
        """Tells a resent item from a changed one. Of what was understood: white space and key order do not count."""
        understood = self.item.model_dump_json(exclude_defaults=True, exclude={"unplaced", "notes", "doubt_note"})
        return hashlib.sha256(understood.encode()).digest()

    @property
    def words_hash(self) -> bytes:
        """Tells the same headline and text under another name; empty where there are none."""
        words = f"{self.item.headline}\0{plain_text(self.item.body_html)}"
        return hashlib.sha256(words.encode()).digest() if words != "\0" else b""

    def item_to_keep(self, now: datetime) -> WireItem:
        """The item as the archive keeps it: not written after it was accepted, and with what the wire doubts.

        Its content's hash is that of what was sent: the same sent again must not differ because it came later.
        """
        ahead = {name: moment for name in _WHEN_WRITTEN if (moment := getattr(self.item, name)) is not None and moment > now}
        changes: dict[str, object] = dict.fromkeys(ahead, now)
        notes = [
            f"{name} {moment:%Y-%m-%dT%H:%M:%SZ} lies ahead; the moment of acceptance stands in its place"
            for name, moment in ahead.items()
            if moment > now + _CLOCKS_APART
        ]
        if self.doubt:
            changes |= {"doubt": self.item.doubt or self.doubt, "doubt_note": self.item.doubt_note or self.doubt_note}
            notes.append(f"held until somebody at the desk has looked ({self.doubt}): {self.doubt_note}")
        if self.sent_version is not None:
            changes["sent_version"] = self.sent_version
            notes.append(
                f"your version {self.sent_version} is version {self.item.version} here: "
                "the desk, or another, has used numbers of this uri"
            )
        if notes:
            changes["notes"] = (*self.item.notes, *notes)
        return self.item.model_copy(update=changes) if changes else self.item


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """An item that was not taken, and why."""

    index: int
    problem: Problem
    payload: Payload | None = None  #: None: it could not be parted from the payload that it came in
    position: int = -1

    @property
    def is_nothing(self) -> bool:
        """A document that can be read and has no items in it: nothing new, and nothing wrong with it."""
        return self.kind == ProblemType.EMPTY

    @property
    def kind(self) -> str:
        """The last word of its problem's type."""
        return self.problem.type.rpartition(":")[2]

    @property
    def reason(self) -> str:
        """What is wrong, without what differs from one poll to the next: places, figures, what is quoted."""
        if self.kind not in _OF_ONE_ITEM:
            return self.kind
        said = self.problem.detail if self.kind in _NAMES_ITS_ITEM else _DIFFERS.sub("#", self.problem.detail)
        return f"{self.kind}: {said}"[:_LONGEST_REASON]

    @property
    def is_contradiction(self) -> bool:
        """Is it another content under a version that is known?"""
        return self.kind == ProblemType.VERSION_CONFLICT


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """An item that is safe in the archive."""

    index: int
    item: UUID
    story: str
    version: int
    provider: str
    duplicate: bool
    notes: tuple[str, ...] = ()  #: what was left out or changed, in words for who sent it
    ignored: tuple[str, ...] = ()  #: names of the sender's that mean nothing to this wire
    held: Doubt | None = None  #: why a person must look first, where that is known already


def read_items(body: bytes, content_type: str, *, most: int) -> Iterator[Candidate | Rejection]:
    """The items of a payload, each on its own: a bad one never takes the others with it.

    Raises Refused if nothing can be made of the payload as a whole, or if it has more items than `most`.
    """
    parts = list(islice(parts_of(body, content_type), most + 1))
    if len(parts) > most:
        raise TooManyItems(
            f"There are more than {most:,} items in it; send at most {most:,} in one.",
        )
    for index, part in enumerate(parts):
        yield Rejection(index=index, problem=part.problem) if isinstance(part, Refused) else read_part(part, index)


def read_part(part: Part, index: int = 0) -> Candidate | Rejection:
    """One item of a payload."""
    try:
        parsed = part.read()
        item = complete(parsed)
        if item.is_from_desk:  # nobody is a person by saying so
            item = item.model_copy(update={"is_from_desk": False})
    except Refused as refused:
        return Rejection(index=index, problem=refused.problem, payload=part.payload, position=part.position)
    except MemoryError:
        raise  # the whole document costs more than a document may: its reader says so
    except RecursionError:
        problem = Unreadable(f"This {part.format} item is nested too deeply to be read.").problem
        return Rejection(index=index, problem=problem, payload=part.payload, position=part.position)
    except Exception:
        # a fault of ours, which must not cost the other items of the payload
        _log.exception("item.unreadable", format=part.format, payload=part.payload.digest.hex())
        say = f"This {part.format} item breaks its reader, which is a fault of the wire. Tell ops; the log has the reason."
        problem = Broken(say).problem
        return Rejection(index=index, problem=problem, payload=part.payload, position=part.position)
    return Candidate(index=index, item=item, payload=part.payload, position=part.position, needs_number=parsed.needs_number)


def without_repeats(
    candidates: Sequence[Candidate],
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
            contradictions.append(version_conflict(candidate))
    return list(first.values()), repeats, contradictions


def older_copy(candidate: Candidate) -> Rejection:
    """Of a document that is older than the one taken before: text that would undo newer text of the same story."""
    return _rejection(
        candidate,
        OlderCopy,
        f"{candidate.item.uri}: the document that it stands in is an older copy than the one that was taken before, by its "
        "server's own marks (Last-Modified, Date, Age). Newer text of the story stands.",
    )


def older_version(candidate: Candidate) -> Rejection:
    """Of a sender that numbers its versions: what is older than its own newest, and came when the desk had that number."""
    return _rejection(
        candidate,
        OlderCopy,
        f"{candidate.item.uri} version {candidate.item.version} came after a higher version of its sender's, and after the desk "
        "had used that number: the newer text stands, and no number is left for the older.",
    )


def renamed_entry(candidate: Candidate) -> Rejection:
    """An entry that came under other names before, one of which is held already."""
    return _rejection(
        candidate,
        UnsteadySource,
        f"{candidate.item.uri}: this headline and text came from this source before under other names, and is held for that "
        "already. Ask the provider for entries whose guid or id stays the same.",
    )


def version_conflict(candidate: Candidate) -> Rejection:
    """The same `uri` and `version` with other content: a version never changes once it was sent."""
    item = candidate.item
    return _rejection(
        candidate,
        VersionConflict,
        f"{item.uri} version {item.version} was accepted before with other content. "
        "A version never changes: send the new content with a higher version.",
    )


def _rejection(candidate: Candidate, kind: type[Conflict], detail: str) -> Rejection:
    problem = kind(detail).problem
    return Rejection(index=candidate.index, problem=problem, payload=candidate.payload, position=candidate.position)


def with_provider(candidate: Candidate, default: str) -> Candidate:
    """The candidate with its provider's name, which is `default` where the item names none: never a key's or a source's own."""
    item = candidate.item
    if provider_of(item):
        return candidate
    return replace(candidate, item=item.model_copy(update={"provider": item.provider.model_copy(update={"name": default})}))


def provider_of(item: WireItem) -> str:
    """Who wrote an item, by name or by code; empty where nobody is named."""
    return item.provider.name or item.provider.code
