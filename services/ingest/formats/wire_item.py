"""The wire item itself, as the contract has it: `{"wire_item": {...}}`. What the desk sends; nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from services.ingest.formats.parsed_item import ParsedItem
from shared.contracts.item import Concept, Provider, WireItem
from shared.language.markup import body_of

NAME = "wire item"

#: a person's press of a button is seen by the key that was used, never believed from what was sent; nor is a number given here
_SET_ON_THE_WAY_IN = ("is_from_desk", "sent_version")
_CONCEPTS = ("subjects", "places", "people", "organisations", "genres")
_TIMES = ("version_created_at", "first_created_at", "content_created_at", "embargoed_until", "expires_at", "scheduled_for")


def recognises(decoded: object) -> bool:
    """An object with the one member `wire_item`."""
    return isinstance(decoded, Mapping) and isinstance(decoded.get("wire_item"), Mapping)


def split(decoded: Mapping[str, object]) -> Sequence[object]:
    return [decoded["wire_item"]]


def read(fields: Mapping[str, object]) -> ParsedItem:
    """One item, by the contract's names; any other name is an error. Its body may be plain text, and HTML is made safe."""
    parsed = ParsedItem()
    for name, value in fields.items():
        if name == "unplaced" and isinstance(value, Mapping):
            for key, inner in value.items():
                parsed.keep(str(key), inner if isinstance(inner, str) else repr(inner))
        elif name not in WireItem.model_fields:
            parsed.add_error(name, "a wire item has no such field")
        elif name in _SET_ON_THE_WAY_IN:
            parsed.note(f"{name}: is set by the wire; it was left out")
        elif name in _TIMES:
            parsed.put_moment(name, value, name)
        elif name == "pubstatus":
            parsed.put_status(value, name)
        elif name == "language":
            parsed.put_language(value)
        elif name == "body_html" and isinstance(value, str):
            parsed.put(name, body_of(value))
        else:
            parsed.put(name, _as_contract(name, value))
    return parsed


def _as_contract(name: str, value: object) -> object:
    """Concepts and provider as the contract's own; what is none is left for the contract to refuse, each by itself."""
    try:
        if name in _CONCEPTS and isinstance(value, list):
            return tuple(Concept.model_validate(row) if isinstance(row, Mapping) else row for row in value)
        return Provider.model_validate(value) if name == "provider" else value
    except ValidationError:
        return value
