"""Translation engines behind one protocol. To add one, add a module and a line in `engine_of`.

An engine only translates. Time-outs are given to it; quotas, pauses, retries and the next engine in its place are the pipeline's
(`translating.py`, `circuit.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.translation.glossary import Term
from shared.wire.config import Engine as EngineRow


@dataclass(frozen=True, kw_only=True)
class Text:
    """What is translated of a story: two plain texts and one of HTML."""

    headline: str
    summary: str
    body_html: str


class EngineError(Exception):
    """The engine gave no usable answer. `retry_after_s` says for how long it asked to be left alone, if it did."""

    def __init__(self, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class Engine(Protocol):
    """Translates sentences from one language to another. Raises EngineError."""

    def translate(self, texts: Sequence[str], *, source: str, target: str, terms: Sequence[Term]) -> list[str]:
        """One text for each, in their order. All are HTML with numbered elements, `<em id="1">…</em> <img id="2">`, that stay.

        `source` and `target` are language tags (`en`, `pt-BR`). `terms` occur in the texts; engines that can be told of them use
        their translations.
        """


def engine_of(row: EngineRow, *, api_key: str, models: str) -> Engine:
    """The engine that a row of the wire's file describes; `models` is the folder of local models."""
    match row.kind:
        case "apertium":
            from services.translation.engines.apertium import Apertium

            return Apertium(timeout_s=row.timeout_s)
        case "libretranslate":
            from services.translation.engines.libretranslate import LibreTranslate

            return LibreTranslate(row.url, api_key=api_key, timeout_s=row.timeout_s)
        case "deepl":
            from services.translation.engines.deepl import DeepL

            return DeepL(row.url, api_key=api_key, timeout_s=row.timeout_s)
        case "chat":
            from services.translation.engines.chat import Chat

            return Chat(row.url, row.model, api_key=api_key, timeout_s=row.timeout_s)
        case "ctranslate2":
            from services.translation.engines.ctranslate2 import CTranslate2

            return CTranslate2(
                row.model,
                models=models,
                source_prefix=row.source_prefix,
                source_suffix=row.source_suffix,
                target_prefix=row.target_prefix,
            )
