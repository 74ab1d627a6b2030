"""Values that every format has, in the contract's spelling: concepts and whole numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shared.contracts.item import Concept
from shared.language.characters import clean_line

_IPTC_CODE = re.compile(
    r"^(?:https?://cv\.iptc\.org/newscodes/(?:mediatopic|subjectcode)/|(?:medtop|subj|subject|iptc):)?(\d{8})$"
)
_IPTC_SCHEMES = ("", "medtop", "mediatopic", "subj", "subject", "subjectcode", "iptc", "iptc_subject_code")


def concept(name: str | None = "", code: str | None = "", scheme: str | None = "") -> Concept:
    """A concept with its code in one spelling: `medtop:` or `subj:` and eight digits for IPTC's two vocabularies.

    The seventeen topics at the top are the same in both; below, media topics begin with 20.
    """
    code = clean_line(code or "")
    match = _IPTC_CODE.match(code) if (scheme or "") in _IPTC_SCHEMES else None
    if not match:
        return Concept(name=name or "", code=code, scheme=scheme or "")
    is_topic = match[1].startswith("20") or match[1].endswith("000000")
    return Concept(name=name or "", code=f"{'medtop' if is_topic else 'subj'}:{match[1]}")


def unique(concepts: Iterable[Concept]) -> tuple[Concept, ...]:
    """Each concept once, in their order, without those that say nothing."""
    return tuple(dict.fromkeys(each for each in concepts if each.name or each.code))


def whole_number(value: str | None, *, low: int, high: int) -> int | None:
    """A whole number within bounds, both included, of at most nine digits: `"4"`, `" 4 "`. None for anything else."""
    text = (value or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 and low <= int(text) <= high else None
