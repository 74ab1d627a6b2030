"""One thing that enrichment says of an item: what, by which method, how sure it is, and the words that decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

#: who or what says so: the item itself, a subject of its sender's, its dateline, its headline, names or words in its text,
#: vectors of its words, what the wire has learnt; of a language also its story's earlier versions, its sender's usual one, nobody
Method = Literal["said", "subject", "dateline", "headline", "text", "words", "vectors", "learnt", "story", "usual", "guess"]

#: words that are kept of what decided, and characters of each
MOST_EVIDENCE, _LONGEST_EVIDENCE = 8, 80


@dataclass(frozen=True)
class Finding:
    """What is said of an item: a region, a section, a country, a tag."""

    value: str
    method: Method
    confidence: float = 1.0  #: from 0 to 1: of so many that are said this surely, so many are right
    evidence: tuple[str, ...] = ()  #: the words that decided, the strongest first, as the text has them

    def __post_init__(self) -> None:
        """What is kept has a bound, whoever found it."""
        evidence = tuple(words[:_LONGEST_EVIDENCE] for words in self.evidence[:MOST_EVIDENCE])
        object.__setattr__(self, "evidence", evidence)


def values_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """What is said, without why; in the same order, each once."""
    return tuple(dict.fromkeys(finding.value for finding in findings))


class Findings(BaseModel):
    """All that was found of one item, by kind, the surest or main one first."""

    model_config = ConfigDict(frozen=True)

    language: Finding | None = None  #: as a tag of BCP 47; None: kept by an older Barq
    countries: tuple[Finding, ...] = ()  #: ISO 3166 codes
    regions: tuple[Finding, ...] = ()
    sections: tuple[Finding, ...] = ()
    labels: tuple[Finding, ...] = ()
    people: tuple[Finding, ...] = ()
    organisations: tuple[Finding, ...] = ()
    companies: tuple[Finding, ...] = ()  #: a ticker stands behind the name in the evidence
    commodities: tuple[Finding, ...] = ()
    likely_sections: tuple[Finding, ...] = ()  #: too unsure to be said: for who sorts by hand
