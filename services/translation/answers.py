"""What memory and engines make of a story's text. They are asked in no transaction: an engine may take minutes."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial

from services.translation import queries
from services.translation.engines.circuit import circuit_of
from services.translation.engines.guarded import GuardedEngine
from services.translation.engines.protocol import TranslationEngine
from services.translation.engines.queries import add_characters, characters_in_month
from services.translation.engines.registry import build_engine
from services.translation.glossary.queries import read_terms
from services.translation.memory.queries import recall, remember
from services.translation.policy import SourceStory, is_wanted
from services.translation.sentences import Languages, Translated, translate_sentences
from services.translation.targets import Target
from services.translation.text.segments import SegmentedText, split_text
from services.translation.text.typography import set_in_type
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.work import Work
from shared.language.detection import language_of
from shared.settings import settings
from shared.wire.config import Edition, wire
from shared.wire.config import Engine as EngineConfig
from shared.wire.variables import variable_of

#: no further question is asked for one text after this long; what was answered is remembered, and the rest asked for next
_LONGEST_TEXT_S = 120.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What engines and the memory made of a story's text, as it was when it was read."""

    story: SourceStory
    text: SegmentedText
    translated: Translated

    def whole(self) -> list[Target] | None:
        """A target for each segment, in their order; None if a sentence lacks one."""
        by_sentence = self.translated.targets
        sentences = [segment.source for segment in self.text.segments]
        return [by_sentence[one] for one in sentences] if all(one in by_sentence for one in sentences) else None


def ask_memory_and_engines(work: Work) -> Answer | None:
    """Ask for a story's text in an edition; None: there is nothing to ask for. What is answered is remembered at once."""
    edition = wire().editions[work.edition]
    with engine().begin() as connection:
        story = queries.read_sources(connection, [work.item])[work.item]
        if not is_wanted(story, edition) or queries.is_translated(connection, story.story, work.edition, story.revision):
            return None
        text = split_text(story.text, story.language)
        remembered = recall(connection, text, language=story.language, edition=work.edition)
        terms = read_terms(connection, language=story.language, edition=work.edition)
    ends_s = time.monotonic() + _LONGEST_TEXT_S
    translated = translate_sentences(
        [segment.source for segment in text.segments],
        remembered=remembered,
        engines=[_guarded(name, ends_s) for name in edition.engines],
        terms=terms,
        languages=_languages(story.language, work.edition, edition),
    )
    _learn(work, story, translated.targets)
    return Answer(story=story, text=text, translated=translated)


def _learn(work: Work, story: SourceStory, targets: Mapping[str, Target]) -> None:
    """Remember what engines answered, so that it need not be asked again: at once, whatever becomes of the story's text."""
    new = {sentence: target for sentence, target in targets.items() if not (target.is_remembered or target.faults)}
    for by in dict.fromkeys(target.by for target in new.values()):
        with engine().begin() as connection:
            remember(
                connection,
                {sentence: target.text for sentence, target in new.items() if target.by == by},
                language=story.language,
                edition=work.edition,
                method="machine",
                translator=by,
                story=story.story,
                now=utc_now(),
            )


def _languages(source: str, tag: str, edition: Edition) -> Languages:
    type_ = partial(set_in_type, language=tag, direction=edition.direction, digits=edition.digits)
    return Languages(source=source, target=tag, set_in_type=type_)


def _guarded(key: str, ends_s: float) -> GuardedEngine:
    config = wire().engines[key]
    return GuardedEngine(
        lambda: _engine(config, os.environ.get(variable_of("ENGINE_KEY", key), "")),
        key=key,
        name=config.title,
        circuit=circuit_of(config),
        count=_CountInArchive(key),
        characters_per_month=config.characters_per_month,
        ends_s=ends_s,
    )


@cache
def _engine(config: EngineConfig, api_key: str) -> TranslationEngine:
    return build_engine(config, api_key=api_key, models=str(settings().home / "models"))


@dataclass(frozen=True)
class _CountInArchive:
    """An engine's `CharacterCount`, each time in a transaction of its own."""

    key: str

    def of(self, month: str) -> int:
        with engine().begin() as connection:
            return characters_in_month(connection, self.key, month)

    def add(self, month: str, characters: int) -> None:
        with engine().begin() as connection:
            add_characters(connection, self.key, month, characters)


def warm_up() -> None:
    """Load what gates know of words, names and languages before the first text needs it."""
    own = wire().own_edition
    known = Target(text="Warm up", origin="machine", by="")
    for tag, edition in wire().editions.items():
        if edition.engines:
            languages = _languages(own, tag, edition)
            translate_sentences(["Warm up"], remembered={"Warm up": known}, engines=[], terms=[], languages=languages)
            language_of("Warm up", (own, tag))
