"""The files that enrichment is measured on, and the items that are made of them as a wire would send them."""

from __future__ import annotations

import gzip
import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.contracts.item import WireItem

#: an article without a headline of its own: so many of its first words are taken for one
_WORDS_OF_A_HEADLINE = 6


@dataclass(frozen=True, kw_only=True)
class Article:
    """A text whose section an editor gave: business, entertainment, politics, sport or tech."""

    text: str
    section: str

    def item(self) -> WireItem:
        """As it would be sent, without subjects."""
        words = self.text.split()
        headline, body = " ".join(words[:_WORDS_OF_A_HEADLINE]), " ".join(words[_WORDS_OF_A_HEADLINE:])
        return _item(headline, body)


@dataclass(frozen=True, kw_only=True)
class Story:
    """A wire story and what its agency's editors said of it."""

    id: str
    headline: str
    dateline: str
    body: str
    topics: tuple[str, ...]
    places: tuple[str, ...]  #: countries by their English names, words joined by hyphens: `west-germany`

    def item(self) -> WireItem:
        """As wires send them: the dateline in front of the text, and nothing beside."""
        return _item(self.headline, f"{self.dateline} {self.body}".strip())


def read(files: Sequence[Path]) -> tuple[list[Article], list[Story]]:
    """Articles and stories of files of JSON lines, compressed or not, by what their lines have. Raises SystemExit."""
    articles: list[Article] = []
    stories: list[Story] = []
    for file in files:
        for row in _rows(file):
            if "section" in row and "text" in row:
                articles.append(Article(text=str(row["text"]), section=str(row["section"])))
            elif "headline" in row and "body" in row:
                stories.append(
                    Story(
                        id=str(row.get("id", "")),
                        headline=str(row["headline"]),
                        dateline=str(row.get("dateline") or ""),
                        body=str(row["body"]),
                        topics=_words(row.get("topics")),
                        places=_words(row.get("places")),
                    )
                )
            else:
                raise SystemExit(f"{file}: a line has neither `section` and `text` nor `headline` and `body`")
    return articles, stories


def _rows(file: Path) -> Iterator[dict[str, object]]:
    with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(word) for word in value) if isinstance(value, list) else ()


def _item(headline: str, body: str) -> WireItem:
    return WireItem(uri="urn:bench", headline=headline, body_html=f"<p>{html.escape(body, quote=False)}</p>")
