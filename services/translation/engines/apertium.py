"""Apertium, a rule-based engine that runs on this machine (https://www.apertium.org/; Debian: `apertium-eng-spa` and its like).

One process for many sentences: they go in as one HTML document, which keeps the mark-up and the sentences apart.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache

from services.translation.engines.protocol import EngineError
from services.translation.glossary.terms import Term

#: two-letter codes under the names that Apertium's pairs have
_NAMES = {
    "ar": "ara", "ca": "cat", "cy": "cym", "da": "dan", "en": "eng", "eo": "epo", "es": "spa", "eu": "eus", "fr": "fra",
    "gl": "glg", "is": "isl", "it": "ita", "mt": "mlt", "nb": "nob", "nn": "nno", "oc": "oci", "pt": "por", "ro": "ron",
    "sv": "swe",
}  # fmt: skip
_PARTS = re.compile(r'<div id="s(\d+)">(.*?)</div><!--/\1-->', re.DOTALL)


class Apertium:
    """The Apertium that is installed here."""

    def __init__(self, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s

    def translate(self, texts: Sequence[str], *, source: str, target: str, terms: Sequence[Term]) -> list[str]:
        """All texts in one run. Raises EngineError that says what is missing."""
        source, target = (language.split("-")[0] for language in (source, target))
        pair = f"{_NAMES.get(source, source)}-{_NAMES.get(target, target)}"
        if pair not in _pairs():
            raise EngineError(f"Apertium has no pair {pair} here: install its package, apertium-{pair} or the other way round")
        document = "\n".join(f'<div id="s{number}">{text}</div><!--/{number}-->' for number, text in enumerate(texts))
        parts = {int(number): part.strip() for number, part in _PARTS.findall(self._run(document, pair))}
        if set(parts) != set(range(len(texts))):
            raise EngineError(f"Apertium's answer for {pair} lost a part of the text")
        return [parts[number] for number in range(len(texts))]

    def _run(self, document: str, pair: str) -> str:
        try:
            done = subprocess.run(
                ["apertium", "-u", "-f", "html-noent", pair],
                input=document.encode(),
                capture_output=True,
                timeout=self._timeout_s,
                check=True,
            )
        except subprocess.TimeoutExpired as slow:
            raise EngineError(f"Apertium took longer than {self._timeout_s:g} s for {pair}") from slow
        except (OSError, subprocess.CalledProcessError) as broken:
            raise EngineError(f"Apertium failed for {pair}: {broken}") from broken
        return done.stdout.decode("utf-8", "replace")


@cache
def _pairs() -> frozenset[str]:
    """The pairs that are installed here; none where Apertium is not."""
    if not shutil.which("apertium"):
        return frozenset()
    listed = subprocess.run(["apertium", "-l"], capture_output=True, timeout=30, check=False).stdout.decode()
    return frozenset(listed.split())
