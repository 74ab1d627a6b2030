"""The way of a text into another language: from memory what is known, from engines the rest, and through the gates.

Each sentence goes to the first engine that answers with a text that passes; what no engine gets right waits for a person.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from services.translation.engines import Engine, EngineError, Text
from services.translation.gates import Fault, dates, faults_of
from services.translation.glossary import Term, terms_in
from services.translation.protection import masked
from services.translation.segments import Cut, words_of
from shared.language.characters import clean, clean_line
from shared.language.detection import language_of
from shared.language.markup import safe_html

#: sentences and characters of one question; what the hosted engines take
_MOST_TEXTS, _MOST_CHARACTERS = 40, 20_000
#: shorter texts do not show their language
_TELLING_LENGTH = 60


Origin = Literal["human", "machine", "none"]


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a sentence became."""

    text: str
    origin: Origin  #: who wrote it; none: nobody could
    by: str  #: the person or the engine
    is_remembered: bool = False
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Languages:
    """From which language to which edition, and how its text is set."""

    source: str
    target: str
    set_in_type: Callable[[str], str] = str


class Asked(Engine, Protocol):
    """An engine as it is asked for the wire: it has a name, and knows when to be silent."""

    name: str


def translated(
    sources: Sequence[str],
    *,
    remembered: Mapping[str, Target],
    engines: Sequence[Asked],
    terms: Sequence[Term],
    languages: Languages,
) -> tuple[dict[str, Target], list[str]]:
    """What each sentence became, and why engines were silent.

    A sentence that is missing could not be asked of anybody; those with faults wait for a person.
    """
    done = {source: known for source in sources if (known := _usable(source, remembered.get(source), terms, languages))}
    held: dict[str, Target] = {}
    silent: list[str] = []
    for engine in engines:
        open_ = [source for source in dict.fromkeys(sources) if source not in done]
        if not open_:
            break
        answers, reason = _asked_of(engine, open_, terms, languages)
        if reason:
            silent.append(f"{engine.name}: {reason}")
        for source, target in answers.items():
            if target.faults:
                held.setdefault(source, target)
            else:
                done[source] = target
    return {**held, **done}, silent


def _usable(source: str, known: Target | None, terms: Sequence[Term], languages: Languages) -> Target | None:
    """What needs nobody: figures alone; what is remembered of a person, and of a machine if it still passes the gates."""
    if not any(sign.isalpha() for sign in words_of(source)):
        return Target(text=languages.set_in_type(source), origin="human", by="", is_remembered=True)
    if known is None or known.origin == "human":
        return known
    return known if not _faults(source, known.text, terms, languages) else None


def _asked_of(
    engine: Asked, sources: Sequence[str], terms: Sequence[Term], languages: Languages
) -> tuple[dict[str, Target], EngineError | None]:
    """An engine's text of each sentence with its faults, and why it said no more.

    Terms are left to the engine at first, as a sentence that is translated whole reads best; where it did not use the approved
    translation, or took a month for a word, it is asked again with the right one put in its place.
    """
    answers, reason = _told(engine, sources, terms, languages, by_force=False)
    off = [source for source, target in answers.items() if target.faults and _can_be_forced(target)]
    if off:  # where it is silent now, what it said at first stands, with its faults
        forced, _ = _told(engine, off, terms, languages, by_force=True)
        answers |= {source: target for source, target in forced.items() if not target.faults}
    return _in_its_language(answers, languages), reason


def _can_be_forced(target: Target) -> bool:
    return {fault.gate for fault in target.faults} <= {"terms", "dates"}


def _told(
    engine: Asked, sources: Sequence[str], terms: Sequence[Term], languages: Languages, *, by_force: bool
) -> tuple[dict[str, Target], EngineError | None]:
    """What it said before it fell silent, and why it did: of a long text nothing is asked twice."""
    found: dict[str, Target] = {}
    for batch in _batches(sources):
        used = {source: terms_in(words_of(source), terms) for source in batch}
        forced = {source: [*used[source], *_dates(source, languages)] if by_force else () for source in batch}
        masks = {source: masked(source, forced[source]) for source in batch}
        try:
            answers = engine.translate(
                [mask.text for mask in masks.values()],
                source=languages.source,
                target=languages.target,
                terms=list(dict.fromkeys(term for some in used.values() for term in some)),
            )
        except EngineError as reason:
            return found, reason
        for source, answer in zip(batch, answers, strict=True):
            text = languages.set_in_type(masks[source].restored(answer).strip())
            lost = [Fault("kept", f"{html.unescape(part)} is missing") for part in masks[source].lost(answer)]
            faults = (*lost, *_faults(source, text, used[source], languages))
            found[source] = Target(text=text, origin="machine", by=engine.name, faults=faults)
    return found, None


def _dates(source: str, languages: Languages) -> list[Term]:
    return dates.terms_of(words_of(source), languages.source, languages.target)


def _faults(source: str, target: str, terms: Sequence[Term], languages: Languages) -> list[Fault]:
    return faults_of(source, target, source_language=languages.source, target_language=languages.target, terms=terms)


def _in_its_language(answers: Mapping[str, Target], languages: Languages) -> dict[str, Target]:
    """All that an engine said is in the language that it was asked for, or none of it is published."""
    said = " ".join(words_of(target.text) for target in answers.values())
    if len(said) < _TELLING_LENGTH:
        return dict(answers)
    language = language_of(said, (languages.source, languages.target))
    if language in ("und", languages.target.split("-")[0]):
        return dict(answers)
    wrong = Fault("language", f"it is in {language}")
    return {
        source: Target(text=target.text, origin="machine", by=target.by, faults=(*target.faults, wrong))
        for source, target in answers.items()
    }


def _batches(sources: Sequence[str]) -> list[list[str]]:
    batches: list[list[str]] = [[]]
    size = 0
    for source in sources:
        if batches[-1] and (len(batches[-1]) >= _MOST_TEXTS or size + len(source) > _MOST_CHARACTERS):
            batches.append([])
            size = 0
        batches[-1].append(source)
        size += len(source)
    return batches


def segments_json(text: Cut, targets: Sequence[Target]) -> list[dict[str, object]]:
    """A text's sentences as they are kept with its translation."""
    return [
        {
            "source": segment.source,
            "target": target.text,
            "origin": target.origin,
            "by": target.by,
            "is_remembered": target.is_remembered,
            "faults": [[fault.gate, fault.said] for fault in target.faults],
        }
        for segment, target in zip(text.segments, targets, strict=True)
    ]


def text_of(text: Cut, targets: Sequence[Target]) -> Text:
    """A text whose sentences became these, as it may be published."""
    joined = text.joined([target.text for target in targets])
    return Text(headline=clean_line(joined.headline), summary=clean(joined.summary), body_html=safe_html(joined.body_html))


def signature_of(targets: Sequence[Target]) -> str:
    """Everyone who wrote a sentence of it, people and engines."""
    return ", ".join(dict.fromkeys(target.by for target in targets if target.by))
