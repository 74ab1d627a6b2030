"""Translation engines behind one protocol. To add one, add a module and a line in `engine_of`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shared.wire import Edition


@dataclass(frozen=True, kw_only=True)
class Text:
    """What is translated of a story: two plain texts and one of HTML."""

    headline: str
    summary: str
    body_html: str


class EngineError(Exception):
    """The engine gave no usable answer; the work is tried again."""


class Engine(Protocol):
    """Translates a whole text from one language to another. Raises EngineError."""

    name: str

    def translate(self, text: Text, *, source: str, target: str) -> Text:
        """The text in the target language, with the mark-up of its body kept."""


def engine_of(edition: Edition, *, api_key: str, timeout_s: float) -> Engine | None:
    """The engine that an edition names; None if it waits for people."""
    if edition.engine == "libretranslate":
        from services.translation.engines.libretranslate import LibreTranslate

        return LibreTranslate(edition.engine_url, api_key=api_key, timeout_s=timeout_s)
    if edition.engine == "apertium":
        from services.translation.engines.apertium import Apertium

        return Apertium(timeout_s=timeout_s)
    return None
