"""Translation's stage: finds a story's text for an edition.

What is asked, of whom, is in `answers.py` and `sentences.py`; what is decided of it in `policy.py`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from services.translation import queries
from services.translation.answers import Answer, ask_memory_and_engines, warm_up
from services.translation.engines.circuit import circuit_of
from services.translation.policy import SourceStory, is_machines, is_wanted, judge, show, wait_for_engines
from services.translation.targets import Target, build_text, pair_segments, signature_of
from shared import log, metrics
from shared.contracts.work import Done, Later, Outcome, Work
from shared.pipeline import Stage
from shared.queue.holding import while_held
from shared.queue.ledger import Handler, InTwoSteps
from shared.wire.config import wire

__all__ = ["HANDLERS", "warm_up"]

#: a chunk stops asking engines after this long and leaves the rest for the next, so that others wait for none of it
_LONGEST_S = 10.0

_log = log.get("translation")


def translate(chunk: Sequence[Work]) -> Handler:
    """Find each story's text: a person's if there is one, else from memory and engines; without either the edition waits.

    Engines are asked while no transaction is open. What they answered is written down if the story is still as it was, and nobody
    has translated it meanwhile; else the work comes back, with what they answered in the memory.
    """
    ends_s = time.monotonic() + _LONGEST_S
    answers: dict[int, Answer] = {}
    for work in chunk:
        if time.monotonic() < ends_s and (answer := ask_memory_and_engines(work)):
            answers[work.id] = answer
    return partial(_write, answers)


def _write(answers: Mapping[int, Answer], connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    stories = queries.read_sources(connection, [work.item for work in chunk])
    outcomes: dict[int, Outcome] = {}
    for work in chunk:
        story = stories[work.item]
        outcome = _outcome(connection, work, story, answers.get(work.id), now)
        if outcome == Done() and _has_an_earlier_text(connection, work, story):
            outcome = show(work, story)
        outcomes[work.id] = outcome
    return outcomes


def _has_an_earlier_text(connection: Connection, work: Work, story: SourceStory) -> bool:
    """A text that came before the story was public, and an update with it, has been shown to nobody yet.

    Whether readers may have it beside the story as it is now, rendering decides.
    """
    return is_wanted(story, wire().editions[work.edition]) and queries.was_translated(connection, story.story, work.edition)


def _outcome(connection: Connection, work: Work, story: SourceStory, answer: Answer | None, now: datetime) -> Outcome:
    edition = wire().editions[work.edition]
    if not is_wanted(story, edition):
        return Done()
    if queries.is_translated(connection, story.story, work.edition, story.revision):
        return show(work, story)
    if answer is None:
        return Later(timedelta(0), "the engine is busy with others")
    if not answer.story.has_same_text(story):
        return Later(timedelta(0), "the story changed while engines were asked")
    targets = answer.whole()
    if targets is None:
        pauses = [circuit_of(wire().engines[name]).open_until for name in edition.engines]
        return wait_for_engines(pauses, answer.translated.silences, now)
    return _keep(connection, work, answer, targets, now)


def _keep(connection: Connection, work: Work, answer: Answer, targets: Sequence[Target], now: datetime) -> Outcome:
    """Keep the text, for readers if it passed and may be published unseen, else for a person."""
    story = answer.story
    by_machine = is_machines(targets)
    tries = queries.count_tries(connection, story.story, work.edition, story.revision) + 1
    verdict = judge(
        targets,
        policy=wire().editions[work.edition].policy,
        replaces_a_persons=by_machine and queries.was_translated_as_a_whole(connection, story.story, work.edition),
        tries=tries,
    )
    translation = queries.NewTranslation(
        story=story.story,
        edition=work.edition,
        revision=story.revision,
        method="machine" if by_machine else "memory",
        translator=signature_of(targets),
        text=build_text(answer.text, targets),
        segments=pair_segments(answer.text, targets),
        is_ready=verdict.is_ready,
        tries=tries,
    )
    queries.write_translation(connection, translation, now)
    _count(work.edition, targets)
    if verdict.is_ready:
        _log.info("edition.translated", story=story.story, edition=work.edition, by=translation.translator)
        return show(work, story)
    _log.info("edition.waits", story=story.story, edition=work.edition, gates=list(verdict.gates))
    return Later(verdict.again, f"did not pass: {', '.join(verdict.gates)}") if verdict.again else Done()


def _count(edition: str, targets: Sequence[Target]) -> None:
    for target in targets:
        origin = "held" if target.faults else "memory" if target.is_remembered else "engine"
        metrics.count("barq_segments_total", edition=edition, origin=origin)


HANDLERS = {Stage.TRANSLATE: InTwoSteps(while_held(translate))}
