"""How many good translations the gates hold, and how many bad ones they let through, on parallel texts of one's own.

    python -m bench.gates english.txt arabic.txt [--show]

Line by line a sentence and its good translation. From those that pass, bad ones are made: cut short, with another figure,
without a figure, with a name taken out, said twice, with an English end, or another sentence's.
"""

from __future__ import annotations

import argparse
import html
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from services.translation.gates import Fault, faults_of, names

_FIGURE = re.compile(r"\d[\d.,]*\d|\d")


def gate(source: str, target: str, language: str) -> list[Fault]:
    return faults_of(
        html.escape(source, quote=False), html.escape(target, quote=False), source_language="en", target_language=language
    )


def _part(share: float, end: str) -> Callable[[str, str], str]:
    def cut(source: str, good: str) -> str:
        words = good.split()
        return " ".join(words[: max(1, int(len(words) * share))]).rstrip(".،") + end

    return cut


def _without_a_name(source: str, good: str) -> str:
    found = list(names._names(source))
    if not found:
        return good
    name = random.choice(found)  # noqa: S311
    return " ".join(word for word in good.split() if not names._stands_in(name, word))


def _another_figure(source: str, good: str) -> str:
    return re.sub(r"\d+", lambda figure: str(int(figure[0]) + 7), good, count=1)


def _english_end(source: str, good: str) -> str:
    words = source.split()
    return f"{_part(0.5, '')(source, good)} {' '.join(words[len(words) // 2 :])}"


def ways(goods: Sequence[str]) -> dict[str, Callable[[str, str], str]]:
    return {
        "untranslated": lambda source, good: source,
        "half of it": _part(0.5, ""),
        "half of it, with a full stop": _part(0.5, "."),
        "70 % of it": _part(0.7, ""),
        "70 % of it, with a full stop": _part(0.7, "."),
        "another figure": _another_figure,
        "a figure left out": lambda source, good: _FIGURE.sub("", good, count=1),
        "a name left out": _without_a_name,
        "said twice": lambda source, good: f"{good} {good}",
        "an English end": _english_end,
        "another sentence": lambda source, good: goods[(goods.index(good) + 50) % len(goods)],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--language", default="ar")
    parser.add_argument("--show", action="store_true", help="show what is held")
    asked = parser.parse_args()
    random.seed(1)
    sources, goods = (path.read_text(encoding="utf-8").splitlines() for path in (asked.source, asked.target))
    held = {source: found for source, good in zip(sources, goods, strict=True) if (found := gate(source, good, asked.language))}
    print(f"{len(held)} of {len(sources)} good translations held ({len(held) / len(sources):.1%})")
    for source, found in held.items() if asked.show else ():
        print("  ", [fault.reason for fault in found], source[:100])
    pairs = [(source, good) for source, good in zip(sources, goods, strict=True) if source not in held]
    for name, make in ways(goods).items():
        bad = [(source, made) for source, good in pairs if (made := make(source, good)) != good]
        caught = sum(bool(gate(source, made, asked.language)) for source, made in bad)
        print(f"{name:30} {caught:4} of {len(bad):4} held ({caught / max(len(bad), 1):.0%})")


if __name__ == "__main__":
    main()
