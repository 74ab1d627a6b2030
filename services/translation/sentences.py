"""Sentences into another language: from memory what is known, from engines the rest, and through the gates.

Each sentence goes to the first engine that answers with a text that passes; what no engine gets right waits for a person.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from services.translation.engines.protocol import EngineError, NamedEngine
from services.translation.gates import Fault, dates, faults_of
from services.translation.glossary.terms import Term, terms_in
from services.translation.targets import Target
from services.translation.text.protection import mask
from services.translation.text.segments import words_of
from shared.language.detection import language_of

#: sentences and characters of one question; what the hosted engines take
_MAX_TEXTS, _MAX_CHARACTERS = 40, 20_000
#: shorter texts do not show their language
_TELLING_LENGTH = 60


@dataclass(frozen=True, kw_only=True)
class Languages:
    """From which language to which edition, and how its text is set."""

    source: str
    target: str
    set_in_type: Callable[[str], str] = str


class Translated(NamedTuple):
    """What became of sentences."""

    targets: dict[str, Target]  #: by sentence; one that is missing could not be asked of anybody
    silences: list[str]  #: which engines gave no answer, and why


class _Answer(NamedTuple):
    """What an engine answered before it fell silent, and why it did."""

    targets: dict[str, Target]
    silence: EngineError | None


def translate_sentences(
    sentences: Sequence[str],
    *,
    remembered: Mapping[str, Target],
    engines: Sequence[NamedEngine],
    terms: Sequence[Term],
    languages: Languages,
) -> Translated:
    """Find each sentence's translation. `remembered` is by sentence; `engines` are asked in their order, each for what is left.

    Targets with faults wait for a person: of several engines' faulty ones the first's is returned. Raises nothing of an engine.
    """
    done = {sentence: known for sentence in sentences if (known := _usable(sentence, remembered.get(sentence), terms, languages))}
    held: dict[str, Target] = {}
    silences: list[str] = []
    for engine in engines:
        left = [sentence for sentence in dict.fromkeys(sentences) if sentence not in done]
        if not left:
            break
        answer = _ask(engine, left, terms, languages)
        if answer.silence:
            silences.append(f"{engine.name}: {answer.silence}")
        for sentence, target in answer.targets.items():
            if target.faults:
                held.setdefault(sentence, target)
            else:
                done[sentence] = target
    return Translated({**held, **done}, silences)


def _usable(sentence: str, known: Target | None, terms: Sequence[Term], languages: Languages) -> Target | None:
    """What needs nobody: figures alone; what is remembered of a person, and of a machine if it still passes the gates."""
    if not any(char.isalpha() for char in words_of(sentence)):
        return Target(text=languages.set_in_type(sentence), origin="human", by="", is_remembered=True)
    if known is None or known.origin == "human":
        return known
    return known if not _faults(sentence, known.text, terms, languages) else None


def _ask(engine: NamedEngine, sentences: Sequence[str], terms: Sequence[Term], languages: Languages) -> _Answer:
    """An engine's text of each sentence with its faults.

    Terms are left to the engine at first, as a sentence that is translated whole reads best; where it did not use the approved
    translation, or took a month for a word, it is asked again with the right one put in its place.
    """
    answer = _ask_in_batches(engine, sentences, terms, languages, by_force=False)
    targets = answer.targets
    off = [sentence for sentence, target in targets.items() if target.faults and _can_be_forced(target)]
    if off:  # where it is silent now, what it answered at first stands, with its faults
        forced = _ask_in_batches(engine, off, terms, languages, by_force=True).targets
        targets = targets | {sentence: target for sentence, target in forced.items() if not target.faults}
    return _Answer(_hold_another_language(targets, languages), answer.silence)


def _can_be_forced(target: Target) -> bool:
    return {fault.gate for fault in target.faults} <= {"terms", "dates"}


def _ask_in_batches(
    engine: NamedEngine, sentences: Sequence[str], terms: Sequence[Term], languages: Languages, *, by_force: bool
) -> _Answer:
    """Ask until the engine falls silent: of a long text nothing is asked twice. By force: with the terms put in their places."""
    targets: dict[str, Target] = {}
    for batch in _batches(sentences):
        used = {sentence: terms_in(words_of(sentence), terms) for sentence in batch}
        forced = {sentence: [*used[sentence], *_dates(sentence, languages)] if by_force else () for sentence in batch}
        masks = {sentence: mask(sentence, forced[sentence]) for sentence in batch}
        try:
            answers = engine.translate(
                [masked.text for masked in masks.values()],
                source=languages.source,
                target=languages.target,
                terms=list(dict.fromkeys(term for some in used.values() for term in some)),
            )
        except EngineError as silence:
            return _Answer(targets, silence)
        for sentence, answer in zip(batch, answers, strict=True):
            text = languages.set_in_type(masks[sentence].restore(answer).strip())
            lost = [Fault("kept", f"{html.unescape(part)} is missing") for part in masks[sentence].lost_parts(answer)]
            faults = (*lost, *_faults(sentence, text, used[sentence], languages))
            targets[sentence] = Target(text=text, origin="machine", by=engine.name, faults=faults)
    return _Answer(targets, None)


def _dates(sentence: str, languages: Languages) -> list[Term]:
    return dates.terms_of(words_of(sentence), languages.source, languages.target)


def _faults(sentence: str, target: str, terms: Sequence[Term], languages: Languages) -> list[Fault]:
    return faults_of(sentence, target, source_language=languages.source, target_language=languages.target, terms=terms)


def _hold_another_language(targets: dict[str, Target], languages: Languages) -> dict[str, Target]:
    """All that an engine answered is in the language that it was asked for, or none of it is published."""
    words = " ".join(words_of(target.text) for target in targets.values())
    if len(words) < _TELLING_LENGTH:
        return targets
    language = language_of(words, (languages.source, languages.target))
    if language in ("und", languages.target.split("-")[0]):
        return targets
    wrong = Fault("language", f"it is in {language}")
    return {sentence: replace(target, faults=(*target.faults, wrong)) for sentence, target in targets.items()}


def _batches(sentences: Sequence[str]) -> list[list[str]]:
    """Sentences in their order, in questions that engines take; one that is too long alone is a question of its own."""
    batches: list[list[str]] = [[]]
    size = 0
    for sentence in sentences:
        if batches[-1] and (len(batches[-1]) >= _MAX_TEXTS or size + len(sentence) > _MAX_CHARACTERS):
            batches.append([])
            size = 0
        batches[-1].append(sentence)
        size += len(sentence)
    return batches
