"""NewsML-G2 in: a newsItem, a packageItem (as a package of references), or a newsMessage with many of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.ingest.formats import nitf
from services.ingest.formats.draft import Draft, concept, unique, whole_number
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
from shared.contracts.item import Association, Concept, ItemClass, Provider
from shared.markup import paragraphs, paragraphs_of_loose_text, safe_html

NAME = "NewsML-G2"
MEDIA_TYPES = (
    "application/vnd.iptc.g2.newsitem+xml",
    "application/vnd.iptc.g2.newsmessage+xml",
    "application/vnd.iptc.g2.packageitem+xml",
)
_ITEMS = ("newsItem", "packageItem")
_CLASSES = {each_.value: each_ for each_ in ItemClass} | {"photo": ItemClass.PICTURE, "animated": ItemClass.VIDEO}
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
    """Is this document NewsML-G2?"""
    return name_of(root) in (*_ITEMS, "newsMessage")


def split(root: Element) -> Sequence[Element]:
    """The items of a document. Concepts and planning items, which a message may carry too, are no news."""
    if name_of(root) in _ITEMS:
        return [root]
    return [item for item_set in children(root, "itemSet") for item in children(item_set, *_ITEMS)]


def read(item: Element) -> Draft:
    """One newsItem or packageItem."""
    draft = Draft()
    item_meta, content_meta = child(item, "itemMeta"), child(item, "contentMeta")
    draft.put("uri", attribute(item, "guid"), "guid")
    if version := attribute(item, "version"):
        draft.put("version", version)
    draft.language(attribute(child(content_meta, "language"), "tag") or attribute(item, "lang"))
    _read_item_meta(draft, item_meta)
    names = _asserted_names(item)
    _read_content_meta(draft, content_meta, names)
    _read_rights(draft, child(item, "rightsInfo"))
    associations = [_link(link) for link in children(item_meta, "link") if not _is_lineage(draft, link)]
    if name_of(item) == "packageItem":
        draft.put("item_class", ItemClass.COMPOSITE)
        associations += [_reference(reference) for reference in descendants(child(item, "groupSet"), "itemRef")]
    associations += _read_content(draft, child(item, "contentSet"))
    draft.put("associations", tuple(associations))
    for meta, known in ((item_meta, _READ_OF_ITEM_META), (content_meta, _READ_OF_CONTENT_META)):
        for other in children(meta):
            if name_of(other) not in known:
                draft.keep(name_of(other), words(other) or _code(other) or attribute(other, "literal"))
    return draft


def _read_item_meta(draft: Draft, meta: Element | None) -> None:
    item_class = _last(_code(child(meta, "itemClass")))
    draft.put("item_class", _CLASSES.get(item_class.lower()))
    provider = child(meta, "provider")
    if provider is not None:
        draft.put("provider", Provider(name=_name(provider), code=_code(provider)))
    draft.moment("version_created_at", text_at(meta, "versionCreated"), "versionCreated")
    draft.moment("first_created_at", text_at(meta, "firstCreated"), "firstCreated")
    draft.moment("expires_at", text_at(meta, "expires"), "expires")
    if (embargo := child(meta, "embargoed")) is not None:
        if until := words(embargo):
            draft.moment("embargoed_until", until, "embargoed")
        else:
            draft.put("embargo_open", True)  # an empty element: embargoed, and nobody has said until when
    draft.status(_code(child(meta, "pubStatus")), "pubStatus")
    for signal in children(meta, "signal"):
        draft.signal(_code(signal) if _last(_code(signal)) in ("update", "correction", "test") else _name(signal))
    draft.put("ednote", "\n".join(words(note) for note in children(meta, "edNote")))


def _read_content_meta(draft: Draft, meta: Element | None, names: dict[str, str]) -> None:
    draft.put("urgency", whole_number(text_at(meta, "urgency"), low=1, high=9))
    draft.moment("content_created_at", text_at(meta, "contentCreated"), "contentCreated")
    draft.put("slugline", text_at(meta, "slugline"))
    draft.put("dateline", text_at(meta, "dateline"))
    draft.put("credit_line", text_at(meta, "creditline"))
    headlines = list(children(meta, "headline"))
    mains = [h for h in headlines if _last(attribute(h, "role")).lower() in ("", "main", "headline")]
    subs = [h for h in headlines if _last(attribute(h, "role")).lower() in ("sub", "subheadline", "subhead")]
    draft.put("headline", words(next(iter(mains or [h for h in headlines if h not in subs] or headlines), None)))
    draft.put("subheadline", words(next(iter(subs), None)))
    summaries = sorted(children(meta, "description"), key=lambda d: "summary" not in attribute(d, "role").lower())
    draft.put("summary", words(next(iter(summaries), None)))
    creators = [name for creator in children(meta, "creator") if (name := _name(creator))]
    draft.put("byline", text_at(meta, "by") or ", ".join(creators))
    draft.put("keywords", tuple(dict.fromkeys(word for k in children(meta, "keyword") if (word := words(k)))))
    draft.put("genres", unique(_concept(genre, names) for genre in children(meta, "genre")))
    if (located := child(meta, "located")) is not None:
        draft.put("located", _concept(located, names))
        if not text_at(meta, "dateline"):
            draft.put("dateline", _name(located) or names.get(_code(located), ""), "located")
    found: dict[str, list[Concept]] = {"subjects": [], "people": [], "organisations": [], "places": []}
    for subject in children(meta, "subject"):
        kind = _last(attribute(subject, "type")).lower()
        found[_KINDS.get(kind, "subjects")].append(_concept(subject, names))
    for ours, concepts in found.items():
        draft.put(ours, unique(concepts), "subject")
    if (source := child(meta, "infoSource")) is not None:
        draft.keep("infoSource", _name(source) or _code(source))


def _read_rights(draft: Draft, rights: Element | None) -> None:
    if (holder := child(rights, "copyrightHolder")) is not None:
        draft.put("copyright_holder", _name(holder))
    draft.put("copyright_notice", text_at(rights, "copyrightNotice"))
    draft.put("usage_terms", text_at(rights, "usageTerms"))
    draft.moment("expires_at", attribute(rights, "validto"), "rightsInfo/@validto")


def _read_content(draft: Draft, content: Element | None) -> Iterator[Association]:
    """The body into the draft; what is remote as associations, the largest rendition of each."""
    for inline in children(content, "inlineXML"):
        markup = next(iter(children(inline)), None)
        if markup is None or draft.fields.get("body_html"):
            continue
        if name_of(markup) == "nitf":
            draft.put("body_html", safe_html(nitf.body_source(markup)), "inlineXML")
        else:
            body = next(descendants(inline, "body"), None)
            draft.put("body_html", _body(inline if body is None else body), "inlineXML")
    for data in children(content, "inlineData"):
        if draft.fields.get("body_html") or attribute(data, "encoding"):
            continue  # encoded data is a file, not a text
        text = "".join(str(part) for part in data.itertext())
        is_html = "html" in attribute(data, "contenttype").lower()
        draft.put("body_html", safe_html(text) if is_html else paragraphs_of_loose_text(text), "inlineData")
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


def _is_lineage(draft: Draft, link: Element) -> bool:
    """A link that says what this item comes from is no association: it is where the story has its past."""
    rel, uri = _last(_rel(link)).lower(), attribute(link, "residref") or attribute(link, "href")
    if rel in ("evolvedfrom", "isevolvedfrom"):
        draft.put("evolved_from", uri)
        return True
    if rel in ("replaces", "supersedes"):
        draft.put("replaces", uri)
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


def _asserted_names(item: Element) -> dict[str, str]:
    """Names of concepts that an `assert` block gives once for all codes in the item."""
    return {_code(fact): text_at(fact, "name") for fact in children(item, "assert") if _code(fact)}


def _concept(element: Element, names: dict[str, str]) -> Concept:
    code = _code(element)
    scheme = "" if code else _last(attribute(element, "type"))
    return concept(_name(element, of_code=False) or names.get(code), code, scheme)


def _code(element: Element | None) -> str:
    return attribute(element, "qcode") or attribute(element, "uri") or attribute(element, "code")


def _name(element: Element, *, of_code: bool = True) -> str:
    """A concept's name: its first, which is in the item's language, else its literal, else the last part of its code."""
    name = text_at(element, "name") or attribute(element, "literal")
    return name or (words(element) if not len(element) else "") or (_last(_code(element)) if of_code else "")


def _last(code: str) -> str:
    """`update` of `sig:update` and of `http://cv.iptc.org/newscodes/signal/update`."""
    return re.split(r"[:/#]", code.strip().rstrip("/"))[-1]
