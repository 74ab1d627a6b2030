"""An item is measured in bytes on its way in: what is optional and too much is left out and told, the rest is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.acceptance import Candidate, Rejection, read_items
from services.ingest.tracking.causes import cause_of
from shared.contracts.item import LONGEST_BODY, LONGEST_URI, LONGEST_WORD, MOST_CONCEPTS, MOST_NESTED, WireItem
from shared.contracts.problem import Refused


def read(**members: Any) -> Candidate | Rejection:
    item = {"uri": "urn:x:1", "headline": "H", "body_text": "B", **members}
    (result,) = read_items(json.dumps(item).encode(), "application/json", most=10)
    return result


def taken(**members: Any) -> WireItem:
    result = read(**members)
    assert isinstance(result, Candidate), result
    return result.item


def refused(**members: Any) -> set[str]:
    result = read(**members)
    assert isinstance(result, Rejection)
    return {error.field for error in result.problem.errors}


ARABIC = "ن"  # two bytes


def test_bounds_count_bytes_and_not_letters() -> None:
    assert len(taken(uri="u" * LONGEST_URI).uri) == LONGEST_URI
    assert refused(uri=ARABIC * (LONGEST_URI // 2 + 1)) == {"uri"}
    fits = ARABIC * (LONGEST_WORD // 2)
    assert taken(keywords=[fits, f"{fits}{ARABIC}"]).keywords == (fits,)


@pytest.mark.parametrize(
    ("members", "note"),
    [
        ({"keywords": ["oil", "x" * 5000]}, "keywords.1"),
        ({"subject": [{"name": "oil"}, {"name": "x" * 5000}]}, "subject.1"),
        ({"subject": [{"name": "oil"}, {"code": "x" * 5000}]}, "subject.1"),
        ({"place": [{"name": "x", "code": "y", "scheme": "z" * 5000}]}, "place.0"),
        ({"associations": {"p": {"uri": "urn:p", "renditions": {"a": {"href": "http://["}}}}}, "associations.0"),
        ({"associations": {"p": {"uri": "u" * 5000}}}, "associations.0"),
        ({"associations": {"p": 7}}, "associations.p"),
        ({"keywords": ["oil", None]}, "keywords.1"),
        ({"subject": ["oil", 7]}, "subject.1"),
        ({"located": {"name": "x" * 5000}}, "located"),
    ],
)
def test_one_entry_that_cannot_be_used_costs_only_itself(members: dict[str, Any], note: str) -> None:
    item = taken(**members)
    assert any(said.startswith(f"{note}:") for said in item.notes), item.notes
    assert not item.associations
    assert {*item.keywords, *(subject.name for subject in item.subjects)} <= {"oil"}


def test_lists_are_cut_to_what_the_contract_holds() -> None:
    item = taken(keywords=[f"word {number}" for number in range(1000)])
    assert len(item.keywords) == MOST_CONCEPTS
    assert any(f"{MOST_CONCEPTS} are the most" in note for note in item.notes)


def test_a_text_that_no_index_holds_and_a_nest_that_no_reader_needs_are_refused() -> None:
    assert refused(body_text="word " * (LONGEST_BODY // 5)) == {"body_text"}
    nested: Any = "x"
    for _ in range(MOST_NESTED + 1):
        nested = [nested]
    assert refused(extra=nested) == {"extra"}


@pytest.mark.parametrize("sign", [chr(0), chr(0xD800), chr(0xDFFF)])
def test_what_no_database_holds_is_gone_before_anything_is_kept(sign: str) -> None:
    item = taken(
        headline=f"H{sign}", keywords=[f"k{sign}"], subject=[{"name": f"s{sign}"}], language=f"en{sign}", provider=f"P{sign}",
        associations={f"a{sign}": {"uri": f"u{sign}"}}, **{f"odd{sign}": f"v{sign}", "version_created": f"{sign}"},
    )  # fmt: skip
    assert sign not in item.model_dump_json()
    result = read(urgency=f"x{sign}", status=f"s{sign}")
    assert isinstance(result, Rejection)
    json.dumps(result.problem.model_dump(mode="json"), ensure_ascii=False).encode()


@given(st.lists(st.text(min_size=1, max_size=2000), max_size=4), st.text(max_size=3000))
def test_whatever_is_taken_fits_into_an_index(words: list[str], name: str) -> None:
    item = taken(keywords=words, subject=[{"name": name, "code": name}], label=words)
    for word in (*item.keywords, *item.labels, *(subject.name for subject in item.subjects)):
        assert len(word.casefold().encode()) < 2600


def test_an_archived_item_is_taken_as_it_is() -> None:
    assert WireItem(uri="u" * 5000, keywords=("k" * 5000,)).keywords


TRACEBACK = """Traceback (most recent call last):
  File "x.py", line 1, in f
    g()
"""
OF_THE_DATABASE = f"""{TRACEBACK}psycopg.errors.ProgramLimitExceeded: index row size 2800 exceeds btree version 4 maximum 2704
HINT:  Values larger than 1/3 of a buffer page cannot be indexed.

The above exception was the direct cause of the following exception:

{TRACEBACK}sqlalchemy.exc.OperationalError: (psycopg.errors.ProgramLimitExceeded) index row size 2800 exceeds btree version 4
HINT:  Values larger than 1/3 of a buffer page cannot be indexed.
[SQL: INSERT INTO entries VALUES (1)]
[parameters: {{'a': 1}}]
(Background on this error at: https://sqlalche.me/e/20/e3q8)"""


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (None, None),
        ("the archive was away", "the archive was away"),
        (f"{TRACEBACK}ValueError: the page has no title", "the page has no title"),
        (OF_THE_DATABASE, "a value in it is longer than the archive can search"),
        (f"{TRACEBACK}KeyError: 'x'", "a fault of the wire, which its operators can read in the log"),
    ],
)
def test_newsrooms_are_told_causes_and_no_code(error: str | None, cause: str | None) -> None:
    assert cause_of(error) == cause


def test_of_an_element_with_thousands_of_attributes_the_first_are_read_and_it_is_told() -> None:
    more = " ".join(f'a{number}="1"' for number in range(3_000))
    entry = f'<item><guid isPermaLink="false" {more}>urn:x:1</guid><title>Port</title></item>'
    (result,) = read_items(f"<rss><channel>{entry}</channel></rss>".encode(), "", most=10)
    assert isinstance(result, Candidate)
    assert (result.item.uri, result.item.headline) == ("urn:x:1", "Port")
    assert [note for note in result.item.notes if "attributes" in note]


def test_of_an_entry_with_thousands_of_categories_the_first_are_kept_and_it_is_told() -> None:
    tags = "".join(f"<category>k{number}</category>" for number in range(3_000))
    entry = f"<item><guid>urn:x:1</guid><title>Port</title>{tags}</item>"
    (result,) = read_items(f"<rss><channel>{entry}</channel></rss>".encode(), "", most=10)
    assert isinstance(result, Candidate)
    assert result.item.keywords == tuple(f"k{number}" for number in range(200))
    assert [note for note in result.item.notes if "category" in note]


def test_a_mail_to_thousands_is_its_first_senders() -> None:
    many = ", ".join(f"Reader {number} <r{number}@e.example>" for number in range(3_000))
    mail = f"From: Desk <desk@wire.example>, {many}\r\nTo: {many}\r\nSubject: {'Port ' * 300}\r\n\r\nThe port is shut.\r\n"
    (result,) = read_items(mail.encode(), "message/rfc822", most=10)
    assert isinstance(result, Candidate)
    assert result.item.provider.name == "Desk"
    assert len(result.item.headline) > 1_400, "a subject is words, of which all are read"


def test_a_mail_of_thousands_of_headers_is_refused() -> None:
    body = b"From: a@b.example\r\nSubject: x\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(3_000)) + b"\r\nz"
    with pytest.raises(Refused, match="more than 1,000 headers"):
        list(read_items(body, "message/rfc822", most=10))
