"""RSS 0.9x to 2.0, RSS 1.0 and Atom in, through feedparser; the document was checked as XML before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import feedparser
from lxml import etree

from services.ingest.formats.addresses import (
    absolute,
    address_of_document,
    html_at,
    is_followable,
    joined,
    lost,
    lost_links,
)
from services.ingest.formats.draft import Draft, concept, unique
from services.ingest.formats.elements import Claim, embargoes_in, read_embargoes, read_statuses
from services.ingest.formats.members import plain_name
from services.ingest.formats.xml import Element, attribute, child, children, name_of, words
from services.ingest.identity import uri_from_reference
from shared.contracts.item import MOST_CONCEPTS, Association, Doubt, ItemClass, Provider, PubStatus
from shared.language.markup import plain_text, safe_html

NAME = "RSS or Atom"
MEDIA_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
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
_MOST_TAGS, _LONGEST_TAGS = 2 * MOST_CONCEPTS, 10_000
_LINKING = ("href", "src", "url")
_READ = {
    "id", "guidislink", "link", "links", "title", "title_detail", "summary", "summary_detail", "content", "author",
    "author_detail", "authors", "updated", "updated_parsed", "published", "published_parsed", "tags", "rights",
    "rights_detail", "source", "publisher", "publisher_detail", "media_content", "media_thumbnail", "media_credit",
    "media_description", "language", "expired", "expired_parsed", "created", "created_parsed", "credit", "subtitle",
    "subtitle_detail", "contributors", _NUMBER,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry with the feed that it came in; or what the feed says is gone (RFC 6721)."""

    entry: Any
    feed: Any
    gone: str | None = None
    element: Element | None = None  #: the entry as it stands in the document
    embargoes: Sequence[Claim] = ()  #: what its feed says for all its entries


def recognises(root: Element) -> bool:
    """Is this document a feed?"""
    return name_of(root) in _ROOTS


def split(root: Element) -> Sequence[Entry]:
    """The feed's entries, and the tombstones among them."""
    if name_of(root) in ("entry", "deleted-entry"):  # an Atom entry document, or a tombstone alone
        feed = etree.Element(etree.QName(etree.QName(root).namespace, "feed"))
        feed.append(root)
        root = feed
    _bound_tags(root)
    _tame_media(root)
    _make_absolute(root)
    elements = _numbered(root)
    # as a stream: given a name or an address feedparser would open it. Its own bases leak from one entry into the next.
    parsed = feedparser.parse(BytesIO(etree.tostring(root, encoding="utf-8")), sanitize_html=False, resolve_relative_uris=False)
    places = [root, *children(root, "channel")]
    embargoes = embargoes_in(root, but=_ENTRIES)
    gone = [
        Entry(entry={}, feed=parsed.feed, gone=attribute(tombstone, "ref"))
        for place in places
        for tombstone in children(place, "deleted-entry")
    ]
    found = [
        Entry(entry=entry, feed=parsed.feed, element=elements.get(str(entry.get(_NUMBER))), embargoes=embargoes)
        for entry in parsed.entries
    ]
    return [*found, *gone]


def _bound_tags(root: Element) -> None:
    """Leave an entry some more tags than are kept, so that it is told: feedparser looks for each among all before it."""
    count: Counter[Element] = Counter()
    for element in list(root.iter(*(f"{{*}}{name}" for name in _TAGS))):
        parent = element.getparent()
        if parent is None:
            continue
        count[parent] += 1
        if count[parent] > _MOST_TAGS:
            parent.remove(element)
        elif element.text:
            element.text = element.text[:_LONGEST_TAGS]


def _numbered(root: Element) -> dict[str, Element]:
    """Every entry by the number that is put into it, and that feedparser hands back."""
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
        element, base, said = places.pop()
        if own := element.attrib.pop(_XML_BASE, ""):
            base, said = joined(base, str(own)), joined(said, str(own))
        if element is not root and element is not feed:
            _make_own_absolute(element, base, said, is_of_feed=element.getparent() is feed)
        places += [(child, base, said) for child in children(element)]


def _feeds_address(root: Element, feed: Element) -> str:
    """What relative addresses of a feed mean: RSS has its site's, Atom its own document's."""
    rows = list(children(feed, "link"))
    links = {attribute(row, "rel") or "alternate": attribute(row, "href") or words(row) for row in reversed(rows)}
    order = ("self", "alternate") if name_of(root) == "feed" else ("alternate", "self")
    document = address_of_document()
    found = (absolute(document, links.get(rel, "")) for rel in order)
    return next((address for address in found if address), document)


def _make_own_absolute(element: Element, base: str, said: str, *, is_of_feed: bool) -> None:
    name = name_of(element)
    if name == "deleted-entry" and (ref := attribute(element, "ref")):
        element.set("ref", joined(said, ref) if said and ":" not in ref else ref)
    for attribute_name in _LINKING:
        if value := element.get(attribute_name):
            element.set(attribute_name, joined(base, value))
    text = (element.text or "").strip()
    if not text or len(element):
        return
    if name in ("guid", "id"):  # a name, which is an address only where the document says what it is relative to
        element.text = joined(said, text) if said and ":" not in text else text
    elif name in _ADDRESSES and not is_of_feed:
        element.text = joined(base, text)
    elif name in _HTML:
        element.text = html_at(text, base)


def _tame_media(root: Element) -> None:
    """Media RSS's captions and credits, put with their pictures: feedparser would take them for the entry's own text."""
    for word in ("description", "credit", "title", "text"):
        said: dict[Element, str] = {}  # the last that each parent says: a group is gone through once
        for element in list(root.iter(f"{{{_MEDIA_RSS}}}{word}")):
            parent = element.getparent()
            if parent is None:
                continue
            said.pop(parent, None)
            said[parent] = words(element)
            parent.remove(element)
        for parent, caption in said.items():
            group = [parent] if name_of(parent) == "content" else parent.iter(f"{{{_MEDIA_RSS}}}content")
            for content in group:
                content.set(word, caption)


def read(entry: Entry) -> Draft:
    """One entry, or the end of one."""
    draft = Draft(is_versioned=False)
    if entry.gone is not None:
        draft.put("uri", _uri({"id": entry.gone}, entry.feed), "ref")
        draft.put("pubstatus", PubStatus.CANCELED)
        return draft
    said, feed = entry.entry, entry.feed
    draft.put("uri", _uri(said, feed), "guid")
    draft.put("headline", _line(said.get("title", "")), "title")
    _read_text(draft, said)
    draft.put("byline", ", ".join(_authors(said)), "author")
    _read_times(draft, said)
    understood = _read_for_whom(draft, entry)
    source = said.get("source") or {}
    publisher = source.get("title") or said.get("publisher") or feed.get("title") or feed.get("publisher") or ""
    draft.put("provider", Provider(name=_line(publisher)[:200]), "source")
    language = (said.get("title_detail") or {}).get("language") or said.get("language") or feed.get("language") or ""
    draft.language(language)
    tags = [tag for tag in said.get("tags", ()) if tag.get("term")]
    draft.put(
        "subjects",
        unique(concept(tag.get("label") or tag.term, tag.term, tag.scheme) for tag in tags if tag.get("scheme")),
        "category",
    )
    plain = (str(tag.get("label") or tag.term).strip() for tag in tags if not tag.get("scheme"))
    draft.put("keywords", tuple(dict.fromkeys(word for word in plain if word)), "category")
    draft.put("copyright_notice", _line(said.get("rights") or feed.get("rights") or ""), "rights")
    draft.put("associations", tuple(_associations(draft, said)), "enclosure")
    link = str(said.get("link", ""))
    if link and ":" not in link:
        draft.note(f"link: {lost([link])}")
    elif link != draft.fields.get("uri"):
        draft.keep("link", link)
    for name in sorted(set(said) - _READ):
        if isinstance(value := said.get(name), str) and plain_name(name.rpartition("_")[2]) not in understood:
            draft.keep(name, value)
    return draft


def _read_for_whom(draft: Draft, entry: Entry) -> frozenset[str]:
    """Status, embargo, schedule and expiry, from the entry's own elements; the names that were understood."""
    element = entry.element
    if element is None:
        draft.doubt(Doubt.EMBARGO, "its entry was not found again in the document: an embargo in it would not be seen")
        return frozenset()
    foreign = [part for part in children(element) if len(part) and name_of(part) not in (*_OTHERS, *_HTML)]
    for part in children(child(element, "control"), "draft"):  # RFC 5023
        if words(part).lower() not in ("no", "false", "0"):
            draft.status("draft", "app:draft")
    understood = read_statuses(draft, [element, *foreign], but=_MEDIA_RSS)
    read_embargoes(draft, [*entry.embargoes, *embargoes_in(element)], element)
    return understood


def _uri(said: Any, feed: Any) -> str:
    """A guid, or the link. A guid that is no URI is one only within its feed."""
    guid = str(said.get("id", "")).strip()
    if guid and ":" not in guid:
        return uri_from_reference("feed", feed.get("id") or feed.get("link") or feed.get("title") or "", guid)
    return guid or str(said.get("link", ""))


def _read_text(draft: Draft, said: Any) -> None:
    """The fullest content is the body and what stands beside it the summary; a lone summary is the body."""
    bodies = [content.get("value", "") for content in said.get("content", ())]
    summary = said.get("summary", "")
    body = max(bodies, key=len, default="")
    draft.put("body_html", safe_html(body or summary), "content" if body else "description")
    if links := lost_links(body or summary):
        draft.note(f"{'content' if body else 'description'}: links {lost(links)}")
    if body and summary and summary != body:
        draft.put("summary", _line(summary), "description")


def _authors(said: Any) -> list[str]:
    names = [author.get("name", "").strip() for author in said.get("authors", ()) if author]
    return list(dict.fromkeys(name for name in names if name)) or [_line(said.get("author", ""))]


def _read_times(draft: Draft, said: Any) -> None:
    """When it was written: the strings as they stand there, for the one reader of times."""
    times = {name: str(said[name]) for name in ("published", "updated", "created", "expired") if name in said}
    first = next((name for name in ("published", "created", "updated") if name in times), "")
    last = next((name for name in ("updated", "published", "created") if name in times), "")
    draft.moment("version_created_at", times.get(last), last)
    if first == last:
        draft.put("first_created_at", draft.fields.get("version_created_at"), first)
    else:
        draft.moment("first_created_at", times.get(first), first)
    draft.moment("expires_at", times.get("expired"), "expired")


def _associations(draft: Draft, said: Any) -> Iterator[Association]:
    links = [row for row in said.get("links", ()) if row.get("rel") == "enclosure"]
    seen = set()
    for rel, rows in (("enclosure", links), ("media", _rows(said, "media_content"))):
        for row in rows:
            href, media_type = row.get("href") or row.get("url") or "", row.get("type") or ""
            if not href or href in seen:
                continue
            seen.add(href)
            if not is_followable(href):
                draft.note(f"{rel}: {lost([href])}")
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


def _rows(said: Any, name: str) -> list[Any]:
    value = said.get(name) or []
    return value if isinstance(value, list) else [value]


def _side(value: object) -> int | None:
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 7 else None


def _line(text: str) -> str:
    return plain_text(safe_html(text)) if "<" in text or "&" in text else text.strip()
