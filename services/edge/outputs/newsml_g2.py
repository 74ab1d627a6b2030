"""NewsML-G2 2.35 out, core and power conformance: a newsItem, or many in a newsMessage. https://iptc.org/standards/newsml-g2/

The order of elements is the schema's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lxml import etree

from services.edge.outputs import ExportedStory, Text
from services.edge.outputs.markup import XHTML, xhtml_body
from shared.contracts.item import Concept

EXTENSION = "newsml"
MEDIA_TYPE = "application/vnd.iptc.g2.newsitem+xml"
MESSAGE_MEDIA_TYPE = "application/vnd.iptc.g2.newsmessage+xml"

_NAR = "http://iptc.org/std/nar/2006-10-01/"
_CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"
#: MARC's relators: IPTC's own roles know no translator
_ROLES = {"translator": "http://id.loc.gov/vocabulary/relators/trl", "editor": "http://id.loc.gov/vocabulary/relators/edt"}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(story: ExportedStory) -> bytes:
    """One story, as a newsItem."""
    return _bytes(_item(story))


def write_message(stories: Sequence[ExportedStory], *, sender: str, now: datetime) -> bytes:
    """Many stories, as a newsMessage that says who sent it, and when."""
    message = etree.Element(f"{{{_NAR}}}newsMessage", nsmap={None: _NAR})
    header = _sub(message, "header")
    _sub(header, "sent", now.isoformat())
    _sub(header, "sender", sender)
    item_set = _sub(message, "itemSet")
    for story in stories:
        item_set.append(_item(story))
    return _bytes(message)


def _item(story: ExportedStory) -> etree._Element:
    item = etree.Element(
        f"{{{_NAR}}}newsItem",
        {
            "guid": story.uri,
            "version": str(story.version),
            "standard": "NewsML-G2",
            "standardversion": "2.35",
            "conformance": "power",
            _XML_LANG: story.edition,
            "dir": story.direction,
        },
        nsmap={None: _NAR},
    )
    _sub(item, "catalogRef", href=_CATALOG)
    rights = _sub(item, "rightsInfo")
    holder = (story.text.item.copyright_holder if story.text else "") or story.provider or story.agency
    _sub(_sub(rights, "copyrightHolder", literal=holder), "name", holder)
    _some(rights, "copyrightNotice", story.rights)
    if story.text:
        _some(rights, "usageTerms", story.text.item.usage_terms)
        for disclaimer in story.text.disclaimers:
            _sub(rights, "usageTerms", disclaimer)
    _item_meta(item, story)
    if story.text:
        _content_meta(item, story.text, story)
        inline = _sub(_sub(item, "contentSet"), "inlineXML", contenttype="application/xhtml+xml")
        page = etree.SubElement(inline, f"{{{XHTML}}}html", nsmap={None: XHTML})
        head = etree.SubElement(page, f"{{{XHTML}}}head")
        etree.SubElement(head, f"{{{XHTML}}}title").text = story.text.headline
        page.append(xhtml_body(story.text.body_html))
    return item


def _item_meta(item: etree._Element, story: ExportedStory) -> None:
    meta = _sub(item, "itemMeta")
    _sub(meta, "itemClass", qcode="ninat:text")
    provider = story.provider or story.agency
    _sub(_sub(meta, "provider", literal=provider), "name", provider)
    _sub(meta, "versionCreated", story.updated_at.isoformat())
    _sub(meta, "firstCreated", story.published_at.isoformat())
    _sub(meta, "pubStatus", qcode=f"stat:{story.pubstatus}")
    _some(meta, "edNote", story.text.correction_note if story.text else story.notice)
    if story.signal:
        _sub(meta, "signal", qcode=f"sig:{story.signal}")
    if story.text and story.text.item.expires_at:
        _sub(meta, "expires", story.text.item.expires_at.isoformat())
    _sub(meta, "altRep", story.url, contenttype="text/html")
    for one in story.text.item.associations if story.text else ():
        if one.href:
            link = _sub(meta, "link", rel="irel:seeAlso", href=one.href)
            if one.media_type:
                link.set("contenttype", one.media_type)
            _some(link, "title", one.caption or one.headline)


def _content_meta(item: etree._Element, text: Text, story: ExportedStory) -> None:
    sent = text.item
    meta = _sub(item, "contentMeta")
    _sub(meta, "urgency", str(sent.urgency))
    if sent.content_created_at:
        _sub(meta, "contentCreated", sent.content_created_at.isoformat())
    if text.source_type:
        _sub(meta, "digitalSourceType", uri=text.source_type)
    if sent.located.name or sent.located.code:
        _concept(meta, "located", sent.located)
    source = story.provider or story.agency
    _sub(_sub(meta, "infoSource", literal=source), "name", source)
    if text.contributor and text.contributor.name:  # `digitalSourceType` names a machine
        contributor = _sub(meta, "contributor", literal=text.contributor.name, roleuri=_ROLES[text.contributor.role])
        contributor.set("modified", text.contributor.at.isoformat())
        _sub(contributor, "name", text.contributor.name)
    _sub(meta, "altId", story.story_id, type="idtype:story")
    _sub(meta, "language", tag=story.edition)
    for genre in sent.genres:
        _concept(meta, "genre", genre)
    for word in sent.keywords:
        _sub(meta, "keyword", word)
    kinds = (("", sent.subjects), ("cpnat:geoArea", sent.places), ("cpnat:person", sent.people),
             ("cpnat:organisation", sent.organisations))  # fmt: skip
    for kind, concepts in kinds:
        for concept in concepts:
            _concept(meta, "subject", concept, kind)
    for topic in text.topics:
        _sub(_sub(meta, "subject", type="cpnat:abstract", uri=topic.uri), "name", topic.name)
    _some(meta, "slugline", sent.slugline)
    _sub(meta, "headline", text.headline)
    _some(meta, "dateline", text.dateline)
    if text.byline:
        byline = _sub(meta, "by", text.byline)
        if text.byline_language:
            byline.set(_XML_LANG, text.byline_language)
    _some(meta, "creditline", sent.credit_line)
    _some(meta, "description", text.summary)


def _concept(meta: etree._Element, name: str, concept: Concept, kind: str = "") -> None:
    """IPTC's codes as QCodes of its catalog, URIs as they are, anything else as a literal."""
    if not (concept.name or concept.code):
        return
    element = _sub(meta, name)
    if kind:
        element.set("type", kind)
    code = concept.code
    if code.startswith(("medtop:", "subj:")):
        element.set("qcode", code)
    elif "://" in code or code.startswith("urn:"):
        element.set("uri", code)
    else:
        element.set("literal", code or concept.name)
    _some(element, "name", concept.name)


def _sub(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_NAR}}}{name}", attributes)
    element.text = text or None
    return element


def _some(parent: etree._Element, name: str, text: str) -> None:
    if text:
        _sub(parent, name, text)


def _bytes(element: etree._Element) -> bytes:
    return etree.tostring(element, encoding="UTF-8", xml_declaration=True)
