"""Ritzau's own XML in: one `RBNews` document per item. The agency publishes no schema; the corpus in `tests/wire` shows it."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from services.ingest.formats.elements import embargoes_in, read_embargoes, read_statuses
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.values import concept, unique, whole_number
from services.ingest.formats.xml import Element, child, children, name_of, text_at, words
from services.ingest.identity import uri_from_reference
from shared.contracts.item import Provider
from shared.language.markup import plain_text, safe_html

NAME = "Ritzau"
_READ = {
    "NewsID", "version", "headline", "subtitle", "content", "PublishDate", "Priority", "strapline", "origin",
    "TilRedaktionen", "IPTCList",
}  # fmt: skip
_COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def recognises(root: Element) -> bool:
    return name_of(root) == "RBNews"


def split(root: Element) -> Sequence[Element]:
    return [root]


def read(root: Element) -> ParsedItem:
    """One document. Times without a zone are Copenhagen's; its language is Danish."""
    parsed = ParsedItem(is_versioned=False)
    if number := text_at(root, "NewsID"):
        parsed.put("uri", uri_from_reference("ritzau", number), "NewsID")
    parsed.put("version", whole_number(text_at(root, "version"), low=1, high=2**31 - 1))
    parsed.put("headline", text_at(root, "headline"))
    parsed.put("subheadline", text_at(root, "subtitle"), "subtitle")
    parsed.put("byline", text_at(root, "origin").strip("/ "), "origin")
    parsed.put("body_html", safe_html(_source(child(root, "content"))), "content")
    for ours in ("first_created_at", "version_created_at"):
        # written without a zone: the clock on Ritzau's wall
        parsed.put_moment(ours, text_at(root, "PublishDate"), "PublishDate", zone=_COPENHAGEN)
    parsed.put("urgency", whole_number(text_at(root, "Priority"), low=1, high=9), "Priority")
    keywords = (word.strip() for word in text_at(root, "strapline").split("/"))
    parsed.put("keywords", tuple(dict.fromkeys(word for word in keywords if word)), "strapline")
    parsed.put("ednote", plain_text(safe_html(_source(child(root, "TilRedaktionen")))), "TilRedaktionen")
    codes = (words(code) for code in children(child(root, "IPTCList")))
    parsed.put("subjects", unique(concept(code=code) for code in codes), "IPTCList")
    read_statuses(parsed, [root])
    read_embargoes(parsed, embargoes_in(root))
    parsed.put_language("da")
    parsed.put("provider", Provider(name="Ritzau"))
    for other in children(root):
        if name_of(other) not in _READ:
            parsed.keep(name_of(other), words(other))
    return parsed


def _source(element: Element | None) -> str:
    """HTML that stands in an element as escaped text, or as elements."""
    return "".join(str(part) for part in element.itertext()) if element is not None else ""
