"""Publishing statuses in the words of many systems: what is usable, what is taken back, and what is not ready yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from shared.contracts.item import PubStatus

#: how deep a status may stand in objects and lists, and how many words of it are looked at
_DEEPEST = 3
_MOST_WORDS = 20
_LONGEST = 300
_USABLE = {
    "usable", "published", "publish", "public", "final", "live", "corrected", "correction", "updated", "update", "active",
    "released", "release", "new", "approved", "ready", "ok", "available", "online", "beingcorrected", "republished", "normal",
}  # fmt: skip
_EMBARGOED = {"embargoed", "embargo", "underembargo"}  # usable, and the embargo says from when
_WITHHELD = {"withheld", "withhold", "hold", "onhold", "held", "suspended", "suspend", "paused", "blocked"}
_CANCELED = {
    "canceled", "cancelled", "cancel", "canceling", "cancelling", "cancellation", "cancelation", "kill", "killed",
    "mandatorykill", "withdrawn", "withdraw", "withdrawal", "recalled", "recall", "retracted", "retract", "retraction",
    "deleted", "delete", "removed", "remove", "spiked", "spike", "revoked", "revoke", "unpublished", "unpublish",
    "takedown", "takendown", "expunged", "annulled",
}  # fmt: skip
_NOT_READY = {
    "scheduled", "draft", "inprogress", "submitted", "pending", "review", "inreview", "fetched", "routed", "ingested", "unrouted",
    "todo", "planned", "preview", "unlisted", "private", "internal", "incomplete", "waiting", "queued", "writing", "test",
}  # fmt: skip


def words_of(said: object, depth: int = 0) -> Iterator[str]:
    """The words that a status, a signal or the like is said with, in objects and lists too."""
    if depth > _DEEPEST:
        return
    if isinstance(said, str):
        yield said[:_LONGEST]
    elif isinstance(said, Mapping):
        for value in list(said.values())[:_MOST_WORDS]:
            yield from words_of(value, depth + 1)
    elif isinstance(said, list | tuple):
        for value in said[:_MOST_WORDS]:
            yield from words_of(value, depth + 1)


def status_of(said: object) -> PubStatus | None:
    """The status that is said; of several the one that takes back most. None if it is none that is known."""
    found = [status for words in words_of(said) if (status := _status(words)) is not None]
    return max(found, key=_SEVERITY.index, default=None)


def says_embargoed(said: object) -> bool:
    """Does a status say that an item is embargoed?"""
    return any(_last(words) in _EMBARGOED for words in words_of(said))


def is_not_ready(said: object) -> bool:
    """Is it the status of a text that its writers have not let go?"""
    return any(_last(words) in _NOT_READY for words in words_of(said))


def taken_back_by(signal: object) -> PubStatus | None:
    """The status that a signal stands for; None for signals that leave the story where it is."""
    found = {status for words in words_of(signal) if (status := _status(words)) in (PubStatus.CANCELED, PubStatus.WITHHELD)}
    return max(found, key=_SEVERITY.index, default=None)


def is_word_for_taking_back(name: str) -> bool:
    """Is a member's name, as `killed` or `is_deleted`, a status by itself?"""
    plain = re.sub(r"[^a-z]", "", name.casefold())
    return plain.removeprefix("is") in _FLAGS


#: names of members that are true for what was taken back
_FLAGS = {
    "kill", "killed", "canceled", "cancelled", "withdrawn", "recalled", "retracted", "deleted", "withheld", "unpublished",
    "onhold", "spiked",
}  # fmt: skip
_SEVERITY = (PubStatus.USABLE, PubStatus.WITHHELD, PubStatus.CANCELED)


def _status(words: str) -> PubStatus | None:
    last = _last(words)
    if last in _USABLE or last in _EMBARGOED:
        return PubStatus.USABLE
    if last in _WITHHELD:
        return PubStatus.WITHHELD
    if last in _CANCELED:
        return PubStatus.CANCELED
    # `killed by the desk`: in a field for the status a word that takes back is meant so, unless it is denied
    several = re.findall(r"[a-z]+", words.casefold()[:60]) if "://" not in words else []
    if len(several) > 1 and not {"not", "no", "un", "non"}.intersection(several):
        if _CANCELED.intersection(several):
            return PubStatus.CANCELED
        if _WITHHELD.intersection(several):
            return PubStatus.WITHHELD
    return None


def _last(words: str) -> str:
    """`canceled` of `stat:canceled`, of `http://cv.iptc.org/newscodes/pubstatusg2/canceled` and of ` Canceled. `."""
    return re.sub(r"[^a-z]", "", re.split(r"[:/#]", words.strip().rstrip("/").casefold())[-1])
