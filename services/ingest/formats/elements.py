"""What an XML item says of status, embargo, schedule and expiry, in whatever element or attribute: `<x:embargo until="…"/>`.

The names are those of JSON's members; the values may be an element's text, its attributes or elements in it. An element
with `embargo` in its name that says nothing understood holds the item, because it must never be public unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from services.ingest.formats.members import Embargoes, is_about_embargo, plain_name, read_expiry, read_status
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.statuses import status_of_flag
from services.ingest.formats.xml import Element, attribute, children, name_of
from services.ingest.times import moment_of
from shared.contracts.item import Doubt

#: what is said of an embargo: where it stands, and what stands there
Claim = tuple[str, object]

#: how deep an element is read, how much of it, and how many claims of one item
_MAX_DEPTH = 4
_MAX_PARTS = 40
_MAX_CLAIMS = 50
_LONGEST = 500
#: attributes that say where a word comes from, and not which it is
_ABOUT_THE_WORD = {"lang", "base", "space", "id", "duid", "euid", "vocabulary", "scheme", "creator", "modified", "custom"}
#: elements that hold any value under a name of its own: `<meta name="embargo" content="…"/>`
_NAMED = ("meta", "property", "param", "field", "metadata", "custom", "extension", "additionalproperty", "itemmetaextproperty")
_NAMING = ("name", "FormalName", "property", "key", "literal", "rel", "qcode")
_STATUS = re.compile(r"^(?:pub|item|management)?status$")
_PERIOD = re.compile(r"(?:^|;)\s*(start|end)\s*=\s*([^;=]{1,100})")


def value_of(element: Element, depth: int = 0) -> object:
    """An element as a member's value, as JSON has one: its text, or an object of its attributes and the elements within it.

    Beside attributes or elements its own text stands under the name "". What is deeper or longer than is read is left out.
    """
    parts: dict[str, object] = {}
    for key, value in list(element.attrib.items())[:_MAX_PARTS]:
        name = _local(str(key))
        if name.lower() not in _ABOUT_THE_WORD and not name.startswith("schemaLocation") and str(value).strip():
            parts[name] = str(value).strip()[:_LONGEST]
    texts = [element.text or ""]
    for inner in list(element)[:_MAX_PARTS] if depth < _MAX_DEPTH else ():
        texts.append(inner.tail or "")
        if (value_within := value_of(inner, depth + 1)) and isinstance(inner.tag, str):
            name = name_of(inner)
            parts[name] = [parts[name], value_within] if name in parts else value_within
    text = " ".join(" ".join(texts).split())[:_LONGEST]
    if not parts:
        return text
    return {**parts, "": text} if text else parts


def read_statuses(parsed: ParsedItem, holders: Iterable[Element | None], *, but: str = "") -> frozenset[str]:
    """Read status and expiry from these elements' attributes and children; the plain names of those that were understood.

    Of several statuses the one that takes back most counts, and one that nobody knows is refused. `but` is a namespace whose
    elements speak of something else.
    """
    understood = set()
    for holder in holders:
        for name, value in _members(holder, but):
            if not value:
                if _STATUS.match(plain_name(name)) or status_of_flag(name) is not None:
                    parsed.note(f"{name} is there and says nothing: the item was taken as one without it")
            elif read_status(parsed, name, value) or read_expiry(parsed, name, _first_time(value)):
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
        name = _given_name(element) or name_of(element)
        if plain_name(name) and len(name) <= _LONGEST:
            yield name, _given_value(element)


def embargoes_in(element: Element | None, *, but: Collection[str] = (), known: Sequence[Element] = ()) -> list[Claim]:
    """All that is said of embargoes below an element and on it, whatever the format.

    `but` names elements that are read for themselves, `known` are those that the format's reader reads.
    """
    claims: list[Claim] = []
    waiting = [element] if element is not None else []
    while waiting and len(claims) < _MAX_CLAIMS:
        here = waiting.pop()
        if any(here is other for other in known):
            continue
        if here is not element and (name := _name_of_embargo(here)):
            claims.append((name, _given_value(here)))
            continue
        claims += [(name, str(value).strip()) for key, value in here.items() if is_about_embargo(name := _local(str(key)))]
        waiting += [inner for inner in reversed(here) if isinstance(inner.tag, str) and _local(inner.tag) not in but]
    return claims


def _name_of_embargo(element: Element) -> str:
    name = _local(str(element.tag))
    if is_about_embargo(name):
        return name
    return name_given if is_about_embargo(name_given := _given_name(element)) else ""


def read_embargoes(parsed: ParsedItem, claims: Iterable[Claim], entry: Element | None = None) -> None:
    """Read what is said of embargoes; of a feed's `entry` also from when until when it is valid."""
    embargoes = Embargoes(parsed, refuses=False)
    for name, value in claims:
        if value in ("", {}, []):
            embargoes.doubt(f"{name} says nothing")
        else:
            embargoes.read(name, value)
    for element in children(entry):
        name, value = name_of(element), value_of(element)
        if name in ("valid", "available") and (period := dict(_PERIOD.findall(str(_text_of(value))))):
            _read_period(parsed, embargoes, name, period)
        elif not is_about_embargo(name):
            embargoes.read(name, _first_time(value))
    embargoes.conclude()


def _read_period(parsed: ParsedItem, embargoes: Embargoes, name: str, period: dict[str, str]) -> None:
    """Dublin Core's period: `start=2026-11-25T10:00Z; end=2026-11-26T10:00Z; scheme=W3C-DTF`."""
    if start := period.get("start", "").strip():
        if moment_of(start) is None:
            parsed.doubt(Doubt.EMBARGO, f"{name}: it says from when it may be used, and that is not understood ({start[:60]!r})")
        embargoes.read("valid_from", start)
    if end := period.get("end", "").strip():
        parsed.put_moment("expires_at", end, name)


def _text_of(value: object) -> object:
    return value.get("", "") if isinstance(value, dict) else value


def _first_time(value: object) -> object:
    """The part of an element's value that is a time: `<expires date="…"/>`."""
    if not isinstance(value, dict):
        return value
    return next((part for part in value.values() if isinstance(part, str) and moment_of(part) is not None), value.get("", ""))


def _given_name(element: Element) -> str:
    """The name that an element which may hold anything has for its value; empty for all others."""
    if _local(str(element.tag)).lower() not in _NAMED:
        return ""
    return next((name_given for naming in _NAMING if (name_given := attribute(element, naming))), "")


def _given_value(element: Element) -> object:
    value = value_of(element)
    if isinstance(value, dict) and _given_name(element):
        value = {name: part for name, part in value.items() if name not in _NAMING}
        return next(iter(value.values())) if len(value) == 1 else value
    return value


def _local(key: str) -> str:
    return key.rpartition("}")[2]
