"""Addresses in documents: each against its own base, else the document's, and never one that nobody can follow.

A relative link means something only beside an address. That of the document itself is known for what was polled; what is
pushed has none, so links in it that no base resolves are left out with a note.
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
    """What is read inside stands at this address; one that nobody can follow is none."""
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


def resolve(base: str, link: str) -> str:
    """A link against a base (RFC 3986, section 5): it may still be relative, or of another scheme. Without a link, the base."""
    link = link.strip()
    try:
        return urljoin(base, link) if link else base
    except ValueError:  # `http://[`
        return link


def resolve_followable(base: str, link: str) -> str:
    """A link that can be followed; empty where it is of no use, or relative to nothing that is known."""
    if not link.strip():
        return ""
    address = resolve(base, link)
    return address if is_followable(address) else ""


def resolve_links(source: str, base: str) -> str:
    """HTML whose links are absolute, as far as there is a base for them. Nothing else in it is touched."""

    def replace(match: re.Match[str]) -> str:
        name, equals, value = match.groups()
        bare = value.strip("\"'")
        return match[0] if bare.startswith("#") else f'{name}{equals}"{resolve(base, bare)}"'

    return _TAG.sub(lambda tag: _LINK.sub(replace, tag[0]), source) if base else source


def lost_links(source: str) -> list[str]:
    """The links of HTML that lead nowhere: still relative after all that was known."""
    links = (
        match[3].strip("\"'").strip()
        for tag in _TAG.finditer(source)
        for match in _LINK.finditer(tag[0])
        if match[1].lower() == "href"
    )
    return [link for link in links if link and not link.startswith("#") and not _SCHEME.match(link)]


def describe_lost(links: list[str]) -> str:
    """What a note says of links that lead nowhere; `links` is not empty."""
    more = f" and {len(links) - 1} more" if len(links) > 1 else ""
    why = "no address on the web" if _SCHEME.match(links[0]) else "relative to no address that is known"
    return f"left out, as {why}: {links[0][:200]}{more}"
