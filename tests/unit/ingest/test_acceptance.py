"""A request's body as items, each on its own."""

from __future__ import annotations

import json

import pytest

from services.ingest.acceptance import Candidate, Rejection, read_items, without_repeats
from shared.contracts.problem import Refused
from tests.support.factories import sent


def read(body: bytes, content_type: str = "application/x-ndjson", most: int = 100) -> list[Candidate | Rejection]:
    return list(read_items(body, content_type, most=most))


def line(**fields: object) -> bytes:
    return json.dumps(sent(**fields)).encode() + b"\n"


def test_a_bad_line_never_takes_the_others_with_it() -> None:
    results = read(line() + b"{broken\n" + line(uri="urn:2", headline="") + line(uri="urn:3"))
    assert [type(result) for result in results] == [Candidate, Rejection, Rejection, Candidate]
    assert [result.index for result in results] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "says"),
    [
        (b"", "application/json", 400, "nothing in it"),
        (b"\xff{", "application/json", 400, "byte 0"),
        (b"\xff\xfe{", "application/json", 400, "byte 2"),
        (b"<html/>", "text/html", 415, "send ninjs as application/json"),
        (b"a line of text", "text/plain", 415, "Cannot read text/plain"),
        (b"{}\n" * 101, "application/x-ndjson", 413, "at most 100"),
    ],
)
def test_a_body_that_is_no_items_is_refused_as_a_whole(body: bytes, content_type: str, status: int, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        read(body, content_type)
    assert refused.value.problem.status == status


def test_json_that_is_broken_or_too_deep_is_told_with_its_place() -> None:
    for body, says in ((b'{"a": }', "line 1, column 7"), (b"[" * 100_000, "nested too deeply")):
        (result,) = read(body, "application/json")
        assert isinstance(result, Rejection)
        assert (result.problem.status, says in result.problem.detail) == (400, True)


def test_order_of_keys_and_white_space_make_no_other_content() -> None:
    first, second = (
        read(json.dumps(content, indent=indent).encode(), "application/json")[0]
        for content, indent in ((sent(), None), (dict(reversed(sent().items())), 4))
    )
    assert isinstance(first, Candidate)
    assert isinstance(second, Candidate)
    assert first.content_hash == second.content_hash


def test_what_is_sent_twice_in_one_request_is_kept_once_and_contradictions_are_refused() -> None:
    candidates = [r for r in read(line() + line() + line(headline="Another")) if isinstance(r, Candidate)]
    first, repeats, contradictions = without_repeats(candidates)
    assert [c.index for c in first] == [0]
    assert [(again.index, of.index) for again, of in repeats] == [(1, 0)]
    assert [(r.index, r.problem.status) for r in contradictions] == [(2, 409)]
