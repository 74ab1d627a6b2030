"""Lists of words and names, as they are written in this package."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Words with spaces between them."""
    return frozenset(text.split())


def names(text: str, between: str = ";") -> frozenset[str]:
    """Names of several words, with a sign between two."""
    return frozenset(" ".join(name.split()) for name in text.split(between))
