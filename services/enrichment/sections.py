"""Which sections a text belongs to: the provider's subjects decide; without them, what the wire's file says of its sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.enrichment.learning import Model, features_of
from services.enrichment.scoring import NONE, Reading, Sorter
from shared.contracts.finding import Finding, Method
from shared.contracts.item import Concept
from shared.wire.sections import NoSection, Section
from shared.wire.topics import Topics

#: choices for the desk beside what is found, and how likely each must be
_MOST_CHOICES, _LIKELY = 3, 0.1
#: a text belongs to a section from here on
_BELONGS = 0.5


@dataclass(frozen=True, kw_only=True)
class Sections:
    """What is said of one text."""

    found: tuple[Finding, ...] = ()  #: the surest first; none where nothing speaks for one clearly
    likeliest: tuple[Finding, ...] = ()  #: others that it may belong to, for somebody to choose from, the likeliest first


@dataclass(frozen=True, kw_only=True)
class Text:
    """What a text's sections are found by."""

    headline: str
    text: str = ""
    subjects: tuple[Concept, ...] = ()


def sections_of_all(
    texts: Sequence[Text],
    *,
    sections: Mapping[str, Section],
    topics: Topics,
    no_section: NoSection,
    learnt: Model | None = None,
) -> list[Sections]:
    """The sections of each text, by what the wire has learnt where there is such. Several at once take less time for each."""
    by_subject = [_by_subjects(text.subjects, sections, topics) for text in texts]
    open_ = [text for text, found in zip(texts, by_subject, strict=True) if not found]
    guessed = iter(_guess(open_, sorter(sections, no_section), learnt) if open_ else ())
    return [Sections(found=found) if found else next(guessed) for found in by_subject]


_last: tuple[Mapping[str, Section], NoSection, Sorter] | None = None


def sorter(sections: Mapping[str, Section], no_section: NoSection) -> Sorter:
    """What compares texts with these sections: made once for the wire that this process works for."""
    global _last
    if _last is None or _last[0] is not sections or _last[1] != no_section:
        _last = (sections, no_section, Sorter(sections, no_section))
    return _last[2]


def _by_subjects(subjects: tuple[Concept, ...], sections: Mapping[str, Section], topics: Topics) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for name, section in sections.items():
        if evidence := tuple(s.name or s.code for s in subjects if _is_under(s, name, section, topics)):
            found.append(Finding(name, "subject", evidence=evidence))
    return tuple(found)


def _is_under(subject: Concept, name: str, section: Section, topics: Topics) -> bool:
    return not topics.with_broader(subject.code).isdisjoint(section.subjects) or subject.name.casefold() in (
        name,
        *(text.casefold() for text in section.name.values()),
    )


def _guess(texts: Sequence[Text], by: Sorter, learnt: Model | None) -> list[Sections]:
    readings = [by.read(text.headline, text.text) for text in texts]
    scores = by.scores(readings)
    likelihood = scores.likelihood.tolist()
    if learnt:
        belongs = learnt.sections(features_of(readings, scores))
        methods: list[list[Method]] = [["learnt"] * len(by.names)] * len(texts)
    else:
        belongs = [dict(zip(by.names, row, strict=True)) for row in scores.membership.tolist()]
        methods = [["words" if listed else "vectors" for listed in row] for row in (scores.from_lists > scores.nearness).tolist()]
    return [_of_one(by, *of_one) for of_one in zip(readings, belongs, likelihood, methods, strict=True)]


def _of_one(by: Sorter, reading: Reading, belongs: Mapping[str, float], likely: list[float], methods: list[Method]) -> Sections:
    found: list[Finding] = []
    others: list[Finding] = []
    none = by.names.index(NONE)
    none_is_likeliest = all(likely[none] > one for column, one in enumerate(likely) if column != none)
    for column in sorted(range(len(by.names)), key=lambda column: (-belongs.get(by.names[column], 0), -likely[column])):
        name, method = by.names[column], methods[column]
        if name == NONE:
            continue
        if name in belongs and (method == "learnt" or (belongs[name] >= _BELONGS and not none_is_likeliest)):
            sure = belongs[name] if method == "learnt" else max(belongs[name], likely[column])
            found.append(Finding(name, method, sure, by.evidence(reading, name)))
        elif likely[column] >= _LIKELY and (evidence := by.evidence(reading, name)):
            others.append(Finding(name, method, likely[column], evidence))
    others.sort(key=lambda finding: -finding.confidence)
    return Sections(found=tuple(found), likeliest=tuple(others[:_MOST_CHOICES]))
