"""NewsML-G2 in: a newsItem, a packageItem (as a package of references), or a newsMessage with many of them.

https://iptc.org/standards/newsml-g2/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.ingest.formats import embedded, nitf
from services.ingest.formats.alternatives import in_language, language_of, languages_of, likeness, words_of
from services.ingest.formats.elements import embargoes_in, read_embargoes, read_statuses
from services.ingest.formats.embedded import Embedded
from services.ingest.formats.languages import language_tag
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.values import concept, unique, whole_number
from services.ingest.formats.xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    inner_html,
    name_of,
    text_at,
    words,
)
from shared.contracts.item import Association, Concept, Doubt, ItemClass, Provider
from shared.language.markup import joined, paragraphs, plain_text, safe_html

NAME = "NewsML-G2"
_ITEMS = ("newsItem", "packageItem")
_CLASSES = {each.value: each for each in ItemClass} | {"photo": ItemClass.PICTURE, "animated": ItemClass.VIDEO}
#: the kinds of concept that a subject may be, by the last part of its `type`
_KINDS = {
    "person": "people",
    "organisation": "organisations",
    "organization": "organisations",
    "geoarea": "places",
    "poi": "places",
    "country": "places",
    "city": "places",
    "statprov": "places",
}
_READ_OF_ITEM_META = {
    "itemClass", "provider", "versionCreated", "firstCreated", "embargoed", "expires", "pubStatus", "edNote", "signal",
    "link", "title", "generator", "profile",
}  # fmt: skip
_READ_OF_CONTENT_META = {
    "urgency", "contentCreated", "contentModified", "located", "creator", "infoSource", "language", "subject", "genre",
    "slugline", "headline", "by", "dateline", "creditline", "description", "keyword",
}  # fmt: skip


def recognises(root: Element) -> bool:
    return name_of(root) in (*_ITEMS, "newsMessage")


def split(root: Element) -> Sequence[Element]:
    """The items of a document, in its order. Concepts and planning items, which a message may carry too, are no news."""
    if name_of(root) in _ITEMS:
        return [root]
    return [item for item_set in children(root, "itemSet") for item in children(item_set, *_ITEMS)]


def read(item: Element) -> ParsedItem:
    """One newsItem or packageItem.

    What is said in several languages is taken in the item's own. Content that cannot be read is named in a note; where no
    other is there, it holds the item.
    """
    parsed = ParsedItem()
    item_meta, content_meta = child(item, "itemMeta"), child(item, "contentMeta")
    parsed.put("uri", attribute(item, "guid"), "guid")
    if version := attribute(item, "version"):
        parsed.put("version", version)
    content = child(item, "contentSet")
    language = _language(item, content_meta, content)
    parsed.put_language(attribute(child(content_meta, "language"), "tag") or attribute(item, "lang") or language)
    _read_item_meta(parsed, item_meta, language)
    read_statuses(parsed, (item, item_meta, content_meta))
    read_embargoes(
        parsed, embargoes_in(item, known=[e for e in children(item_meta, "embargoed") if words(e) or not e.attrib][:1])
    )
    naming = _Naming(language=language, asserted=_asserted_names(item, language))
    _read_content_meta(parsed, content_meta, naming)
    _read_rights(parsed, child(item, "rightsInfo"), language)
    associations = [_link(link) for link in children(item_meta, "link") if not _is_lineage(parsed, link)]
    if name_of(item) == "packageItem":
        parsed.put("item_class", ItemClass.COMPOSITE)
        associations += [_reference(reference) for reference in descendants(child(item, "groupSet"), "itemRef")]
    _read_text(parsed, content, language)
    associations += _read_renditions(content)
    parsed.put("associations", tuple(associations))
    for meta, known in ((item_meta, _READ_OF_ITEM_META), (content_meta, _READ_OF_CONTENT_META)):
        for other in children(meta):
            if name_of(other) not in known:
                parsed.keep(name_of(other), words(other) or _code(other) or attribute(other, "literal"))
    return parsed


def _language(item: Element, meta: Element | None, content: Element | None) -> str:
    """The language that chooses among alternatives: of the content, of the item, else of its text or its headline."""
    tag_of_item = attribute(child(meta, "language"), "tag") or attribute(item, "lang") or language_of(item)
    texts = [*children(content, "inlineXML", "inlineData"), *children(meta, "headline")]
    return tag_of_item or next((tag for text in texts if (tag := language_of(_language_bearer(text)))), "")


@dataclass(frozen=True, kw_only=True)
class _Naming:
    """What concepts are called: in which language, and the names that the item gives once for all their codes."""

    language: str
    asserted: dict[str, str]

    def of(self, element: Element, *, of_code: bool = True) -> str:
        return _name(element, self.language, of_code=of_code)

    def concept(self, element: Element) -> Concept:
        code = _code(element)
        scheme = "" if code else _last(attribute(element, "type"))
        return concept(self.of(element, of_code=False) or self.asserted.get(code), code, scheme)


def _read_item_meta(parsed: ParsedItem, meta: Element | None, language: str) -> None:
    item_class = _last(_code(child(meta, "itemClass")))
    parsed.put("item_class", _CLASSES.get(item_class.lower()))
    provider = child(meta, "provider")
    if provider is not None:
        parsed.put("provider", Provider(name=_name(provider, language), code=_code(provider)))
    parsed.put_moment("version_created_at", text_at(meta, "versionCreated"), "versionCreated")
    parsed.put_moment("first_created_at", text_at(meta, "firstCreated"), "firstCreated")
    parsed.put_moment("expires_at", text_at(meta, "expires"), "expires")
    if (embargo := child(meta, "embargoed")) is not None:
        if until := words(embargo):
            parsed.put_moment("embargoed_until", until, "embargoed")
        elif not embargo.attrib:
            parsed.put("embargo_open", True)  # an empty element: embargoed, and nobody has said until when
    for signal in children(meta, "signal"):
        parsed.put_signal(_code(signal) if _last(_code(signal)) in ("update", "correction", "test") else _name(signal, language))
    parsed.put("ednote", "\n".join(words(note) for note in in_language(children(meta, "edNote"), language)))


def _read_content_meta(parsed: ParsedItem, meta: Element | None, naming: _Naming) -> None:
    language = naming.language
    parsed.put("urgency", whole_number(text_at(meta, "urgency"), low=1, high=9))
    parsed.put_moment("content_created_at", text_at(meta, "contentCreated"), "contentCreated")
    parsed.put("slugline", words_of(meta, "slugline", language))
    parsed.put("dateline", words_of(meta, "dateline", language))
    parsed.put("credit_line", words_of(meta, "creditline", language))
    _read_headlines(parsed, meta, language)
    descriptions = in_language(children(meta, "description"), language)
    descriptions.sort(key=lambda d: "summary" not in attribute(d, "role").lower())
    parsed.put("summary", words(next(iter(descriptions), None)))
    creators = [name for creator in children(meta, "creator") if (name := naming.of(creator))]
    parsed.put("byline", words_of(meta, "by", language) or ", ".join(creators))
    keywords = (words(keyword) for keyword in in_language(children(meta, "keyword"), language))
    parsed.put("keywords", tuple(dict.fromkeys(word for word in keywords if word)))
    parsed.put("genres", unique(naming.concept(genre) for genre in children(meta, "genre")))
    if (located := child(meta, "located")) is not None:
        parsed.put("located", naming.concept(located))
        if "dateline" not in parsed.fields:
            parsed.put("dateline", naming.of(located) or naming.asserted.get(_code(located), ""), "located")
    concepts: dict[str, list[Concept]] = {"subjects": [], "people": [], "organisations": [], "places": []}
    for subject in children(meta, "subject"):
        kind = _last(attribute(subject, "type")).lower()
        concepts[_KINDS.get(kind, "subjects")].append(naming.concept(subject))
    for ours, of_kind in concepts.items():
        parsed.put(ours, unique(of_kind), "subject")
    if (source := child(meta, "infoSource")) is not None:
        parsed.keep("infoSource", naming.of(source) or _code(source))


def _read_headlines(parsed: ParsedItem, meta: Element | None, language: str) -> None:
    headlines = [headline for headline in children(meta, "headline") if words(headline)]
    subs = [h for h in headlines if _last(attribute(h, "role")).lower() in ("sub", "subheadline", "subhead")]
    rest = [h for h in headlines if h not in subs] or headlines
    mains = [h for h in rest if _last(attribute(h, "role")).lower() in ("", "main", "headline")]
    # one of another role in the item's language is a headline that its readers can read
    best = in_language(rest, language)
    headline = next(iter([h for h in mains if h in best] or best), None)
    parsed.put("headline", words(headline))
    parsed.put("subheadline", words(next(iter(in_language(subs, language)), None)) if subs != rest else "")


def _read_rights(parsed: ParsedItem, rights: Element | None, language: str) -> None:
    if (holder := child(rights, "copyrightHolder")) is not None:
        parsed.put("copyright_holder", _name(holder, language))
    parsed.put("copyright_notice", words_of(rights, "copyrightNotice", language))
    parsed.put("usage_terms", words_of(rights, "usageTerms", language))
    parsed.put_moment("expires_at", attribute(rights, "validto"), "rightsInfo/@validto")


def _read_text(parsed: ParsedItem, content: Element | None, language: str) -> None:
    """The body: of the pieces in the item's language all that say something of their own, in their order.

    A piece that stands in another, as a plain copy of a marked-up text does, is that text once more. What cannot be read is
    named; where nothing else is there, it holds the item.
    """
    inline = [piece for piece in children(content, "inlineXML", "inlineData") if not _is_file(piece) and _has_content(piece)]
    in_own = in_language(inline, language, lambda piece: language_of(_language_bearer(piece)))
    texts = [(piece, _read_piece(piece)) for piece in in_own]
    if not any(text.body_html for _, text in texts):  # none of these: another language's, rather than nothing
        others = [piece for piece in inline if piece not in in_own]
        texts += [(piece, text) for piece in others if (text := _read_piece(piece)).body_html][:1]
    _follow_text(parsed, [piece for piece, text in texts if text.body_html], language)
    parsed.put("body_html", joined(_distinct([text.body_html for _, text in texts if text.body_html])), "contentSet")
    if rest := [piece for piece in inline if all(piece is not other for other, _ in texts)]:
        languages = languages_of([_language_bearer(piece) for piece in rest])
        parsed.note(f"a text in {languages} was left out: the item is in {language}")
    unread = [f"{_describe(piece)}: {text.unreadable}" for piece, text in texts if text.unreadable]
    unread += [f"{_describe(remote)}: it is elsewhere, and not in the item" for remote in _remote_texts(content)]
    if unread:
        _note_unread(parsed, "; ".join(unread)[:500])


def _note_unread(parsed: ParsedItem, reasons: str) -> None:
    if parsed.fields.get("body_html"):
        parsed.note(f"a part of the content was not read: {reasons}")
    elif parsed.fields.get("item_class", ItemClass.TEXT) is ItemClass.TEXT:
        parsed.doubt(Doubt.UNREADABLE_TEXT, f"the text of the item could not be read: {reasons}")


def _follow_text(parsed: ParsedItem, pieces: list[Element], language: str) -> None:
    """A text that says another language than its item goes where that language's readers are."""
    other = language_of(_language_bearer(pieces[0])) if pieces else ""
    if other and language_tag(other) and not likeness(other, language):
        parsed.put_language(other)
        parsed.note(f"language: the item says {language} and its only text is in {other}, which it was taken for")


def _language_bearer(piece: Element) -> Element:
    """Where a piece's language is said: on itself, or on the document that it holds."""
    inner = next(iter(children(piece)), None)
    return piece if inner is None or attribute(piece, "lang") else inner


def _is_file(piece: Element) -> bool:
    return embedded.is_no_text(attribute(piece, "contenttype"))


def _has_content(piece: Element) -> bool:
    return len(piece) > 0 or bool("".join(str(part) for part in piece.itertext()).strip())


def _read_piece(piece: Element) -> Embedded:
    """One inlineXML or inlineData, by what is in it."""
    if not len(piece) or attribute(piece, "encoding"):
        source = "".join(str(part) for part in piece.itertext())
        return embedded.read(source, media_type=attribute(piece, "contenttype"), encoding=attribute(piece, "encoding"))
    document = next((each for each in descendants(piece, "nitf")), None)
    html: str
    if document is not None:
        html = safe_html(nitf.body_source(document))
    else:
        body = next(descendants(piece, "body"), None)
        html = _body(piece if body is None else body)
    if plain_text(html):
        return Embedded(body_html=html)
    return Embedded(unreadable="no text stands where its format has it") if words(piece) else Embedded()


def _distinct(bodies: list[str]) -> list[str]:
    """Those that do not stand in another: the longest of each text, in their order."""
    texts = [f" {plain_text(body)} " for body in bodies]
    return [
        body
        for number, body in enumerate(bodies)
        if not any(
            texts[number] in other and (len(other) > len(texts[number]) or place < number)
            for place, other in enumerate(texts)
            if place != number
        )
    ]


def _remote_texts(content: Element | None) -> list[Element]:
    """What is elsewhere and would have words: not pictures, films and sounds, and not what does not say what it is."""
    return [
        rendition
        for rendition in children(content, "remoteContent")
        if (media_type := attribute(rendition, "contenttype")) and not embedded.is_no_text(media_type)
    ]


def _describe(piece: Element) -> str:
    name = attribute(piece, "contenttype") or "content of no named type"
    where = attribute(piece, "href") or attribute(piece, "residref") or attribute(piece, "rendition")
    return f"{name_of(piece)} {name}{f' ({where})' if where else ''}"[:200]


def _read_renditions(content: Element | None) -> Iterator[Association]:
    """What is remote as associations, the largest rendition of each."""
    remote = sorted(children(content, "remoteContent"), key=_pixels, reverse=True)
    for rendition in remote[:1]:
        yield Association(
            item_class=ItemClass.of_media_type(attribute(rendition, "contenttype")),
            rel="content",
            uri=attribute(rendition, "residref") or attribute(rendition, "href"),
            href=attribute(rendition, "href"),
            media_type=attribute(rendition, "contenttype"),
            width_px=whole_number(attribute(rendition, "width"), low=0, high=10**6),
            height_px=whole_number(attribute(rendition, "height"), low=0, high=10**6),
            size_bytes=whole_number(attribute(rendition, "size"), low=1, high=10**12),
        )


def _body(body: Element) -> str:
    """A body's HTML. One whose only paragraph holds the whole text, indented, is a text from before mark-up."""
    inside = list(children(body))
    only = body if not inside else inside[0] if len(inside) == 1 and name_of(inside[0]) in ("p", "pre") else None
    if only is not None and not len(only) and "\n" in (only.text or "").strip():
        return paragraphs(only.text or "")
    return safe_html(inner_html(body))


def _pixels(rendition: Element) -> int:
    sides = (whole_number(attribute(rendition, side), low=0, high=10**6) or 0 for side in ("width", "height"))
    return next(sides) * next(sides)


def _is_lineage(parsed: ParsedItem, link: Element) -> bool:
    """A link that says what this item comes from is no association: it is where the story has its past."""
    rel, uri = _last(_rel(link)).lower(), attribute(link, "residref") or attribute(link, "href")
    if rel in ("evolvedfrom", "isevolvedfrom"):
        parsed.put("evolved_from", uri)
        return True
    if rel in ("replaces", "supersedes"):
        parsed.put("replaces", uri)
        return True
    return False


def _rel(link: Element) -> str:
    return attribute(link, "rel") or attribute(link, "reluri")


def _link(link: Element) -> Association:
    return Association(
        item_class=_CLASSES.get(_last(_code(child(link, "itemClass"))).lower())
        or ItemClass.of_media_type(attribute(link, "contenttype")),
        rel=_last(_rel(link)),
        uri=attribute(link, "residref"),
        href=attribute(link, "href"),
        media_type=attribute(link, "contenttype"),
        headline=text_at(link, "headline") or text_at(link, "title"),
        caption=text_at(link, "description"),
        credit=text_at(link, "creditline"),
    )


def _reference(reference: Element) -> Association:
    """A package's reference to an item; its `rel` is the role of the group that holds it."""
    group = reference.getparent()
    return _link(reference).model_copy(update={"rel": _last(attribute(group, "role"))})


def _asserted_names(item: Element, language: str) -> dict[str, str]:
    """Names of concepts that an `assert` block gives once for all codes in the item."""
    return {_code(fact): words_of(fact, "name", language) for fact in children(item, "assert") if _code(fact)}


def _code(element: Element | None) -> str:
    return attribute(element, "qcode") or attribute(element, "uri") or attribute(element, "code")


def _name(element: Element, language: str, *, of_code: bool = True) -> str:
    """A concept's name in the item's language, else its literal, else the last part of its code."""
    name = words_of(element, "name", language) or attribute(element, "literal")
    return name or (words(element) if not len(element) else "") or (_last(_code(element)) if of_code else "")


def _last(code: str) -> str:
    """`update` of `sig:update` and of `http://cv.iptc.org/newscodes/signal/update`."""
    return re.split(r"[:/#]", code.strip().rstrip("/"))[-1]
