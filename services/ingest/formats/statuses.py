"""Publishing statuses in the words of many systems: what is usable, what is taken back, and what is not ready yet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from shared.contracts.item import PubStatus

#: how deep a status may stand in objects and lists, and how many words of it are read
_MAX_DEPTH = 3
_MAX_WORDS = 20
_LONGEST = 300
_USABLE = {
    "usable", "published", "publish", "public", "final", "live", "corrected", "correction", "updated", "update", "active",
    "released", "release", "new", "approved", "ready", "ok", "available", "online", "beingcorrected", "republished", "normal",
    "done", "complete", "completed", "finished", "finalized", "finalised", "posted", "distributed", "transmitted", "sent",
    "منشور", "publie", "publiziert", "veroffentlicht", "publicado",
}  # fmt: skip
_EMBARGOED = {"embargoed", "embargo", "underembargo"}  # usable, and the embargo says from when
_WITHHELD = {
    "withheld", "withhold", "hold", "onhold", "held", "suspended", "suspend", "paused", "blocked",
    "hidden", "suppressed", "disabled", "inactive", "offline", "donotpublish", "notforpublication", "موقوف", "معلق", "محجوب",
}  # fmt: skip
_CANCELED = {
    "canceled", "cancelled", "cancel", "canceling", "cancelling", "cancellation", "cancelation", "kill", "killed",
    "mandatorykill", "withdrawn", "withdraw", "withdrawal", "recalled", "recall", "retracted", "retract", "retraction",
    "deleted", "delete", "removed", "remove", "spiked", "spike", "revoked", "revoke", "unpublished", "unpublish",
    "takedown", "takendown", "expunged", "annulled", "trash", "trashed", "pulled", "pull", "void", "voided", "obsolete",
    "rescinded", "rescind", "donotuse", "dontuse", "nullified", "tombstone", "withdrawnbyagency", "erased", "purged", "discarded",
    # as `_plain` writes them: without accents, hamzas and points of vowels
    "annule", "annulee", "annulation", "supprime", "supprimee", "retire", "retiree", "nepasutiliser",
    "storniert", "geloscht", "zuruckgezogen", "annulliert", "nichtverwenden",
    "anulado", "anulada", "eliminado", "retirado", "cancelado", "cancelada", "annullato", "ritirato", "cancellato",
    "ملغى", "ملغي", "ملغاة", "ملغية", "الغاء", "الغي", "محذوف", "محذوفة", "حذف", "مسحوب", "مسحوبة", "سحب",
    "отозвано", "отозван", "удалено", "удален", "снято", "отменено", "iptaledildi", "silindi",
}  # fmt: skip
#: beside a word that takes back they say that nothing was
_DENIES = {"not", "no", "un", "non", "nicht", "pas", "غير", "لم", "لا", "не"}
_NOT_READY = {
    "scheduled", "draft", "inprogress", "submitted", "pending", "review", "inreview", "fetched", "routed", "ingested", "unrouted",
    "todo", "planned", "preview", "unlisted", "private", "internal", "incomplete", "waiting", "queued", "writing", "test",
    "مسودة", "brouillon", "entwurf", "borrador",
}  # fmt: skip


def words_of(value: object, depth: int = 0) -> Iterator[str]:
    """The words that a status, a signal or the like is said with, in objects and lists too."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, str):
        yield value[:_LONGEST]
    elif isinstance(value, Mapping):
        for inner in list(value.values())[:_MAX_WORDS]:
            yield from words_of(inner, depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value[:_MAX_WORDS]:
            yield from words_of(inner, depth + 1)


def status_of(value: object) -> PubStatus | None:
    """The status that is said; of several the one that takes back most. None if it is none that is known."""
    statuses = [status for words in words_of(value) if (status := _status(words)) is not None]
    return max(statuses, key=_SEVERITY.index, default=None)


def says_embargoed(value: object) -> bool:
    """Does a status say that an item is embargoed? Its status is then usable, from when the embargo says."""
    return any(_last(words) in _EMBARGOED for words in words_of(value))


def is_not_ready(value: object) -> bool:
    """Is it the status of a text that its writers have not let go?"""
    return any(_last(words) in _NOT_READY for words in words_of(value))


def status_of_signal(signal: object) -> PubStatus | None:
    """The status that a signal stands for; None for signals that leave the story where it is."""
    statuses = {status for words in words_of(signal) if (status := _status(words)) in (PubStatus.CANCELED, PubStatus.WITHHELD)}
    return max(statuses, key=_SEVERITY.index, default=None)


@lru_cache(4096)
def status_of_flag(name: str) -> PubStatus | None:
    """The status that a member's name is by itself, as `killed`, `isDeleted`, `withdrawn_at` or `hold`."""
    return _FLAGS.get(_FLAG_DRESS.sub("", _plain(name[:_LONGEST])))


@lru_cache(4096)
def status_when_false(name: str) -> PubStatus | None:
    """What a member stands for that is false and would let an item go, as `published` does.

    WITHHELD: it is not to be seen. USABLE: not yet, as `approved`; nothing is taken back, but the item is refused. None: any
    other name.
    """
    return _WHEN_FALSE.get(_FLAG_DRESS.sub("", _plain(name[:_LONGEST])))


#: what is put before and behind a flag's name
_FLAG_DRESS = re.compile(r"^(?:is|was|has|hasbeen|mark(?:ed)?as)(?=[a-z]{4})|(?:flag|at|on|date|time|datetime|timestamp|utc|by)$")
#: names of members that are true, or have a date, for what was taken back
_FLAGS = {
    **dict.fromkeys((
        "kill", "killed", "canceled", "cancelled", "withdrawn", "withdrawal", "recalled", "retracted", "retraction", "deleted",
        "unpublished", "spiked", "trashed", "takedown", "takendown", "revoked", "rescinded", "expunged", "annulled", "voided",
        "obsolete", "tombstone", "donotuse", "removed", "mandatorykill", "erased", "purged", "pulled",
    ), PubStatus.CANCELED),
    **dict.fromkeys((
        "withheld", "withhold", "hold", "onhold", "held", "suspended", "hidden", "suppressed", "invisible", "donotpublish",
        "notforpublication", "dontpublish", "nopublish", "noshow", "disabled", "blocked",
    ), PubStatus.WITHHELD),
}  # fmt: skip
#: names of members that are false for what is not to be seen (withheld), or not yet (nothing is taken back: refused)
_WHEN_FALSE = {
    **dict.fromkeys((
        "published", "publish", "publishable", "publicationallowed", "public", "visible", "released", "usable", "active",
        "enabled", "listed", "online", "shown", "display", "displayed",
    ), PubStatus.WITHHELD),
    **dict.fromkeys(("approved", "ready", "readytopublish", "cleared", "signedoff"), PubStatus.USABLE),
}  # fmt: skip
#: names of members that are true for what its writers have not let go
NOT_LET_GO = {"draft", "preview", "private", "unlisted", "internal", "unapproved", "unreviewed", "incomplete", "wip"}
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
    several = re.findall(r"[^\W\d_]+", _bare(words[:60])) if "://" not in words else []
    if len(several) > 1 and not _DENIES.intersection(several):
        if _CANCELED.intersection(several):
            return PubStatus.CANCELED
        if _WITHHELD.intersection(several):
            return PubStatus.WITHHELD
    return None


def _last(words: str) -> str:
    """`canceled` of `stat:canceled`, of `http://cv.iptc.org/newscodes/pubstatusg2/canceled` and of ` Canceled. `."""
    return _plain(re.split(r"[:/#]", unicodedata.normalize("NFKC", words).strip().rstrip("/"))[-1])


def _plain(words: str) -> str:
    """The letters alone, of any script."""
    return re.sub(r"[\W\d_]", "", _bare(words))


def _bare(words: str) -> str:
    """Small letters without accents, hamzas, tatweel and the width that East Asian type has."""
    plain = unicodedata.normalize("NFKD", words.casefold()).replace("\u0640", "")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
