"""Ritzau's own XML in: one `RBNews` document per item."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from services.ingest.formats.draft import Draft, concept, unique, whole_number
from services.ingest.formats.elements import embargoes_in, read_embargoes, read_statuses
from services.ingest.formats.xml import Element, child, children, name_of, text_at, words
from services.ingest.identity import uri_from_reference
from shared.contracts.item import Provider
from shared.language.markup import plain_text, safe_html

NAME = "Ritzau"
MEDIA_TYPES = ()
_READ = {
    "NewsID", "version", "headline", "subtitle", "content", "PublishDate", "Priority", "strapline", "origin",
    "TilRedaktionen", "IPTCList",
}  # fmt: skip
_COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def recognises(root: Element) -> bool:
    """Is this Ritzau's document?"""
    return name_of(root) == "RBNews"


def split(root: Element) -> Sequence[Element]:
    """A document is one item."""
    return [root]


def read(root: Element) -> Draft:
    """One document."""
    draft = Draft(is_versioned=False)
    if number := text_at(root, "NewsID"):
        draft.put("uri", uri_from_reference("ritzau", number), "NewsID")
    draft.put("version", whole_number(text_at(root, "version"), low=1, high=2**31 - 1))
    draft.put("headline", text_at(root, "headline"))
    draft.put("subheadline", text_at(root, "subtitle"), "subtitle")
    draft.put("byline", text_at(root, "origin").strip("/ "), "origin")
    draft.put("body_html", safe_html(_source(child(root, "content"))), "content")
    for ours in ("first_created_at", "version_created_at"):
        # written without a zone: the clock on Ritzau's wall
        draft.moment(ours, text_at(root, "PublishDate"), "PublishDate", zone=_COPENHAGEN)
    draft.put("urgency", whole_number(text_at(root, "Priority"), low=1, high=9), "Priority")
    keywords = (word.strip() for word in text_at(root, "strapline").split("/"))
    draft.put("keywords", tuple(dict.fromkeys(word for word in keywords if word)), "strapline")
    draft.put("ednote", plain_text(safe_html(_source(child(root, "TilRedaktionen")))), "TilRedaktionen")
    codes = (words(code) for code in children(child(root, "IPTCList")))
    draft.put("subjects", unique(concept(code=code) for code in codes), "IPTCList")
    read_statuses(draft, [root])
    read_embargoes(draft, embargoes_in(root))
    draft.language("da")
    draft.put("provider", Provider(name="Ritzau"))
    for other in children(root):
        if name_of(other) not in _READ:
            draft.keep(name_of(other), words(other))
    return draft


def _source(element: Element | None) -> str:
    """HTML that stands in an element as escaped text, or as elements."""
    return "".join(str(part) for part in element.itertext()) if element is not None else ""
