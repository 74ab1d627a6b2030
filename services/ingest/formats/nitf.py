"""NITF 3.x in, the News Industry Text Format: https://iptc.org/standards/nitf/. One document is one item."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from services.ingest.formats.elements import embargoes_in, read_embargoes, read_statuses
from services.ingest.formats.members import plain_name
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.values import concept, unique, whole_number
from services.ingest.formats.xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    elements_at,
    inner_html,
    name_of,
    text_at,
    words,
)
from services.ingest.times import moment_of
from shared.contracts.item import Association, Concept, Doubt, ItemClass, Provider
from shared.language.characters import clean_line
from shared.language.markup import plain_text, safe_html

NAME = "NITF"
_READ_OF_DOCDATA = {
    "doc-id", "urgency", "date.issue", "date.release", "date.expire", "ed-msg", "doc.copyright", "doc.rights",
    "key-list", "identified-content", "evloc", "correction", "du-key", "del-list",
}  # fmt: skip
#: NITF's elements in a body that HTML calls otherwise; the rest has HTML's names or loses its tag in sanitising
_HTML_NAMES = {"hl1": "h2", "hl2": "h3", "bq": "blockquote", "pre": "pre"}
_DROPPED = ("media", "byline", "distributor", "copyrite", "custom-table", "datasource")
_MEDIA = {"image": ItemClass.PICTURE, "photo": ItemClass.PICTURE, "video": ItemClass.VIDEO, "audio": ItemClass.AUDIO}


def recognises(root: Element) -> bool:
    return name_of(root) == "nitf"


def split(root: Element) -> Sequence[Element]:
    return [root]


def read(root: Element) -> ParsedItem:
    """One NITF document; it has no version unless `du-key` says one. Changes the document's body.

    A text that stands where none is read holds the item.
    """
    parsed = ParsedItem(is_versioned=False)
    head, body = child(root, "head"), child(root, "body")
    body_head, docdata = child(body, "body.head"), child(head, "docdata")
    _read_docdata(parsed, docdata)
    understood = read_statuses(parsed, (root, head, docdata))
    _read_release(parsed, docdata)
    read_embargoes(parsed, embargoes_in(root))
    _read_body_head(parsed, body_head)
    parsed.put_language(attribute(root, "lang") or attribute(body, "lang") or _language_of_text(body))
    _read_meta(parsed, head, understood)
    if not parsed.fields.get("headline"):
        parsed.put("headline", text_at(head, "title"), "title")
    parsed.put("subjects", unique(_subjects(head)), "tobject.subject")
    genres = (concept(attribute(p, "tobject.property.type")) for p in elements_at(head, "tobject", "tobject.property"))
    parsed.put("genres", unique(genres), "tobject.property")
    parsed.put("associations", tuple(_media(media) for media in descendants(body, "media")), "media")
    elsewhere = _text_elsewhere(body)
    parsed.put("body_html", safe_html(body_source(root)), "body.content")
    if elsewhere and not plain_text(str(parsed.fields.get("body_html", ""))):
        parsed.doubt(Doubt.UNREADABLE_TEXT, f"the text of the item could not be read: it stands in <{elsewhere}>")
    for tagline in elements_at(body, "body.end", "tagline"):
        parsed.keep("tagline", words(tagline))
    for history in children(head, "revision-history"):
        parsed.keep("revision-history", f"{attribute(history, 'name')} {attribute(history, 'comment')}")
    return parsed


def _read_meta(parsed: ParsedItem, head: Element | None, understood: Collection[str]) -> None:
    """What agencies carried over from ANPA's header into `meta`."""
    for meta in children(head, "meta"):
        name, content = attribute(meta, "name").lower(), attribute(meta, "content")
        if name in ("anpa-keyword", "slugline", "slug"):
            parsed.put("slugline", content)
        elif plain_name(name) not in understood:
            parsed.keep(f"meta {name}", content)


def _read_docdata(parsed: ParsedItem, docdata: Element | None) -> None:
    identity = child(docdata, "doc-id")
    parsed.put("uri", attribute(identity, "id-string"), "doc-id")
    generation = child(docdata, "du-key")
    version = whole_number(attribute(generation, "version"), low=1, high=2**31 - 1)
    parsed.put("version", version, "du-key/@version")
    parsed.put("take", whole_number(attribute(generation, "part"), low=1, high=1000), "du-key/@part")
    # a document that changes the status of an earlier one speaks of the same story under another name
    parsed.put("replaces", attribute(docdata, "management-doc-idref"), "management-doc-idref")
    for name in ("key", "generation"):
        parsed.keep(f"du-key {name}", attribute(generation, name))
    parsed.put("urgency", whole_number(attribute(child(docdata, "urgency"), "ed-urg"), low=1, high=9), "urgency")
    for ours in ("first_created_at", "version_created_at"):
        parsed.put_moment(ours, attribute(child(docdata, "date.issue"), "norm"), "date.issue")
    parsed.put_moment("expires_at", attribute(child(docdata, "date.expire"), "norm"), "date.expire")
    parsed.put("ednote", "\n".join(attribute(message, "info") for message in children(docdata, "ed-msg")), "ed-msg")
    holder = attribute(child(docdata, "doc.copyright"), "holder")
    year = attribute(child(docdata, "doc.copyright"), "year")
    parsed.put("copyright_holder", holder)
    parsed.put("copyright_notice", clean_line(f"© {year} {holder}") if holder else "", "doc.copyright")
    rights = child(docdata, "doc.rights")
    parsed.put("usage_terms", attribute(rights, "limitations"), "doc.rights")
    keywords = (attribute(keyword, "key") for keyword in elements_at(docdata, "key-list", "keyword"))
    parsed.put("keywords", tuple(dict.fromkeys(word for word in keywords if word)), "key-list")
    _read_identified(parsed, child(docdata, "identified-content"), child(docdata, "evloc"))
    if (correction := child(docdata, "correction")) is not None:
        parsed.put_signal("correction")
        parsed.put("correction_note", attribute(correction, "info"), "correction/@info")
    senders = [name for source in elements_at(docdata, "del-list", "from-src") if (name := attribute(source, "src-name"))]
    parsed.put("provider_chain", tuple(senders), "del-list")
    if source := attribute(identity, "regsrc"):
        parsed.put("provider", Provider(name=source), "doc-id/@regsrc")
    for other in children(docdata):
        if name_of(other) not in _READ_OF_DOCDATA:
            parsed.keep(name_of(other), words(other) or " ".join(str(value) for value in other.attrib.values()))


def _read_release(parsed: ParsedItem, docdata: Element | None) -> None:
    """`date.release` is an embargo if the document says that it is embargoed, or if it is later than its issue."""
    release = attribute(child(docdata, "date.release"), "norm")
    is_embargoed = parsed.says_embargoed
    until = moment_of(release)
    issued = moment_of(attribute(child(docdata, "date.issue"), "norm"))
    if is_embargoed or (until and issued and until > issued):
        parsed.put_moment("embargoed_until", release, "date.release")
    if is_embargoed and not release:
        parsed.put("embargo_open", True)


def _read_identified(parsed: ParsedItem, identified: Element | None, event_place: Element | None) -> None:
    groups = (("people", "person"), ("organisations", "org"), ("places", "location"))
    for ours, name in groups:
        concepts = [
            concept(
                words(element), attribute(element, "value") or attribute(element, "location-code"), attribute(element, "idsrc")
            )
            for element in children(identified, name)
        ]
        if ours == "places" and event_place is not None:
            city = attribute(event_place, "city")
            concepts.append(concept(city or attribute(event_place, "state-prov"), attribute(event_place, "iso-cc")))
        # a place that is only a code of another house's says nothing to anyone here
        parsed.put(ours, unique(each for each in concepts if each.name or ours != "places"), name)


def _read_body_head(parsed: ParsedItem, body_head: Element | None) -> None:
    parsed.put("headline", text_at(body_head, "hedline", "hl1"), "hl1")
    subheadline = text_at(body_head, "hedline", "hl2")
    parsed.put("subheadline", subheadline if subheadline != parsed.fields.get("headline") else "", "hl2")
    byline = child(body_head, "byline")
    names = " ".join((byline.text or "", *(_without_title(part) for part in byline))) if byline is not None else ""
    parsed.put("byline", clean_line(names))
    parsed.put("summary", text_at(body_head, "abstract"), "abstract")
    parsed.put("dateline", clean_line(text_at(body_head, "dateline", "location")).replace(" ,", ","), "dateline")
    if place := parsed.fields.get("dateline"):
        parsed.put("located", concept(place), "dateline")
    distributor = text_at(body_head, "distributor")
    if distributor and "provider" not in parsed.fields:
        parsed.put("provider", Provider(name=distributor), "distributor")
    elif distributor:
        parsed.put("credit_line", distributor, "distributor")
    notes = [parsed.fields.get("ednote", ""), *(words(note) for note in children(body_head, "note"))]
    parsed.put("ednote", "\n".join(note for note in notes if note), "note")
    parsed.put("copyright_notice", text_at(body_head, "rights") or parsed.fields.get("copyright_notice"), "rights")


def _without_title(part: Element) -> str:
    """A byline's part without the writer's title, which `byttl` holds."""
    own = "" if name_of(part) == "byttl" else words(part)
    return f"{own} {part.tail or ''}"


def _language_of_text(body: Element | None) -> str:
    paragraph = next(descendants(child(body, "body.content"), "p"), None)
    return attribute(paragraph, "lang")


def _subjects(head: Element | None) -> Iterator[Concept]:
    for subject in elements_at(head, "tobject", "tobject.subject"):
        parts = (f"tobject.subject.{part}" for part in ("detail", "matter", "type"))
        name = next((value for part in parts if (value := attribute(subject, part))), "")
        yield concept(name, attribute(subject, "tobject.subject.refnum") or attribute(subject, "tobject.subject.code"))


def _text_elsewhere(body: Element | None) -> str:
    """The element that has words where no text is read: beside `body.content`, or in a table of a house's own."""
    strange = (e for e in children(body) if name_of(e) not in ("body.head", "body.content", "body.end", *_DROPPED))
    tables = descendants(child(body, "body.content"), "custom-table", "datasource")
    loose = [body] if body is not None and (body.text or "").strip() else []
    return next((name_of(holder) for holder in (*strange, *tables, *loose) if words(holder)), "")


def body_source(root: Element) -> str:
    """The body as HTML source, not yet sanitised: NITF's headings under HTML's names, media taken out of the tree."""
    content = child(root, "body", "body.content")
    if content is None:
        return ""
    for element in list(descendants(content, *_DROPPED)):
        _remove(element)
    for ours, html_name in _HTML_NAMES.items():
        for element in descendants(content, ours):
            element.tag = html_name
    return inner_html(content)


def _remove(element: Element) -> None:
    """Take an element out; its tail, which is the text after it, stays."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail
    if parent is None:
        return
    if tail and tail.strip():
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    parent.remove(element)


def _media(media: Element) -> Association:
    references = sorted(
        children(media, "media-reference"), key=lambda r: whole_number(attribute(r, "width"), low=0, high=10**6) or 0
    )
    largest = references[-1] if references else None
    source = attribute(largest, "source")
    return Association(
        item_class=_MEDIA.get(attribute(media, "media-type").lower()),
        rel="media",
        uri=source,
        href=source,
        media_type=attribute(largest, "mime-type"),
        width_px=whole_number(attribute(largest, "width"), low=0, high=10**6),
        height_px=whole_number(attribute(largest, "height"), low=0, high=10**6),
        caption=text_at(media, "media-caption"),
        credit=text_at(media, "media-producer"),
    )
