"""What a feed is, to whoever makes, serves or sends one: its formats, its size, and how the edge hears of a new document."""

from __future__ import annotations

from enum import StrEnum


class FeedFormat(StrEnum):
    """A format of feeds; the value is the end of its address, and the name of its rows in the archive."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


#: the format whose entries are `StoredEntry`: the one that pages, lists and searches read
READ_FROM = FeedFormat.JSON

MEDIA_TYPES = {
    FeedFormat.RSS: "application/rss+xml",
    FeedFormat.ATOM: "application/atom+xml",
    FeedFormat.JSON: "application/feed+json",
}

#: as HTTP's header says it
CONTENT_TYPES = {form: f"{media_type}; charset=utf-8" for form, media_type in MEDIA_TYPES.items()}

#: entries in a feed's document, and in each of its older pages; notices of kills may make a document longer
WINDOW = 100

#: bytes of a story's text, as HTML, in a feed's documents, pages and archives; its page and the API have it whole. Some 8,000
#: English words, which no story in a hundred thousand has; so a document has a bound, and a kill is through in a moment
LONGEST_IN_FEEDS = 50_000

#: PostgreSQL's channel on which a new document is announced, with the commit that wrote it; the payload is `edition/feed`
DOCUMENTS_CHANNEL = "barq_documents"


def facet(kind: str, word: str) -> str:
    """What entries are filed and looked for under: `tag:opec`."""
    return f"{kind}:{word}".casefold()
