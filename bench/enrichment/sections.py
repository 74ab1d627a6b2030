"""Sections: does an article land where its editor put it, and is a story of oil and energy known for one?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bench.enrichment.corpora import Article, Story
from bench.enrichment.figures import overlap
from services.enrichment.about import about
from shared.contracts.finding import values_of
from shared.wire.config import DEFAULT_FILE, read_wire

#: an editor's section as the wire's
_SECTIONS = {"business": "economy", "entertainment": "entertainment", "politics": "politics", "sport": "sport", "tech": "none"}
#: topics of stories that belong to oil and energy
_OIL = {"crude", "nat-gas", "fuel", "gas", "heat", "jet", "naphtha", "propane", "pet-chem"}
_WIRE = read_wire(DEFAULT_FILE)


def measure(articles: Sequence[Article], stories: Sequence[Story]) -> Iterator[str]:
    """Lines of the report."""
    if articles:
        yield from _articles(articles)
    if stories:
        yield from _oil(stories)


def _articles(articles: Sequence[Article]) -> Iterator[str]:
    confusion: Counter[tuple[str, str]] = Counter()
    for article in articles:
        sections = values_of(about(article.item(), _WIRE).sections)
        confusion[_SECTIONS[article.section], sections[0] if sections else "none"] += 1
    right = sum(times for (wanted, found), times in confusion.items() if wanted == found)
    said = sum(times for (_, found), times in confusion.items() if found != "none")
    said_right = sum(times for (wanted, found), times in confusion.items() if wanted == found != "none")
    yield f"section of articles: accuracy {right / len(articles):.3f} ({len(articles)})"
    yield f"  one is named for {said / len(articles):.3f} of them, and right for {said_right / max(said, 1):.3f} of these"
    for (wanted, found), times in sorted(confusion.items()):
        if wanted != found:
            yield f"  {wanted} taken for {found}: {times}"


def _oil(stories: Sequence[Story]) -> Iterator[str]:
    found = (
        (
            {"oil"} & ({"oil"} if "oil-energy" in values_of(about(story.item(), _WIRE).sections) else set()),
            {"oil"} if _OIL & set(story.topics) else set(),
        )
        for story in stories
    )
    yield f"oil and energy of stories: {overlap(found)}"
