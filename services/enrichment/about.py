"""What an item is about, decided from its text and the wire's words: language, countries, regions, sections, tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.enrichment.entities import entities_of
from services.enrichment.labels import labels_of
from services.enrichment.languages import NOTHING_KNOWN, By, Evidence, identify_language
from services.enrichment.learning import Model
from services.enrichment.places import countries_among, places_named, regions_of
from services.enrichment.sections import Sections, Text, sections_of_all
from services.enrichment.tags import tags_of
from shared.contracts.finding import Finding, Findings
from shared.contracts.item import WireItem
from shared.language.markup import plain_text
from shared.wire.config import Wire


@dataclass(frozen=True, kw_only=True)
class About:
    """What enrichment says of an item."""

    language: str
    language_by: By  #: whose word that is
    language_found: Finding  #: and why
    countries: tuple[Finding, ...]  #: ISO 3166 codes, the surest first
    regions: tuple[Finding, ...]  #: the wire's own names, the main one first
    sections: tuple[Finding, ...]  #: the wire's own names, the surest first
    tags: tuple[str, ...]
    people: tuple[Finding, ...] = ()  #: the sender's first, then those of the headline
    organisations: tuple[Finding, ...] = ()
    companies: tuple[Finding, ...] = ()
    commodities: tuple[Finding, ...] = ()
    labels: tuple[Finding, ...] = ()  #: the sender's, or what its wording says
    likely_sections: tuple[Finding, ...] = ()  #: others that it may belong to, the likeliest first: for who sorts by hand

    @property
    def is_unsure(self) -> bool:
        """Must a person say which section it is in?"""
        return not self.sections and bool(self.likely_sections)

    @property
    def findings(self) -> Findings:
        """What was found, with why."""
        return Findings(
            language=self.language_found,
            countries=self.countries,
            regions=self.regions,
            sections=self.sections,
            labels=self.labels,
            people=self.people,
            organisations=self.organisations,
            companies=self.companies,
            commodities=self.commodities,
            likely_sections=self.likely_sections,
        )


def warm_up(wire: Wire) -> None:
    """Load names of places and models of languages before the first item comes, not with it."""
    about(WireItem(uri="urn:warm-up", headline="Warm up", dateline="BEIRUT", body_html="<p>Words</p>"), wire)


def sections_of_items(items: Sequence[WireItem], wire: Wire, learnt: Model | None = None) -> list[Sections]:
    """The sections of several items at once, which takes less time for each than one alone."""
    texts = [Text(headline=item.headline, text=plain_text(item.body_html), subjects=item.subjects) for item in items]
    return sections_of_all(texts, sections=wire.sections, topics=wire.topics, no_section=wire.no_section, learnt=learnt)


def about(
    item: WireItem,
    wire: Wire,
    evidence: Evidence = NOTHING_KNOWN,
    *,
    sections: Sections | None = None,
    learnt: Model | None = None,
) -> About:
    """Say what an item is about. What the provider says stands; what it leaves open is found in the text.

    `sections`: those of the item, where they were found with others'; `learnt`: what the wire has learnt, to find them by.
    """
    text = plain_text(item.body_html)
    editions = tuple(wire.editions)
    named = places_named(places=item.places, dateline=item.dateline, headline=item.headline, text=text, editions=editions)
    identified = identify_language(item.language, f"{item.headline}. {text}", evidence, wire)
    sections = sections or sections_of_items([item], wire, learnt)[0]
    entities = entities_of(
        item.headline,
        text,
        people=[person.name for person in item.people],
        organisations=[organisation.name for organisation in item.organisations],
    )
    return About(
        language=identified.language,
        language_by=identified.by,
        language_found=Finding(identified.language, identified.by, identified.confidence, identified.evidence),
        countries=countries_among(named),
        regions=regions_of(item.places, named, wire),
        sections=sections.found,
        likely_sections=sections.likeliest,
        labels=tuple(Finding(label, "said") for label in item.labels) or labels_of(item.headline, text),
        tags=tags_of(item, entities, never=wire.agency.name.values()),
        people=entities.people,
        organisations=entities.organisations,
        companies=entities.companies,
        commodities=entities.commodities,
    )
