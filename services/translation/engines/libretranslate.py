"""LibreTranslate's HTTP API: https://docs.libretranslate.com/ (POST /translate with a list of texts)."""

from __future__ import annotations

from collections.abc import Sequence

from services.translation.engines.http import ask, texts_of
from services.translation.glossary.terms import Term


class LibreTranslate:
    """A LibreTranslate server, one's own or hosted."""

    def __init__(self, url: str, *, api_key: str, timeout_s: float) -> None:
        self._url, self._api_key, self._timeout_s = f"{url.rstrip('/')}/translate", api_key, timeout_s

    def translate(self, texts: Sequence[str], *, source: str, target: str, terms: Sequence[Term]) -> list[str]:
        """All texts in one request, as HTML."""
        request = {"q": list(texts), "source": source.split("-")[0], "target": target.split("-")[0], "format": "html"}
        if self._api_key:
            request["api_key"] = self._api_key
        answer = ask(self._url, request, timeout_s=self._timeout_s)
        return texts_of(answer.get("translatedText") if isinstance(answer, dict) else None, len(texts), self._url)
