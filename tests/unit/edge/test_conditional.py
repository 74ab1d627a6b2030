"""HTTP's conditional requests."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.edge.conditional import coding_for, http_date, is_unchanged

MODIFIED = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "unchanged"),
    [
        ({}, False),
        ({"if-none-match": '"a"'}, True),
        ({"if-none-match": 'W/"a"'}, True),
        ({"if-none-match": '"x", "a"'}, True),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"x"'}, False),
        ({"if-none-match": '"x"', "if-modified-since": http_date(MODIFIED)}, False),
        ({"if-modified-since": http_date(MODIFIED)}, True),
        ({"if-modified-since": "Sun, 01 Mar 2026 11:59:59 GMT"}, False),
        ({"if-modified-since": "yesterday"}, False),
    ],
)
def test_a_304_is_given_to_whoever_has_this_very_version(headers: dict[str, str], unchanged: bool) -> None:
    assert is_unchanged(headers, '"a"', MODIFIED) is unchanged


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [("", "identity"), ("gzip", "gzip"), ("x-gzip", "gzip"), ("br, gzip;q=0.5", "br"), ("gzip, deflate, br", "br"),
     ("br;q=0.5, gzip", "gzip"), ("gzip;q=0", "identity"), ("br;q=0, *", "gzip"), ("*", "br"), ("*;q=0", "identity"),
     ("identity", "identity"), ("GZIP", "gzip"), ("gzip;q=x", "identity"), ("zstd", "identity")],
)  # fmt: skip
def test_a_reader_gets_the_smallest_coding_of_those_that_it_likes_best(accepts: str, coding: str) -> None:
    assert coding_for(accepts) == coding


def test_dates_are_http_dates() -> None:
    assert http_date(MODIFIED) == "Sun, 01 Mar 2026 12:00:00 GMT"
