"""Apertium, a rule-based engine that runs on this machine (https://www.apertium.org/; Debian: `apertium-eng-spa` and its like).

One process for a whole story: headline, summary and body go in as one HTML document, which keeps the mark-up and the parts apart.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from functools import cache

from services.translation.engines import EngineError, Text

#: two-letter codes under the names that Apertium's pairs have
_NAMES = {
    "ar": "ara", "ca": "cat", "cy": "cym", "da": "dan", "en": "eng", "eo": "epo", "es": "spa", "eu": "eus", "fr": "fra",
    "gl": "glg", "is": "isl", "it": "ita", "mt": "mlt", "nb": "nob", "nn": "nno", "oc": "oci", "pt": "por", "ro": "ron",
    "sv": "swe",
}  # fmt: skip
_PARTS = re.compile(r'<div id="(headline|summary|body)">(.*?)</div><!--/\1-->', re.DOTALL)


class Apertium:
    """The Apertium that is installed here."""

    name = "apertium"

    def __init__(self, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s

    def translate(self, text: Text, *, source: str, target: str) -> Text:
        """The text in the target language. Raises EngineError that says what is missing."""
        pair = f"{_NAMES.get(source, source)}-{_NAMES.get(target, target)}"
        if pair not in _pairs():
            raise EngineError(f"Apertium has no pair {pair} here: install its package, apertium-{pair} or the other way round")
        parts = {
            "headline": html.escape(text.headline, quote=False),
            "summary": html.escape(text.summary, quote=False),
            "body": text.body_html,
        }
        document = "\n".join(f'<div id="{name}">{part}</div><!--/{name}-->' for name, part in parts.items())
        found = dict(_PARTS.findall(self._run(document, pair)))
        if set(found) != set(parts):
            raise EngineError(f"Apertium's answer for {pair} lost a part of the text")
        return Text(
            headline=html.unescape(found["headline"]).strip(),
            summary=html.unescape(found["summary"]).strip(),
            body_html=found["body"].strip(),
        )

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
