"""The contract as a format of its own: what any reader understood can be sent again, and is the same."""

from __future__ import annotations

import json

import pytest

from services.ingest.acceptance import Candidate, Rejection, read_items
from shared.contracts.item import WireItem
from tests.unit.ingest.test_corpus import FILES


def sent_again(item: WireItem) -> Candidate | Rejection:
    body = json.dumps({"wire_item": item.model_dump(mode="json", exclude_defaults=True)}).encode()
    (result,) = read_items(body, "application/json", most=10)
    return result


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_understood_is_understood_again(path: object) -> None:
    for result in read_items(path.read_bytes(), "", most=100):  # type: ignore[attr-defined]
        if isinstance(result, Candidate):
            again = sent_again(result.item)
            assert isinstance(again, Candidate), again
            assert again.item == result.item


def test_a_body_is_made_safe_and_plain_text_becomes_paragraphs() -> None:
    item = WireItem(uri="urn:1", headline="H", body_html="<p>x</p><script>y</script>")
    again = sent_again(item)
    assert isinstance(again, Candidate)
    assert again.item.body_html == "<p>x</p>"


def test_a_field_that_a_wire_item_has_not_is_named() -> None:
    body = json.dumps({"wire_item": {"uri": "urn:1", "headline": "H", "body_html": "B", "heading": "?"}}).encode()
    (result,) = read_items(body, "application/json", most=10)
    assert isinstance(result, Rejection)
    assert result.problem.errors[0].field == "heading"
