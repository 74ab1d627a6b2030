"""Which feeds want a story: filters as the wire file has them, and an index that keeps deciding fast with thousands of them.

A filter asks for one of each thing that it names: `{region = ["arab"], section = ["oil-energy", "economy"]}` is Arab, and oil or
economy. `all`, `any` and `not` hold further filters. An empty filter wants everything.

The index files each filter under something that a story must have for it: one of a set of keys. A story asks for the filters
under its own keys only, and these are then asked in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.item import WireItem
from shared.language.markup import plain_text
from shared.wire.topics import Topics

_WORD = re.compile(r"\w+")

Term = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Terms = tuple[Term, ...]

#: a story's property and one of its values, as everything is compared: in lower case
Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a story is asked for: values by property, in lower case."""

    values: Mapping[str, frozenset[str]]
    urgency: int
    text: str  #: its words in lower case, with blanks between and around them

    @cached_property
    def keys(self) -> frozenset[Key]:
        """Everything that a filter can be filed under."""
        own = {(name, value) for name, values in self.values.items() for value in values}
        return frozenset(own | {("words", word) for word in self.text.split()})


def facts_of(
    item: WireItem,
    *,
    language: str,
    regions: tuple[str, ...],
    sections: tuple[str, ...],
    tags: tuple[str, ...],
    labels: tuple[str, ...],
    topics: Topics,
) -> Facts:
    """What there is to know of an item and of what enrichment said of it."""
    values = {
        "region": regions,
        "section": sections,
        "tag": tags,
        "subject": [word for subject in item.subjects for word in (subject.name, *topics.with_broader(subject.code))],
        "label": labels,
        "genre": [word for genre in item.genres for word in (genre.name, genre.code)],
        "provider": [item.provider.name, item.provider.code],
        "language": [language, language.partition("-")[0]],
    }
    return Facts(
        values={name: frozenset(word.casefold() for word in words if word) for name, words in values.items()},
        urgency=item.urgency,
        text=_words(f"{item.headline} {plain_text(item.body_html)}"),
    )


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


class Filter(BaseModel):
    """What a feed wants."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    region: Terms = ()
    section: Terms = ()
    subject: Terms = ()  #: codes (`medtop:20000256`, and what is narrower) or names
    tag: Terms = ()
    label: Terms = ()
    genre: Terms = ()
    provider: Terms = ()
    language: Terms = ()  #: `en` is every English
    words: Terms = ()  #: in the headline or the text; several words are a phrase
    urgency: int = Field(9, ge=1, le=9)  #: this and more urgent
    every: tuple[Filter, ...] = Field((), alias="all")
    some: tuple[Filter, ...] = Field((), alias="any")
    no: Filter | None = Field(None, alias="not")

    def wants(self, facts: Facts) -> bool:
        """Does it want this story?"""
        return (
            facts.urgency <= self.urgency
            and all(not facts.values[name].isdisjoint(terms) for name, terms in self._asked.items())
            and (not self.words or any(phrase in facts.text for phrase in self._phrases))
            and all(part.wants(facts) for part in self.every)
            and (not self.some or any(part.wants(facts) for part in self.some))
            and not (self.no and self.no.wants(facts))
        )

    def keys(self) -> frozenset[Key] | None:
        """Keys of which a story that it wants has one at least: those that the fewest stories have. None: any may do."""
        found: list[frozenset[Key]] = [frozenset((name, term) for term in terms) for name, terms in self._asked.items()]
        if self.words:
            found.append(frozenset(("words", phrase.split()[0]) for phrase in self._phrases if phrase.split()))
        found += [keys for part in self.every if (keys := part.keys()) is not None]
        parts = [part.keys() for part in self.some]
        if parts and None not in parts:
            found.append(frozenset().union(*(keys for keys in parts if keys is not None)))
        return min(found, key=lambda keys: sum(_STORIES_HAVE[name] for name, _ in keys), default=None)

    def parts(self) -> Iterator[Filter]:
        """It and every filter inside it."""
        yield self
        for part in (*self.every, *self.some, *((self.no,) if self.no else ())):
            yield from part.parts()

    @cached_property
    def _asked(self) -> dict[str, frozenset[str]]:
        named = ("region", "section", "subject", "tag", "label", "genre", "provider", "language")
        return {name: frozenset(t.casefold() for t in terms) for name in named if (terms := getattr(self, name))}

    @cached_property
    def _phrases(self) -> tuple[str, ...]:
        return tuple(_words(term) for term in self.words)


#: of a hundred stories, about how many have any one value of a property; only compared with each other
_STORIES_HAVE = {
    "language": 50.0, "region": 25.0, "section": 25.0, "genre": 15.0, "label": 10.0, "words": 2.0, "provider": 1.0, "tag": 0.5,
    "subject": 0.5,
}  # fmt: skip


@dataclass
class Index:
    """Filters by name, found by what a story has."""

    filters: Mapping[str, Filter]
    _under: dict[Key, list[str]] = field(default_factory=dict)
    _anywhere: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name, wanted in self.filters.items():
            keys = wanted.keys()
            if keys is None:
                self._anywhere.append(name)
            for key in keys or ():
                self._under.setdefault(key, []).append(name)

    def wanting(self, facts: Facts) -> Iterator[str]:
        """The names of the filters that want this story, each once, in no order."""
        candidates = {name for key in facts.keys for name in self._under.get(key, ())}
        for name in candidates.union(self._anywhere):
            if self.filters[name].wants(facts):
                yield name
