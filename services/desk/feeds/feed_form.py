"""A feed as somebody at the desk writes it: names and a filter, in the words of the wire file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue, ValidationError

from shared.wire.config import FeedRow, Wire
from shared.wire.matching import Filter

#: what a filter may ask for
PROPERTIES = tuple(row.alias or name for name, row in Filter.model_fields.items())


@dataclass(frozen=True, kw_only=True)
class FeedForm:
    """The form as a browser sends it, without the blanks around what was typed."""

    name: str = ""
    filter: str = ""  #: a line of TOML for each condition
    titles: Mapping[str, str] = field(default_factory=dict)  #: by edition; empty: it has none there

    @classmethod
    def from_fields(cls, fields: Mapping[str, str], editions: Iterable[str]) -> FeedForm:
        """Of a form's fields, `title.<edition>` among them; fields of other editions mean nothing."""
        return cls(
            name=fields.get("name", ""),
            filter=fields.get("filter", ""),
            titles={tag: fields.get(f"title.{tag}", "") for tag in editions},
        )


def build_feed(form: FeedForm, wire: Wire) -> FeedRow:
    """The feed that a form defines, beside those of the file. Raises ValueError with a sentence for its writer.

    It is a public one: private feeds stand in the file, beside the products that have them.
    """
    try:
        conditions = tomllib.loads(form.filter)
    except tomllib.TOMLDecodeError as broken:
        raise ValueError(f"The filter cannot be read: {broken}.") from broken
    titles = {tag: title for tag, title in form.titles.items() if title}
    if not titles:
        raise ValueError("A feed needs a title.")
    try:
        row = FeedRow.model_validate({"name": titles, "filter": conditions})
        wire.check_feed(form.name, row)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "name"
        raise ValueError(f"{where}: {first['msg']}.") from wrong
    return row


def write_filter(conditions: Mapping[str, JsonValue]) -> str:
    """A filter as it is written in a form: a line for each thing that it asks for."""
    return "\n".join(f"{name} = {_toml(value)}" for name, value in conditions.items())


def _toml(value: JsonValue) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)
