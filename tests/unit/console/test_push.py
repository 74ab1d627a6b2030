"""`barq push` sends what was written: an item that says a member twice is for the wire to judge, not for the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.console.parcels import Parcel, read_parcels, split_parcels
from services.console.push import Outcome, send_parcels

Answer = Callable[[httpx.Request], httpx.Response]


def sent(parcels: list[Parcel], answer: Answer) -> list[Outcome]:
    with httpx.Client(base_url="http://wire.example", transport=httpx.MockTransport(answer)) as client:
        return list(send_parcels(parcels, client))


def accepts(request: httpx.Request) -> httpx.Response:
    """A wire that takes everything, and names a story after its place in the request."""
    if request.method == "PUT":
        return httpx.Response(202, json={})
    rows = [
        {"index": number, "item": f"i{number}", "story": f"s{number}", "duplicate": False}
        for number in range(len(request.content.split(b"\n")))
    ]
    return httpx.Response(202, json={"accepted": rows, "rejected": []})


def items(count: int) -> list[Parcel]:
    return [parcel for n in range(count) for parcel in split_parcels(f"{n}.json", b'{"uri": "urn:d:%d"}' % n)]


def translation(**fields: Any) -> Parcel:
    (parcel,) = split_parcels("t.json", json.dumps({"translationOf": {"uri": "urn:d:0"}, "language": "ar", **fields}).encode())
    return parcel


def test_items_are_sent_as_they_were_written(tmp_path: Path) -> None:
    twice = '\ufeff{"uri": "urn:d:1",\r\n "embargoed": "2099-01-01",\n\n "embargoed": null, "slugline": "\u2028"}\n'
    (tmp_path / "one.json").write_text(twice, encoding="utf-8", newline="")
    (tmp_path / "two.json").write_text('{"uri": "urn:d:2"}', encoding="utf-8")
    bodies: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(202, json={"accepted": [], "rejected": []})

    sent(read_parcels([str(tmp_path)]), answer)
    first, second = b"".join(bodies).decode().split("\n")
    pairs: list[list[tuple[str, object]]] = []
    json.loads(first, object_pairs_hook=pairs.append)
    assert pairs == [json.loads(twice.removeprefix("\ufeff"), object_pairs_hook=list)]
    assert json.loads(second) == {"uri": "urn:d:2"}


@pytest.mark.parametrize(("count", "requests"), [(1, [1]), (200, [200]), (201, [200, 1]), (401, [200, 200, 1])])
def test_items_travel_two_hundred_at_a_time(count: int, requests: list[int]) -> None:
    seen: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(len(request.content.split(b"\n")))
        return accepts(request)

    assert len(sent(items(count), answer)) == count
    assert seen == requests


def test_the_order_of_files_is_kept_and_translations_come_last() -> None:
    seen: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.path, request.headers["content-type"]))
        return accepts(request)

    one, two = items(2)
    sent([translation(), one, Parcel(name="a.xml", body=b"<nitf/>"), Parcel(name="a.eml", body=b"Subject: x"), two], answer)
    assert seen == [
        ("/v1/items", "application/x-ndjson"),
        ("/v1/items", "application/octet-stream"),
        ("/v1/items", "message/rfc822"),
        ("/v1/items", "application/x-ndjson"),
        ("/v1/stories/s0/editions/ar", "application/json"),
    ]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (202, b'{"accepted": [{"index": 0, "item": "i", "story": "s", "duplicate": false}], "rejected": []}', ("accepted", "i")),
        (202, b'{"accepted": [{"index": 0, "item": "i", "story": "s", "duplicate": true}], "rejected": []}', ("duplicate", "i")),
        (202, b'{"accepted": [], "rejected": [{"index": 0, "problem": {"detail": "no uri"}}]}', ("refused", "no uri")),
        (401, b'{"detail": "Send your key"}', ("refused", "Send your key")),
        (500, b"{}", ("refused", "no answer")),
        (502, b"<html>", ("refused", "the wire answered 502 without JSON; is it a wire at all?")),
        (200, b"[]", ("refused", "the wire answered 200 without JSON; is it a wire at all?")),
    ],
)
def test_what_becomes_of_an_item(status: int, body: bytes, expected: tuple[str, str]) -> None:
    for parcels in (items(1), [Parcel(name="0.json", body=b"<nitf/>")]):
        (outcome,) = sent(parcels, lambda _: httpx.Response(status, content=body))
        assert (outcome.name, outcome.status, outcome.detail) == ("0.json", *expected)


def test_a_file_of_many_items_has_an_outcome_for_each() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        accepted = [{"index": 1, "item": "i", "story": "s", "duplicate": False}]
        return httpx.Response(202, json={"accepted": accepted, "rejected": [{"index": 0, "problem": {"detail": "no"}}]})

    outcomes = sent([Parcel(name="feed.xml", body=b"<rss/>")], answer)
    assert [(outcome.name, outcome.status) for outcome in outcomes] == [("feed.xml#2", "accepted"), ("feed.xml#1", "refused")]


@pytest.mark.parametrize(
    ("fields", "put", "expected"),
    [
        ({"headline": "ع", "slugline": "x"}, 202, ("translated", "ar")),
        ({"translationOf": {"uri": "urn:d:9"}}, 202, ("refused", "neither what was pushed with it nor the wire has 'urn:d:9'")),
        ({"translationOf": {"uri": "urn:kept"}, "headline": "ع"}, 202, ("translated", "ar")),
        ({"translationOf": "urn:d:0"}, 202, ("refused", "neither what was pushed with it nor the wire has ''")),
        (
            {"translationOf": {"uri": ["urn:d:0"]}},
            202,
            ("refused", "neither what was pushed with it nor the wire has \"['urn:d:0']\""),
        ),
        ({"headline": ""}, 422, ("refused", "no headline")),
    ],
)
def test_what_becomes_of_a_translation(fields: dict[str, Any], put: int, expected: tuple[str, str]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            assert set(json.loads(request.content)) == {"headline"}
            return httpx.Response(put, json={"detail": "no headline"})
        if request.method == "GET":
            assert (request.url.path, request.url.params["everyone"]) == ("/v1/items", "true")
            return httpx.Response(200, json={"items": [{"story": "s9"}] if request.url.params["uri"] == "urn:kept" else []})
        return accepts(request)

    *_, outcome = sent([*items(1), translation(**fields)], answer)
    assert (outcome.status, outcome.detail) == expected


def test_a_language_stays_one_part_of_the_address() -> None:
    paths: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path)
        return accepts(request)

    sent([*items(1), translation(language="../ar?x")], answer)
    assert paths[-1] == b"/v1/stories/s0/editions/..%2Far%3Fx"
