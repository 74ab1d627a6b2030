"""LibreTranslate's HTTP API: https://docs.libretranslate.com/ (POST /translate with a list of texts)."""

from __future__ import annotations

import httpx

from services.translation.engines import EngineError, Text


class LibreTranslate:
    """A LibreTranslate server, one's own or hosted."""

    name = "libretranslate"

    def __init__(self, url: str, *, api_key: str, timeout_s: float) -> None:
        self._url, self._api_key, self._timeout_s = url.rstrip("/"), api_key, timeout_s

    def translate(self, text: Text, *, source: str, target: str) -> Text:
        """One request for the plain texts, one for the HTML. Raises EngineError with the server's own words."""
        headline, summary = self._ask([text.headline, text.summary], source, target, "text")
        (body_html,) = self._ask([text.body_html], source, target, "html")
        return Text(headline=headline, summary=summary, body_html=body_html)

    def _ask(self, texts: list[str], source: str, target: str, kind: str) -> list[str]:
        request = {"q": texts, "source": source, "target": target, "format": kind}
        if self._api_key:
            request["api_key"] = self._api_key
        try:
            response = httpx.post(f"{self._url}/translate", json=request, timeout=self._timeout_s)
            answer = response.json()
        except httpx.HTTPError as unreachable:
            raise EngineError(f"{self._url} did not answer: {unreachable!r}") from unreachable
        except ValueError as not_json:
            raise EngineError(f"{self._url} answered {response.status_code} and no JSON") from not_json
        if response.status_code != 200:
            said = answer.get("error") if isinstance(answer, dict) else answer
            raise EngineError(f"{self._url} answered {response.status_code}: {said}")
        translated = answer.get("translatedText") if isinstance(answer, dict) else None
        if (
            not isinstance(translated, list)
            or len(translated) != len(texts)
            or not all(isinstance(line, str) for line in translated)
        ):
            raise EngineError(f"{self._url} did not answer one text for each of {len(texts)}")
        return translated
