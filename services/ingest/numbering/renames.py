"""Entries of a polled document that its source sends under another name each time. Values only.

The first that comes under another name is held, for a person to see what the source does; the next are refused. A name that still
stands in the document was not changed: two entries with one text are two entries.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.ingest.acceptance import Arrival, Candidate, Rejection, renamed_entry
from shared.contracts.item import Doubt

#: an entry that comes again with its date under another name within this time is the same entry
RENAMED_WITHIN = timedelta(days=7)
#: and within this time where its date is another one too: an agency may send the same few words again tomorrow
_REDATED_WITHIN = timedelta(hours=6)


@dataclass(frozen=True, kw_only=True)
class Like:
    """An item that came from the same source before with the same headline and text, under another name."""

    words_hash: bytes
    uri: str
    accepted_at: datetime
    written_at: datetime | None  #: as its document said
    is_unsteady: bool  #: it is held because its source changes names


def could_be_renamed(candidate: Candidate, arrival: Arrival) -> bool:
    """Is it an entry of a polled document, whose name its source may change while its words stay?"""
    return arrival.is_polled and candidate.needs_number and not candidate.item.retracts and bool(candidate.words_hash)


def hold_renamed(
    candidates: Sequence[Candidate], likes: Sequence[Like], *, new: Collection[int], now: datetime
) -> tuple[list[Candidate], list[Rejection]]:
    """The candidates, with a doubt where one came under another name before; and those that are refused for it.

    `new`: the indices of those whose names nobody knows. `likes`: the newest first.
    """
    by_words: dict[bytes, list[Like]] = {}
    for like in likes:
        by_words.setdefault(like.words_hash, []).append(like)
    kept: list[Candidate] = []
    refused: list[Rejection] = []
    for candidate in candidates:
        alike = by_words.get(candidate.words_hash, []) if by_words and candidate.index in new else []
        same = [like for like in alike if _is_the_same_entry(candidate, like, now)]
        if not same:
            kept.append(candidate)
        elif any(like.is_unsteady for like in same):
            refused.append(renamed_entry(candidate))
        else:
            note = f"the source brought this headline and text as {same[0].uri} before: it changes the names of its entries"
            kept.append(replace(candidate, doubt=Doubt.UNSTEADY_SOURCE, doubt_note=note))
    return kept, refused


def _is_the_same_entry(candidate: Candidate, like: Like, now: datetime) -> bool:
    """Of two with the same words: is it one entry, and not the same few words that are sent again tomorrow?"""
    return like.accepted_at > now - _REDATED_WITHIN or like.written_at == candidate.item.version_created_at
