"""AP's pages as they can come: what is odd in one item costs that item alone, and is not lost on the way to its reader."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import httpx
import pytest

from services.ingest.acceptance import Candidate, read_items
from services.ingest.connectors import ap
from services.ingest.connectors.connector import SourceDocument
from shared.contracts.item import PubStatus
from shared.web.outbound import Fetched, Unreachable
from tests.unit.ingest.made_sources import context, source

FEED = "https://api.example/feed"


class Api:
    """AP's answers by their addresses, and which were asked for."""

    def __init__(self, page: bytes, **others: bytes) -> None:
        self._bodies = {"/feed": page, **{f"/{name}": body for name, body in others.items()}}
        self.asked: list[str] = []

    def fetch(self, url: str, **_: Any) -> Fetched:
        path = httpx.URL(url).path
        self.asked.append(path)
        status = 200 if path in self._bodies else 404
        return Fetched(status=status, headers=httpx.Headers(), body=self._bodies.get(path, b""), address=url)


def row(name: str, *, more: str = "", kind: str = "picture") -> str:
    """An item in the page, with members that no dictionary could hold."""
    fields = {
        "altids": {"etag": name, "itemid": name}, "type": kind, "headline": f"Ferry {name}", "language": "en",
        "pubstatus": "usable", "version": 1, "versioncreated": "2026-11-01T04:05:12Z", "provider": "AP",
    }  # fmt: skip
    return f'{{"item": {json.dumps(fields)[:-1]}{more}}}}}'


def page(*rows: str, more: str = "") -> bytes:
    return f'{{"data": {{"items": [{", ".join(rows)}]{more}}}}}'.encode()


def poll(monkeypatch: pytest.MonkeyPatch, api: Api, memory: dict[str, Any] | None = None) -> list[SourceDocument]:
    monkeypatch.setattr(ap, "fetch", api.fetch)
    given = context(source(url=f"ap+{FEED}"), memory=memory)
    documents = []
    for document in ap.poll(given):
        document.put_away([])
        documents.append(document)
    json.dumps(given.memory, ensure_ascii=False).encode()  # as no surrogate can be
    return documents


def item(document: SourceDocument) -> Candidate:
    (result,) = read_items(document.body, document.content_type, most=1)
    assert isinstance(result, Candidate), result
    return result


def test_half_a_character_in_a_name_or_a_text_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    memory: dict[str, Any] = {}
    api = Api(page(row("a").replace('"etag": "a"', r'"etag": "\ud800"').replace("Ferry a", r"Ferry \udfff"), row("b")))
    documents = poll(monkeypatch, api, memory)
    assert len(documents) == 2
    assert [item(document).item.headline.startswith("Ferry") for document in documents] == [True, True]
    assert poll(monkeypatch, api, memory) == [], "both are remembered as taken"


def test_a_status_that_is_said_twice_is_judged_by_the_reader_of_the_format(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = row("a", more=', "pubstatus": "canceled", "pubstatus": "usable", "uri": "urn:x"')
    (document,) = poll(monkeypatch, Api(page(twice)))
    assert item(document).item.pubstatus is PubStatus.CANCELED, "of several, the one that takes back most holds"


def test_what_is_said_twice_around_an_item_is_kept_beside_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    link = '"renditions": {"nitf": {"href": "https://api.example/text", "type": "text", "rel": "Story"}}'
    text = b"<nitf><body><body.content><p>Text.</p></body.content></body></nitf>"
    whole = f'{{"data": {{"nitf": "<nitf/>", {row("a", more=f", {link}", kind="text")[1:]}}}'.encode()
    listed = row("a", more=f', "uri": "https://api.example/whole", {link}', kind="text")
    (document,) = poll(monkeypatch, Api(page(listed), whole=whole, text=text))
    assert b"Text." in document.body
    decoded = json.loads(document.body, object_pairs_hook=list)
    assert [name for name, _ in decoded].count("item") == 1


@pytest.mark.parametrize(
    "more", [', "items": []', ', "next_page": "https://api.example/1", "next_page": "https://api.example/2"']
)
def test_a_page_that_can_be_read_in_two_ways_is_not_read(monkeypatch: pytest.MonkeyPatch, more: str) -> None:
    with pytest.raises(Unreachable, match="twice"):
        poll(monkeypatch, Api(page(row("a"), more=more)))


def test_bytes_that_are_no_utf8_cost_the_item_that_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = page(row("a"), row("b"), row("c")).replace(b"Ferry b", b"Ferry \x81\x8d\x8f \xff\xfe\x81")
    documents = poll(monkeypatch, Api(broken))
    assert [document.name[0] for document in documents] == ["a", "b", "c"]
    assert [bool(document.fault) for document in documents] == [False, True, False]
    assert item(documents[0]).item.headline == "Ferry a"


def test_an_item_that_is_nested_too_deeply_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = row("a", more=f', "x": {"[" * 400}{"]" * 400}')
    documents = poll(monkeypatch, Api(page(deep, row("b"))))
    assert item(documents[-1]).item.headline == "Ferry b"


@pytest.mark.parametrize("link", [r"https://api.example/\ud800", r"https://api.example/\u0000", "https://api.example:x/"])
def test_a_next_page_that_is_no_address_is_said(monkeypatch: pytest.MonkeyPatch, link: str) -> None:
    with pytest.raises(Unreachable):
        poll(monkeypatch, Api(page(row("a"), more=f', "next_page": "{link}"')))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 100_000, b"null", b"[]", b'{"data": []}', b'{"data": {"items": 1}}'])
def test_what_is_no_page_is_a_failure_or_empty_and_never_a_break(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    with suppress(Unreachable):
        assert poll(monkeypatch, Api(body)) == []
