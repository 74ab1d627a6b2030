"""Translation's stage: finds a story's text for an edition."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
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
from shared.clock import utc_now
from shared.contracts.story import StoryState
from shared.contracts.work import Done, Follow, Later, Outcome, Work
from shared.database import engine
from shared.language import language_of
from shared.pipeline import Stage
from shared.settings import settings
from shared.variables import variable_of
from shared.wire import Edition, Policy, wire
from shared.wire import Engine as EngineRow

#: a chunk stops asking engines after this long and leaves the rest for the next, so that no transaction grows old
_LONGEST_S = 10.0

#: when engines are asked again for a text that did not pass; after the last a person must
_AGAIN = (timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=1))
_SOON = timedelta(seconds=1)

_log = log.get("translation")

_LUKEWARM = Target(text="Warm up", origin="machine", by="")

#: what this process knows of each engine
_circuits: dict[EngineRow, Circuit] = {}


def translate(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Find each story's text: a person's if there is one, else from memory and engines; without either the edition waits."""
    sources = store.read_sources(connection, [work.item for work in chunk])
    ends_s = time.monotonic() + _LONGEST_S
    outcomes: dict[int, Outcome] = {}
    for work in chunk:
        source = sources[work.item]
        if not source.may_be_translated or not _is_wanted(source, wire().editions[work.edition]):
            outcomes[work.id] = Done()
        elif store.is_translated(connection, source.story, work.edition, source.revision):
            outcomes[work.id] = _shown_next(work, source)
        elif time.monotonic() > ends_s:
            outcomes[work.id] = Later(timedelta(0), "the engine is busy with others")
        else:
            outcomes[work.id] = _by_memory_and_engines(connection, work, source, now)
    return outcomes


def _is_wanted(source: Source, edition: Edition) -> bool:
    return bool(source.language) and (not edition.feeds or bool(source.feeds & {*edition.feeds}))


def _by_memory_and_engines(connection: Connection, work: Work, source: Source, now: datetime) -> Outcome:
    edition = wire().editions[work.edition]
    text = cut(source.text, source.language)
    sources = [segment.source for segment in text.segments]
    targets, silent = translated(
        sources,
        remembered=store_memory.remembered(connection, text, language=source.language, edition=work.edition),
        engines=[_Careful(name) for name in edition.engines],
        terms=store_memory.read_terms(connection, language=source.language, edition=work.edition),
        languages=_languages(source.language, work.edition, edition),
    )
    if any(sentence not in targets for sentence in sources):
        return _again_when_engines_answer(edition, silent, now)
    return _kept(connection, work, source, text, targets, now)


def _again_when_engines_answer(edition: Edition, silent: Sequence[str], now: datetime) -> Outcome:
    """Nobody is to blame but the engines: the story comes back by itself, however long they are away."""
    if not edition.engines:
        return Done()
    opens = [until for name in edition.engines if (until := _circuit(name).open_until)]
    pause = max(min(opens) - now, _SOON) if len(opens) == len(edition.engines) else _SOON
    return Later(pause, "; ".join(silent) or "no engine answered")


def _kept(
    connection: Connection, work: Work, source: Source, text: Cut, targets: Mapping[str, Target], now: datetime
) -> Outcome:
    """Keep the text, for readers if it passed and may be published unseen, else for a person."""
    edition = wire().editions[work.edition]
    mine = [targets[segment.source] for segment in text.segments]
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
    _learn(connection, work, source, targets, now)
    _count(work.edition, mine)
    if translation.is_ready:
        _log.info("edition.translated", story=source.story, edition=work.edition, by=translation.translator)
        return _shown_next(work, source)
    gates = sorted({fault.gate for target in mine for fault in target.faults})
    _log.info("edition.waits", story=source.story, edition=work.edition, gates=gates)
    if has_faults and may_be_seen and tries <= len(_AGAIN):
        return Later(_AGAIN[tries - 1], f"did not pass: {', '.join(gates)}")
    return Done()


def _learn(
    connection: Connection, work: Work, source: Source, targets: Mapping[str, Target], now: datetime
) -> None:
    """Remember what engines said, so that it need not be asked again."""
    new = {sentence: target for sentence, target in targets.items() if not (target.is_remembered or target.faults)}
    for by in dict.fromkeys(target.by for target in new.values()):
        store_memory.remember(
            connection,
            {sentence: target.text for sentence, target in new.items() if target.by == by},
            language=source.language,
            edition=work.edition,
            method="machine",
            translator=by,
            story=source.story,
            now=now,
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

    def __init__(self, name: str) -> None:
        self._key, self._row, self._circuit = name, wire().engines[name], _circuit(name)
        self.name = self._row.title

    def translate(self, texts: Sequence[str], *, source: str, target: str, terms: Sequence[Term]) -> list[str]:
        """Its answer. Raises EngineError at once where there is no use in asking."""
        now = utc_now()
        if self._circuit.is_open(now):
            raise EngineError(f"left alone until {self._circuit.open_until:%H:%M:%S}")
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


HANDLERS = {Stage.TRANSLATE: translate}
