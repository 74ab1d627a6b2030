"""Addresses in documents: each against its own base, else the document's, and never one that nobody can follow.

A relative link means something only beside an address. That of the document itself is known for what was polled; what is
pushed has none, so links in it that no base resolves are told as such and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urljoin, urlsplit

_standing_at: ContextVar[str] = ContextVar("standing_at", default="")

#: neither pattern can begin again inside what it has taken: each reads a text once
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_LINK = re.compile(r"""\b(href|src)(\s{0,9}=\s{0,9})("[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)""", re.IGNORECASE)
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]{0,30}:")


@contextmanager
def standing_at(address: str) -> Iterator[None]:
    """What is read inside stands at this address."""
    token = _standing_at.set(address if is_followable(address) else "")
    try:
        yield
    finally:
        _standing_at.reset(token)


def address_of_document() -> str:
    """Where the document that is being read stands; empty if nobody knows."""
    return _standing_at.get()


def is_followable(address: str) -> bool:
    """Is it an address on the web, with a host in it?"""
    try:
        return urlsplit(address).scheme in ("http", "https") and bool(urlsplit(address).hostname)
    except ValueError:
        return False


def joined(base: str, link: str) -> str:
    """A link against a base, as far as that goes: it may still be relative, or of another scheme."""
    link = link.strip()
    try:
        return urljoin(base, link) if link else base
    except ValueError:  # `http://[`
        return link


def absolute(base: str, link: str) -> str:
    """A link that can be followed; empty where it is of no use, or relative to nothing that is known."""
    if not link.strip():
        return ""
    found = joined(base, link)
    return found if is_followable(found) else ""


def html_at(source: str, base: str) -> str:
    """HTML whose links are absolute, as far as there is a base for them. Nothing else in it is touched."""

    def resolve(found: re.Match[str]) -> str:
        name, equals, value = found.groups()
        bare = value.strip("\"'")
        return found[0] if bare.startswith("#") else f'{name}{equals}"{joined(base, bare)}"'

    return _TAG.sub(lambda tag: _LINK.sub(resolve, tag[0]), source) if base else source


def lost_links(source: str) -> list[str]:
    """The links of HTML that lead nowhere: still relative after all that was known."""
    links = (
        found[3].strip("\"'").strip()
        for tag in _TAG.finditer(source)
        for found in _LINK.finditer(tag[0])
        if found[1].lower() == "href"
    )
    return [link for link in links if link and not link.startswith("#") and not _SCHEME.match(link)]


def lost(links: list[str]) -> str:
    """What the sender is told of links that lead nowhere."""
    more = f" and {len(links) - 1} more" if len(links) > 1 else ""
    why = "no address on the web" if _SCHEME.match(links[0]) else "relative to no address that is known"
    return f"left out, as {why}: {links[0][:200]}{more}"
