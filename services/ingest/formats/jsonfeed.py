"""JSON Feed 1.0 and 1.1 in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.ingest.formats.addresses import (
    absolute,
    address_of_document,
    html_at,
    is_followable,
    joined,
    lost,
    lost_links,
)
from services.ingest.formats.draft import Draft
from services.ingest.formats.members import read_extension, read_members
from services.ingest.identity import uri_from_reference
from shared.contracts.item import Association, ItemClass, Provider
from shared.language.markup import paragraphs, plain_text, safe_html

NAME = "JSON Feed"
MEDIA_TYPES = ("application/feed+json",)
_READ = {
    "id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image",
    "date_published", "date_modified", "author", "authors", "tags", "language", "attachments",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One item with the feed that it came in."""

    item: object
    feed: Mapping[str, Any]
    base: str = ""  #: what its relative addresses are relative to


def recognises(decoded: object) -> bool:
    """Does it say of itself that it is a JSON Feed?"""
    return isinstance(decoded, Mapping) and str(decoded.get("version")).startswith("https://jsonfeed.org/version/")


def split(decoded: Any) -> Sequence[Entry]:
    """The feed's items."""
    items = decoded.get("items")
    base = _address(decoded)
    return [Entry(item=item, feed=decoded, base=base) for item in items] if isinstance(items, list) else []


def _address(feed: Mapping[str, Any]) -> str:
    """Where the feed's site is, else the feed, else this document."""
    document = address_of_document()
    found = (absolute(document, str(feed.get(name) or "")) for name in ("home_page_url", "feed_url"))
    return next((address for address in found if address), document)


def read(entry: Entry) -> Draft:
    """One item."""
    draft = Draft(is_versioned=False)
    item = entry.item
    if not isinstance(item, Mapping):
        draft.wrong("", "an item of a JSON Feed is an object")
        return draft

    def text(name: str) -> str:
        value = item.get(name)
        if value is not None and not isinstance(value, str):
            draft.wrong(name, "should be a string")
        return value if isinstance(value, str) else ""

    identity = item.get("id")
    if isinstance(identity, str | int) and not isinstance(identity, bool):
        draft.put("uri", _uri(str(identity).strip(), entry.feed), "id")
    draft.put("uri", draft.fields.get("uri") or text("url"), "id")
    draft.put("headline", _line(text("title")), "title")
    draft.put("summary", _line(text("summary")), "summary")
    source = html_at(text("content_html"), entry.base)
    body = safe_html(source) or paragraphs(text("content_text"))
    if links := lost_links(source):
        draft.note(f"content_html: links {lost(links)}")
    draft.put("body_html", body, "content_html" if item.get("content_html") else "content_text")
    draft.moment("first_created_at", item.get("date_published"), "date_published")
    changed = "date_modified" if item.get("date_modified") else "date_published"
    draft.moment("version_created_at", item.get(changed), changed)
    draft.language(item.get("language") or entry.feed.get("language"))
    understood = read_members(draft, item)
    for name, extension in item.items():
        if str(name).startswith("_") and isinstance(extension, Mapping):
            read_extension(draft, str(name), extension)
    names = _authors(item) or _authors(entry.feed)
    draft.put("byline", ", ".join(names), "authors")
    if isinstance(title := entry.feed.get("title"), str):
        draft.put("provider", Provider(name=title[:100]), "feed title")
    tags = item.get("tags")
    if isinstance(tags, list):
        draft.put("keywords", tuple(tag for tag in tags if isinstance(tag, str)), "tags")
        if any(not isinstance(tag, str) for tag in tags):
            draft.note("tags: what is no string was left out")
    draft.put("associations", tuple(_associations(draft, item, entry.base)), "attachments")
    for name in ("url", "external_url"):
        if (link := joined(entry.base, text(name)) if text(name) else "") and ":" not in link:
            draft.note(f"{name}: {lost([link])}")
        else:
            draft.keep(name, link)
    for name, value in item.items():
        if name not in _READ and name not in understood and value not in (None, "", [], {}):
            draft.keep(str(name), value if isinstance(value, str) else repr(value))
    return draft


def _uri(identity: str, feed: Mapping[str, Any]) -> str:
    """An id that is no URI is one only within its feed."""
    home = str(feed.get("feed_url") or feed.get("home_page_url") or feed.get("title") or "")
    return identity if ":" in identity or not identity else uri_from_reference("jsonfeed", home, identity)


def _authors(holder: Mapping[str, Any]) -> list[str]:
    """Version 1.1 has many, 1.0 one."""
    value = holder.get("authors") or holder.get("author")
    rows = value if isinstance(value, list) else [value]
    return [row["name"].strip() for row in rows if isinstance(row, Mapping) and isinstance(row.get("name"), str)]


def _associations(draft: Draft, item: Mapping[str, Any], base: str) -> Iterator[Association]:
    def at(name: str, link: str) -> str:
        address = joined(base, link)
        if not is_followable(address):
            draft.note(f"{name}: {lost([link])}")
        return address

    for name in ("image", "banner_image"):
        if isinstance(link := item.get(name), str) and link.strip():
            href = at(name, link)
            yield Association(item_class=ItemClass.PICTURE, rel=name, uri=href, href=href)
    attachments = item.get("attachments")
    for row in attachments if isinstance(attachments, list) else ():
        if isinstance(row, Mapping) and isinstance(link := row.get("url"), str) and link.strip():
            href, media_type = at("attachments", link), str(row.get("mime_type") or "")
            yield Association(
                item_class=ItemClass.of_media_type(media_type),
                rel="enclosure",
                uri=href,
                href=href,
                media_type=media_type,
                size_bytes=size if isinstance(size := row.get("size_in_bytes"), int) and size > 0 else None,
                headline=str(row.get("title") or ""),
            )


def _line(text: str) -> str:
    return plain_text(safe_html(text)) if "<" in text else text
