"""feedgen, kept behind this one module: its output repeats only with every date set, and it lacks what is added here.

Entries are cut out of the tree that feedgen makes, heads are made by feedgen with no entries, and bytes are joined in
between. Namespaces are declared once, in the head; every entry uses the same prefixes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import datetime

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from services.rendering.entries import Entry
from services.rendering.formats import Head
from services.rendering.media import Media
from shared.clock import rfc3339
from shared.contracts.feeds import MEDIA_TYPES, FeedFormat

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
SLASH = "http://purl.org/rss/1.0/modules/slash/"
THREADS = "http://purl.org/syndication/thread/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"

#: the relation of a link to the same thing in another language. Readers keep one `alternate`, some the first and some the last:
#: if there were several, half of them would open another language's page
OTHER_EDITION = "related"

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_DECLARATION = re.compile(rb'\s+xmlns(?::\w+)?="[^"]*"')
_PREFIXES = {"atom": ATOM, "content": CONTENT, "dc": DC, "dcterms": DCTERMS, "at": TOMBSTONES, "media": MEDIA, "slash": SLASH,
             "thr": THREADS}  # fmt: skip
for _prefix, _uri in _PREFIXES.items():
    etree.register_namespace(_prefix, _uri)


class _Head(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """What feedgen's channel lacks: the language in Atom, the other editions, the namespaces of entries."""

    def __init__(self) -> None:
        self.head: Head | None = None

    def extend_ns(self) -> dict[str, str]:
        return {"dc": DC, "dcterms": DCTERMS, "media": MEDIA, "slash": SLASH, "thr": THREADS}

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        head = self.head
        assert head is not None  # noqa: S101  set by `_generator`
        feed.set(_XML_LANG, head.edition)
        _say_times(feed)
        _links(feed, "link", head)
        return feed

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        head = self.head
        assert head is not None  # noqa: S101  set by `_generator`
        _links(feed[0], f"{{{ATOM}}}link", head)
        return feed


def _links(parent: etree._Element, name: str, head: Head) -> None:
    """Older entries, the hub, the other editions.

    feedgen's Atom elements have no namespace until they are parsed again; so have these.
    """
    if head.next_link:
        etree.SubElement(parent, name, rel="next", href=head.next_link)
    if head.archive_link:
        etree.SubElement(parent, name, rel="prev-archive", href=head.archive_link)
    if head.hub_link:
        etree.SubElement(parent, name, rel="hub", href=head.hub_link)
    for tag, href in head.alternates:
        etree.SubElement(parent, name, rel=OTHER_EDITION, type=MEDIA_TYPES[head.format], hreflang=tag, href=href)


class _Entry(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """What feedgen's entry lacks: most of Atom's link relations, milliseconds, `atom:updated` and `dc:creator` in RSS."""

    def __init__(self) -> None:
        self.entry: Entry | None = None

    def extend_atom(self, element: etree._Element) -> etree._Element:
        entry = self.entry
        assert entry is not None  # noqa: S101  set by `_feed_entry`
        element.set(_XML_LANG, entry.edition)
        _say_times(element)
        own = element.find("link")
        assert own is not None  # noqa: S101  set by `atom_entry`
        own.attrib.update({"rel": "alternate", "type": "text/html", "hreflang": entry.edition})
        if entry.author_language and (author := element.find("author")) is not None:
            author.set(_XML_LANG, entry.author_language)
        for tag, href in entry.alternates:
            etree.SubElement(element, "link", rel=OTHER_EDITION, type="text/html", hreflang=tag, href=href)
        for media in entry.media:
            link = etree.SubElement(element, "link", rel="enclosure", type=media.type, href=media.url)
            if media.size_bytes is not None:
                link.set("length", str(media.size_bytes))
            _media(element, media)
        if entry.comments_count is not None:  # RFC 4685
            replies = etree.SubElement(element, "link", rel="replies", type="text/html", href=f"{entry.link}#comments")
            replies.set(f"{{{THREADS}}}count", str(entry.comments_count))
            etree.SubElement(element, f"{{{THREADS}}}total").text = str(entry.comments_count)
        if entry.is_notice:
            _valid_until(element, entry)
        return element

    def extend_rss(self, element: etree._Element) -> etree._Element:
        entry = self.entry
        assert entry is not None  # noqa: S101  set by `_feed_entry`
        etree.SubElement(element, f"{{{DC}}}creator").text = entry.author
        etree.SubElement(element, f"{{{ATOM}}}updated").text = rfc3339(entry.updated_at)
        if entry.comments_count is not None:
            etree.SubElement(element, "comments").text = f"{entry.link}#comments"
            etree.SubElement(element, f"{{{SLASH}}}comments").text = str(entry.comments_count)
        for media in entry.media:
            _media(element, media)
        for media in entry.media[:1]:  # RSS has room for one, and asks for its length: 0 says that nobody knows it
            etree.SubElement(element, "enclosure", url=media.url, length=str(media.size_bytes or 0), type=media.type)
        if entry.is_notice:
            _valid_until(element, entry)
        return element


def _media(element: etree._Element, media: Media) -> None:
    """Media RSS, in both formats: what it shows, how large it is, what is said of it and whose it is."""
    facts = {
        "url": media.url,
        "type": media.type,
        "medium": media.medium,
        "width": media.width_px,
        "height": media.height_px,
        "fileSize": media.size_bytes,
    }
    content = etree.SubElement(
        element, f"{{{MEDIA}}}content", {name: str(fact) for name, fact in facts.items() if fact is not None}
    )
    if media.caption:
        description = etree.SubElement(content, f"{{{MEDIA}}}description", type="plain")
        description.text = media.caption
        _say_as_html(description)
    if media.credit:
        etree.SubElement(content, f"{{{MEDIA}}}credit").text = media.credit


def _say_times(element: etree._Element) -> None:
    """feedgen writes microseconds."""
    for name in ("published", "updated"):
        if (time := element.find(name)) is not None and time.text:
            time.text = rfc3339(datetime.fromisoformat(time.text))


def _valid_until(element: etree._Element, entry: Entry) -> None:
    etree.SubElement(element, f"{{{DCTERMS}}}valid").text = f"end={rfc3339(entry.updated_at)};"


def rss_entry(entry: Entry) -> bytes:
    """An `<item>`, whose prefixes the document declares."""
    item = _feed_entry(entry)
    item.link(href=entry.link)
    # readers take it for HTML, and want one where there is a content
    item.description(html.escape(entry.summary or entry.title, quote=False), isSummary=True)
    item.content(entry.content_html, type="html")
    item.pubDate(entry.published_at)
    for category in entry.categories:
        # RSS shows the text of a category, so it is the reader's word
        item.category(term=category.label, scheme=_scheme(category.scheme, entry), label=category.label)
    return _bytes(item.rss_entry())


def atom_entry(entry: Entry) -> bytes:
    """An `<entry>`; a notice is preceded by the tombstone of RFC 6721, and what has left is a tombstone alone."""
    if entry.has_left:
        return _tombstone(entry)
    item = _feed_entry(entry)
    item.link(href=entry.link)
    item.author(name=entry.author)
    if entry.summary:
        item.summary(entry.summary)
    item.content(entry.content_html, type="html")
    item.published(entry.published_at)
    item.rights(entry.rights)
    for category in entry.categories:
        item.category(term=category.term, scheme=_scheme(category.scheme, entry), label=category.label)
    element = item.atom_entry()
    for name in ("title", "summary", "rights"):
        if (child := element.find(name)) is not None:
            _say_as_html(child)
    return _tombstone(entry) + _bytes(element) if entry.is_notice else _bytes(element)


def rss_document(head: Head, entries: Sequence[bytes]) -> bytes:
    """An RSS 2.0 document of entries that `rss_entry` made."""
    generator = _generator(head)
    generator.link(href=head.self_link, rel="self", type=MEDIA_TYPES[FeedFormat.RSS])
    generator.link(href=head.link, rel="alternate", type="text/html", hreflang=head.edition)
    generator.language(head.edition)
    generator.docs("https://www.rssboard.org/rss-specification")
    generator.generator("Barq")
    generator.ttl(1)
    generator.copyright(head.rights)
    generator.image(url=head.logo, title=head.title, link=head.link)
    return _joined(generator.rss_str(), b"</channel>", entries)


def atom_document(head: Head, entries: Sequence[bytes]) -> bytes:
    """An Atom document of entries that `atom_entry` made."""
    generator = _generator(head)
    generator.link(href=head.self_link, rel="self", type=MEDIA_TYPES[FeedFormat.ATOM])
    generator.link(href=head.link, rel="alternate", type="text/html", hreflang=head.edition)
    generator.author(name=head.author)
    generator.rights(head.rights)
    generator.icon(head.logo)
    generator.generator("Barq")
    document = generator.atom_str()
    # feedgen's root declares Atom alone; the entries' prefixes are declared beside it, that of tombstones where there are some
    prefixes = ["dcterms", "media", "thr", *(["at"] if any(b"<at:" in entry for entry in entries) else [])]
    declared = b"".join(
        f' xmlns:{prefix}="{_PREFIXES[prefix]}"'.encode() for prefix in prefixes if prefix.encode() + b'="' not in document
    )
    document = document.replace(b"<feed ", b"<feed" + declared + b" ", 1)
    return _joined(document, b"</feed>", entries)


def _generator(head: Head) -> FeedGenerator:
    generator = FeedGenerator()
    generator.id(head.id)
    generator.title(head.title)
    generator.description(head.description or head.title)
    generator.updated(head.updated_at)
    generator.register_extension("barq", _Head, None)
    generator.barq.head = head
    return generator


def _feed_entry(entry: Entry) -> FeedEntry:
    item = FeedEntry()
    item.id(entry.id)
    item.title(entry.title)
    item.updated(entry.updated_at)
    item.register_extension("barq", _Entry)
    item.barq.entry = entry
    return item


def _say_as_html(element: etree._Element) -> None:
    """Text that could be taken for mark-up says that it is HTML, and is escaped as such: every reader shows it as it is."""
    if element.text and ("<" in element.text or "&" in element.text):
        element.set("type", "html")
        element.text = html.escape(element.text, quote=False)


def _scheme(kind: str, entry: Entry) -> str:
    """The namespace of a category: IPTC's, or the agency's own, so that two wires' words never meet."""
    if kind.startswith("http"):
        return kind
    return f"{entry.id.rpartition(',2024:')[0]},2024:{kind}"


def _tombstone(entry: Entry) -> bytes:
    when = rfc3339(entry.updated_at)
    tombstone = etree.Element(f"{{{TOMBSTONES}}}deleted-entry", ref=entry.id, when=when)
    etree.SubElement(tombstone, f"{{{TOMBSTONES}}}comment").text = entry.summary
    return _bytes(tombstone)


def _bytes(element: etree._Element) -> bytes:
    """An element without namespace declarations: the head has them."""
    return _plainly(_without_declarations(etree.tostring(element, encoding="UTF-8", xml_declaration=False)))


#: elements whose text and attributes are no mark-up, and have no way to say so
_PLAIN = re.compile(rb"<(?:title|category|name|dc:creator|media:credit|at:comment)\b[^<>]*>[^<]*")


def _plainly(fragment: bytes) -> bytes:
    """`<` and `&` in plain text as numbers: so RSS's profile asks, and readers that unescape twice find none."""
    return _PLAIN.sub(lambda match: match[0].replace(b"&lt;", b"&#x3C;").replace(b"&amp;", b"&#x26;"), fragment)


def _without_declarations(fragment: bytes) -> bytes:
    """Take the declarations out of the tags; text cannot be mistaken, as `<` never stands in it."""
    return re.sub(rb"<[^>]*>", lambda tag: _DECLARATION.sub(b"", tag[0]), fragment)


def _joined(document: bytes, end: bytes, entries: Sequence[bytes]) -> bytes:
    head, closing, tail = document.rpartition(end)
    return b"\n".join((head, *entries, closing + tail))
