"""Every field of a contract, however deep: so that a test that must hold for all of them forgets none that is added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel


def fields_of(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """The paths of a model's fields: `barq.pictures.caption`. Lists and mappings add nothing to a path."""
    for name, field in model.model_fields.items():
        here = f"{path}{name}"
        inner = next(_models_in(field.annotation), None)
        if inner:
            yield from fields_of(inner, f"{here}.")
        else:
            yield here


def values_of(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """What stands in the fields of a model that was made: path and value, once for each that a list or a mapping holds."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from values_of(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, dict):
        for one in value.items():
            yield from values_of(one, path)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from values_of(one, path)
    elif value is not None:
        yield path, value


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
