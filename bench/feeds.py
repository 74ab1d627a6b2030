"""How long it takes to decide which of ten thousand feeds want a story: with the index, and by asking every feed.

    .venv/bin/python -m bench.feeds --feeds 10000

Feeds are made up as newsrooms make them: by region and section, by one of many providers, by subject, tag or words, with
exceptions.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from typing import Any

from shared.contracts.item import Concept, Provider, WireItem
from shared.wire.matching import Facts, Filter, Index, facts_of
from shared.wire.topics import Topics

_REGIONS = ("us", "europe", "arab", "asia", "africa")
_SECTIONS = ("politics", "economy", "oil-energy", "entertainment", "sport")


def main() -> None:
    """Measure both over the same stories and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--stories", type=int, default=200)
    arguments = parser.parse_args()
    chance = random.Random(1)  # noqa: S311  the same feeds and stories every time
    index = Index({f"feed-{number}": _filter(chance) for number in range(arguments.feeds)})
    stories = [_facts(chance) for _ in range(arguments.stories)]
    indexed_s, asked_s, wanting = [], [], 0
    for facts in stories:
        started_s = time.perf_counter()
        found = set(index.wanting(facts))
        indexed_s.append(time.perf_counter() - started_s)
        started_s = time.perf_counter()
        assert found == {name for name, wanted in index.filters.items() if wanted.wants(facts)}
        asked_s.append(time.perf_counter() - started_s)
        wanting += len(found)
    fast, slow = statistics.median(indexed_s), statistics.median(asked_s)
    print(f"{arguments.feeds} feeds, {wanting / len(stories):.0f} of them want a story on average")
    print(f"asking every feed {slow * 1000:.2f} ms a story, by the index {fast * 1000:.2f} ms: {slow / fast:.1f} times faster")


def _filter(chance: random.Random) -> Filter:
    kinds: list[dict[str, Any]] = [
        {"region": [chance.choice(_REGIONS)], "section": [chance.choice(_SECTIONS)], "words": [_word(chance)]},
        {"provider": [f"provider {chance.randrange(500)}"]},
        {"subject": [f"medtop:{20_000_000 + chance.randrange(1300)}"], "urgency": chance.randint(2, 9)},
        {"tag": [_word(chance), _word(chance)], "not": {"label": ["OPINION"]}},
        {"any": [{"words": [_word(chance)]}, {"tag": [_word(chance)]}], "region": [chance.choice(_REGIONS)]},
    ]
    return Filter.model_validate(chance.choice(kinds))


def _facts(chance: random.Random) -> Facts:
    item = WireItem(
        uri="urn:x",
        headline=" ".join(_word(chance) for _ in range(9)),
        body_html="<p>" + " ".join(_word(chance) for _ in range(400)) + "</p>",
        urgency=chance.randint(1, 9),
        provider=Provider(name=f"provider {chance.randrange(500)}"),
        subjects=tuple(Concept(code=f"medtop:{20_000_000 + chance.randrange(1300)}") for _ in range(3)),
    )
    return facts_of(
        item,
        language="en",
        regions=tuple(chance.sample(_REGIONS, 2)),
        sections=tuple(chance.sample(_SECTIONS, 2)),
        tags=tuple(_word(chance) for _ in range(4)),
        labels=(),
        topics=Topics(),
    )


def _word(chance: random.Random) -> str:
    """A word of 30,000, some of them much more frequent than others."""
    return f"word{int(30_000 * chance.random() ** 3)}"


if __name__ == "__main__":
    main()
