"""Every regular expression of the wire reads four times as much in about four times the time, whatever it is given.

Patterns are found where they are compiled and where they are written. Each is tried on texts that are made from itself: its
own characters again and again, what it begins with and never ends, and what nearly matches.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import services
import shared

ROOT = Path(__file__).parents[3]
Pattern = re.Pattern[str] | re.Pattern[bytes]
FLAGS = ("IGNORECASE", "DOTALL", "MULTILINE", "VERBOSE")
CALLS = {"compile", "search", "match", "fullmatch", "split", "sub", "subn", "findall", "finditer"}

#: what one try has, and four times as much; what is done sooner than the floor is as good as nothing
FEW, FLOOR_S = 1_000, 0.004
#: four times as much takes four times as long; were it quadratic, sixteen times
MOST_TIMES = 9.0
#: a text is measured so often, and its least time counts
TIMES = 3

#: given nothing but documents that the wire itself has rendered, in which whatever begins ends, or the operator's own file
OF_OWN_DOCUMENTS = (
    "services.desk.writing.story_form._PARAGRAPH",
    "services.edge.feeds.deltas._PIECES",
    "services.edge.feeds.older._ENTRIES",
    "services.rendering.formats.feedgen_xml._DECLARATION",
    "services/rendering/formats/feedgen_xml.py",
    "shared/wire/config.py",
)
#: given no more than some hundred letters, or a note's or a dateline's few thousand
OF_A_FEW_LETTERS = (
    "services.ingest.completion._AFTER_PLACE",
    "services.ingest.formats.words_for_the_desk._NOTE_EMBARGO",
    "services.ingest.opening_credit._LINK",
    "services.ingest.times._OFFSET",
    "services.rendering.datelines._DAY",
)
SIGNS = (
    "a", "a ", "a.", "a:", "-a", "A", "AA ", "é", "م", "1", "1 ", "1:", "1,", "١", " ", "\n", "\r\n", "\t", "<", "<a", "<a>",
    "</", "<!--", "<![CDATA[", "<a b=", "&", "&a", "&#1", "=", '"', "'", "-", ".", ",", ":", "/", "(", "[", "{", "!", "\\", "#",
    "_", "http://a",
)  # fmt: skip


def modules() -> Iterator[str]:
    for package in (services, shared):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in found.name and not found.name.endswith("__main__"):
                yield found.name


def compiled() -> Iterator[tuple[str, Pattern]]:
    for name in modules():
        for word, value in vars(importlib.import_module(name)).items():
            yield from ((f"{name}.{word}", pattern) for pattern in patterns_in(value))


def patterns_in(value: object) -> Iterator[Pattern]:
    """A pattern, or those of a table of them."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from patterns_in(tuple(value.values()))
    elif isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from patterns_in(one)


def written() -> Iterator[tuple[str, Pattern]]:
    """Patterns that stand in a call of `re`, wherever that is."""
    for folder in ("services", "shared"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id == "re"
                    and node.func.attr in CALLS
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                    and isinstance(node.args[0].value, str | bytes)
                ):
                    flags = 0
                    for word in ast.walk(node):
                        if isinstance(word, ast.Attribute) and word.attr in FLAGS:
                            flags |= getattr(re, word.attr)
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", re.compile(node.args[0].value, flags)


def every() -> list[tuple[str, Pattern]]:
    own: set[tuple[object, int]] = set()
    once: dict[tuple[object, int], tuple[str, Pattern]] = {}
    for name, pattern in (*compiled(), *written()):
        if name.startswith((*OF_OWN_DOCUMENTS, *OF_A_FEW_LETTERS)):
            own.add((pattern.pattern, pattern.flags))
        once.setdefault((pattern.pattern, pattern.flags), (name, pattern))
    return [named for key, named in once.items() if key not in own]


def own_words(pattern: Pattern) -> list[str]:
    """What stands in a pattern as it is: its words, and each with what follows it."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    plain = re.sub(r"\(\?[aiLmsux:=!<>-]+|\?P<\w+>|\\[AbBdDsSwWZ]|\{\d*,?\d*\}", "\0", source)
    plain = re.sub(r"\\(.)", r"\1", plain)
    words = [word for word in re.split(r"[\0()|*+?^$]+", plain) if word]
    return [word for word in dict.fromkeys([*words[:6], "".join(words[:2]), "".join(words[:4])]) if word]


def hostile(pattern: Pattern) -> Iterator[Callable[[int], str]]:
    own = own_words(pattern)
    for sign in dict.fromkeys((*own, *SIGNS)):
        yield lambda size, sign=sign: sign * (size // len(sign))  # type: ignore[misc]
    for start in ("", *own[:3]):
        for sign in (" ", "a", "\n", "1", "<", "-", "a "):
            yield lambda size, start=start, sign=sign: start + sign * (size // len(sign)) + "\0"  # type: ignore[misc]
            yield lambda size, start=start, sign=sign: (start + sign * 40) * (size // (len(start) + 40 * len(sign)))  # type: ignore[misc]


def time_of(pattern: Pattern, text: str, times: int) -> float:
    given = text if isinstance(pattern.pattern, str) else text.encode("utf-8")
    least = float("inf")
    for _ in range(times):
        began = time.process_time()
        pattern.match(given)  # type: ignore[arg-type]
        for _found in pattern.finditer(given):  # type: ignore[call-overload]
            pass
        least = min(least, time.process_time() - began)
    return least


def is_out_of_proportion(pattern: Pattern, make: Callable[[int], str], size: int) -> bool:
    little, much = (time_of(pattern, make(one), TIMES) for one in (size, 4 * size))
    return much > FLOOR_S and much > MOST_TIMES * max(little, FLOOR_S / 16)


def slow_on(pattern: Pattern) -> str:
    """A text that it takes out of proportion; empty if there is none."""
    for make in hostile(pattern):
        if time_of(pattern, make(4 * FEW), 1) < FLOOR_S:
            continue
        # twice: what looks back or ahead for some hundred letters grows faster at first, and no further
        if all(is_out_of_proportion(pattern, make, size) for size in (FEW, 2 * FEW)):
            return repr(make(40))
    return ""


@pytest.mark.parametrize("nth", range(4))
def test_patterns_are_linear(nth: int) -> None:
    found = {name: text for name, pattern in every()[nth::4] if (text := slow_on(pattern))}
    assert found == {}


def test_a_pattern_that_is_quadratic_is_found() -> None:
    assert slow_on(re.compile(r"<[^>]*>"))
    assert slow_on(re.compile(r"\s+$"))
    assert not slow_on(re.compile(r"<[^<>]*>"))
