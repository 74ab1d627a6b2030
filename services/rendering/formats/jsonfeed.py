"""JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/ ; what has no field of its own is under `_barq`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from services.rendering.entries import Entry
from services.rendering.formats import Head
from services.rendering.media import Media
from shared.clock import rfc3339
from shared.contracts.entry import Attachment, Author, Own, OwnOfAuthor, Picture, StoredEntry, Translation
from shared.contracts.feeds import FeedFormat

EXTENSION = FeedFormat.JSON


def render_entry(entry: Entry) -> bytes:
    """An item of a feed, which is also the entry as it is stored: `StoredEntry`."""
    media = entry.media
    return StoredEntry(
        id=entry.id,
        url=entry.link,
        title=entry.title,
        summary=entry.summary,
        content_html=entry.content_html,
        date_published=entry.published_at,
        date_modified=entry.updated_at,
        authors=(Author(name=entry.author, barq=OwnOfAuthor(kind=entry.author_kind, language=entry.author_language)),),
        language=entry.edition,
        tags=tuple(category.label for category in entry.categories),
        image=next((one.url for one in media if one.medium == "image"), None),
        attachments=tuple(
            Attachment(url=one.url, mime_type=one.type, title=one.caption, size_in_bytes=one.size_bytes) for one in media
        ),
        barq=Own(
            **dict(entry.facts),
            story=entry.story,
            revision=entry.revision,
            status="notice" if entry.is_notice else "advisory" if entry.is_advisory else "usable",
            rights=entry.rights,
            editions=dict(entry.alternates),
            translation=Translation(**asdict(entry.translation)) if entry.translation else None,
            names={c.term: c.label for c in entry.categories if c.scheme in ("tag", "label") and c.label != c.term},
            pictures=tuple(_picture(one) for one in media if one.medium == "image"),
            categories={
                scheme: tuple(c.term for c in entry.categories if c.scheme == scheme)
                for scheme in dict.fromkeys(c.scheme for c in entry.categories)
            },
        ),
    ).stored()


def _picture(media: Media) -> Picture:
    return Picture(url=media.url, width=media.width_px, height=media.height_px, caption=media.caption, credit=media.credit)


def render_document(head: Head, entries: Sequence[bytes]) -> bytes:
    """A feed: its own fields, then the items, one a line."""
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
        "_barq": {"updated": rfc3339(head.updated_at), "rights": head.rights, "editions": dict(head.alternates)},
    }
    opened = json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
    return opened + b',"items":[\n' + b",\n".join(entries) + b"\n]}\n"
