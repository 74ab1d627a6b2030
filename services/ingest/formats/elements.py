"""What an XML item says of status, embargo, schedule and expiry, in whatever element or attribute: `<x:embargo until="…"/>`.

The names are those of JSON's members; the values may be an element's text, its attributes or elements in it. An element
with `embargo` in its name that says nothing understood holds the item, because it must never be public unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from services.ingest.formats.members import Embargoes, is_about_embargo, plain_name, read_expiry, read_status
from services.ingest.formats.statuses import flag_of
from services.ingest.formats.xml import Element, attribute, children, name_of
from services.ingest.times import moment_of
from shared.contracts.item import Doubt

if TYPE_CHECKING:
    from services.ingest.formats.draft import Draft

#: what is said of an embargo: where it stands, and what stands there
Claim = tuple[str, object]

#: how deep an element is read, how much of it, and how many claims of one item
_DEEPEST = 4
_MOST_PARTS = 40
_MOST_CLAIMS = 50
_LONGEST = 500
#: attributes that say where a word comes from, and not which it is
_ABOUT_THE_WORD = {"lang", "base", "space", "id", "duid", "euid", "vocabulary", "scheme", "creator", "modified", "custom"}
#: elements that hold any value under a name of its own: `<meta name="embargo" content="…"/>`
_NAMED = ("meta", "property", "param", "field", "metadata", "custom", "extension", "additionalproperty", "itemmetaextproperty")
_NAMING = ("name", "FormalName", "property", "key", "literal", "rel", "qcode")
_STATUS = re.compile(r"^(?:pub|item|management)?status$")
_PERIOD = re.compile(r"(?:^|;)\s*(start|end)\s*=\s*([^;=]{1,100})")


def said_by(element: Element, depth: int = 0) -> object:
    """An element as a member's value: its text, or what it says in attributes and in elements within it."""
    parts: dict[str, object] = {}
    for key, value in list(element.attrib.items())[:_MOST_PARTS]:
        name = _local(str(key))
        if name.lower() not in _ABOUT_THE_WORD and not name.startswith("schemaLocation") and str(value).strip():
            parts[name] = str(value).strip()[:_LONGEST]
    texts = [element.text or ""]
    for inner in list(element)[:_MOST_PARTS] if depth < _DEEPEST else ():
        texts.append(inner.tail or "")
        if (said := said_by(inner, depth + 1)) and isinstance(inner.tag, str):
            name = name_of(inner)
            parts[name] = [parts[name], said] if name in parts else said
    text = " ".join(" ".join(texts).split())[:_LONGEST]
    if not parts:
        return text
    return {**parts, "": text} if text else parts


def read_statuses(draft: Draft, holders: Iterable[Element | None], *, but: str = "") -> frozenset[str]:
    """Read status and expiry from these elements' attributes and children; the plain names of those that were understood.

    Of several statuses the one that takes back most counts, and one that nobody knows is refused. `but` is a namespace whose
    elements speak of something else.
    """
    understood = set()
    for holder in holders:
        for name, said in _members(holder, but):
            if not said:
                if _STATUS.match(plain_name(name)) or flag_of(name) is not None:
                    draft.note(f"{name} is there and says nothing: the item was taken as one without it")
            elif read_status(draft, name, said) or read_expiry(draft, name, _first_time(said)):
                understood.add(plain_name(name))
    return frozenset(understood)


def _members(holder: Element | None, but: str) -> Iterator[tuple[str, object]]:
    if holder is None:
        return
    for key, value in holder.attrib.items():
        yield _local(str(key)), str(value).strip()
    for element in children(holder):
        if but and str(element.tag).startswith(f"{{{but}}}"):
            continue
        name = _name_given(element) or name_of(element)
        if plain_name(name) and len(name) <= _LONGEST:
            yield name, _value_given(element)


def embargoes_in(element: Element | None, *, but: Collection[str] = (), read: Sequence[Element] = ()) -> list[Claim]:
    """All that is said of embargoes below an element and on it, whatever the format.

    `but` names elements that are looked at for themselves, `read` are those that the format's reader knows.
    """
    claims: list[Claim] = []
    waiting = [element] if element is not None else []
    while waiting and len(claims) < _MOST_CLAIMS:
        one = waiting.pop()
        if any(one is known for known in read):
            continue
        if one is not element and (name := _name_of_embargo(one)):
            claims.append((name, _value_given(one)))
            continue
        claims += [(name, str(value).strip()) for key, value in one.items() if is_about_embargo(name := _local(str(key)))]
        waiting += [inner for inner in reversed(one) if isinstance(inner.tag, str) and _local(inner.tag) not in but]
    return claims


def _name_of_embargo(element: Element) -> str:
    name = _local(str(element.tag))
    if is_about_embargo(name):
        return name
    return given if is_about_embargo(given := _name_given(element)) else ""


def read_embargoes(draft: Draft, claims: Iterable[Claim], entry: Element | None = None) -> None:
    """Read what is said of embargoes; of a feed's `entry` also from when until when it is valid."""
    embargoes = Embargoes(draft, refuses=False)
    for name, said in claims:
        if said in ("", {}, []):
            embargoes.doubt(f"{name} says nothing")
        else:
            embargoes.read(name, said)
    for element in children(entry):
        name, said = name_of(element), said_by(element)
        if name in ("valid", "available") and (period := dict(_PERIOD.findall(str(_text_of(said))))):
            _read_period(draft, embargoes, name, period)
        elif not is_about_embargo(name):
            embargoes.read(name, _first_time(said))
    embargoes.conclude()


def _read_period(draft: Draft, embargoes: Embargoes, name: str, period: dict[str, str]) -> None:
    """Dublin Core's period: `start=2026-11-25T10:00Z; end=2026-11-26T10:00Z; scheme=W3C-DTF`."""
    if start := period.get("start", "").strip():
        if moment_of(start) is None:
            draft.doubt(Doubt.EMBARGO, f"{name}: it says from when it may be used, and that is not understood ({start[:60]!r})")
        embargoes.read("valid_from", start)
    if end := period.get("end", "").strip():
        draft.moment("expires_at", end, name)


def _text_of(said: object) -> object:
    return said.get("", "") if isinstance(said, dict) else said


def _first_time(said: object) -> object:
    """The part of an element's value that is a time: `<expires date="…"/>`."""
    if not isinstance(said, dict):
        return said
    return next((part for part in said.values() if isinstance(part, str) and moment_of(part) is not None), said.get("", ""))


def _name_given(element: Element) -> str:
    """The name that an element which may hold anything has for its value; empty for all others."""
    if _local(str(element.tag)).lower() not in _NAMED:
        return ""
    return next((given for name in _NAMING if (given := attribute(element, name))), "")


def _value_given(element: Element) -> object:
    said = said_by(element)
    if isinstance(said, dict) and _name_given(element):
        said = {name: part for name, part in said.items() if name not in _NAMING}
        return next(iter(said.values())) if len(said) == 1 else said
    return said


def _local(key: str) -> str:
    return key.rpartition("}")[2]
