"""What is wrong with a source that somebody wants to add is named field by field."""

from __future__ import annotations

from typing import Any

import pytest

from services.ingest.sources.polling import SCHEMES
from services.ingest.sources.validation import require_valid
from shared.contracts.problem import InvalidRequest


def valid(name: str = "agency", url: str = "https://agency.example/", interval_s: int | None = None, encoding: str = "") -> int:
    return require_valid(name, url, interval_s, encoding=encoding, schemes=SCHEMES)


@pytest.mark.parametrize(
    ("fields", "interval_s"),
    [
        ({}, 60),
        ({"interval_s": 5}, 5),
        ({"interval_s": 86_400}, 86_400),
        ({"url": "drop:"}, 1),
        ({"url": "drop:", "interval_s": 1}, 1),
        ({"url": "heartbeat:"}, 60),
        ({"url": "sftp://user@agency.example/out"}, 60),
        ({"url": "ap+https://api.example/feed"}, 60),
        ({"name": "a-2-b", "encoding": "windows-1256"}, 60),
    ],
)
def test_a_source_that_can_be_polled_has_an_interval(fields: dict[str, Any], interval_s: int) -> None:
    assert valid(**fields) == interval_s


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "Agency"}, ["name"]),
        ({"name": "a--b"}, ["name"]),
        ({"name": ""}, ["name"]),
        ({"name": "a" * 61}, ["name"]),
        ({"url": "gopher://agency.example/"}, ["url"]),
        ({"url": "https:///feed"}, ["url"]),
        ({"url": "https://agency.example:port/"}, ["url"]),
        ({"url": "https://[agency/"}, ["url"]),
        ({"url": "ftp://user:word@agency.example/"}, ["url"]),
        ({"url": "gopher://u:w@agency.example/"}, ["url", "url"]),
        ({"interval_s": 4}, ["interval_s"]),
        ({"interval_s": 86_401}, ["interval_s"]),
        ({"interval_s": -1}, ["interval_s"]),
        ({"encoding": "klingon"}, ["encoding"]),
        ({"encoding": "base64"}, ["encoding"]),
        ({"encoding": "utf-8; x"}, ["encoding"]),
        ({"name": "A", "url": "x:", "interval_s": 1, "encoding": "?"}, ["name", "url", "interval_s", "encoding"]),
    ],
)
def test_each_field_that_is_wrong_is_named(fields: dict[str, Any], wrong: list[str]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        valid(**fields)
    assert [error.field for error in refused.value.problem.errors] == wrong
