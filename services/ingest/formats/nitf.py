"""NITF 3.x in: the News Industry Text Format."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from services.ingest.formats.draft import Draft, concept, unique, whole_number
from services.ingest.formats.elements import embargoes_in, read_embargoes, read_statuses
from services.ingest.formats.members import plain_name
from services.ingest.formats.xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    each,
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
MEDIA_TYPES = ("application/nitf+xml", "application/vnd.iptc.nitf", "text/nitf")
_READ_OF_DOCDATA = {
    "doc-id", "urgency", "date.issue", "date.release", "date.expire", "ed-msg", "doc.copyright", "doc.rights",
    "key-list", "identified-content", "evloc", "correction", "du-key", "del-list",
}  # fmt: skip
#: NITF's elements in a body that HTML calls otherwise; the rest has HTML's names or loses its tag in sanitising
_HTML_NAMES = {"hl1": "h2", "hl2": "h3", "bq": "blockquote", "pre": "pre"}
_DROPPED = ("media", "byline", "distributor", "copyrite", "custom-table", "datasource")
_MEDIA = {"image": ItemClass.PICTURE, "photo": ItemClass.PICTURE, "video": ItemClass.VIDEO, "audio": ItemClass.AUDIO}


def recognises(root: Element) -> bool:
    """Is this document NITF?"""
    return name_of(root) == "nitf"


def split(root: Element) -> Sequence[Element]:
    """A document is one item."""
    return [root]


def read(root: Element) -> Draft:
    """One NITF document."""
    draft = Draft(is_versioned=False)
    head, body = child(root, "head"), child(root, "body")
    body_head, docdata = child(body, "body.head"), child(head, "docdata")
    _read_docdata(draft, docdata)
    understood = read_statuses(draft, (root, head, docdata))
    _read_release(draft, docdata)
    read_embargoes(draft, embargoes_in(root))
    _read_body_head(draft, body_head)
    draft.language(attribute(root, "lang") or attribute(body, "lang") or _language_of_text(body))
    _read_meta(draft, head, understood)
    if not draft.fields.get("headline"):
        draft.put("headline", text_at(head, "title"), "title")
    draft.put("subjects", unique(_subjects(head)), "tobject.subject")
    genres = (concept(attribute(p, "tobject.property.type")) for p in each(head, "tobject", "tobject.property"))
    draft.put("genres", unique(genres), "tobject.property")
    draft.put("associations", tuple(_media(media) for media in descendants(body, "media")), "media")
    elsewhere = _text_elsewhere(body)
    draft.put("body_html", safe_html(body_source(root)), "body.content")
    if elsewhere and not plain_text(str(draft.fields.get("body_html", ""))):
        draft.doubt(Doubt.UNREADABLE_TEXT, f"the text of the item could not be read: it stands in <{elsewhere}>")
    for tagline in each(body, "body.end", "tagline"):
        draft.keep("tagline", words(tagline))
    for history in children(head, "revision-history"):
        draft.keep("revision-history", f"{attribute(history, 'name')} {attribute(history, 'comment')}")
    return draft


def _read_meta(draft: Draft, head: Element | None, understood: Collection[str]) -> None:
    """What agencies carried over from ANPA's header into `meta`."""
    for meta in children(head, "meta"):
        name, content = attribute(meta, "name").lower(), attribute(meta, "content")
        if name in ("anpa-keyword", "slugline", "slug"):
            draft.put("slugline", content)
        elif plain_name(name) not in understood:
            draft.keep(f"meta {name}", content)


def _read_docdata(draft: Draft, docdata: Element | None) -> None:
    identity = child(docdata, "doc-id")
    draft.put("uri", attribute(identity, "id-string"), "doc-id")
    generation = child(docdata, "du-key")
    version = whole_number(attribute(generation, "version"), low=1, high=2**31 - 1)
    draft.put("version", version, "du-key/@version")
    draft.put("take", whole_number(attribute(generation, "part"), low=1, high=1000), "du-key/@part")
    # a document that changes the status of an earlier one speaks of the same story under another name
    draft.put("replaces", attribute(docdata, "management-doc-idref"), "management-doc-idref")
    for name in ("key", "generation"):
        draft.keep(f"du-key {name}", attribute(generation, name))
    draft.put("urgency", whole_number(attribute(child(docdata, "urgency"), "ed-urg"), low=1, high=9), "urgency")
    for ours in ("first_created_at", "version_created_at"):
        draft.moment(ours, attribute(child(docdata, "date.issue"), "norm"), "date.issue")
    draft.moment("expires_at", attribute(child(docdata, "date.expire"), "norm"), "date.expire")
    draft.put("ednote", "\n".join(attribute(message, "info") for message in children(docdata, "ed-msg")), "ed-msg")
    holder = attribute(child(docdata, "doc.copyright"), "holder")
    year = attribute(child(docdata, "doc.copyright"), "year")
    draft.put("copyright_holder", holder)
    draft.put("copyright_notice", clean_line(f"© {year} {holder}") if holder else "", "doc.copyright")
    rights = child(docdata, "doc.rights")
    draft.put("usage_terms", attribute(rights, "limitations"), "doc.rights")
    keywords = (attribute(keyword, "key") for keyword in each(docdata, "key-list", "keyword"))
    draft.put("keywords", tuple(dict.fromkeys(word for word in keywords if word)), "key-list")
    _read_identified(draft, child(docdata, "identified-content"), child(docdata, "evloc"))
    if (correction := child(docdata, "correction")) is not None:
        draft.signal("correction")
        draft.put("correction_note", attribute(correction, "info"), "correction/@info")
    senders = [name for source in each(docdata, "del-list", "from-src") if (name := attribute(source, "src-name"))]
    draft.put("provider_chain", tuple(senders), "del-list")
    if source := attribute(identity, "regsrc"):
        draft.put("provider", Provider(name=source), "doc-id/@regsrc")
    for other in children(docdata):
        if name_of(other) not in _READ_OF_DOCDATA:
            draft.keep(name_of(other), words(other) or " ".join(str(value) for value in other.attrib.values()))


def _read_release(draft: Draft, docdata: Element | None) -> None:
    """`date.release` is an embargo if the document says that it is embargoed, or if it is later than its issue."""
    release = attribute(child(docdata, "date.release"), "norm")
    is_embargoed = draft.says_embargoed
    until = moment_of(release)
    issued = moment_of(attribute(child(docdata, "date.issue"), "norm"))
    if is_embargoed or (until and issued and until > issued):
        draft.moment("embargoed_until", release, "date.release")
    if is_embargoed and not release:
        draft.put("embargo_open", True)


def _read_identified(draft: Draft, identified: Element | None, event_place: Element | None) -> None:
    groups = (("people", "person"), ("organisations", "org"), ("places", "location"))
    for ours, name in groups:
        concepts = [
            concept(words(found), attribute(found, "value") or attribute(found, "location-code"), attribute(found, "idsrc"))
            for found in children(identified, name)
        ]
        if ours == "places" and event_place is not None:
            city = attribute(event_place, "city")
            concepts.append(concept(city or attribute(event_place, "state-prov"), attribute(event_place, "iso-cc")))
        # a place that is only a code of another house's says nothing to anyone here
        draft.put(ours, unique(each_ for each_ in concepts if each_.name or ours != "places"), name)


def _read_body_head(draft: Draft, body_head: Element | None) -> None:
    draft.put("headline", text_at(body_head, "hedline", "hl1"), "hl1")
    subheadline = text_at(body_head, "hedline", "hl2")
    draft.put("subheadline", subheadline if subheadline != draft.fields.get("headline") else "", "hl2")
    byline = child(body_head, "byline")
    names = " ".join((byline.text or "", *(_without_title(part) for part in byline))) if byline is not None else ""
    draft.put("byline", clean_line(names))
    draft.put("summary", text_at(body_head, "abstract"), "abstract")
    draft.put("dateline", clean_line(text_at(body_head, "dateline", "location")).replace(" ,", ","), "dateline")
    if place := draft.fields.get("dateline"):
        draft.put("located", concept(place), "dateline")
    distributor = text_at(body_head, "distributor")
    if distributor and "provider" not in draft.fields:
        draft.put("provider", Provider(name=distributor), "distributor")
    elif distributor:
        draft.put("credit_line", distributor, "distributor")
    notes = [draft.fields.get("ednote", ""), *(words(note) for note in children(body_head, "note"))]
    draft.put("ednote", "\n".join(note for note in notes if note), "note")
    draft.put("copyright_notice", text_at(body_head, "rights") or draft.fields.get("copyright_notice"), "rights")


def _without_title(part: Element) -> str:
    """A byline's part without the writer's title, which `byttl` holds."""
    own = "" if name_of(part) == "byttl" else words(part)
    return f"{own} {part.tail or ''}"


def _language_of_text(body: Element | None) -> str:
    paragraph = next(descendants(child(body, "body.content"), "p"), None)
    return attribute(paragraph, "lang")


def _subjects(head: Element | None) -> Iterator[Concept]:
    for subject in each(head, "tobject", "tobject.subject"):
        parts = (f"tobject.subject.{part}" for part in ("detail", "matter", "type"))
        name = next((value for part in parts if (value := attribute(subject, part))), "")
        yield concept(name, attribute(subject, "tobject.subject.refnum") or attribute(subject, "tobject.subject.code"))


def _text_elsewhere(body: Element | None) -> str:
    """The element that has words where no text is read: beside `body.content`, or in a table of a house's own."""
    strange = (e for e in children(body) if name_of(e) not in ("body.head", "body.content", "body.end", *_DROPPED))
    tables = descendants(child(body, "body.content"), "custom-table", "datasource")
    loose = [body] if body is not None and (body.text or "").strip() else []
    return next((name_of(found) for found in (*strange, *tables, *loose) if words(found)), "")


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
