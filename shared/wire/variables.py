"""Environment variables of things that have names of their own: `BARQ_WEBHOOK_SECRET_ARCHIVE` for the webhook `archive`."""

from __future__ import annotations


def variable_of(kind: str, name: str) -> str:
    """The variable's name; a hyphen, which no shell takes, is an underscore."""
    return f"BARQ_{kind}_{name.upper().replace('-', '_')}"
