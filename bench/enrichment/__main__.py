"""How well enrichment does, on files of one's own.

    python -m bench.enrichment FILE… [--task places]
    python -m bench.enrichment --task language

A file has a line of JSON for each text: an article with `text` and `section`, or a story with `headline`, `dateline`, `body`,
`topics` and `places` (the names of Reuters-21578). Nothing is trained on them but where a task says so.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.enrichment import corpora, duplicates, language, places, sections, speed


def main() -> None:
    """Measure what is asked for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--task", default="", help="only this one")
    arguments = parser.parse_args()
    articles, stories = corpora.read(arguments.files)
    tasks: dict[str, Callable[[], Iterator[str]]] = {
        "sections": lambda: sections.measure(articles, stories),
        "places": lambda: places.measure(stories),
        "language": language.measure,
        "duplicates": lambda: duplicates.measure(articles, stories),
        "speed": lambda: speed.measure(articles, stories),
    }
    for name, measure in tasks.items():
        if arguments.task in ("", name):
            for line in measure():
                print(line)


if __name__ == "__main__":
    main()
