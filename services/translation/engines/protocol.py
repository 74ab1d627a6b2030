"""What every engine is: it translates sentences, or says why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.translation.glossary.terms import Term


class EngineError(Exception):
    """The engine gave no usable answer. `retry_after_s` says for how long it asked to be left alone, if it did."""

    def __init__(self, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class TranslationEngine(Protocol):
    """A machine that translates."""

    def translate(self, texts: Sequence[str], *, source: str, target: str, terms: Sequence[Term]) -> list[str]:
        """Translate sentences: at most 40 of them, with 20,000 characters together, unless one alone is longer.

        They are HTML with numbered elements, `<em id="1">…</em> <img id="2">`, that stay. `source` and `target` are language tags
        (BCP 47: `en`, `pt-BR`). `terms` occur in the texts; engines that can be given a glossary use their translations.

        Returns one text for each, in their order. Raises EngineError, with `retry_after_s` where the server said so.
        """


class NamedEngine(TranslationEngine, Protocol):
    """An engine as the wire knows it: under the name that signs its translations."""

    name: str
