"""The wire item itself, as the contract has it: `{"wire_item": {...}}`. What the desk sends; nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.ingest.formats.draft import Draft
from shared.contracts.item import Concept, Provider, WireItem
from shared.markup import body_of

NAME = "wire item"

_CONCEPTS = ("subjects", "places", "people", "organisations", "genres")


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
            draft.unplaced.update({str(key): str(kept) for key, kept in value.items()})
        elif name not in WireItem.model_fields:
            draft.wrong(name, "a wire item has no such field")
        elif name in _CONCEPTS and isinstance(value, list):
            draft.put(name, tuple(Concept.model_validate(row) for row in value))
        elif name == "pubstatus":
            draft.status(str(value), name)
        elif name == "provider":
            draft.put(name, Provider.model_validate(value))
        elif name == "body_html" and isinstance(value, str):
            draft.put(name, body_of(value))
        else:
            draft.put(name, value)
    return draft
