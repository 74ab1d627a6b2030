"""JSON that is no news item: named, and refused in words that help, instead of for the headline that it never had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from services.ingest.formats.ap_media import PLANS
from services.ingest.formats.refusals import invalid
from shared.contracts.problem import FieldError

NAME = "other JSON"

#: a news item of any dialect has one of these: a name, words, or a status
_OF_NEWS = {
    "uri", "guid", "headline", "headlines", "title", "body_html", "body_xhtml", "body_text", "bodies", "body", "slugline",
    "description_text", "description_html", "descriptions", "pubstatus", "pubStatus", "pub_status", "status", "altids",
    "version", "wire_item", "content_html", "content_text",
}  # fmt: skip
#: where the answers of other systems keep their items
_LISTS = ("item", "items", "_items", "articles", "results", "hits", "stories", "data")
#: names of an answer's own, beside its items
_SHOWN = 5


def recognises(decoded: object) -> bool:
    """Planning, the list that another system answers with, or an object without anything of a news item; or an array of such."""
    if isinstance(decoded, list):
        return bool(decoded) and all(_is_other(row) for row in decoded)
    return _is_other(decoded)


def split(decoded: object) -> Sequence[object]:
    return decoded if isinstance(decoded, list) else [decoded]


def read(decoded: Mapping[str, Any]) -> NoReturn:
    """Raises Refused (422) that says what it is."""
    raise invalid([_what_it_is(decoded)])


def _is_other(decoded: object) -> bool:
    # an empty object is a news item that lacks everything, and its refusal says what
    return isinstance(decoded, Mapping) and bool(decoded) and (_is_plan(decoded) or not _OF_NEWS & decoded.keys())


def _is_plan(decoded: Mapping[str, Any]) -> bool:
    kind = decoded.get("type")
    return isinstance(kind, str) and kind.strip().lower() in PLANS


def _what_it_is(decoded: Mapping[str, Any]) -> FieldError:
    if _is_plan(decoded):
        return FieldError.at("type", f"this is {PLANS[decoded['type'].strip().lower()]}, which is no news item")
    for name in _LISTS:
        if isinstance(rows := decoded.get(name), list) and any(isinstance(row, Mapping) for row in rows):
            detail = f"this is another system's answer with a list of {len(rows)}; send what is in it, as an array or one a line"
            return FieldError.at(name, detail)
    names = ", ".join(str(name)[:40] for name in list(decoded)[:_SHOWN])
    detail = f"this JSON is no news item: it has {names}, and neither an identity nor a headline, a text or a status"
    return FieldError.at("", detail)
