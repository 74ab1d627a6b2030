"""JSON Feed 1.0 and 1.1 in: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.ingest.formats.addresses import (
    address_of_document,
    describe_lost,
    is_followable,
    lost_links,
    resolve,
    resolve_followable,
    resolve_links,
)
from services.ingest.formats.members import read_extension, read_members
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.identity import uri_from_reference
from shared.contracts.item import Association, ItemClass, Provider
from shared.language.markup import paragraphs, plain_text, safe_html

NAME = "JSON Feed"
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
    """The feed's items, in its order; none where `items` is no array."""
    items = decoded.get("items")
    base = _address(decoded)
    return [Entry(item=item, feed=decoded, base=base) for item in items] if isinstance(items, list) else []


def _address(feed: Mapping[str, Any]) -> str:
    """Where the feed's site is, else the feed, else this document."""
    document = address_of_document()
    addresses = (resolve_followable(document, str(feed.get(name) or "")) for name in ("home_page_url", "feed_url"))
    return next((address for address in addresses if address), document)


def read(entry: Entry) -> ParsedItem:
    """One item. What is no object, and a text that is no string, are errors; what the format does not know is kept aside."""
    parsed = ParsedItem(is_versioned=False)
    item = entry.item
    if not isinstance(item, Mapping):
        parsed.add_error("", "an item of a JSON Feed is an object")
        return parsed
    identity = item.get("id")
    if isinstance(identity, str | int) and not isinstance(identity, bool):
        parsed.put("uri", _uri(str(identity).strip(), entry.feed), "id")
    parsed.put("uri", parsed.fields.get("uri") or _text(parsed, item, "url"), "id")
    parsed.put("headline", _line(_text(parsed, item, "title")), "title")
    parsed.put("summary", _line(_text(parsed, item, "summary")), "summary")
    _read_body(parsed, item, entry.base)
    parsed.put_moment("first_created_at", item.get("date_published"), "date_published")
    changed = "date_modified" if item.get("date_modified") else "date_published"
    parsed.put_moment("version_created_at", item.get(changed), changed)
    parsed.put_language(item.get("language") or entry.feed.get("language"))
    understood = read_members(parsed, item)
    for name, extension in item.items():
        if str(name).startswith("_") and isinstance(extension, Mapping):
            read_extension(parsed, str(name), extension)
    parsed.put("byline", ", ".join(_authors(item) or _authors(entry.feed)), "authors")
    if isinstance(title := entry.feed.get("title"), str):
        parsed.put("provider", Provider(name=title[:100]), "feed title")
    _read_tags(parsed, item.get("tags"))
    parsed.put("associations", tuple(_associations(parsed, item, entry.base)), "attachments")
    _keep_links(parsed, item, entry.base)
    for name, value in item.items():
        if name not in _READ and name not in understood and value not in (None, "", [], {}):
            parsed.keep(str(name), value if isinstance(value, str) else repr(value))
    return parsed


def _text(parsed: ParsedItem, item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if value is not None and not isinstance(value, str):
        parsed.add_error(name, "should be a string")
    return value if isinstance(value, str) else ""


def _read_body(parsed: ParsedItem, item: Mapping[str, Any], base: str) -> None:
    source = resolve_links(_text(parsed, item, "content_html"), base)
    body = safe_html(source) or paragraphs(_text(parsed, item, "content_text"))
    if links := lost_links(source):
        parsed.note(f"content_html: links {describe_lost(links)}")
    parsed.put("body_html", body, "content_html" if item.get("content_html") else "content_text")


def _read_tags(parsed: ParsedItem, tags: object) -> None:
    if not isinstance(tags, list):
        return
    parsed.put("keywords", tuple(tag for tag in tags if isinstance(tag, str)), "tags")
    if any(not isinstance(tag, str) for tag in tags):
        parsed.note("tags: what is no string was left out")


def _keep_links(parsed: ParsedItem, item: Mapping[str, Any], base: str) -> None:
    for name in ("url", "external_url"):
        address = _text(parsed, item, name)
        if (link := resolve(base, address) if address else "") and ":" not in link:
            parsed.note(f"{name}: {describe_lost([link])}")
        else:
            parsed.keep(name, link)


def _uri(identity: str, feed: Mapping[str, Any]) -> str:
    """An id that is no URI is one only within its feed."""
    home = str(feed.get("feed_url") or feed.get("home_page_url") or feed.get("title") or "")
    return identity if ":" in identity or not identity else uri_from_reference("jsonfeed", home, identity)


def _authors(holder: Mapping[str, Any]) -> list[str]:
    """Version 1.1 has many, 1.0 one."""
    value = holder.get("authors") or holder.get("author")
    rows = value if isinstance(value, list) else [value]
    return [row["name"].strip() for row in rows if isinstance(row, Mapping) and isinstance(row.get("name"), str)]


def _associations(parsed: ParsedItem, item: Mapping[str, Any], base: str) -> Iterator[Association]:
    def at(name: str, link: str) -> str:
        address = resolve(base, link)
        if not is_followable(address):
            parsed.note(f"{name}: {describe_lost([link])}")
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
