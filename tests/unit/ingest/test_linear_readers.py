"""Reading four times as much takes about four times as long, whatever it is: no document of a few kilobytes takes minutes."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC

import pytest

from services.ingest import identity, opening_credit, times
from services.ingest.acceptance import read_items
from services.ingest.connectors.truncation import describe_truncation
from services.ingest.formats import encodings, json_text, languages, members, mending, signatures, statuses
from services.ingest.formats import words_for_the_desk as words
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.tracking import causes
from shared.contracts.problem import Refused
from shared.language import characters, detection, difference, digits, markup, scripts, searching, tags
from tests.support.hostile import KINDS
from tests.unit.shared.test_linear_patterns import SIGNS

#: four times as much takes four times as long; were it quadratic, sixteen times
MOST_TIMES = 8.0
#: what is done sooner is as good as nothing
FLOOR_S = 0.01


def is_linear(do: Callable[[int], Callable[[], object]], few: int) -> bool:
    """Is four times as much done in proportion? Where it does not look so at first, the least of several tries counts."""
    for tries in (1, 3, 9):
        little, much = do(few), do(4 * few)
        least = [min(time_of(one) for _ in range(tries)) for one in (little, much)]
        if least[1] < FLOOR_S or least[1] < MOST_TIMES * max(least[0], FLOOR_S / 16):
            return True
    return False


def time_of(do: Callable[[], object]) -> float:
    gc.disable()  # a collection goes through what all tests have left behind
    began = time.process_time()
    try:
        with suppress(Refused):
            do()
        return time.process_time() - began
    finally:
        gc.enable()


@pytest.mark.parametrize("kind", KINDS)
def test_every_reader_is_linear_in_what_is_hostile(kind: str) -> None:
    def of_size(size: int) -> Callable[[], object]:
        body, content_type = KINDS[kind](size)
        return lambda: list(read_items(body, content_type, most=5_000))

    assert is_linear(of_size, 20_000)


_LINES = ("a", "abc0123 4 pol 100 ")
_LINE_ENDS = ("\r\n", "\x04", "\x03\x01", "\n\n^a<\n")
HEADERS = {
    "IPTC 7901": "\x01abc0123 4 pol 100 \x02Headline here\r\n",
    "ANPA 1312": "\x16\x16\x01a0503\r\nu a BC-Port 04-13 0850\r\n^Port<\r\n\x02",
    "e-mail": "From: a@b.example\r\nSubject: x\r\n\r\n",
}


@pytest.mark.parametrize("end", _LINE_ENDS)
@pytest.mark.parametrize("name", HEADERS)
def test_many_short_lines_of_any_kind_are_read_in_proportion(name: str, end: str) -> None:
    def of_size(line: str, size: int) -> Callable[[], object]:
        body = (HEADERS[name] + (line + end) * (size // len(line + end)) + "\x03\x04").encode()
        return lambda: list(read_items(body, "text/plain", most=5_000))

    found = [line for line in _LINES if not is_linear(lambda size, line=line: of_size(line, size), 50_000)]  # type: ignore[misc]
    assert found == []


ON_TEXT: dict[str, Callable[[str], object]] = {
    "markup.safe_html": markup.safe_html,
    "markup.body_of": markup.body_of,
    "markup.paragraphs": markup.paragraphs,
    "markup.paragraphs_of_loose_text": markup.paragraphs_of_loose_text,
    "markup.plain_text": markup.plain_text,
    "tags.pieces": lambda said: list(tags.pieces(said)),
    "tags.has_elements": tags.has_elements,
    "text.clean": characters.clean,
    "text.clean_line": characters.clean_line,
    "digits.with_digits": lambda said: digits.with_digits(said, "arab"),
    "difference": lambda said: difference.difference(said, said[::-1]),
    "searching.searchable": searching.searchable,
    "scripts.main_script": scripts.main_script,
    "language.find_language": lambda said: detection.find_language(said, ("en", "ar")),
    "times.moment_of": lambda said: times.moment_of(said, zone=UTC),
    "opening_credit.opening_credit_of": opening_credit.opening_credit_of,
    "identity.take_in_slugline": identity.take_in_slugline,
    "identity.without_take": identity.without_take,
    "causes.cause_of": causes.cause_of,
    "words.asks_for_embargo": lambda said: words.asks_for_embargo(said, slugline=said, note=said),
    "words.asks_for_kill": lambda said: words.asks_for_kill(said, slugline=said, note=said),
    "statuses.status_of": statuses.status_of,
    "languages.language_tag": languages.language_tag,
    "members.plain_name": members.plain_name,
    "parsed_item.keep": lambda said: ParsedItem().keep("x", said),
    "mending.mend": lambda said: mended("<rss><channel><item>" + said),
    "json_text.value_of": lambda said: values_of(said),
    "encodings.is_gibberish": encodings.is_gibberish,
    "encodings.decode": lambda said: encodings.decode(said.encode("utf-8") + b"\xe9"),
    "encodings.decode, in a code page": lambda said: encodings.decode(said.encode("cp1256", "replace")),
    "encodings.decode_strings": lambda said: encodings.decode_strings(said.encode("utf-8") + b"\xe9"),
    "signatures.is_binary": lambda said: signatures.is_binary(said.encode("utf-8")),
    "cut_off": lambda said: describe_truncation(b"<rss>" + said.encode("utf-8")),
    "cut_off, of JSON": lambda said: describe_truncation(b'{"a": "' + said.encode("utf-8")),
}


def mended(said: str) -> object:
    with suppress(mending.BeyondMending):
        return mending.mend(said)
    return None


def values_of(said: str) -> None:
    with suppress(ValueError, RecursionError):
        json_text.value_of(said)


@pytest.mark.parametrize("name", ON_TEXT)
def test_whatever_looks_at_a_text_is_linear(name: str) -> None:
    few = 40_000 if name == "difference" else 8_000  # up to a bound its words are compared with each other
    found = [
        sign
        for sign in SIGNS
        if not is_linear(lambda size, sign=sign: lambda: ON_TEXT[name](sign * (size // len(sign))), few)  # type: ignore[misc]
    ]
    assert found == []


def test_what_is_quadratic_is_found() -> None:
    assert not is_linear(lambda size: lambda: [sum(range(size)) for _ in range(size)], 400)
