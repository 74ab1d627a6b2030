"""Identity: what a story without a `uri` of its own is known by, and which of a request's stories another one replaces."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

from shared.contracts.item import WireItem

#: how a slugline says which part of its story this is: `Storm 2nd add` is the third, `Storm, take 3` too
_PART = re.compile(
    r"(?<![\s,_-])[\s,_-]*+\b(?:(?P<nth>\d{1,2})(?:st|nd|rd|th)[\s-]?(?P<kind>add|take)"
    r"|(?P<kind_first>take|add)[\s-](?P<number>\d{1,2}))\b",
    re.IGNORECASE,
)

#: names made from names (RFC 9562, version 5) within Barq
_NAMESPACE = UUID("6f1d8f1a-3c0b-5b7e-9a55-6f6f3b0f6a11")


def uri_from_content(fields: Mapping[str, Any]) -> str:
    """An identity made from provider and content: the same story sent again has it again, another story never has."""
    provider = fields.get("provider")
    parts = (
        str(getattr(provider, "name", "") or getattr(provider, "code", "")),
        str(fields.get("headline", "")),
        str(fields.get("body_html", "")),
    )
    digest = hashlib.sha256("\0".join(" ".join(part.split()) for part in parts).encode("utf-8", "replace"))
    return uuid5(_NAMESPACE, digest.hexdigest()).urn


def uri_from_reference(format_name: str, *parts: str) -> str:
    """An identity made from an agency's own running number: `urn:barq:iptc7901:dpa:20131113:eca062`."""
    words = [re.sub(r"[^\w.-]+", "-", part.strip().lower()).strip("-") for part in parts]
    return ":".join(["urn:barq", format_name, *(word for word in words if word)])


def take_in_slugline(slugline: str) -> int | None:
    """Which take of its story a slugline says that this is, from 1; the first add is the second take. None: it does not say."""
    if not (part := _PART.search(slugline)):
        return None
    number = int(part["nth"] or part["number"])
    return number + 1 if (part["kind"] or part["kind_first"]).lower() == "add" else number


def without_take(slugline: str) -> str:
    """The slugline that all takes of a story share: `Storm 2nd add` continues `Storm`."""
    return _PART.sub("", slugline).strip()


def in_order_of_replacement(items: Iterable[WireItem]) -> list[WireItem]:
    """The items of one request, each `uri` once, what is replaced before what replaces it; those of one rank by their `uri`."""
    by_uri = {item.uri: item for item in items}
    return sorted(by_uri.values(), key=lambda item: (_steps_behind(item, by_uri), item.uri))


def _steps_behind(item: WireItem, by_uri: Mapping[str, WireItem]) -> int:
    """How many other items of the request this one replaces, one behind the other."""
    seen = {item.uri}
    while (older := by_uri.get(item.replaces)) and older.uri not in seen:
        seen.add(older.uri)
        item = older
    return len(seen)
