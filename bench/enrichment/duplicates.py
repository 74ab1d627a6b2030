"""Near-duplicates: copies that another source has edited, found among all; bulletins of other figures, never hidden."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from bench.enrichment.corpora import Article, Story
from services.enrichment.duplicates import Fingerprint, fingerprint_of, likeness
from shared.contracts.item import WireItem

#: a text that is shorter has nothing by which it could be told from a form that is filled in
_LEAST_WORDS = 60
_MOST = 2_000
_BULLETINS = 500


def measure(articles: Sequence[Article], stories: Sequence[Story]) -> Iterator[str]:
    """Lines of the report."""
    all_texts = (*(story.body for story in stories), *(article.text for article in articles))
    texts = [text for text in dict.fromkeys(all_texts) if len(text.split()) >= _LEAST_WORDS][:_MOST]
    rng = random.Random(1)  # noqa: S311
    originals = [_mark(f"Headline {number}", text) for number, text in enumerate(texts)]
    index: dict[int, list[int]] = defaultdict(list)
    for number, mark in enumerate(originals):
        for key in mark.keys:
            index[key].append(number)
    found = linked = right = 0
    for name, edit in _EDITS.items():
        hits = 0
        for number, text in enumerate(texts):
            copy = _mark(f"Another headline {number}", edit(text, rng))
            for other in {other for key in copy.keys for other in index[key]}:
                if likeness(copy.sketch, originals[other].sketch) is not None:
                    linked += 1
                    right += other == number
                    hits += other == number
        found += hits
        yield f"copies {name}: {hits / len(texts):.3f} found ({len(texts)})"
    yield f"near-duplicates: precision {right / max(linked, 1):.4f}, recall {found / (len(texts) * len(_EDITS)):.4f}"
    marks = [_bulletin(rng) for _ in range(_BULLETINS)]
    hidden = _BULLETINS - len({mark.text_hash for mark in marks})
    yield f"bulletins that differ in figures only: {hidden} of {_BULLETINS} hidden"


def _mark(headline: str, body: str) -> Fingerprint:
    mark = fingerprint_of(WireItem(uri="urn:bench", headline=headline, body_html=f"<p>{body.replace('<', ' ')}</p>"))
    assert mark is not None
    return mark


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text.strip())


def _cut(text: str, rng: random.Random) -> str:
    sentences = _sentences(text)
    return " ".join(sentences[: max(1, round(len(sentences) * rng.uniform(0.6, 0.8)))])


def _led(text: str, rng: random.Random) -> str:
    leads = (
        "In a move that had been awaited for weeks, those concerned gave details late on Monday, a report said.",
        "Our correspondent writes that there was little doubt about the outcome when it was made known.",
        "Officials and observers spoke of a turning point, and some of them asked for patience.",
    )
    return " ".join([rng.choice(leads), *_sentences(text)[1:]])


def _ordered(text: str, rng: random.Random) -> str:
    lead, *rest = _sentences(text)
    rng.shuffle(rest)
    return " ".join([lead, *rest])


def _all(text: str, rng: random.Random) -> str:
    return _cut(_led(text, rng), rng)


_EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "re-headlined": lambda text, _: text,
    "cut": _cut,
    "re-led": _led,
    "re-ordered": _ordered,
    "re-led and cut": _all,
}


def _bulletin(rng: random.Random) -> Fingerprint:
    figures = [rng.randint(3, 45) for _ in range(12)]
    body = (
        "Weather for the region. In the north {} degrees by day and {} at night, winds from the west at {} kilometres an hour. "
        "On the coast {} degrees, waves of {} decimetres, humidity {} per cent. In the hills {} degrees and {} at night, "
        "a chance of rain of {} per cent. In the south {} degrees, dust is possible, visibility {} hundred metres. "
        "The centre will say more at {} o'clock. Drivers are asked to take care on roads near the sea and in the valleys."
    ).format(*figures)
    return _mark("Weather for the region", body)
