"""What a JSON text says twice: where it stands, and what of it holds."""

from __future__ import annotations

from typing import Any

import pytest

from services.ingest.formats.json_text import value_of
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.twice import Members, Repeats
from shared.contracts.item import PubStatus


def decoded(text: str) -> Any:
    return value_of(text).value


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ('{"a": 1, "a": 2}', [("a", 1)]),
        ('{"a": 1, "a": 2, "a": 3}', [("a", 1), ("a", 2)]),
        ('{"a": 1, "a": true}', [("a", 1)]),
        ('{"a": 2, "a": 1, "b": 1, "a": 1}', [("a", 2)]),
    ],
)
def test_the_last_holds_and_what_was_said_before_is_kept(text: str, again: list[tuple[str, object]]) -> None:
    value = decoded(text)
    assert isinstance(value, Members)
    assert value.again == again


@pytest.mark.parametrize("text", ['{"a": 1, "a": 1}', '{"a": [1], "a": [1]}', '{"a": null, "a": null}'])
def test_the_same_again_is_nothing_said_before(text: str) -> None:
    value = decoded(text)
    assert isinstance(value, Members)
    assert value.again == []


def test_more_than_are_read_are_not_gathered() -> None:
    value = decoded("{" + ", ".join(f'"a": {number}' for number in range(1000)) + "}")
    assert len(value.again) == 101


def test_what_an_object_said_before_is_not_lost_to_an_object_that_says_the_same_at_last() -> None:
    value = decoded('{"x": {"embargoed": "2099-01-01", "embargoed": null}, "x": {"embargoed": "2020-01-01", "embargoed": null}}')
    assert [(name, inner.again) for name, inner in value.again] == [("x", [("embargoed", "2099-01-01")])]


def test_objects_are_the_same_only_if_they_said_the_same_before() -> None:
    assert decoded('{"a": 1, "a": 2}') == decoded('{"a": 1, "a": 2}')
    assert decoded('{"a": 1, "a": 2}') != decoded('{"a": 0, "a": 2}')


@pytest.mark.parametrize(
    ("text", "unclear", "around"),
    [
        ('{"items": [{"b": 1, "b": 2}]}', None, []),
        ('{"title": "A", "title": "B", "items": [{"b": 1}]}', None, [("title",)]),
        ('{"items": [], "items": [{"b": 1}]}', ("items",), [("items",)]),
        ('{"version": 1, "version": 2, "items": []}', ("version",), [("version",)]),
        ('{"meta": {"x": 1, "x": 2}, "items": []}', None, [("meta", "x")]),
    ],
)
def test_what_is_said_around_the_items_may_leave_the_whole_unclear(
    text: str, unclear: tuple[str, ...] | None, around: list[tuple[str, ...]]
) -> None:
    document = decoded(text)
    repeats = Repeats(document, document["items"])
    assert (repeats.unclear, repeats.around) == (unclear, around)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('{"uri": "a", "uri": "b"}', ["uri"]),
        ('{"version": 1, "version": 2}', ["version"]),
        ('{"expires": "2099-01-01", "expires": "2098-01-01"}', ["expires"]),
        ('{"meta": {"expires_at": "2099-01-01", "expires_at": null}}', ["meta.expires_at"]),
        ('{"headline": "a", "headline": "b"}', []),
        ('{"meta": {"uri": "a", "uri": "b"}}', []),
    ],
)
def test_an_identity_or_an_expiry_said_twice_is_an_error(text: str, wrong: list[str]) -> None:
    document = decoded(text)
    parsed = ParsedItem()
    Repeats(document, [document]).read(parsed, 0)
    assert [error.field for error in parsed.errors] == wrong
    assert len(parsed.notes) == 1


def test_an_item_hears_of_its_own_and_of_what_stands_around_it() -> None:
    document = decoded('{"title": 1, "title": 2, "items": [{"a": 1}, {"pubstatus": "canceled", "pubstatus": "usable"}]}')
    repeats = Repeats(document, document["items"])
    first, second = ParsedItem(), ParsedItem()
    repeats.read(first, 0)
    repeats.read(second, 1)
    assert [note.partition(":")[0] for note in first.notes] == ["title"]
    assert [note.partition(":")[0] for note in second.notes] == ["pubstatus", "title"]
    assert second.fields["pubstatus"] is PubStatus.CANCELED
    assert "pubstatus" not in first.fields
