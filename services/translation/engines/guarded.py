"""An engine that is asked within its contract, and left alone while it is known to be down."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from services.translation.engines.circuit import Circuit
from services.translation.engines.protocol import EngineError, TranslationEngine
from services.translation.glossary.terms import Term
from shared import metrics
from shared.clock import utc_now


class CharacterCount(Protocol):
    """How many characters an engine was sent in each month (`2026-11`)."""

    def of(self, month: str) -> int:
        """So many already."""

    def add(self, month: str, characters: int) -> None:
        """So many more, at once and for good: what was sent was sent, whatever becomes of the story."""


class GuardedEngine:
    """One engine for one text."""

    def __init__(
        self,
        build: Callable[[], TranslationEngine],
        *,
        key: str,
        name: str,
        circuit: Circuit,
        count: CharacterCount,
        characters_per_month: int,
        ends_s: float,
    ) -> None:
        """`build` is called when there is something to ask. `key` names the engine in the wire file, `name` signs its
        translations; `characters_per_month` is 0 for any number. It is not asked any more after `ends_s` by `time.monotonic()`.
        """
        self.name = name
        self._build, self._key, self._circuit, self._count = build, key, circuit, count
        self._characters_per_month, self._ends_s = characters_per_month, ends_s

    def translate(self, texts: Sequence[str], *, source: str, target: str, terms: Sequence[Term]) -> list[str]:
        """The engine's answer. Raises EngineError at once where there is no use in asking."""
        now = utc_now()
        if self._circuit.is_open(now):
            raise EngineError("left alone for a while after it failed")  # no time: this is read long after it
        if time.monotonic() > self._ends_s:
            raise EngineError("what is left of a long text is asked for next")
        month, characters = f"{now:%Y-%m}", sum(map(len, texts))
        if self._characters_per_month and self._count.of(month) + characters > self._characters_per_month:
            raise EngineError(f"its {self._characters_per_month} characters of this month are used up")
        engine = self._build()
        try:
            answers = engine.translate(texts, source=source, target=target, terms=terms)
        except EngineError as silent:
            self._circuit.fail(utc_now(), silent.retry_after_s)
            metrics.count("barq_engine_requests_total", engine=self._key, outcome="failed")
            raise
        self._circuit.succeed()
        self._count.add(month, characters)
        metrics.count("barq_engine_requests_total", engine=self._key, outcome="answered")
        return answers
