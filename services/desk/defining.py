"""A feed as somebody at the desk writes it: names and a filter, in the words of the wire's file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.wire.config import FeedRow, Wire
from shared.wire.matching import Filter

#: what a filter may ask for
PROPERTIES = tuple(field.alias or name for name, field in Filter.model_fields.items())


def feed_of(values: Mapping[str, str], wire: Wire) -> tuple[str, FeedRow]:
    """The feed that a form defines, beside those of the file. Raises ValueError with a sentence for its writer.

    It is a public one: private feeds stand in the file, beside the products that have them.
    """
    try:
        wanted = tomllib.loads(values.get("filter", ""))
    except tomllib.TOMLDecodeError as broken:
        raise ValueError(f"The filter cannot be read: {broken}.") from broken
    titles = {tag: title for tag in wire.editions if (title := values.get(f"title.{tag}", ""))}
    if not titles:
        raise ValueError("A feed needs a title.")
    name = values.get("name", "")
    try:
        row = FeedRow.model_validate({"name": titles, "filter": wanted})
        wire.check_feed(name, row)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "name"
        raise ValueError(f"{where}: {first['msg']}.") from wrong
    return name, row


def filter_text(definition: Mapping[str, Any]) -> str:
    """A kept filter as it is written: a line for each thing that it asks for."""
    return "\n".join(f"{name} = {_toml(value)}" for name, value in definition.items())


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)
