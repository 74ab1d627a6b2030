"""AP's Media API in: an answer for one item (`content/{id}`), a feed's (`content/feed`), or the items out of them.

https://developer.ap.org/ap-media-api/

The text is never in it, only linked as a NITF rendition. Who fetches it puts the document in as a string, `nitf`, beside
`item` or the `data` that holds it; `nitf_fault` says why it could not be had. A story whose text is missing is held, since a
headline alone would be published as a flash.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from services.ingest.formats import nitf
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.refusals import invalid
from services.ingest.formats.values import concept, unique, whole_number
from services.ingest.formats.xml import parse_xml
from services.ingest.identity import uri_from_reference
from shared.contracts.item import Association, Concept, Doubt, ItemClass, Provider, PubStatus
from shared.contracts.problem import FieldError, Refused
from shared.language.characters import clean_line
from shared.language.markup import paragraphs, plain_text, safe_html

NAME = "AP Media API"

_CLASSES = {
    "text": ItemClass.TEXT,
    "picture": ItemClass.PICTURE,
    "photo": ItemClass.PICTURE,
    "graphic": ItemClass.GRAPHIC,
    "complexgraphic": ItemClass.GRAPHIC,
    "audio": ItemClass.AUDIO,
    "video": ItemClass.VIDEO,
    "multimedia": ItemClass.COMPOSITE,
    "composite": ItemClass.COMPOSITE,
    "package": ItemClass.COMPOSITE,
}
#: what is planned, and no news
PLANS = {"event": "an event", "planning": "a planning item", "plan": "a planning item", "assignment": "an assignment"}
#: what AP's signals and editorial types say of a version, beside its status
_SAY_CANCELED = ("kill", "killed", "mandatorykill", "elimination", "canceled", "cancelled", "withdrawn")
_SAY_WITHHELD = ("withhold", "withheld")
_SAY_CORRECTION = ("correction", "corrective", "corrected")
_CONCEPTS = {"places": "place", "people": "person", "organisations": "organisation", "genres": "genre"}
_READ = {
    "uri", "altids", "type", "pubstatus", "urgency", "headline", "headline_extended", "title", "slugline", "bylines",
    "datelinelocation", "ednote", "language", "versioncreated", "firstcreated", "embargoed", "subject", "usageterms",
    "copyrightnotice", "signals", "editorialtypes", "renditions", "associations", "keywords", "provider", "infosource",
    "description_caption", "description_summary", "description_creditline", "photographer", "company", *_CONCEPTS.values(),
}  # fmt: skip
#: subjects above the ones that an item is about; places above its places say in which region it is
_ABOVE = "ancestor"
_MAX_ROWS = 1_000


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One item with its text, as far as that was put in."""

    item: Mapping[str, Any]
    text: object = None
    fault: str = ""


def recognises(decoded: object) -> bool:
    """An answer of the API, an item out of one, or an array of them: what AP alone calls an item's names is `altids`."""
    first = decoded[0] if isinstance(decoded, list) and decoded else decoded
    return _holders(first) is not None


def split(decoded: object) -> Sequence[Entry]:
    """The items of an answer, or of an array of answers, in their order."""
    rows = decoded if isinstance(decoded, list) else [decoded]
    return [_entry(holder) for row in rows for holder in _holders_or_itself(row)]


def _holders_or_itself(row: object) -> list[Mapping[str, Any]]:
    """What stands among AP's items and is none of them is refused as an item that lacks everything."""
    holders = _holders(row)
    return [{"item": row}] if holders is None else holders


def _holders(row: object) -> list[Mapping[str, Any]] | None:
    """What holds one `item` each, of an answer, of an element of a feed, or of a bare item; None if it is not AP's."""
    if not isinstance(row, Mapping):
        return None
    data = row.get("data")
    if isinstance(data, Mapping) and isinstance(items := data.get("items"), list) and "api_version" in row:
        return [each if isinstance(each, Mapping) else {"item": each} for each in items]
    if isinstance(data, Mapping) and (_is_item(data.get("item")) or ("api_version" in row and "item" in data)):
        return [{**row, "item": data["item"]}]
    if _is_item(row.get("item")):
        return [row]
    return [{"item": row}] if _is_item(row) else None


def _is_item(row: object) -> bool:
    return isinstance(row, Mapping) and isinstance(altids := row.get("altids"), Mapping) and "itemid" in altids


def _entry(holder: Mapping[str, Any]) -> Entry:
    item = holder.get("item")
    return Entry(
        item=item if isinstance(item, Mapping) else {},
        text=holder.get("nitf"),
        fault=str(holder.get("nitf_fault") or ""),
    )


def read(entry: Entry) -> ParsedItem:
    """One item. Raises Refused (422) for what is planned and for what is no item.

    A text item without text is held, unless it takes back.
    """
    item = entry.item
    kind = _word(item.get("type"))
    if kind in PLANS:
        raise invalid([FieldError.at("type", f"this is {PLANS[kind]} of AP's, which is no news item")])
    if not item:
        raise invalid([FieldError.at("data", "this answer of AP's Media API has no items in it")])
    parsed = ParsedItem(is_versioned=False)
    parsed.put("uri", _identity(item), "altids.itemid")
    parsed.put("item_class", _CLASSES.get(kind), "type")
    parsed.put_status(_text(item, "pubstatus"), "pubstatus")
    parsed.put("urgency", whole_number(str(item.get("urgency", "")), low=1, high=9), "urgency")
    parsed.put_language(_text(item, "language"))
    parsed.put_moment("version_created_at", _text(item, "versioncreated"), "versioncreated")
    parsed.put_moment("first_created_at", _text(item, "firstcreated"), "firstcreated")
    _read_embargo(item, parsed)
    _read_words(item, parsed)
    _read_signals(item, parsed)
    _read_about(item, parsed)
    parsed.put("associations", tuple(_associations(item)), "associations")
    _read_body(entry, parsed)
    for name, value in item.items():
        if name not in _READ and value not in (None, "", [], {}):
            parsed.keep(str(name), value if isinstance(value, str) else repr(value))
    return parsed


def text_rendition(item: Mapping[str, Any]) -> str:
    """Where the text of an item is to be had as NITF; empty if nowhere."""
    renditions = item.get("renditions")
    rendition = renditions.get("nitf") if isinstance(renditions, Mapping) else None
    return _text(rendition, "href") if isinstance(rendition, Mapping) else ""


def _identity(item: Mapping[str, Any]) -> str:
    """AP's own identifier, which all versions share; else the item's address without what it was asked with."""
    altids = item.get("altids")
    if isinstance(altids, Mapping) and (itemid := clean_line(str(altids.get("itemid") or ""))):
        return uri_from_reference("ap", itemid)
    try:
        at = urlsplit(_text(item, "uri"))
    except ValueError:
        return ""
    return urlunsplit((at.scheme, at.netloc, at.path, "", ""))


def _read_embargo(item: Mapping[str, Any], parsed: ParsedItem) -> None:
    value = item.get("embargoed")
    if isinstance(value, str):
        parsed.put_moment("embargoed_until", value, "embargoed")
    is_embargoed = value is True or _word(item.get("pubstatus")) == "embargoed"
    if is_embargoed and "embargoed_until" not in parsed.fields:
        parsed.put("embargo_open", True)


def _read_words(item: Mapping[str, Any], parsed: ParsedItem) -> None:
    """Headline, byline, dateline and all else that is said in words, the body apart."""
    parsed.put("headline", _text(item, "headline") or _text(item, "title"), "headline")
    parsed.put("summary", _line(_text(item, "headline_extended") or _text(item, "description_summary")), "headline_extended")
    parsed.put("slugline", _text(item, "slugline").removeprefix("BC-"), "slugline")
    names = (_text(row, "name") or _text(row, "by") for row in _rows(item, "bylines"))
    parsed.put("byline", ", ".join(name.removeprefix("By ") for name in names if name)[:500], "bylines")
    location = item.get("datelinelocation")
    if isinstance(location, Mapping) and (city := _text(location, "city")):
        parsed.put("dateline", city[:500], "datelinelocation")
        parsed.put("located", concept(city, _text(location, "countrycode")), "datelinelocation")
    parsed.put("ednote", _text(item, "ednote").removeprefix("Eds:").strip(), "ednote")
    terms = item.get("usageterms")
    parsed.put("usage_terms", "\n".join(_strings(terms)) if isinstance(terms, list) else _text(item, "usageterms"), "usageterms")
    parsed.put("copyright_notice", _text(item, "copyrightnotice"), "copyrightnotice")
    parsed.put("credit_line", _text(item, "description_creditline")[:1000], "description_creditline")
    provider = item.get("provider")
    name = _text(provider, "name") if isinstance(provider, Mapping) else _text(item, "provider")
    parsed.put("provider", Provider(name=(name or "AP")[:200]), "provider")
    chain = [_text(row, "name") for row in _rows(item, "infosource")]
    parsed.put("provider_chain", tuple(dict.fromkeys(each for each in chain if each)), "infosource")
    words = item.get("keywords")
    parsed.put("keywords", tuple(dict.fromkeys(_strings(words if isinstance(words, list) else [words]))), "keywords")


def _read_signals(item: Mapping[str, Any], parsed: ParsedItem) -> None:
    """What takes back is taken at its word, wherever it stands."""
    for name in ("signals", "editorialtypes"):
        value = item.get(name)
        for spelled in _strings(value if isinstance(value, list) else [value]):
            word = _word(spelled)
            if word in _SAY_CANCELED:
                parsed.put("pubstatus", PubStatus.CANCELED, name)
            elif word in _SAY_WITHHELD and parsed.fields.get("pubstatus") is not PubStatus.CANCELED:
                parsed.put("pubstatus", PubStatus.WITHHELD, name)
            elif word in _SAY_CORRECTION:
                parsed.put_signal("correction")
            elif word == "advisory":
                parsed.put("genres", (Concept(name="Advisory"),), name)
            elif word != "newscontent":
                parsed.put_signal(spelled)


def _read_about(item: Mapping[str, Any], parsed: ParsedItem) -> None:
    """Subjects, categories, places, people and organisations."""
    subjects = (_concept(row) for row in _rows(item, "subject") if _ABOVE not in _strings(row.get("rels")))
    parsed.put("subjects", unique(subjects), "subject")
    for ours, name in _CONCEPTS.items():
        rows = [*_rows(item, name), *(_rows(item, "company") if name == "organisation" else ())]
        known = parsed.fields.get(ours, ())
        parsed.put(ours, unique([*known, *(_concept(row) for row in rows)]), name)


def _concept(row: Mapping[str, Any]) -> Concept:
    rels = _strings(row.get("rels"))
    scheme = next((rel for rel in rels if rel in ("category", "suppcategory")), _text(row, "scheme"))
    code = _text(row, "code")
    return concept(_text(row, "name"), code, scheme if code else "")


def _associations(item: Mapping[str, Any]) -> Iterator[Association]:
    """The item's own renditions for eyes and ears, and the items that belong to it."""
    if own := _largest(item):
        yield _association(item, "content", own)
    value = item.get("associations")
    pairs = list(value.items()) if isinstance(value, Mapping) else [("", row) for row in _rows(item, "associations")]
    for role, row in pairs[:_MAX_ROWS]:
        if isinstance(row, Mapping):
            yield _association(row, str(role)[:200], _largest(row))


def _association(row: Mapping[str, Any], role: str, rendition: Mapping[str, Any]) -> Association:
    return Association(
        item_class=_CLASSES.get(_word(row.get("type"))),
        rel=role,
        uri=_identity(row)[:2000],
        href=_text(rendition, "href")[:4000],
        media_type=_text(rendition, "mimetype")[:200],
        width_px=_whole(rendition, "width"),
        height_px=_whole(rendition, "height"),
        size_bytes=_whole(rendition, "sizeinbytes"),
        headline=_line(_text(row, "headline")),
        caption=_line(_text(row, "description_caption")),
        credit=_text(row, "description_creditline"),
    )


def _largest(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of an item's pictures, videos or sounds the largest; texts are no such thing."""
    value = item.get("renditions")
    rows = value.values() if isinstance(value, Mapping) else ()
    media = [row for row in rows if isinstance(row, Mapping) and _text(row, "href") and _word(row.get("type")) != "text"]
    return max(media, key=lambda row: (_whole(row, "width") or 0) * (_whole(row, "height") or 0), default={})


def _read_body(entry: Entry, parsed: ParsedItem) -> None:
    """The NITF document that was put in; else the item is held, where it should have one."""
    fault = entry.fault
    if isinstance(entry.text, str) and entry.text.strip():
        try:
            _read_nitf(entry.text, parsed)
        except Refused as broken:
            fault = broken.problem.detail
    elif isinstance(entry.text, Mapping):
        parsed.put("body_html", safe_html(_text(entry.text, "body_html")), "nitf.body_html")
    caption = _text(entry.item, "description_caption")
    if parsed.fields.get("item_class", ItemClass.TEXT) is not ItemClass.TEXT:
        parsed.put("summary", parsed.fields.get("summary") or _line(caption), "description_caption")
        return
    if parsed.fields.get("body_html") or parsed.fields.get("pubstatus", PubStatus.USABLE) is not PubStatus.USABLE:
        return
    if caption:
        parsed.put("body_html", paragraphs(caption), "description_caption")
    elif fault or text_rendition(entry.item):
        where = text_rendition(entry.item) or "its NITF rendition"
        why = fault or "it was not fetched, which a source `ap+https:` with a key does"
        parsed.doubt(Doubt.UNREADABLE_TEXT, f"its text is at {where[:300]}: {why[:300]}")


def _read_nitf(document: str, parsed: ParsedItem) -> None:
    """The text, and what stands in its head and nowhere in the item. Raises Refused for what is no NITF."""
    root = parse_xml(document.encode("utf-8", "replace"), "utf-8")
    if not nitf.recognises(root):
        raise invalid([FieldError.at("nitf", "what came as the NITF rendition is none")])
    text = nitf.read(root)
    parsed.put("body_html", text.fields.get("body_html"), "nitf")
    for ours in ("dateline", "located"):  # as it stands in the text
        parsed.put(ours, text.fields.get(ours), f"nitf.{ours}")
    for ours in ("headline", "byline", "language", "copyright_holder"):
        if not parsed.fields.get(ours):
            parsed.put(ours, text.fields.get(ours), f"nitf.{ours}")
    if not plain_text(str(parsed.fields.get("body_html", ""))):
        raise invalid([FieldError.at("nitf", "the NITF rendition has no text in it")])


def _rows(item: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = item.get(name)
    return [row for row in value if isinstance(row, Mapping)][:_MAX_ROWS] if isinstance(value, list) else []


def _strings(value: object) -> list[str]:
    return [row.strip() for row in value if isinstance(row, str) and row.strip()] if isinstance(value, list) else []


def _text(row: object, name: str) -> str:
    value = row.get(name) if isinstance(row, Mapping) else None
    return value.strip() if isinstance(value, str) else ""


def _word(value: object) -> str:
    return "".join(value.lower().split()) if isinstance(value, str) else ""


def _line(text: str) -> str:
    return plain_text(safe_html(text)) if "<" in text else text


def _whole(row: Mapping[str, Any], name: str) -> int | None:
    return whole_number(str(row.get(name, "")), low=0, high=10**9)
