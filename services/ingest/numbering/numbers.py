"""The number of an item whose format numbers no versions, and of what takes a story back. Knows values only, no SQL.

Order is the order of arrival within a source: what a source says now is newer than what it said before, whatever date it
writes. Only the newest is compared, so an edit that is taken back (five, fifty, five) is three versions. What must not undo
newer text is an old *copy*: a cache that serves yesterday's document, or another source that lags behind.

A sender that numbers its versions has a sequence of its own, of which the desk's acts take no number: its version is compared
with what senders sent, and what is newer there is newer in the archive, under the next number where its own is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

from services.ingest.acceptance import Candidate, Rejection, older_copy, older_version, version_conflict
from shared.contracts.item import Doubt

#: so many of a story's newest versions are compared with what comes; older ones are found to be no copies
_MAX_COMPARED = 50
_LARGEST_NUMBER = 2**31 - 1
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A version that the archive has."""

    version: int
    content_hash: bytes
    written_at: datetime | None  #: as its document says, at the latest its acceptance
    source: str  #: the key or the source by which it came
    place: tuple[bytes, int] | None = None  #: its payload and where it stood there: the same bytes again are the same item
    is_unsteady: bool = False  #: held because its source changes names
    is_from_desk: bool = False  #: a person's act, whose number is none of a sender's
    sent_version: int | None = None  #: its sender's own number, where the archive gave it another

    @property
    def senders_number(self) -> int:
        """Its place in its sender's own sequence."""
        return self.version if self.sent_version is None else self.sent_version


def assign_numbers(
    candidates: Sequence[Candidate],
    known: Mapping[str, Sequence[Known]],
    *,
    source: str,
    is_old_copy: bool,
    now: datetime,
) -> list[Candidate | Rejection]:
    """Each candidate with its number: a known version's own, which makes it a duplicate, else the next.

    `known` has each story's versions in their order; `is_old_copy`: a newer state of the document was taken before.
    """
    histories = {uri: list(rows) for uri, rows in known.items()}
    matched: dict[int, Known] = {}
    results: list[Candidate | Rejection] = []
    ordered = _sort(candidates)
    for group in _group_by_name(ordered):
        matched |= _match_seen_before(group, histories.get(group[0].item.uri, []), source)
    for candidate in ordered:
        history = histories.setdefault(candidate.item.uri, [])
        if row := matched.get(candidate.index):
            results.append(_with_number(candidate, row.version))
            continue
        result = _place(candidate, history, source=source, is_old_copy=is_old_copy, now=now)
        results.append(result)
        if isinstance(result, Candidate) and all(row.version != result.item.version for row in history):
            history.append(_known_of(result, source=source, now=now))
            history.sort(key=lambda row: row.version)
    return results


def _place(
    candidate: Candidate, history: Sequence[Known], *, source: str, is_old_copy: bool, now: datetime
) -> Candidate | Rejection:
    if not history:
        return candidate
    if candidate.item.retracts:
        return _place_retraction(candidate, history)
    if not candidate.needs_number:
        return candidate if candidate.item.is_from_desk else _place_in_sequence(candidate, history)
    newest, mine = history[-1], [row for row in history if row.source == source]
    for row in (newest, *mine[-1:]):  # the second: this source says what it said, and another has said more since
        if _is_same(candidate, row):
            return _with_number(candidate, row.version)
    said_before = [row for row in reversed(history[-_MAX_COMPARED:]) if _is_same(candidate, row)]
    if said_before:
        is_anothers = all(row.source != source for row in said_before)
        if is_anothers or is_old_copy or _date(candidate, now) < (newest.written_at or _LONG_AGO):
            return _with_number(candidate, said_before[0].version)
    elif is_old_copy:
        return older_copy(candidate)
    if newest.is_unsteady and candidate.doubt is None:
        candidate = replace(candidate, doubt=Doubt.UNSTEADY_SOURCE, doubt_note="an earlier version of it is held for that")
    return _with_number(candidate, _next_number(history))


def _place_in_sequence(candidate: Candidate, history: Sequence[Known]) -> Candidate | Rejection:
    """A version that its sender numbered: newer or older by what senders sent, whatever numbers the desk has used."""
    number = candidate.item.version
    senders = [row for row in history if not row.is_from_desk]
    known = _sent_as(number, senders)
    if known:
        return _renumber(candidate, known.version) if _is_same(candidate, known) else version_conflict(candidate)
    if all(row.senders_number < number for row in senders):
        return candidate if number > history[-1].version else _renumber(candidate, _next_number(history))
    newer = min(row.version for row in senders if row.senders_number > number)
    older = max((row.version for row in senders if row.version < newer), default=0)
    taken = {row.version for row in history}
    # one that comes late keeps its place between the older and the newer; only what is taken is looked through
    free = next((below for below in range(min(number, newer - 1), older, -1) if below not in taken), None)
    return older_version(candidate) if free is None else _renumber(candidate, free)


def _sent_as(number: int, senders: Sequence[Known]) -> Known | None:
    """What a sender sent first under a number."""
    return next((row for row in senders if row.senders_number == number), None)


def _renumber(candidate: Candidate, version: int) -> Candidate:
    """The same under a number of the archive's, which remembers its sender's own."""
    if version == candidate.item.version:
        return candidate
    has_own = not candidate.needs_number and not candidate.item.is_from_desk
    return replace(_with_number(candidate, version), sent_version=candidate.item.version if has_own else None)


def _place_retraction(candidate: Candidate, history: Sequence[Known]) -> Candidate:
    """What takes a story back is never refused for its number."""
    if _is_same(candidate, history[-1]):
        return _renumber(candidate, history[-1].version)
    if not candidate.needs_number and not candidate.item.is_from_desk:
        senders = [row for row in history if not row.is_from_desk]
        known = _sent_as(candidate.item.version, senders)
        if known and _is_same(candidate, known):
            return _renumber(candidate, known.version)
        if known is None and _is_free(candidate.item.version, history, senders):
            return candidate
        return _renumber(candidate, _next_number(history))
    has_number = next((row for row in history if row.version == candidate.item.version), None)
    if not candidate.needs_number and (has_number is None or _is_same(candidate, has_number)):
        return candidate
    return _renumber(candidate, _next_number(history))


def _is_free(number: int, history: Sequence[Known], senders: Sequence[Known]) -> bool:
    """Can a sender's new number stand as it is: not taken, and newer than all where it is newer than its sender's?"""
    is_newer = all(row.senders_number < number for row in senders)
    return number > history[-1].version or (not is_newer and all(row.version != number for row in history))


def _next_number(history: Sequence[Known]) -> int:
    """One more than the newest; where no number is larger, the largest that is free."""
    if history[-1].version < _LARGEST_NUMBER:
        return history[-1].version + 1
    taken = {row.version for row in history}
    return next(number for number in range(_LARGEST_NUMBER, 0, -1) if number not in taken)


def _sort(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Entries of one document under one name in the order of their dates where all have one, else as they stand.

    Versions that their senders numbered come in the order of these numbers.
    """
    ordered = list(candidates)
    places: dict[tuple[str, bytes], list[int]] = {}
    for place, candidate in enumerate(ordered):
        if candidate.needs_number:
            places.setdefault((candidate.item.uri, candidate.payload.digest), []).append(place)
    for of_one in places.values():
        group = [ordered[place] for place in of_one]
        if len(group) > 1 and all(candidate.item.version_created_at for candidate in group):
            group.sort(key=lambda candidate: candidate.item.version_created_at or _LONG_AGO)
            for place, candidate in zip(of_one, group, strict=True):
                ordered[place] = candidate
    by_name: dict[str, list[int]] = {}
    for place, candidate in enumerate(ordered):
        if not candidate.needs_number:
            by_name.setdefault(candidate.item.uri, []).append(place)
    for of_one in by_name.values():
        group = sorted((ordered[place] for place in of_one), key=lambda candidate: candidate.item.version)
        for place, candidate in zip(of_one, group, strict=True):
            ordered[place] = candidate
    return ordered


def _group_by_name(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.needs_number and not candidate.item.retracts:
            groups.setdefault(candidate.item.uri, []).append(candidate)
    return [group for group in groups.values() if len(group) > 1]


def _match_seen_before(group: Sequence[Candidate], history: Sequence[Known], source: str) -> dict[int, Known]:
    """Of entries of one name, those that stood there at the last poll too: the longest run that ends what is known."""
    texts = [list(same) for _, same in groupby(group, key=lambda candidate: _with_number(candidate, 1).content_hash)]
    for rows in (history, [row for row in history if row.source == source]):
        for length in range(min(len(texts), len(rows), _MAX_COMPARED), 0, -1):
            pairs = list(zip(texts[:length], rows[-length:], strict=True))
            if all(_is_same(same[0], row) for same, row in pairs):
                return {candidate.index: row for same, row in pairs for candidate in same}
    return {}


def _is_same(candidate: Candidate, row: Known) -> bool:
    return candidate.place == row.place or _with_number(candidate, row.version).content_hash == row.content_hash


def _with_number(candidate: Candidate, version: int) -> Candidate:
    return replace(candidate, item=candidate.item.model_copy(update={"version": version}))


def _date(candidate: Candidate, now: datetime) -> datetime:
    return min(candidate.item.version_created_at or now, now)


def _known_of(candidate: Candidate, *, source: str, now: datetime) -> Known:
    return Known(
        version=candidate.item.version,
        content_hash=candidate.content_hash,
        written_at=_date(candidate, now) if candidate.item.version_created_at else None,
        source=source,
        is_unsteady=candidate.doubt is Doubt.UNSTEADY_SOURCE,
        is_from_desk=candidate.item.is_from_desk,
        sent_version=candidate.sent_version,
    )
