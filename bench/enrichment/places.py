"""Places: the countries that editors named, the wire's region of the story, and the regions of Arabic headlines."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from bench.enrichment.corpora import Story
from bench.enrichment.figures import overlap
from services.enrichment.places import countries_among, places_named, regions_of
from shared.contracts.finding import Finding, values_of
from shared.language.markup import plain_text
from shared.wire.config import DEFAULT_FILE, read_wire

#: headlines of one's own: section, regions by commas, headline
_HEADLINES = Path(__file__).with_name("arabic_headlines.txt")
#: the agency's names of countries that are not CLDR's, and of those that are no more
_CODES = {
    "usa": "US", "uk": "GB", "uae": "AE", "ussr": "RU", "west-germany": "DE", "east-germany": "DE", "czechoslovakia": "CZ",
    "yugoslavia": "RS", "hong-kong": "HK", "ivory-coast": "CI", "zaire": "CD", "burma": "MM", "turkey": "TR", "macao": "MO",
    "south-yemen": "YE", "north-yemen": "YE", "trinidad-tobago": "TT", "st-lucia": "LC", "st-vincent": "VC", "upper-volta": "BF",
    "central-african-republic": "CF", "congo": "CG", "cape-verde": "CV", "bosnia": "BA", "swaziland": "SZ", "brunei": "BN",
    "us-virgin-islands": "VI", "british-virgin-islands": "VG", "antigua": "AG", "falklands": "FK", "vatican": "VA",
}  # fmt: skip
_BY_NAME = {name.casefold(): code for code, name in Locale("en").territories.items() if len(code) == 2}
_WIRE = read_wire(DEFAULT_FILE)
_EDITIONS = tuple(_WIRE.editions)
#: of the errors, so many countries are listed
_MOST_LISTED = 12


@dataclass(frozen=True)
class _Answer:
    """What is said of a story, and what its editors said."""

    countries: tuple[Finding, ...]
    regions: tuple[Finding, ...]
    wanted: frozenset[str]
    wanted_regions: frozenset[str]


def measure(stories: Sequence[Story]) -> Iterator[str]:
    """Lines of the report."""
    if stories:
        began = time.process_time()
        _answered("BEIRUT -", "")
        loaded = time.process_time()
        texts = [plain_text(story.item().body_html) for story in stories]
        read = time.process_time()
        answers = [_answer(story, text) for story, text in zip(stories, texts, strict=True)]
        took = time.process_time() - read
        yield from _countries(answers)
        yield from _regions(answers)
        words = sum(len(text.split()) for text in texts) / len(texts)
        yield f"  {took / len(stories) * 1000:.2f} ms of CPU a story of {words:.0f} words; {loaded - began:.2f} s to load, once"
    yield from _arabic()


def code_of(place: str) -> str:
    """The ISO 3166 code of an agency's name of a country; the name itself where it is none's."""
    return _CODES.get(place) or _BY_NAME.get(place.replace("-", " "), place)


def _answer(story: Story, text: str) -> _Answer:
    wanted = frozenset(map(code_of, story.places))
    regions = frozenset(name for name, region in _WIRE.regions.items() if wanted & set(region.countries))
    return _Answer(*_answered(text, story.headline), wanted, regions)


def _answered(text: str, headline: str) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    named = places_named(places=(), dateline="", headline=headline, text=text, editions=_EDITIONS)
    return countries_among(named), regions_of((), named, _WIRE)


def _countries(answers: Sequence[_Answer]) -> Iterator[str]:
    yield f"countries of stories: {overlap((set(values_of(a.countries)), a.wanted) for a in answers)}"
    said = [answer for answer in answers if answer.countries]
    right = sum(answer.countries[0].value in answer.wanted for answer in said)
    yield f"  one is named for {len(said) / len(answers):.3f} of them, and the first is right for {right / max(len(said), 1):.3f}"
    for floor, ceiling in ((0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01)):
        of = [f.value in a.wanted for a in answers for f in a.countries if floor <= f.confidence < ceiling]
        yield f"  said at {floor:.1f}: {len(of)}, right {sum(of) / max(len(of), 1):.3f}"
    missed = Counter(code for a in answers for code in a.wanted.difference(values_of(a.countries)))
    wrong = Counter(code for a in answers for code in set(values_of(a.countries)) - a.wanted)
    yield f"  missed: {_listed(missed)}"
    yield f"  wrongly named: {_listed(wrong)}"
    methods = Counter(str(f.method) for a in answers for f in a.countries if f.value not in a.wanted)
    yield f"  wrongly named by: {_listed(methods)}"


def _regions(answers: Sequence[_Answer]) -> Iterator[str]:
    wanted = [answer for answer in answers if answer.wanted_regions]
    said = [answer for answer in wanted if answer.regions]
    right = sum(answer.regions[0].value in answer.wanted_regions for answer in said)
    yield f"region of stories: the first is right for {right / max(len(wanted), 1):.3f} ({len(wanted)} whose editors name one)"
    yield f"  one is named for {len(said) / max(len(wanted), 1):.3f} of them, and right for {right / max(len(said), 1):.3f}"
    yield f"regions of stories: {overlap((set(values_of(a.regions)), a.wanted_regions) for a in answers)}"
    missed = Counter(name for a in answers for name in a.wanted_regions.difference(values_of(a.regions)))
    wrong = Counter(name for a in answers for name in set(values_of(a.regions)) - a.wanted_regions)
    yield f"  missed: {_listed(missed)}"
    yield f"  wrongly named: {_listed(wrong)}"


def _arabic() -> Iterator[str]:
    lines = [line.split("\t") for line in _HEADLINES.read_text(encoding="utf-8").splitlines() if line]
    right, said, said_right, wrong = 0, 0, 0, Counter[str]()
    for _, regions, headline in lines:
        wanted = [name for name in regions.split(",") if name != "none"]
        found = values_of(_answered("", headline)[1])
        is_right = found[0] in wanted if found else not wanted
        right, said, said_right = right + is_right, said + bool(found), said_right + (bool(found) and is_right)
        if not is_right:
            wrong[f"{regions} taken for {found[0] if found else 'none'}"] += 1
    yield f"region of Arabic headlines: the first is right for {right / len(lines):.3f} ({len(lines)})"
    yield f"  one is named for {said / len(lines):.3f} of them, and right for {said_right / max(said, 1):.3f} of these"
    yield from (f"  {what}: {times}" for what, times in wrong.most_common())


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{what} {times}" for what, times in counted.most_common(_MOST_LISTED)) or "none"
