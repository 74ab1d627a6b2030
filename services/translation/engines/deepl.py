"""DeepL's HTTP API: https://developers.deepl.com/docs/api-reference/translate (POST /v2/translate)."""

from __future__ import annotations

from collections.abc import Sequence

from services.translation.engines.http import ask, texts_of
from services.translation.engines.protocol import EngineError
from services.translation.glossary.terms import Term

_HOST, _FREE_HOST = "https://api.deepl.com", "https://api-free.deepl.com"


class DeepL:
    """DeepL; the keys of its free accounts end in `:fx` and have a host of their own."""

    def __init__(self, url: str, *, api_key: str, timeout_s: float) -> None:
        host = url.rstrip("/") or (_FREE_HOST if api_key.endswith(":fx") else _HOST)
        self._url, self._api_key, self._timeout_s = f"{host}/v2/translate", api_key, timeout_s

    def translate(self, texts: Sequence[str], *, source: str, target: str, terms: Sequence[Term]) -> list[str]:
        """One request; DeepL takes 50 texts in each."""
        if not self._api_key:
            raise EngineError("DeepL wants a key: set BARQ_ENGINE_KEY_ and the engine's name")
        request = {
            "text": list(texts),
            "source_lang": source.split("-")[0].upper(),
            "target_lang": _target(target),
            "tag_handling": "html",
            "split_sentences": "0",
        }
        headers = {"Authorization": f"DeepL-Auth-Key {self._api_key}"}
        answer = ask(self._url, request, headers=headers, timeout_s=self._timeout_s)
        translations = answer.get("translations") if isinstance(answer, dict) else None
        answers = [one.get("text") for one in translations if isinstance(one, dict)] if isinstance(translations, list) else None
        return texts_of(answers, len(texts), self._url)


def _target(language: str) -> str:
    """English and Portuguese must be said with their country."""
    return {"EN": "EN-US", "PT": "PT-PT"}.get(language.upper(), language.upper())
