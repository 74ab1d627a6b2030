"""What changed for readers from one revision of a story to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.contracts.item import WireItem
from shared.language.difference import Passage, difference
from shared.language.markup import plain_text


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two revisions, and the passages of each field that differs between them."""

    before: int
    after: int
    changes: Mapping[str, Sequence[Passage]]  #: by the field's name: headline, summary, text


def choose_revisions(asked_for: str, with_text: Iterable[int]) -> tuple[int, int] | None:
    """The two revisions that an address names, as `1,3`; if it names none, the newest two of those that have a text.

    `with_text`: the newest first. None: there are not two to compare.
    """
    named = [int(part) for part in asked_for.split(",") if part.strip().isdecimal()]
    pair = named or sorted(list(with_text)[:2])
    return (pair[0], pair[1]) if len(pair) == 2 else None


def find_changes(before: WireItem, after: WireItem) -> dict[str, list[Passage]]:
    """The passages of each field that readers see otherwise, in the order in which they read them."""
    fields = {
        "headline": (before.headline, after.headline),
        "summary": (before.summary, after.summary),
        "text": (plain_text(before.body_html), plain_text(after.body_html)),
    }
    return {name: difference(old, new) for name, (old, new) in fields.items() if old != new}
