"""ninjs, IPTC's JSON for news, in: versions 1.x, 2.x and 3.x by the names that each gave to its fields.

https://iptc.org/standards/ninjs/, and the schemas at https://iptc.org/std/ninjs/.

Superdesk's dialect, and what else is built like it, says some things in its own way: `superdesk` puts it into ninjs first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from services.ingest.formats import superdesk
from services.ingest.formats.members import plain_name, read_members
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.refusals import invalid
from services.ingest.formats.values import concept, unique
from shared.contracts.item import MOST_NESTED, Association, Concept, ItemClass, KillReason, Provider, PubStatus, Signal
from shared.contracts.problem import FieldError
from shared.language.markup import paragraphs, plain_text, safe_html

NAME = "ninjs"

#: our field -> the names it has in ninjs 1.x, 2.x and 3.x, and in dialects seen
_NAMES: dict[str, tuple[str, ...]] = {
    "uri": ("uri",),
    "version": ("version",),
    "urgency": ("urgency",),
    "slugline": ("slugline",),
    "byline": ("byline", "by"),
    "version_created_at": ("versioncreated", "versionCreated"),
    "first_created_at": ("firstcreated", "firstCreated"),
    "content_created_at": ("contentcreated", "contentCreated"),
    "copyright_holder": ("copyrightholder", "copyrightHolder"),
    "copyright_notice": ("copyrightnotice", "copyrightNotice"),
    "usage_terms": ("usageterms", "usageTerms"),
    "credit_line": ("credit", "creditline", "creditLine"),
    "disclaimer": ("disclaimer",),
    "evolved_from": ("evolvedfrom", "evolvedFrom"),
    "replaces": ("replaces", "replacing"),
    "take": ("take",),
}
#: a note to editors, by its names without case and punctuation
_NOTE_NAMES = {
    "ednote", "ednotes", "editorialnote", "editorialnotes", "editornote", "editornotes", "editorsnote", "editorsnotes",
    "notetoeditor", "notetoeditors", "notestoeditors", "notetodesk", "notetodesks",
}  # fmt: skip
_TIMES = ("version_created_at", "first_created_at", "content_created_at")
_CONCEPTS: dict[str, tuple[str, ...]] = {
    "subjects": ("subject", "subjects"),
    "places": ("place", "places"),
    "people": ("person", "people"),
    "organisations": ("organisation", "organisations"),
    "genres": ("genre", "genres"),
}
#: null under these names, and nothing else that is empty, says that there is no embargo any more
_EMBARGO_NAMES = ("embargoed", "embargoedUntil")
_PROVIDER_NAMES = ("provider", "source", "infosource", "infosources", "infoSources")
_CLASSES = {each.value: each for each in ItemClass}
#: read by name below, or said of the document and not of the story
_READ = {
    "headline", "headlines", "title", "description_text", "description_html", "descriptions", "body_html", "body_xhtml",
    "body_text", "bodies", "located", "correction", "keywords", "label", "signal", "signals", "type", "associations",
    "renditions", "standard", "representationtype", "representationType", "charcount", "wordcount", "readtime", "$schema",
    "killreason", "killReason", "test", "language", "languages", "lang", *_EMBARGO_NAMES, *_PROVIDER_NAMES,
}  # fmt: skip
_KNOWN = _READ.union(*_NAMES.values(), *_CONCEPTS.values())
_MAX_SIDE = 10**6


def recognises(decoded: object) -> bool:
    """Any JSON object is taken for ninjs unless another format knows better: it has no mark of its own."""
    return isinstance(decoded, Mapping)


def split(decoded: object) -> list[object]:
    """One object is one item, an array is as many as it has."""
    return decoded if isinstance(decoded, list) else [decoded]


def read(ninjs: object) -> ParsedItem:
    """One decoded ninjs object. Raises Refused (422) if it is no object.

    A text of another type than the schema's is an error, an entry of a list that is none is left out with a note. A usable
    item needs a headline and a body.
    """
    if not isinstance(ninjs, Mapping):
        raise invalid([FieldError.at("", f"an item is a JSON object, not {_json_type(ninjs)}")])
    parsed = ParsedItem(needs_text=True)
    for name in [name for name, value in ninjs.items() if is_too_deep([value])]:
        parsed.add_error(name, f"has more than {MOST_NESTED} objects or arrays within each other")
        ninjs = {other: value for other, value in ninjs.items() if other != name}
    if superdesk.recognises(ninjs):
        ninjs = superdesk.as_ninjs(ninjs)
    for ours, theirs in _NAMES.items():
        name = next((name for name in theirs if ninjs.get(name) is not None), theirs[0])
        if ours in _TIMES:
            parsed.put_moment(ours, ninjs.get(name), name)
        else:
            parsed.put(ours, ninjs.get(name), name)
    notes = _read_notes(parsed, ninjs)
    parsed.put_language(next((ninjs[name] for name in ("language", "languages", "lang") if ninjs.get(name)), None))
    understood = read_members(parsed, ninjs) | notes
    _read_texts(ninjs, parsed)
    for ours, theirs in _CONCEPTS.items():
        for name in theirs:
            if ninjs.get(name) is not None:
                parsed.put(ours, unique(_concepts(ninjs[name], name, parsed)), name)
    parsed.put("keywords", _words(ninjs.get("keywords"), "keywords", parsed))
    parsed.put("labels", _words(ninjs.get("label"), "label", parsed))
    parsed.put("provider", _provider(ninjs, parsed), parsed.names.get("provider"))
    _read_signals(ninjs, parsed)
    parsed.put("item_class", _CLASSES.get(str(ninjs.get("type"))), "type")
    parsed.put("associations", tuple(_associations(ninjs, parsed)), "associations")
    _read_cleared_embargo(parsed, ninjs)
    for name, value in ninjs.items():
        if name not in _KNOWN and name not in understood and value not in (None, "", [], {}):
            parsed.keep(name, value if isinstance(value, str) else repr(value))
    return parsed


def _read_cleared_embargo(parsed: ParsedItem, ninjs: Mapping[str, Any]) -> None:
    """Null says in so many words that there is no embargo any more: nothing else that is empty says as much."""
    is_null = any(name in ninjs and ninjs[name] is None for name in _EMBARGO_NAMES)
    if is_null and not {"embargoed_until", "embargo_open"} & parsed.fields.keys():
        parsed.put("embargo_cleared", True)


def _read_notes(parsed: ParsedItem, ninjs: Mapping[str, Any]) -> frozenset[str]:
    """The notes to editors, under all the names that they have; those names."""
    notes = {name: value for name, value in ninjs.items() if plain_name(name) in _NOTE_NAMES and value not in (None, "", [], {})}
    words = [
        "\n".join(value) if isinstance(value, list) and all(isinstance(row, str) for row in value) else value
        for value in notes.values()
    ]
    if len(words) > 1:
        words = ["\n".join(dict.fromkeys(value if isinstance(value, str) else repr(value) for value in words))]
    for name, value in zip(notes, words, strict=False):
        parsed.put("ednote", value, name)
    return frozenset(notes)


def is_too_deep(value: object) -> bool:
    """Has a decoded JSON value more levels than are read?"""
    level = [value]
    for _ in range(MOST_NESTED):
        level = [
            inner
            for each in level
            if isinstance(each, Mapping | list)
            for inner in (each.values() if isinstance(each, Mapping) else each)
        ]
    return any(isinstance(each, Mapping | list) for each in level)


def _read_texts(ninjs: Mapping[str, Any], parsed: ParsedItem) -> None:
    """Headline, summary, body, dateline and correction note, each of which has several shapes."""
    headline, name = _one_of(ninjs, ("headline",), "headlines", parsed)
    if not headline and isinstance(ninjs.get("title"), str):
        headline, name = ninjs["title"], "title"
    parsed.put("headline", _line(ninjs, headline, name), name)
    parsed.names["headline"] = name
    summary, name = _one_of(ninjs, ("description_text", "description_html"), "descriptions", parsed)
    parsed.put("summary", _line(ninjs, summary, name), name)
    body, name = _one_of(ninjs, ("body_html", "body_xhtml"), "bodies", parsed)
    if body:
        is_plain = name.startswith("bodies") and "<" not in body
        parsed.put("body_html", paragraphs(body) if is_plain else safe_html(body), name)
    else:
        text, name = _one_of(ninjs, ("body_text",), "", parsed)
        parsed.put("body_html", paragraphs(text), name)
    parsed.names["body_html"] = name
    if (located := ninjs.get("located")) is not None:
        place = next(_concepts(located, "located", parsed), Concept())
        parsed.put("located", place, "located")
        parsed.put("dateline", place.name, "located")
    if isinstance(correction := ninjs.get("correction"), Mapping):
        parsed.put("correction_note", correction.get("note"), "correction.note")


def _one_of(ninjs: Mapping[str, Any], plain: tuple[str, ...], array: str, parsed: ParsedItem) -> tuple[str, str]:
    """A text from its plain field, else from its array of `{role, contentType, value}`: the main one, HTML preferred."""
    for name in plain:
        value = ninjs.get(name)
        if value is not None and not isinstance(value, str):
            parsed.add_error(name, f"should be a string, not {_json_type(value)}")
        elif value:
            return value, name
    variants = ninjs.get(array) if array else None
    if variants is None:
        return "", plain[0]
    if not isinstance(variants, list):
        parsed.add_error(array, f"should be an array, not {_json_type(variants)}")
        return "", array
    texts = [
        (
            row.get("role") not in (None, "", "main"),
            "html" not in str(row.get("contentType", row.get("contenttype", ""))).lower(),
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


def _concepts(value: object, name: str, parsed: ParsedItem) -> Iterator[Concept]:
    """Subjects, places, …: objects with a name and one of several ways to say the code, or plain strings."""
    for number, row in enumerate(value if isinstance(value, list) else [value]):
        if isinstance(row, str):
            yield concept(row)
        elif isinstance(row, Mapping):
            code = next((str(row[key]) for key in ("uri", "code", "qcode", "literal") if row.get(key)), "")
            label, scheme = row.get("name"), row.get("scheme")
            yield concept(label if isinstance(label, str) else "", code, scheme if isinstance(scheme, str) and code else "")
        else:
            parsed.note(f"{name}.{number}: should be an object, not {_json_type(row)}; it was left out")


def _words(value: object, name: str, parsed: ParsedItem) -> tuple[str, ...]:
    if value is None:
        return ()
    words = re.split(r"[,;]", value) if isinstance(value, str) else value
    if not isinstance(words, list):
        parsed.note(f"{name}: should be an array of strings, not {_json_type(words)}; it was left out")
        return ()
    named = [word.get("name") or word.get("code") if isinstance(word, Mapping) else word for word in words]
    for number, word in enumerate(named):
        if not isinstance(word, str):
            parsed.note(f"{name}.{number}: should be a string, not {_json_type(word)}; it was left out")
    return tuple(dict.fromkeys(word.strip() for word in named if isinstance(word, str) and word.strip()))


def _provider(ninjs: Mapping[str, Any], parsed: ParsedItem) -> Provider | None:
    """Who wrote it: `provider`, `source`, or the first of `infosources`, as text or as an object."""
    for name in _PROVIDER_NAMES:
        value = ninjs.get(name)
        if isinstance(value, list):
            value = value[0] if value else None
        row = {"name": value} if isinstance(value, str) else value
        if not isinstance(row, Mapping):
            continue
        label = str(row.get("name") or "").strip()
        code = next((str(row[key]) for key in ("code", "uri", "literal") if row.get(key)), "")
        if label or code:
            parsed.names["provider"] = name
            return Provider(name=label, code=code)
    return None


def _read_signals(ninjs: Mapping[str, Any], parsed: ParsedItem) -> None:
    """`"correction"`, `"sig:correction"` or `[{"uri": ".../signal/correction"}]`; a correction's own member is one too."""
    value = ninjs.get("signal", ninjs.get("signals"))
    for row in value if isinstance(value, list) else [value]:
        parsed.put_signal(row)
    if isinstance(ninjs.get("correction"), Mapping):
        parsed.put("signal", Signal.CORRECTION)
    if ninjs.get("test") is True:
        parsed.put("is_test", True)
    reason = str(ninjs.get("killreason") or ninjs.get("killReason") or "").lower()
    is_kill = parsed.fields.get("pubstatus") == PubStatus.CANCELED
    is_correction = parsed.fields.get("signal") == Signal.CORRECTION
    if reason and (is_kill or is_correction):
        if reason in set(KillReason):
            parsed.put("kill_reason", KillReason(reason), "killreason")
        else:  # neither is refused for the reason that it gives
            parsed.keep("killreason", reason)


def _associations(ninjs: Mapping[str, Any], parsed: ParsedItem) -> Iterator[Association]:
    """The items that belong to this one: an object by role (1.x), or an array (2.x, 3.x); and its own renditions."""
    if largest := _largest_rendition(ninjs.get("renditions")):
        yield _association({"type": ninjs.get("type")}, "content", largest)
    value = ninjs.get("associations")
    if isinstance(value, Mapping):
        pairs = [(str(role), row) for role, row in value.items()]
    elif isinstance(value, list):
        pairs = [(str(row.get("rel") or row.get("name") or ""), row) for row in value if isinstance(row, Mapping)]
    else:
        pairs = []
    for role, row in pairs:
        if isinstance(row, Mapping):
            yield _association(row, role, _largest_rendition(row.get("renditions")))
        elif row is not None:
            parsed.note(f"associations.{role}: should be an object, not {_json_type(row)}; it was left out")


def _association(row: Mapping[str, Any], role: str, rendition: Mapping[str, Any]) -> Association:
    def text(*names: str) -> str:
        return next((row[name] for name in names if isinstance(row.get(name), str)), "")

    def variant(array: str) -> str:
        rows = row.get(array)
        values = (each.get("value") for each in rows if isinstance(each, Mapping)) if isinstance(rows, list) else ()
        return next((value for value in values if isinstance(value, str)), "")

    return Association(
        item_class=_CLASSES.get(str(row.get("type"))),
        rel=role,
        uri=text("uri", "guid"),
        href=str(rendition.get("href") or ""),
        media_type=str(rendition.get("contentType") or rendition.get("mimetype") or rendition.get("contenttype") or ""),
        width_px=_side(rendition.get("width")),
        height_px=_side(rendition.get("height")),
        size_bytes=_size(rendition),
        headline=_without_tags(text("headline") or variant("headlines")),
        caption=_without_tags(text("description_text", "description_html", "body_text") or variant("descriptions")),
        credit=_without_tags(text("credit", "creditline", "byline", "by", "copyrightholder", "copyrightHolder")),
    )


def _largest_rendition(value: object) -> Mapping[str, Any]:
    rows = list(value.values()) if isinstance(value, Mapping) else value
    with_link = [row for row in rows if isinstance(row, Mapping) and row.get("href")] if isinstance(rows, list) else []
    return max(with_link, key=lambda row: (_side(row.get("width")) or 0) * (_side(row.get("height")) or 0), default={})


def _side(value: object) -> int | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number and 0 <= value <= _MAX_SIDE else None  # type: ignore[call-overload, operator]


def _size(rendition: Mapping[str, Any]) -> int | None:
    value = rendition.get("sizeInBytes", rendition.get("sizeinbytes"))
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _line(ninjs: Mapping[str, Any], text: str, name: str) -> str:
    """A headline or a summary without tags; one of an array that calls itself plain text has none, whatever it looks like."""
    array, _, place = name.partition(".")
    variant = ninjs[array][int(place.partition(".")[0])] if place else {}
    is_plain = str(variant.get("contentType", variant.get("contenttype", ""))).lower().startswith("text/plain")
    return text if is_plain else _without_tags(text)


def _without_tags(text: str) -> str:
    return plain_text(safe_html(text)) if "<" in text else text


def _json_type(value: object) -> str:
    kinds = {bool: "true or false", dict: "an object", list: "an array", str: "a string", type(None): "null"}
    return kinds.get(type(value), "a number")
