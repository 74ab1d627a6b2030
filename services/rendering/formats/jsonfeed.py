"""JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/ ; what has no field of its own is under `_barq`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.rendering.entries import Entry, Media
from services.rendering.formats import Head

EXTENSION = "json"
MEDIA_TYPE = "application/feed+json; charset=utf-8"


def entry(told: Entry) -> bytes:
    """An item."""
    item: dict[str, Any] = {
        "id": told.id,
        "url": told.link,
        "title": told.title,
        "summary": told.summary,
        "content_html": told.content_html,
        "date_published": told.published_at.isoformat(),
        "date_modified": told.updated_at.isoformat(),
        "authors": [{"name": told.author}],
        "language": told.edition,
        "tags": [category.label for category in told.categories],
        **_attached(told),
        "_barq": {
            "story": told.story,
            "revision": told.revision,
            "status": "notice" if told.is_notice else "usable",
            "rights": told.rights,
            "editions": dict(told.alternates),
            "translation": told.translation and asdict(told.translation),
            "names": {c.term: c.label for c in told.categories if c.scheme in ("tag", "label") and c.label != c.term},
            "pictures": [_picture(media) for media in told.media if media.medium == "image"],
            "categories": {
                scheme: [c.term for c in told.categories if c.scheme == scheme]
                for scheme in dict.fromkeys(c.scheme for c in told.categories)
            },
        },
    }
    return _dump(item)


def _picture(media: Media) -> dict[str, Any]:
    return {
        "url": media.url,
        "width": media.width_px,
        "height": media.height_px,
        "caption": media.caption,
        "credit": media.credit,
    }


def _attached(told: Entry) -> dict[str, Any]:
    """The first picture as the item's own, and everything as attachments."""
    attachments = [
        {"url": media.url, "mime_type": media.type}
        | ({"title": media.caption} if media.caption else {})
        | ({"size_in_bytes": media.size_bytes} if media.size_bytes is not None else {})
        for media in told.media
    ]
    image = next((media.url for media in told.media if media.medium == "image"), None)
    return ({"image": image} if image else {}) | ({"attachments": attachments} if attachments else {})


def document(head: Head, entries: Sequence[bytes]) -> bytes:
    """A feed."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "description": head.description or head.title,
        "home_page_url": head.link,
        "feed_url": head.self_link,
        **({"next_url": head.next_link} if head.next_link else {}),
        "icon": head.logo,
        **({"hubs": [{"type": "WebSub", "url": head.hub_link}]} if head.hub_link else {}),
        "language": head.edition,
        "authors": [{"name": head.author}],
        "_barq": {"updated": head.updated_at.isoformat(), "rights": head.rights, "editions": dict(head.alternates)},
    }
    return _dump(feed)[:-1] + b',"items":[\n' + b",\n".join(entries) + b"\n]}\n"


def _dump(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
