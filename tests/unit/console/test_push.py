"""`barq push` sends what was written: an item that says a member twice is for the wire to judge, not for the command."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

from services.console.parcels import read_parcels
from services.console.push import send_parcels


def test_items_are_sent_as_they_were_written(tmp_path: Path) -> None:
    twice = '\ufeff{"uri": "urn:d:1",\r\n "embargoed": "2099-01-01",\n\n "embargoed": null, "slugline": "\u2028"}\n'
    (tmp_path / "one.json").write_text(twice, encoding="utf-8", newline="")
    (tmp_path / "two.json").write_text('{"uri": "urn:d:2"}', encoding="utf-8")
    sent: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return httpx.Response(202, json={"accepted": [], "rejected": []})

    with httpx.Client(base_url="http://wire.example", transport=httpx.MockTransport(answer)) as client:
        list(send_parcels(read_parcels([str(tmp_path)]), client))
    first, second = b"".join(sent).decode().split("\n")
    pairs: list[list[tuple[str, object]]] = []
    json.loads(first, object_pairs_hook=pairs.append)
    assert pairs == [json.loads(twice.removeprefix("\ufeff"), object_pairs_hook=list)]
    assert json.loads(second) == {"uri": "urn:d:2"}
