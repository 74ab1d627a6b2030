"""What readers do with what they are answered: find entries and links, and wait for what comes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import feedparser
from lxml import etree


def entries_of(body: bytes, form: str) -> list[str]:
    """The titles of a document's entries, in its order; XML must be well-formed."""
    if form == "json":
        return [item["title"] for item in json.loads(body)["items"]]
    etree.fromstring(body)
    return [entry.title for entry in feedparser.parse(body).entries]


def link_of(body: bytes, form: str, rel: str) -> str:
    """The address that a document names as its `rel`; nothing if it names none. JSON Feed knows `next_url` alone."""
    if form == "json":
        return str(json.loads(body).get("next_url", ""))
    return next((str(link.href) for link in feedparser.parse(body).feed.links if link.rel == rel), "")


def eventually(holds: Callable[[], bool], patience_s: float = 60.0) -> None:
    """Wait for it."""
    ends_s = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < ends_s, "it never came"
        time.sleep(0.02)
