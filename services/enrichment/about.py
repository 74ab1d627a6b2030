"""What an item is about, decided from its text and the wire's words: language, countries, regions, sections, tags."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrichment.findings import Finding
from services.enrichment.languages import NOTHING_KNOWN, By, Evidence, identify_language
from services.enrichment.places import countries_of, regions_of
from services.enrichment.sections import Text, sections_of_all
from shared.contracts.item import WireItem
from shared.language.markup import plain_text
from shared.wire.config import Wire


@dataclass(frozen=True, kw_only=True)
class About:
    """What enrichment says of an item."""

    language: str
    language_by: By  #: whose word that is
    countries: tuple[Finding, ...]  #: ISO 3166 codes, the surest first
    regions: tuple[Finding, ...]  #: the wire's own names, the main one first
    sections: tuple[Finding, ...]  #: the wire's own names, the surest first
    likely_sections: tuple[Finding, ...]  #: others that it may belong to, for the desk to choose from
    tags: tuple[str, ...]


def warm_up(wire: Wire) -> None:
    """Load names of places and models of languages before the first item comes, not with it."""
    about(WireItem(uri="urn:warm-up", headline="Warm up", dateline="BEIRUT", body_html="<p>Words</p>"), wire)


def about(item: WireItem, wire: Wire, evidence: Evidence = NOTHING_KNOWN) -> About:
    """Say what an item is about. What the provider says stands; what it leaves open is found in the text."""
    text = plain_text(item.body_html)
    editions = tuple(wire.editions)
    countries = countries_of(places=item.places, dateline=item.dateline, headline=item.headline, text=text, editions=editions)
    identified = identify_language(item.language, f"{item.headline}. {text}", evidence, wire)
    (sections,) = sections_of_all(
        (Text(headline=item.headline, text=text, subjects=item.subjects),),
        sections=wire.sections,
        topics=wire.topics,
        no_section=wire.no_section,
    )
    return About(
        language=identified.language,
        language_by=identified.by,
        countries=countries,
        regions=regions_of(item.places, countries, wire),
        sections=sections.found,
        likely_sections=sections.likeliest,
        tags=tuple(dict.fromkeys((*item.keywords, *(subject.name for subject in item.subjects if subject.name)))),
    )
