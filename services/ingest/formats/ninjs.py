"""ninjs, IPTC's JSON for news: versions 1.x, 2.x and 3.x by the names that each gave to its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from shared.contracts.item import PubStatus, WireItem
from shared.contracts.problem import FieldError, ProblemType, Refused
from shared.markup import paragraphs, plain_text, safe_html
from shared.text import clean_line

MEDIA_TYPES = ("application/json", "application/ninjs+json")

#: our field -> the names it has in ninjs 1.x, 2.x and 3.x, and in dialects seen
_NAMES: dict[str, tuple[str, ...]] = {
    "uri": ("uri",),
    "version": ("version",),
    "pubstatus": ("pubstatus", "pubStatus"),
    "urgency": ("urgency",),
    "language": ("language",),
    "slugline": ("slugline",),
    "byline": ("byline", "by"),
    "version_created_at": ("versioncreated", "versionCreated"),
    "first_created_at": ("firstcreated", "firstCreated"),
    "embargoed_until": ("embargoed", "embargoedUntil"),
    "expires_at": ("expires",),
    "copyright_notice": ("copyrightnotice", "copyrightNotice"),
    "usage_terms": ("usageterms", "usageTerms"),
    "ednote": ("ednote", "edNote"),
}
_CONCEPTS: dict[str, tuple[str, ...]] = {
    "subjects": ("subject", "subjects"),
    "places": ("place", "places"),
    "people": ("person", "people"),
    "organisations": ("organisation", "organisations"),
    "genres": ("genre", "genres"),
}
_MEDIA_TOPIC = re.compile(r"^(?:https?://cv\.iptc\.org/newscodes/mediatopic/|medtop:)(\d{8})$")


def parse(ninjs: object) -> WireItem:
    """A decoded ninjs object as a wire item. Raises Refused (422) that names every wrong field."""
    if not isinstance(ninjs, Mapping):
        raise _refused([FieldError(at="", say=f"an item is a JSON object, not {_json_type(ninjs)}")])
    names: dict[str, str] = {}  # our field -> the name that the sender used
    fields: dict[str, Any] = {}
    for ours, theirs in _NAMES.items():
        for name in theirs:
            if name in ninjs and ninjs[name] is not None:
                fields[ours], names[ours] = ninjs[name], name
                break
    errors: list[FieldError] = []
    _read_texts(ninjs, fields, names, errors)
    for ours, theirs in _CONCEPTS.items():
        for name in theirs:
            if ninjs.get(name) is not None:
                fields[ours], names[ours] = tuple(_concepts(ninjs[name], name, errors)), name
    fields["keywords"] = _words(ninjs.get("keywords"), "keywords", errors)
    fields["labels"] = _words(ninjs.get("label"), "label", errors)
    fields["provider"] = _provider(ninjs)
    fields["signal"] = _signal(ninjs)
    fields["embargo_cleared"] = "embargoed_until" not in fields and any(
        name in ninjs for name in _NAMES["embargoed_until"]
    )
    if fields.get("pubstatus", PubStatus.USABLE) == PubStatus.USABLE:
        # what is taken back needs no text; everything else is read by somebody
        if not clean_line(fields["headline"]) and not any(error.at == names["headline"] for error in errors):
            errors.append(FieldError(at="headline", say="missing: a story needs a headline"))
        if not plain_text(fields["body_html"]) and not any(error.at == names["body_html"] for error in errors):
            say = "no text: send body_text, body_html, body_xhtml or bodies[] with words in it"
            errors.append(FieldError(at=names["body_html"], say=say))
    try:
        item = WireItem.model_validate(fields)
    except ValidationError as wrong:
        for error in wrong.errors():
            first, *rest = (str(part) for part in error["loc"])
            errors.append(FieldError(at=".".join([names.get(first, first), *rest]), say=_sentence(error["msg"])))
        raise _refused(errors) from wrong
    if errors:
        raise _refused(errors)
    return item


def _read_texts(
    ninjs: Mapping[str, Any], fields: dict[str, Any], names: dict[str, str], errors: list[FieldError]
) -> None:
    """Headline, summary, body and dateline, each of which has several shapes."""
    headline, names["headline"] = _one_of(ninjs, ("headline",), "headlines", errors)
    if not headline and isinstance(ninjs.get("title"), str):
        headline, names["headline"] = ninjs["title"], "title"
    fields["headline"] = _without_tags(headline)
    summary, names["summary"] = _one_of(ninjs, ("description_text", "description_html"), "descriptions", errors)
    fields["summary"] = _without_tags(summary)
    body, source = _one_of(ninjs, ("body_html", "body_xhtml"), "bodies", errors)
    if body:
        is_plain = source.startswith("bodies") and "<" not in body
        fields["body_html"] = paragraphs(body) if is_plain else safe_html(body)
        names["body_html"] = source
    else:
        text, names["body_html"] = _one_of(ninjs, ("body_text",), "", errors)
        fields["body_html"] = paragraphs(text)
    located = ninjs.get("located")
    fields["dateline"] = located.get("name", "") if isinstance(located, Mapping) else (located or "")
    names["dateline"] = "located"
    correction = ninjs.get("correction")
    fields["correction_note"] = (correction.get("note") if isinstance(correction, Mapping) else None) or ""
    names["correction_note"] = "correction.note"


def _one_of(ninjs: Mapping[str, Any], plain: tuple[str, ...], array: str, errors: list[FieldError]) -> tuple[str, str]:
    """A text from its plain field, else from its array of `{role, contentType, value}`: the main one, HTML preferred."""
    for name in plain:
        value = ninjs.get(name)
        if value is not None and not isinstance(value, str):
            errors.append(FieldError(at=name, say=f"should be a string, not {_json_type(value)}"))
        elif value:
            return value, name
    variants = ninjs.get(array) if array else None
    if variants is None:
        return "", plain[0]
    if not isinstance(variants, list):
        errors.append(FieldError(at=array, say=f"should be an array, not {_json_type(variants)}"))
        return "", array
    texts = [
        (
            row.get("role") not in (None, "", "main"),
            "html" not in str(row.get("contentType", "")).lower(),
            number,
            row["value"],
        )
        for number, row in enumerate(variants)
        if isinstance(row, Mapping) and isinstance(row.get("value"), str)
    ]
    if not texts:
        return "", array
    _, _, number, value = min(texts)
    return value, f"{array}.{number}.value"


def _concepts(value: object, name: str, errors: list[FieldError]) -> Iterator[dict[str, str]]:
    """Subjects, places, …: objects with a name and one of several ways to say the code, or plain strings."""
    for number, row in enumerate(value if isinstance(value, list) else [value]):
        if isinstance(row, str):
            yield {"name": row, "code": ""}
        elif isinstance(row, Mapping):
            code = next((str(row[key]) for key in ("uri", "code", "qcode", "literal") if row.get(key)), "")
            topic = _MEDIA_TOPIC.match(code)
            label = row.get("name")
            yield {"name": label if isinstance(label, str) else "", "code": f"medtop:{topic[1]}" if topic else code}
        else:
            errors.append(FieldError(at=f"{name}.{number}", say=f"should be an object, not {_json_type(row)}"))


def _words(value: object, name: str, errors: list[FieldError]) -> tuple[str, ...]:
    if value is None:
        return ()
    words = re.split(r"[,;]", value) if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        errors.append(FieldError(at=name, say="should be an array of strings"))
        return ()
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))


def _provider(ninjs: Mapping[str, Any]) -> dict[str, str]:
    """Who wrote it: `provider`, `source`, or the first of `infosources`, as text or as an object."""
    for name in ("provider", "source", "infosource", "infosources", "infoSources"):
        value = ninjs.get(name)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, str) and value.strip():
            return {"name": value, "code": ""}
        if isinstance(value, Mapping):
            code = next((str(value[key]) for key in ("code", "uri", "literal") if value.get(key)), "")
            return {"name": str(value.get("name") or ""), "code": code}
    return {"name": "", "code": ""}


def _signal(ninjs: Mapping[str, Any]) -> str | None:
    """`"correction"`, `"sig:correction"` or `[{"uri": ".../signal/correction"}]`; other signals mean nothing here."""
    value = ninjs.get("signal", ninjs.get("signals"))
    for row in value if isinstance(value, list) else [value]:
        word = str(row.get("uri") or row.get("code") or "") if isinstance(row, Mapping) else str(row or "")
        if (last := re.split(r"[/:]", word)[-1].lower()) in ("update", "correction"):
            return last
    return "correction" if isinstance(ninjs.get("correction"), Mapping) else None


def _without_tags(text: str) -> str:
    return plain_text(safe_html(text)) if "<" in text else text


def _json_type(value: object) -> str:
    kinds = {bool: "true or false", dict: "an object", list: "an array", str: "a string", type(None): "null"}
    return kinds.get(type(value), "a number")


def _sentence(message: str) -> str:
    return message[0].lower() + message[1:]


def _refused(errors: list[FieldError]) -> Refused:
    return Refused(
        ProblemType.INVALID_ITEM,
        422,
        "Invalid item",
        "The item was not taken: " + "; ".join(f"{e.at or 'item'}: {e.say}" for e in errors[:3]) + ".",
        errors=tuple(errors),
    )
