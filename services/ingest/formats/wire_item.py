"""The wire item itself, as the contract has it: `{"wire_item": {...}}`. What the desk sends; nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from services.ingest.formats.draft import Draft
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
    """One object is one item."""
    return [decoded["wire_item"]]


def read(fields: Mapping[str, object]) -> Draft:
    """One item. Its body may be plain text; as HTML it is made safe like anybody's."""
    draft = Draft()
    for name, value in fields.items():
        if name == "unplaced" and isinstance(value, Mapping):
            for key, kept in value.items():
                draft.keep(str(key), kept if isinstance(kept, str) else repr(kept))
        elif name not in WireItem.model_fields:
            draft.wrong(name, "a wire item has no such field")
        elif name in _SET_ON_THE_WAY_IN:
            draft.note(f"{name}: is set by the wire; it was left out")
        elif name in _TIMES:
            draft.moment(name, value, name)
        elif name == "pubstatus":
            draft.status(value, name)
        elif name == "language":
            draft.language(value)
        elif name == "body_html" and isinstance(value, str):
            draft.put(name, body_of(value))
        else:
            draft.put(name, _decoded(name, value))
    return draft


def _decoded(name: str, value: object) -> object:
    """Concepts and provider as the contract's own; what is none is left for the contract to refuse, each by itself."""
    try:
        if name in _CONCEPTS and isinstance(value, list):
            return tuple(Concept.model_validate(row) if isinstance(row, Mapping) else row for row in value)
        return Provider.model_validate(value) if name == "provider" else value
    except ValidationError:
        return value
