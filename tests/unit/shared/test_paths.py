"""Addresses that are put together from values that others chose."""

from __future__ import annotations

from urllib.parse import unquote

import httpx
import pytest

from shared.web.paths import address_of


@pytest.mark.parametrize(
    ("parts", "query", "address"),
    [
        (("desk", "drafts"), {}, "/desk/drafts"),
        (("desk", "translate"), {"edition": "zh-Hans"}, "/desk/translate?edition=zh-Hans"),
        (("v1", "stories", "a/b?c#d"), {}, "/v1/stories/a%2Fb%3Fc%23d"),
        (("v1", "stories", "..", "x"), {}, "/v1/stories/%2E%2E/x"),
        (("desk", "قصة 1"), {}, "/desk/%D9%82%D8%B5%D8%A9%201"),
        (("v1", "terms"), {"edition": "ar&edition=en", "source": "a b"}, "/v1/terms?edition=ar%26edition%3Den&source=a+b"),
    ],
)
def test_every_value_stays_in_its_place(parts: tuple[str, ...], query: dict[str, str], address: str) -> None:
    assert address_of(*parts, **query) == address


@pytest.mark.parametrize("part", ["..", ".", "a/../b", "x?y=z", "100%", "%2e%2e"])
def test_no_part_leads_elsewhere_in_the_clients_hands(part: str) -> None:
    url = httpx.URL(f"http://newsroom{address_of('v1', 'stories', part, 'editions')}")
    raw = url.raw_path.decode().split("/")
    assert (len(raw), unquote(raw[3]), url.query) == (5, part, b"")
