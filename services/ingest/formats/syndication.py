"""RSS 0.9x to 2.0, RSS 1.0 and Atom in, through feedparser; the document was checked as XML before.

RSS: https://www.rssboard.org/rss-specification and https://web.resource.org/rss/1.0/spec. Atom: RFC 4287, with the tombstones
of RFC 6721 and the control element of RFC 5023. Media RSS: https://www.rssboard.org/media-rss.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from services.ingest.formats.addresses import (
    address_of_document,
    describe_lost,
    is_followable,
    lost_links,
    resolve,
    resolve_followable,
    resolve_links,
)
from services.ingest.formats.elements import Claim, embargoes_in, read_embargoes, read_statuses
from services.ingest.formats.feedparsing import PARTS, ROWS, TEXTS, read_feed
from services.ingest.formats.members import plain_name
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.refusals import invalid
from services.ingest.formats.values import concept, unique
from services.ingest.formats.xml import Element, attribute, child, children, name_of, words
from services.ingest.identity import uri_from_reference
from shared.contracts.item import MOST_CONCEPTS, Association, Doubt, ItemClass, Provider, PubStatus
from shared.contracts.problem import FieldError
from shared.language.markup import plain_text, safe_html

NAME = "RSS or Atom"
_MEDIA_RSS = "http://search.yahoo.com/mrss/"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ROOTS = ("rss", "RDF", "feed", "entry", "deleted-entry")
_ENTRIES = ("item", "entry")
#: carries an entry's number through feedparser, which drops or renames what it does not know
_NUMBER = "wirenumber"
#: parts of an entry that are other things, with a status of their own
_OTHERS = {"source", "content", "group", "author", "contributor", "enclosure", "image", "control", "thumbnail", "encoded"}
#: elements whose text is an address, or HTML with addresses in it
_ADDRESSES = ("link", "comments", "docs", "icon", "logo", "uri")
_HTML = ("description", "summary", "content", "encoded", "title", "subtitle", "body", "div")
#: what feedparser makes an entry's tags of
_TAGS = ("category", "subject", "keywords")
_MAX_TAGS, _LONGEST_TAGS = 2 * MOST_CONCEPTS, 10_000
_LINKING = ("href", "src", "url")
_READ = ROWS | PARTS | TEXTS | {
    "guidislink", "updated_parsed", "published_parsed", "expired_parsed", "created_parsed", _NUMBER,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry with the feed that it came in; or what the feed says is gone (RFC 6721)."""

    entry: Any  #: as feedparser has it
    feed: Any  #: the same of the feed
    gone: str | None = None
    element: Element | None = None  #: the entry as it stands in the document
    is_broken: bool = False  #: it cannot be read
    embargoes: Sequence[Claim] = ()  #: what its feed says for all its entries


def recognises(root: Element) -> bool:
    return name_of(root) in _ROOTS


def split(root: Element) -> Sequence[Entry]:
    """The feed's entries in its order, and behind them its tombstones. Changes the document: its addresses become absolute."""
    if name_of(root) in ("entry", "deleted-entry"):  # an Atom entry document, or a tombstone alone
        feed = etree.Element(etree.QName(etree.QName(root).namespace, "feed"))
        feed.append(root)
        root = feed
    _bound_tags(root)
    _tame_media(root)
    _make_absolute(root)
    elements = _number_entries(root)
    parsed = read_feed(root, list(elements.values()))
    places = [root, *children(root, "channel")]
    embargoes = embargoes_in(root, but=_ENTRIES)
    gone = [
        Entry(entry={}, feed=parsed.feed, gone=attribute(tombstone, "ref"))
        for place in places
        for tombstone in children(place, "deleted-entry")
    ]
    entries = [
        Entry(entry=entry, feed=parsed.feed, element=elements.get(str(entry.get(_NUMBER))), embargoes=embargoes)
        for entry in parsed.entries
    ]
    broken = [Entry(entry={}, feed=parsed.feed, element=element, is_broken=True) for element in parsed.broken]
    return [*entries, *broken, *gone]


def _bound_tags(root: Element) -> None:
    """Leave an entry some more tags than are kept, so that a note says so: feedparser compares each with all before it."""
    count: Counter[Element] = Counter()
    for element in list(root.iter(*(f"{{*}}{name}" for name in _TAGS))):
        parent = element.getparent()
        if parent is None:
            continue
        count[parent] += 1
        if count[parent] > _MAX_TAGS:
            parent.remove(element)
        elif element.text:
            element.text = element.text[:_LONGEST_TAGS]


def _number_entries(root: Element) -> dict[str, Element]:
    """Every entry by the number that is put into it, and that feedparser gives back."""
    elements = {}
    for number, element in enumerate(list(root.iter(*(f"{{*}}{name}" for name in _ENTRIES)))):
        for own in list(children(element, _NUMBER)):
            element.remove(own)
        etree.SubElement(element, _NUMBER).text = str(number)
        elements[str(number)] = element
    return elements


def _make_absolute(root: Element) -> None:
    """Every address in the entries, against its own `xml:base`, else the feed's address, else the document's."""
    feed = next(children(root, "channel"), root)
    places: list[tuple[Element, str, str]] = [(root, _feeds_address(root, feed), "")]
    while places:
        element, base, declared = places.pop()
        if own := element.attrib.pop(_XML_BASE, ""):
            base, declared = resolve(base, str(own)), resolve(declared, str(own))
        if element is not root and element is not feed:
            _make_own_absolute(element, base, declared, is_of_feed=element.getparent() is feed)
        places += [(child, base, declared) for child in children(element)]


def _feeds_address(root: Element, feed: Element) -> str:
    """What relative addresses of a feed mean: RSS has its site's, Atom its own document's."""
    rows = list(children(feed, "link"))
    links = {attribute(row, "rel") or "alternate": attribute(row, "href") or words(row) for row in reversed(rows)}
    order = ("self", "alternate") if name_of(root) == "feed" else ("alternate", "self")
    document = address_of_document()
    addresses = (resolve_followable(document, links.get(rel, "")) for rel in order)
    return next((address for address in addresses if address), document)


def _make_own_absolute(element: Element, base: str, declared: str, *, is_of_feed: bool) -> None:
    """Make one element's addresses absolute; `declared` is its `xml:base` alone, without the feed's own address."""
    name = name_of(element)
    if name == "deleted-entry" and (ref := attribute(element, "ref")):
        element.set("ref", resolve(declared, ref) if declared and ":" not in ref else ref)
    for attribute_name in _LINKING:
        if value := element.get(attribute_name):
            element.set(attribute_name, resolve(base, value))
    text = (element.text or "").strip()
    if not text or len(element):
        return
    if name in ("guid", "id"):  # a name, which is an address only where the document says what it is relative to
        element.text = resolve(declared, text) if declared and ":" not in text else text
    elif name in _ADDRESSES and not is_of_feed:
        element.text = resolve(base, text)
    elif name in _HTML:
        element.text = resolve_links(text, base)


def _tame_media(root: Element) -> None:
    """Media RSS's captions and credits, put with their pictures: feedparser would take them for the entry's own text."""
    for word in ("description", "credit", "title", "text"):
        captions: dict[Element, str] = {}  # the last that each parent says: a group is gone through once
        for element in list(root.iter(f"{{{_MEDIA_RSS}}}{word}")):
            parent = element.getparent()
            if parent is None:
                continue
            captions.pop(parent, None)
            captions[parent] = words(element)
            parent.remove(element)
        for parent, caption in captions.items():
            group = [parent] if name_of(parent) == "content" else parent.iter(f"{{{_MEDIA_RSS}}}content")
            for content in group:
                content.set(word, caption)


def read(item: Entry) -> ParsedItem:
    """One entry; a tombstone takes its entry back. A guid that is no URI is made one with its feed's name."""
    parsed = ParsedItem(is_versioned=False)
    entry, feed = item.entry, item.feed
    if item.is_broken:
        raise invalid([FieldError.at("", "its elements stand in one another where no reader of feeds expects them")])
    if item.gone is not None:
        parsed.put("uri", _uri({"id": item.gone}, feed), "ref")
        parsed.put("pubstatus", PubStatus.CANCELED)
        return parsed
    parsed.put("uri", _uri(entry, feed), "guid")
    parsed.put("headline", _line(entry.get("title", "")), "title")
    _read_text(parsed, entry)
    parsed.put("byline", ", ".join(_authors(entry)), "author")
    _read_times(parsed, entry)
    understood = _read_for_whom(parsed, item)
    source = entry.get("source") or {}
    publisher = source.get("title") or entry.get("publisher") or feed.get("title") or feed.get("publisher") or ""
    parsed.put("provider", Provider(name=_line(publisher)[:200]), "source")
    language = (entry.get("title_detail") or {}).get("language") or entry.get("language") or feed.get("language") or ""
    parsed.put_language(language)
    _read_tags(parsed, [tag for tag in entry.get("tags", ()) if tag.get("term")])
    parsed.put("copyright_notice", _line(entry.get("rights") or feed.get("rights") or ""), "rights")
    parsed.put("associations", tuple(_associations(parsed, entry)), "enclosure")
    link = str(entry.get("link", ""))
    if link and ":" not in link:
        parsed.note(f"link: {describe_lost([link])}")
    elif link != parsed.fields.get("uri"):
        parsed.keep("link", link)
    for name in sorted(set(entry) - _READ):
        if isinstance(value := entry.get(name), str) and plain_name(name.rpartition("_")[2]) not in understood:
            parsed.keep(name, value)
    return parsed


def _read_tags(parsed: ParsedItem, tags: Sequence[Any]) -> None:
    """A tag with a scheme is a subject, one without a keyword."""
    subjects = (concept(tag.get("label") or tag.term, tag.term, tag.scheme) for tag in tags if tag.get("scheme"))
    parsed.put("subjects", unique(subjects), "category")
    plain = (str(tag.get("label") or tag.term).strip() for tag in tags if not tag.get("scheme"))
    parsed.put("keywords", tuple(dict.fromkeys(word for word in plain if word)), "category")


def _read_for_whom(parsed: ParsedItem, item: Entry) -> frozenset[str]:
    """Status, embargo, schedule and expiry, from the entry's own elements; the names that were understood."""
    element = item.element
    if element is None:
        parsed.doubt(Doubt.EMBARGO, "its entry was not found again in the document: an embargo in it would not be seen")
        return frozenset()
    foreign = [part for part in children(element) if len(part) and name_of(part) not in (*_OTHERS, *_HTML)]
    for part in children(child(element, "control"), "draft"):  # RFC 5023
        if words(part).lower() not in ("no", "false", "0"):
            parsed.put_status("draft", "app:draft")
    understood = read_statuses(parsed, [element, *foreign], but=_MEDIA_RSS)
    read_embargoes(parsed, [*item.embargoes, *embargoes_in(element)], element)
    return understood


def _uri(entry: Any, feed: Any) -> str:
    """A guid, or the link. A guid that is no URI is one only within its feed."""
    guid = str(entry.get("id", "")).strip()
    if guid and ":" not in guid:
        return uri_from_reference("feed", feed.get("id") or feed.get("link") or feed.get("title") or "", guid)
    return guid or str(entry.get("link", ""))


def _read_text(parsed: ParsedItem, entry: Any) -> None:
    """The fullest content is the body and what stands beside it the summary; a lone summary is the body."""
    bodies = [content.get("value", "") for content in entry.get("content", ())]
    summary = entry.get("summary", "")
    body = max(bodies, key=len, default="")
    parsed.put("body_html", safe_html(body or summary), "content" if body else "description")
    if links := lost_links(body or summary):
        parsed.note(f"{'content' if body else 'description'}: links {describe_lost(links)}")
    if body and summary and summary != body:
        parsed.put("summary", _line(summary), "description")


def _authors(entry: Any) -> list[str]:
    names = [author.get("name", "").strip() for author in entry.get("authors", ()) if author]
    return list(dict.fromkeys(name for name in names if name)) or [_line(entry.get("author", ""))]


def _read_times(parsed: ParsedItem, entry: Any) -> None:
    """When it was written: the strings as they stand there, for the one reader of times."""
    times = {name: str(entry[name]) for name in ("published", "updated", "created", "expired") if name in entry}
    first = next((name for name in ("published", "created", "updated") if name in times), "")
    last = next((name for name in ("updated", "published", "created") if name in times), "")
    parsed.put_moment("version_created_at", times.get(last), last)
    if first == last:
        parsed.put("first_created_at", parsed.fields.get("version_created_at"), first)
    else:
        parsed.put_moment("first_created_at", times.get(first), first)
    parsed.put_moment("expires_at", times.get("expired"), "expired")


def _associations(parsed: ParsedItem, entry: Any) -> Iterator[Association]:
    links = [row for row in entry.get("links", ()) if row.get("rel") == "enclosure"]
    seen = set()
    for rel, rows in (("enclosure", links), ("media", _rows(entry, "media_content"))):
        for row in rows:
            href, media_type = row.get("href") or row.get("url") or "", row.get("type") or ""
            if not href or href in seen:
                continue
            seen.add(href)
            if not is_followable(href):
                parsed.note(f"{rel}: {describe_lost([href])}")
            yield Association(
                item_class=ItemClass.of_media_type(media_type or row.get("medium", "")),
                rel=rel,
                uri=href[:2000],
                href=href[:4000],
                media_type=media_type,
                width_px=_side(row.get("width")),
                height_px=_side(row.get("height")),
                size_bytes=_size(row.get("length") or row.get("filesize")),
                caption=_line(row.get("description") or ""),
                credit=_line(row.get("credit") or ""),
            )


def _size(value: object) -> int | None:
    text = str(value or "")
    return int(text) or None if text.isdecimal() and len(text) < 13 else None


def _rows(entry: Any, name: str) -> list[Any]:
    value = entry.get(name) or []
    return value if isinstance(value, list) else [value]


def _side(value: object) -> int | None:
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 7 else None


def _line(text: str) -> str:
    return plain_text(safe_html(text)) if "<" in text or "&" in text else text.strip()
