"""Addresses within the wire, put together from values that others chose."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def address_of(*parts: str, **query: str) -> str:
    """The address of a path's parts and a query: `/desk/translate?edition=ar`.

    Each part stays one part, whatever it holds: no slash begins another, no question mark a query, no two dots climb.
    """
    path = "".join(f"/{_quote(part)}" for part in parts)
    return f"{path}?{urlencode(query)}" if query else path


def _quote(part: str) -> str:
    # dots are never quoted by themselves, and a part that is nothing else is no name but a way
    return part.replace(".", "%2E") if part in (".", "..") else quote(part, safe="")
