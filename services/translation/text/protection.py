"""What must come through a translation unchanged is taken out before and put back after: addresses, tickers, codes, terms.

In its place stands an empty element, `<img id="4">`, which every engine that knows HTML carries along.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.translation.glossary.terms import Term
from services.translation.text.segments import between_tags

_KEPT = re.compile(
    r"""
      https?://[^\s<]+[^\s<.,;:!?)\]"'»”]   # addresses of pages
    | \bwww\.[^\s<]+[^\s<.,;:!?)\]"'»”]
    | (?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+  # of people
    | &lt;[A-Z0-9]+(?:[.=][A-Z0-9]+)*&gt;    # Reuters' codes of instruments, <AAPL.O>
    | \b[A-Z]{2,10}:\s?[A-Z][A-Z0-9.]{0,7}\b # NASDAQ: AAPL
    | (?<!\w)\$[A-Z]{1,5}\b                  # $AAPL
    | (?<!\w)[@#]\w{2,}                      # @handles and #tags
    | \b(?=[A-Z0-9-]{0,80}[0-9])(?=[A-Z0-9-]{0,80}[A-Z]{2})[A-Z0-9][A-Z0-9-]{5,80}\b  # codes, identifiers of stories
    """,
    re.VERBOSE,
)
_IMG = re.compile(r'<img id="(\d+)"\s*/?>(?:\s*</img>)?')
_ID = re.compile(r'\bid="(\d+)"')


@dataclass(frozen=True, kw_only=True)
class Masked:
    """A segment's source with its kept parts taken out."""

    text: str
    kept: Mapping[int, str]  #: what stands in place of each number again

    def restore(self, target: str) -> str:
        """A target with the kept parts in it again."""
        return _IMG.sub(lambda img: self.kept.get(int(img[1]), img[0]), target)

    def lost_parts(self, target: str) -> list[str]:
        """The kept parts that an engine did not carry along, or carried along twice."""
        numbers = [int(number) for number in _IMG.findall(target)]
        return [text for number, text in self.kept.items() if numbers.count(number) != 1]


def mask(source: str, terms: Sequence[Term] = ()) -> Masked:
    """Take out what must stay as it is, and these terms, in whose places their translations will stand."""
    number = max(map(int, _ID.findall(source)), default=0)
    kept: dict[int, str] = {}

    def take(text: str) -> str:
        nonlocal number
        number += 1
        kept[number] = text
        return f'<img id="{number}">'

    def in_texts(text: str, pattern: re.Pattern[str], instead: str | None) -> str:
        return between_tags(text, lambda part: pattern.sub(lambda match: take(instead or match[0]), part))

    text = in_texts(source, _KEPT, None)
    for term in sorted(terms, key=lambda term: -len(term.source)):
        text = in_texts(text, term.pattern, html.escape(term.targets[0], quote=False))
    return Masked(text=text, kept=kept)
