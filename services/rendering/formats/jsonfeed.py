"""JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/ ; what has no field of its own is under `_barq`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from services.rendering.entries import Entry, Media
from services.rendering.formats import Head
from shared.contracts.entry import Attachment, Author, Own, Picture, StoredEntry, Translation
from shared.contracts.feeds import FeedFormat

EXTENSION = FeedFormat.JSON


def entry(told: Entry) -> bytes:
    """An item: the entry as the edge reads it."""
    media = told.media
    return StoredEntry(
        id=told.id,
        url=told.link,
        title=told.title,
        summary=told.summary,
        content_html=told.content_html,
        date_published=told.published_at,
        date_modified=told.updated_at,
        authors=(Author(name=told.author),),
        language=told.edition,
        tags=tuple(category.label for category in told.categories),
        image=next((one.url for one in media if one.medium == "image"), None),
        attachments=tuple(
            Attachment(url=one.url, mime_type=one.type, title=one.caption, size_in_bytes=one.size_bytes) for one in media
        ),
        barq=Own(
            story=told.story,
            revision=told.revision,
            status="notice" if told.is_notice else "usable",
            rights=told.rights,
            editions=dict(told.alternates),
            translation=Translation(**asdict(told.translation)) if told.translation else None,
            names={c.term: c.label for c in told.categories if c.scheme in ("tag", "label") and c.label != c.term},
            pictures=tuple(_picture(one) for one in media if one.medium == "image"),
            categories={
                scheme: tuple(c.term for c in told.categories if c.scheme == scheme)
                for scheme in dict.fromkeys(c.scheme for c in told.categories)
            },
        ),
    ).stored()


def _picture(media: Media) -> Picture:
    return Picture(url=media.url, width=media.width_px, height=media.height_px, caption=media.caption, credit=media.credit)


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
    opened = json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
    return opened + b',"items":[\n' + b",\n".join(entries) + b"\n]}\n"
