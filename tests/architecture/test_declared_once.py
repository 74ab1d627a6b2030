"""What two parts of the wire must know alike is declared once: feeds' formats and media types, channels, numbers of locks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.archive.locks import Lock
from shared.contracts.feeds import DOCUMENTS_CHANNEL, MEDIA_TYPES

ROOT = Path(__file__).parents[2]
FEEDS = ROOT / "shared" / "contracts" / "feeds.py"
LOCKS = ROOT / "shared" / "archive" / "locks.py"

#: what a service takes in may be of the same media types
OTHER_USES = ("services/ingest/",)


def sources() -> Iterator[tuple[str, str]]:
    """Every module and template, by its path."""
    for path in (path for folder in ("services", "shared", "bench") for path in (ROOT / folder).rglob("*")):
        if path.suffix in (".py", ".html", ".xml") and path != FEEDS and "versions" not in path.parts:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*MEDIA_TYPES.values(), DOCUMENTS_CHANNEL])
def test_media_types_and_channels_are_said_in_one_place(word: str) -> None:
    assert [path for path, source in sources() if word in source and not path.startswith((*OTHER_USES, "bench/"))] == []


def test_a_windows_size_is_said_in_one_place() -> None:
    assert [path for path, source in sources() if re.search(r"^WINDOW\b.*=", source, re.MULTILINE)] == []


def test_formats_of_rows_are_named_and_not_spelt() -> None:
    services = ("services/edge/", "services/rendering/", "services/comments/", "services/delivery/")
    assert [path for path, source in sources() if path.startswith(services) and re.search(r"format = '[a-z]+'", source)] == []


def test_each_lock_has_a_number_of_its_own_which_no_statement_spells() -> None:
    assert len(Lock) == len({*Lock.__members__})  # an alias would be a second name of one number
    spelt = {
        (path.split("/")[1], int(number))
        for path, source in sources()
        for number in re.findall(r"hashtextextended\([^()]*, (\d+)\)", source)
    }
    assert spelt == set()


def test_every_advisory_lock_is_made_with_a_number_or_is_the_migrations() -> None:
    for path, source in sources():
        if "pg_advisory" in source and not path.startswith("shared/archive/"):
            assert "hashtextextended(" in source, path
