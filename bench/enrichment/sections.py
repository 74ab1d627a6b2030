"""Sections: does an article land where its editor put it, is a story of oil and energy known for one, and what is learnt?"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.enrichment.corpora import Article, Story
from bench.enrichment.figures import overlap
from services.enrichment.learning import Features, features_of, learn
from services.enrichment.sections import Text, sections_of_all, sorter
from shared.contracts.finding import Finding, values_of
from shared.contracts.item import WireItem
from shared.language.markup import plain_text
from shared.wire.config import DEFAULT_FILE, read_wire

#: headlines of one's own: section, regions by commas, headline
_HEADLINES = Path(__file__).with_name("arabic_headlines.txt")
#: an editor's section as the wire's
_SECTIONS = {"business": "economy", "entertainment": "entertainment", "politics": "politics", "sport": "sport", "tech": "none"}
#: topics of stories that belong to oil and energy
_OIL = {"crude", "nat-gas", "fuel", "gas", "heat", "jet", "naphtha", "propane", "pet-chem"}
_WIRE = read_wire(DEFAULT_FILE)
#: texts that are sorted at once; words that articles are cut to, to be flashes; halves that are learnt from, cut by a seed each
_CHUNK, _WORDS_OF_A_FLASH, _HALVES = 100, 12, 4


@dataclass(frozen=True)
class _Answer:
    """What is said of a text, the first section first, and what its editor said."""

    found: tuple[Finding, ...]
    wanted: str

    @property
    def first(self) -> str:
        return self.found[0].value if self.found else "none"


def measure(articles: Sequence[Article], stories: Sequence[Story]) -> Iterator[str]:
    """Lines of the report."""
    if articles:
        yield from _articles(articles)
    if stories:
        yield from _oil(stories)
    yield from _arabic()


def _articles(articles: Sequence[Article]) -> Iterator[str]:
    texts, wanted = [_text(article.item()) for article in articles], [_SECTIONS[article.section] for article in articles]
    answers = _answered(texts, wanted)
    yield from _report("section of articles", answers)
    flashes = [Text(headline=" ".join(article.text.split()[:_WORDS_OF_A_FLASH])) for article in articles]
    yield from _report(f"section of their first {_WORDS_OF_A_FLASH} words", _answered(flashes, wanted))
    right = [
        [next(iter(found), "none") == wanted[row] for found, row in learnt]
        for learnt in _after_learning(texts, [set() if section == "none" else {section} for section in wanted])
    ]
    yield f"section of articles after learning from the other half: accuracy {np.mean(right):.3f} (mean of {_HALVES})"


def _oil(stories: Sequence[Story]) -> Iterator[str]:
    texts, wanted = [_text(story.item()) for story in stories], [bool(_OIL & set(story.topics)) for story in stories]
    began = time.process_time()
    found = ["oil-energy" in values_of(answer.found) for answer in _answered(texts, [""] * len(texts))]
    took = time.process_time() - began
    yield f"oil and energy of stories: {_overlap(found, wanted)}"
    words = sum(len(text.text.split()) for text in texts) / len(texts)
    yield f"  {took / len(texts) * 1000:.2f} ms of CPU a story of {words:.0f} words, {_CHUNK} at once"
    for learnt in _after_learning(texts, [{"oil-energy"} if oil else set() for oil in wanted]):
        after = _overlap(["oil-energy" in one for one, _ in learnt], [wanted[row] for _, row in learnt])
        yield f"  after learning from the other half: {after}"


def _arabic() -> Iterator[str]:
    lines = [line.split("\t") for line in _HEADLINES.read_text(encoding="utf-8").splitlines() if line]
    yield from _report(
        "section of Arabic headlines",
        _answered([Text(headline=headline) for _, _, headline in lines], [section for section, _, _ in lines]),
    )


def _report(what: str, answers: Sequence[_Answer]) -> Iterator[str]:
    said = [answer for answer in answers if answer.found]
    right = sum(answer.first == answer.wanted for answer in said)
    yield f"{what}: accuracy {sum(answer.first == answer.wanted for answer in answers) / len(answers):.3f} ({len(answers)})"
    yield f"  one is named for {len(said) / len(answers):.3f} of them, and right for {right / max(len(said), 1):.3f} of these"
    for floor, ceiling in ((0.5, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01)):
        of = [answer.first == answer.wanted for answer in said if floor <= answer.found[0].confidence < ceiling]
        yield f"  said at {floor:.2f}: {len(of)}, right {sum(of) / max(len(of), 1):.3f}"
    confusion = Counter((answer.wanted, answer.first) for answer in answers if answer.first != answer.wanted)
    yield from (f"  {wanted} taken for {found}: {times}" for (wanted, found), times in sorted(confusion.items()))


def _answered(texts: Sequence[Text], wanted: Sequence[str]) -> list[_Answer]:
    found = [
        one.found
        for at in range(0, len(texts), _CHUNK)
        for one in sections_of_all(
            texts[at : at + _CHUNK], sections=_WIRE.sections, topics=_WIRE.topics, no_section=_WIRE.no_section
        )
    ]
    return [_Answer(*pair) for pair in zip(found, wanted, strict=True)]


def _after_learning(texts: Sequence[Text], labels: Sequence[set[str]]) -> Iterator[list[tuple[dict[str, float], int]]]:
    """Learn from a half, and say what is then found for each of the other half, by its number; several times."""
    features = _features(texts)
    names = sorter(_WIRE.sections, _WIRE.no_section).names
    for seed in range(_HALVES):
        rows = np.random.default_rng(seed).permutation(len(texts))
        half, other = rows[: len(rows) // 2], rows[len(rows) // 2 :]
        model = learn(features.part(half), [labels[row] for row in half], names)
        yield list(zip(model.sections(features.part(other)), other.tolist(), strict=True))


def _features(texts: Sequence[Text]) -> Features:
    by = sorter(_WIRE.sections, _WIRE.no_section)
    readings = [by.read(text.headline, text.text) for text in texts]
    return features_of(readings, by.scores(readings))


def _overlap(found: Sequence[bool], wanted: Sequence[bool]) -> str:
    pairs = zip(found, wanted, strict=True)
    return str(overlap(({"oil"} if is_found else set(), {"oil"} if is_wanted else set()) for is_found, is_wanted in pairs))


def _text(item: WireItem) -> Text:
    return Text(headline=item.headline, text=plain_text(item.body_html))
