"""Superdesk's ninjs, and Newshub's: the dialect's own words put into ninjs', by a mapper.

https://github.com/superdesk/superdesk-core/blob/develop/superdesk/publish/formatters/ninjs_formatter.py
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def recognises(ninjs: Mapping[str, Any]) -> bool:
    """An object that calls its identity `guid`, where ninjs says `uri`."""
    return not ninjs.get("uri") and "guid" in ninjs


def as_ninjs(theirs: Mapping[str, Any]) -> dict[str, Any]:
    """The same item in ninjs' words; what has none keeps its own name."""
    ninjs = dict(theirs)
    ninjs["uri"] = ninjs.pop("guid")
    for place in ("place", "places"):
        ninjs[place] = [_place(row) for row in _rows(ninjs.get(place))] or None
    if services := _rows(ninjs.pop("service", None)):
        # a service is the wire's own section: a subject of a scheme of its own
        ninjs["subject"] = [*_rows(ninjs.get("subject")), *({**row, "scheme": "service"} for row in services)]
    if authors := _rows(ninjs.pop("authors", None)):
        if not ninjs.get("byline"):
            writers = [row for row in authors if row.get("role") not in ("editor", "subeditor")] or authors
            ninjs["byline"] = ", ".join(str(row["name"]) for row in writers if row.get("name"))
        ninjs["authors"] = "; ".join(f"{row.get('role') or 'author'}: {row.get('name')}" for row in authors)
    if ninjs.get("embargoed") is None and "embargoed" in ninjs:
        del ninjs["embargoed"]  # the dialect writes null for "never had one", which clears nothing
    if ninjs.get("urgency") is None and isinstance(ninjs.get("priority"), int):
        ninjs["urgency"] = ninjs["priority"]
    return {name: value for name, value in ninjs.items() if value is not None}


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": row.get("name"), "code": row.get("code") or row.get("qcode"), "scheme": row.get("scheme")}


def _rows(value: object) -> list[dict[str, Any]]:
    rows = value if isinstance(value, list) else [value]
    return [dict(row) for row in rows if isinstance(row, Mapping)]
