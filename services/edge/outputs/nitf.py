"""NITF 3.6 out: the News Industry Text Format. The order of elements is the DTD's."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from services.edge.outputs import Contributor, ExportedStory, Text
from services.edge.outputs.markup import nitf_body

EXTENSION = "nitf"
MEDIA_TYPE = "application/nitf+xml"

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(story: ExportedStory) -> bytes:
    """One story, as a NITF document."""
    text = story.text
    root = etree.Element("nitf", version="-//IPTC//DTD NITF 3.6//EN")
    root.set(_XML_LANG, story.edition)
    head = etree.SubElement(root, "head")
    _sub(head, "title", text.headline if text else story.story_id)
    if text and text.item.slugline:
        etree.SubElement(head, "meta", name="slugline", content=text.item.slugline)
    for topic in _subjects(head, text):
        head.append(topic)
    _docdata(head, story)
    etree.SubElement(head, "pubdata", {"date.publication": _date(story.published_at), "ex-ref": story.url})
    if text and text.contributor:
        _revision(head, text.contributor)
    body = etree.SubElement(root, "body")
    body_head = etree.SubElement(body, "body.head")
    if text:
        _sub(_sub(body_head, "hedline"), "hl1", text.headline)
        if text.byline:
            byline = _sub(body_head, "byline", text.byline)
            if text.byline_language:
                byline.set(_XML_LANG, text.byline_language)
    _sub(body_head, "distributor", story.agency)
    if text and text.dateline:
        _sub(_sub(body_head, "dateline"), "location", text.dateline)
    if text and text.summary:
        _sub(_sub(body_head, "abstract"), "p", text.summary)
    body.append(nitf_body(text.body_html) if text else etree.Element("body.content"))
    end = etree.SubElement(body, "body.end")
    if text and text.disclaimers:
        _sub(end, "tagline", " ".join(text.disclaimers))
    return etree.tostring(
        root, encoding="UTF-8", xml_declaration=True, doctype='<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.6//EN" "nitf-3-6.dtd">'
    )


def _subjects(head: etree._Element, text: Text | None) -> list[etree._Element]:
    """IPTC's numbers, which NITF keeps under `tobject`."""
    numbered = [s for s in text.item.subjects if s.code.startswith(("medtop:", "subj:"))] if text else []
    if not numbered:
        return []
    tobject = etree.Element("tobject", {"tobject.type": "news"})
    for subject in numbered:
        number = subject.code.rpartition(":")[2]
        etree.SubElement(
            tobject,
            "tobject.subject",
            {"tobject.subject.refnum": number, "tobject.subject.ipr": "IPTC", "tobject.subject.type": subject.name or number},
        )
    return [tobject]


def _revision(head: etree._Element, contributor: Contributor) -> None:
    """Who translated it. The DTD's functions know no translator: that stands in the comment."""
    revision = etree.SubElement(head, "revision-history", norm=_date(contributor.at))
    if contributor.role == "editor":
        revision.set("function", "editor")
        comment = "reviewed a machine translation"
    else:
        revision.set("function", "other")
        comment = "translation" if contributor.name else "machine translation"
    if contributor.name:
        revision.set("name", contributor.name)
    revision.set("comment", comment)


def _docdata(head: etree._Element, story: ExportedStory) -> None:
    text = story.text
    docdata = etree.SubElement(head, "docdata", {"management-status": story.pubstatus})
    if text and (story.signal == "correction" or text.correction_note):
        etree.SubElement(docdata, "correction", info=text.correction_note, regsrc=story.agency)
    etree.SubElement(docdata, "doc-id", {"id-string": story.uri, "regsrc": story.provider or story.agency})
    if text:
        etree.SubElement(docdata, "urgency", {"ed-urg": str(min(text.item.urgency, 8))})
    etree.SubElement(docdata, "date.issue", norm=_date(story.updated_at))
    if text and text.item.expires_at:
        etree.SubElement(docdata, "date.expire", norm=_date(text.item.expires_at))
    if not text and story.notice:
        etree.SubElement(docdata, "ed-msg", info=story.notice)
    etree.SubElement(docdata, "du-key", version=str(story.version), key=story.story_id)
    holder = (text.item.copyright_holder if text else "") or story.provider or story.agency
    etree.SubElement(docdata, "doc.copyright", year=str(story.published_at.year), holder=holder)
    if text and text.item.usage_terms:
        etree.SubElement(docdata, "doc.rights", limitations=text.item.usage_terms)
    if text and text.item.keywords:
        keys = etree.SubElement(docdata, "key-list")
        for word in text.item.keywords:
            etree.SubElement(keys, "keyword", key=word)
    _identified(docdata, text)


def _identified(docdata: etree._Element, text: Text | None) -> None:
    if text is None:
        return
    groups = (("person", text.item.people), ("org", text.item.organisations), ("location", text.item.places))
    named = [(name, concept) for name, concepts in groups for concept in concepts if concept.name]
    if not named:
        return
    identified = etree.SubElement(docdata, "identified-content")
    for name, concept in named:
        element = _sub(identified, name, concept.name)
        if concept.code:
            element.set("location-code" if name == "location" else "value", concept.code)


def _sub(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, name)
    element.text = text or None
    return element


def _date(moment: datetime) -> str:
    """`20261125T090000Z`: ISO 8601 without marks, as NITF's `norm` has it."""
    return f"{moment:%Y%m%dT%H%M%SZ}"
