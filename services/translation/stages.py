"""Translation's stage: finds a story's text for an edition."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial

from sqlalchemy import Connection

from services.translation import store, store_memory
from services.translation.circuit import Circuit
from services.translation.engines import Engine, EngineError, engine_of
from services.translation.glossary import Term
from services.translation.segments import Cut, cut
from services.translation.store import Source, Translation
from services.translation.translating import Languages, Target, segments_json, signature_of, text_of, translated
from services.translation.typography import set_in_type
from shared import log, metrics
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.story import StoryState
from shared.contracts.work import Done, Follow, Later, Outcome, Work
from shared.language.detection import language_of
from shared.pipeline import Stage
from shared.queue.holding import while_held
from shared.queue.ledger import Handler, InTwoSteps
from shared.settings import settings
from shared.wire.config import Edition, Policy, wire
from shared.wire.config import Engine as EngineRow
from shared.wire.variables import variable_of

#: a chunk stops asking engines after this long and leaves the rest for the next, so that others wait for none of it
_LONGEST_S = 10.0
#: no further question is asked for one text after this long; what was answered is remembered, and the rest asked for next
_LONGEST_TEXT_S = 120.0

#: when engines are asked again for a text that did not pass; after the last a person must
_AGAIN = (timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=1))
_SOON = timedelta(seconds=1)

_log = log.get("translation")

_LUKEWARM = Target(text="Warm up", origin="machine", by="")

#: what this process knows of each engine
_circuits: dict[EngineRow, Circuit] = {}


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """What engines and the memory made of a story's text, as it was when it was read."""

    source: Source
    text: Cut
    targets: Mapping[str, Target]
    silent: Sequence[str]  #: why engines said nothing

    def is_of(self, source: Source) -> bool:
        """Is the story still as it was when they were asked?"""
        was, now = ((one.item, one.revision, one.language, one.text) for one in (self.source, source))
        return was == now


def translate(chunk: Sequence[Work]) -> Handler:
    """Find each story's text: a person's if there is one, else from memory and engines; without either the edition waits.

    Engines are asked while no transaction is open. What they said is written down if the story is still as it was, and nobody
    has translated it meanwhile; else it is looked at again, with what they said in the memory.
    """
    ends_s = time.monotonic() + _LONGEST_S
    answers: dict[int, _Answer] = {}
    for work in chunk:
        if time.monotonic() < ends_s and (answer := _by_memory_and_engines(work)):
            answers[work.id] = answer
    return partial(_written, answers)


def _written(
    answers: Mapping[int, _Answer], connection: Connection, mine: Sequence[Work], now: datetime
) -> Mapping[int, Outcome]:
    sources = store.read_sources(connection, [work.item for work in mine])
    outcomes: dict[int, Outcome] = {}
    for work in mine:
        source, answer = sources[work.item], answers.get(work.id)
        if not _is_to_be_translated(source, work.edition):
            outcomes[work.id] = Done()
        elif store.is_translated(connection, source.story, work.edition, source.revision):
            outcomes[work.id] = _shown_next(work, source)
        elif answer is None:
            outcomes[work.id] = Later(timedelta(0), "the engine is busy with others")
        elif not answer.is_of(source):
            outcomes[work.id] = Later(timedelta(0), "the story changed while engines were asked")
        elif any(segment.source not in answer.targets for segment in answer.text.segments):
            outcomes[work.id] = _again_when_engines_answer(wire().editions[work.edition], answer.silent, now)
        else:
            outcomes[work.id] = _kept(connection, work, answer, now)
    return outcomes


def _is_to_be_translated(source: Source, tag: str) -> bool:
    edition = wire().editions[tag]
    is_wanted = bool(source.language) and (not edition.feeds or bool(source.feeds & {*edition.feeds}))
    return source.may_be_translated and is_wanted


def _by_memory_and_engines(work: Work) -> _Answer | None:
    """Ask for a story's text; None: there is nothing to ask for. Never in a transaction: an engine may take minutes."""
    edition = wire().editions[work.edition]
    with engine().begin() as connection:
        source = store.read_sources(connection, [work.item])[work.item]
        if not _is_to_be_translated(source, work.edition) or store.is_translated(
            connection, source.story, work.edition, source.revision
        ):
            return None
        text = cut(source.text, source.language)
        remembered = store_memory.remembered(connection, text, language=source.language, edition=work.edition)
        terms = store_memory.read_terms(connection, language=source.language, edition=work.edition)
    ends_s = time.monotonic() + _LONGEST_TEXT_S
    targets, silent = translated(
        [segment.source for segment in text.segments],
        remembered=remembered,
        engines=[_Careful(name, ends_s) for name in edition.engines],
        terms=terms,
        languages=_languages(source.language, work.edition, edition),
    )
    _learn(work, source, targets)
    return _Answer(source=source, text=text, targets=targets, silent=silent)


def _again_when_engines_answer(edition: Edition, silent: Sequence[str], now: datetime) -> Outcome:
    """Nobody is to blame but the engines: the story comes back by itself, however long they are away."""
    if not edition.engines:
        return Done()
    opens = [until for name in edition.engines if (until := _circuit(name).open_until)]
    pause = max(min(opens) - now, _SOON) if len(opens) == len(edition.engines) else _SOON
    return Later(pause, "; ".join(silent) or "no engine answered")


def _kept(connection: Connection, work: Work, answer: _Answer, now: datetime) -> Outcome:
    """Keep the text, for readers if it passed and may be published unseen, else for a person."""
    edition = wire().editions[work.edition]
    source, text = answer.source, answer.text
    mine = [answer.targets[segment.source] for segment in text.segments]
    is_machines = any(target.origin == "machine" for target in mine)
    has_faults = any(target.faults for target in mine)
    may_be_seen = edition.policy is not Policy.REVIEWED_ONLY and not (
        is_machines and store.was_translated_as_a_whole(connection, source.story, work.edition)
    )
    tries = store.tries(connection, source.story, work.edition, source.revision) + 1
    translation = Translation(
        story=source.story,
        edition=work.edition,
        revision=source.revision,
        method="machine" if is_machines else "memory",
        translator=signature_of(mine),
        text=text_of(text, mine),
        segments=segments_json(text, mine),
        is_ready=may_be_seen and not has_faults,
        tries=tries,
    )
    store.write_translation(connection, translation, now)
    _count(work.edition, mine)
    if translation.is_ready:
        _log.info("edition.translated", story=source.story, edition=work.edition, by=translation.translator)
        return _shown_next(work, source)
    gates = sorted({fault.gate for target in mine for fault in target.faults})
    _log.info("edition.waits", story=source.story, edition=work.edition, gates=gates)
    if has_faults and may_be_seen and tries <= len(_AGAIN):
        return Later(_AGAIN[tries - 1], f"did not pass: {', '.join(gates)}")
    return Done()


def _learn(work: Work, source: Source, targets: Mapping[str, Target]) -> None:
    """Remember what engines said, so that it need not be asked again: at once, whatever becomes of the story's text."""
    new = {sentence: target for sentence, target in targets.items() if not (target.is_remembered or target.faults)}
    for by in dict.fromkeys(target.by for target in new.values()):
        with engine().begin() as connection:
            store_memory.remember(
                connection,
                {sentence: target.text for sentence, target in new.items() if target.by == by},
                language=source.language,
                edition=work.edition,
                method="machine",
                translator=by,
                story=source.story,
                now=utc_now(),
            )


def _count(edition: str, targets: Sequence[Target]) -> None:
    for target in targets:
        origin = "held" if target.faults else "memory" if target.is_remembered else "engine"
        metrics.count("barq_segments_total", edition=edition, origin=origin)


def _languages(source: str, tag: str, edition: Edition) -> Languages:
    type_ = partial(set_in_type, language=tag, direction=edition.direction, digits=edition.digits)
    return Languages(source=source, target=tag, set_in_type=type_)


def _shown_next(work: Work, source: Source) -> Done:
    """What brings a text to its readers: a story that waited for its first one becomes public with it."""
    if source.state is StoryState.HELD:
        return Done((Follow(stage=Stage.OPEN, item=work.item, revision=source.revision),))
    return Done((Follow(stage=Stage.RENDER, item=work.item, revision=work.revision, edition=work.edition),))


# ── Engines ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _circuit(name: str) -> Circuit:
    return _circuits.setdefault(wire().engines[name], Circuit())


@cache
def _engine(row: EngineRow, api_key: str) -> Engine:
    return engine_of(row, api_key=api_key, models=str(settings().home / "models"))


class _Careful:
    """An engine that is asked within its contract, and left alone while it is known to be down."""

    def __init__(self, name: str, ends_s: float) -> None:
        self._key, self._row, self._circuit = name, wire().engines[name], _circuit(name)
        self._ends_s = ends_s  #: by `time.monotonic()`: not to be asked any more
        self.name = self._row.title

    def translate(self, texts: Sequence[str], *, source: str, target: str, terms: Sequence[Term]) -> list[str]:
        """Its answer. Raises EngineError at once where there is no use in asking."""
        now = utc_now()
        if self._circuit.is_open(now):
            raise EngineError("left alone for a while after it failed")  # no time: this is read long after it
        if time.monotonic() > self._ends_s:
            raise EngineError("what is left of a long text is asked for next")
        characters = sum(map(len, texts))
        self._must_be_left(characters, now)
        machine = _engine(self._row, os.environ.get(variable_of("ENGINE_KEY", self._key), ""))
        try:
            answers = machine.translate(texts, source=source, target=target, terms=terms)
        except EngineError as silent:
            self._circuit.failed(utc_now(), silent.retry_after_s)
            metrics.count("barq_engine_requests_total", engine=self._key, outcome="failed")
            raise
        self._circuit.succeeded()
        # at once and for good: what was sent was sent, whatever becomes of the story
        with engine().begin() as connection:
            store_memory.count_characters(connection, self._key, f"{now:%Y-%m}", characters)
        metrics.count("barq_engine_requests_total", engine=self._key, outcome="answered")
        return answers

    def _must_be_left(self, characters: int, now: datetime) -> None:
        """Raises EngineError if its contract has not so many characters left this month."""
        most = self._row.characters_per_month
        if most:
            with engine().begin() as connection:
                used = store_memory.characters_this_month(connection, self._key, f"{now:%Y-%m}")
            if used + characters > most:
                raise EngineError(f"its {most} characters of this month are used up")


def warm_up() -> None:
    """Load what gates know of words, names and languages before the first text needs it."""
    own = wire().own_edition
    for tag, edition in wire().editions.items():
        if edition.engines:
            translated(
                ["Warm up"], remembered={"Warm up": _LUKEWARM}, engines=[], terms=[], languages=_languages(own, tag, edition)
            )
            language_of("Warm up", (own, tag))


HANDLERS = {Stage.TRANSLATE: InTwoSteps(while_held(translate))}
