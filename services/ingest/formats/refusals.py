"""The refusal of an item for its fields, each wrong field under the name that its sender used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import ValidationError

from shared.contracts.problem import FieldError, InvalidItem, Refused
from shared.language.characters import clean_line


def invalid(errors: Iterable[FieldError]) -> Refused:
    """The refusal (422) of an item for what is wrong with its fields: all of them once, the first three in its sentence."""
    errors = tuple(dict.fromkeys(errors))
    return InvalidItem(
        "The item was not taken: " + "; ".join(f"{e.field or 'item'}: {e.detail}" for e in errors[:3]) + ".",
        errors=errors,
    )


def field_errors(wrong: ValidationError, names: Mapping[str, str]) -> list[FieldError]:
    """What the contract says is wrong; `names` are the sender's names of our fields."""
    errors = []
    for error in wrong.errors():
        first, *rest = error["loc"] or ("",)
        errors.append(field_error(names.get(str(first), str(first)), rest, error["msg"]))
    return errors


def field_error(name: str, path: Sequence[int | str], message: str) -> FieldError:
    """One of the contract's messages on a field, or on what stands at a path within it: `subjects.3.code`."""
    place = clean_line(".".join([name, *(str(part) for part in path)]))
    return FieldError.at(place, message[0].lower() + message[1:])
