"""RSS 0.9x to 2.0, RSS 1.0 and Atom in, through feedparser; the document was checked as XML before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from time import struct_time
from typing import Any

import feedparser
from lxml import etree

from services.ingest.formats.draft import Draft, concept, unique
from services.ingest.formats.xml import Element, attribute, children, name_of, words
from services.ingest.identity import uri_from_reference
from shared.contracts.item import Association, ItemClass, Provider, PubStatus
from shared.markup import plain_text, safe_html

NAME = "RSS or Atom"
MEDIA_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_MEDIA_RSS = "http://search.yahoo.com/mrss/"
_ROOTS = ("rss", "RDF", "feed", "entry")
_READ = {
    "id", "guidislink", "link", "links", "title", "title_detail", "summary", "summary_detail", "content", "author",
    "author_detail", "authors", "updated", "updated_parsed", "published", "published_parsed", "tags", "rights",
    "rights_detail", "source", "publisher", "publisher_detail", "media_content", "media_thumbnail", "media_credit",
    "media_description", "language", "expired", "expired_parsed", "created", "created_parsed", "credit", "subtitle",
    "subtitle_detail", "contributors",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry with the feed that it came in; or what the feed says is gone (RFC 6721)."""

    entry: Any
    feed: Any
    gone: str = ""


def recognises(root: Element) -> bool:
    """Is this document a feed?"""
    return name_of(root) in _ROOTS


def split(root: Element) -> Sequence[Entry]:
    """The feed's entries, and the tombstones among them."""
    if name_of(root) == "entry":  # an Atom entry document
        feed = etree.Element(etree.QName(etree.QName(root).namespace, "feed"))
        feed.append(root)
        root = feed
    _tame_media(root)
    # as a stream: given a name or an address feedparser would open it
    parsed = feedparser.parse(BytesIO(etree.tostring(root, encoding="utf-8")), sanitize_html=False)
    gone = [
        Entry(entry={}, feed=parsed.feed, gone=reference)
        for tombstone in children(root, "deleted-entry")
        if (reference := attribute(tombstone, "ref"))
    ]
    return [*(Entry(entry=entry, feed=parsed.feed) for entry in parsed.entries), *gone]


def _tame_media(root: Element) -> None:
    """Media RSS's captions and credits, put with their pictures: feedparser would take them for the entry's own text."""
    for word in ("description", "credit", "title", "text"):
        for element in list(root.iter(f"{{{_MEDIA_RSS}}}{word}")):
            parent = element.getparent()
            if parent is None:
                continue
            group = [parent] if name_of(parent) == "content" else list(parent.iter(f"{{{_MEDIA_RSS}}}content"))
            for content in group:
                content.set(word, words(element))
            parent.remove(element)


def read(entry: Entry) -> Draft:
    """One entry, or the end of one."""
    draft = Draft(is_versioned=False)
    if entry.gone:
        draft.put("uri", entry.gone, "ref")
        draft.put("pubstatus", PubStatus.CANCELED)
        return draft
    said, feed = entry.entry, entry.feed
    draft.put("uri", _uri(said, feed), "guid")
    draft.put("headline", _line(said.get("title", "")), "title")
    _read_text(draft, said)
    draft.put("byline", ", ".join(_authors(said)), "author")
    published, updated = _moment(said, "published"), _moment(said, "updated")
    draft.put("first_created_at", published or updated, "published")
    draft.put("version_created_at", updated or published, "updated")
    draft.put("expires_at", _moment(said, "expired"), "expired")
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
    draft.put("associations", tuple(_associations(said)), "enclosure")
    if (link := str(said.get("link", ""))) != draft.fields.get("uri"):
        draft.keep("link", link)
    for name in sorted(set(said) - _READ):
        if isinstance(value := said.get(name), str):
            draft.keep(name, value)
    return draft


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
    if body and summary and summary != body:
        draft.put("summary", _line(summary), "description")


def _authors(said: Any) -> list[str]:
    names = [author.get("name", "").strip() for author in said.get("authors", ()) if author]
    return list(dict.fromkeys(name for name in names if name)) or [_line(said.get("author", ""))]


def _moment(said: Any, name: str) -> datetime | None:
    """A time that feedparser understood, in any of the spellings that feeds have; it is in UTC."""
    key = f"{name}_parsed"
    value: struct_time | None = said[key] if key in said else None  # noqa: SIM401 - `get` answers with another field's
    if value is None:
        return None
    try:
        return datetime(*value[:6], tzinfo=UTC)
    except ValueError:
        return None


def _associations(said: Any) -> Iterator[Association]:
    links = [row for row in said.get("links", ()) if row.get("rel") == "enclosure"]
    seen = set()
    for rel, rows in (("enclosure", links), ("media", _rows(said, "media_content"))):
        for row in rows:
            href, media_type = row.get("href") or row.get("url") or "", row.get("type") or ""
            if not href or href in seen:
                continue
            seen.add(href)
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
