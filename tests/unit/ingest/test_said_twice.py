"""JSON that says a member twice with different values: it takes back, holds or is refused, and is never guessed at."""

from __future__ import annotations

import gc
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.acceptance import Candidate, Rejection, read_items
from shared.contracts.item import Doubt, PubStatus, WireItem

LATE, EARLY = "2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z"
STORY = {"uri": "urn:d:1", "headline": "Headline", "body_text": "Words of a text.", "language": "en"}


def said(pairs: list[tuple[str, Any]]) -> str:
    return "{" + ", ".join(f"{json.dumps(name)}: {value}" for name, value in pairs) + "}"


def pairs_of(members: dict[str, Any], *more: tuple[str, Any]) -> list[tuple[str, str]]:
    return [(name, json.dumps(value)) for name, value in [*members.items(), *more]]


def ninjs(*more: tuple[str, Any]) -> str:
    return said(pairs_of(STORY, *more))


def feed(*more: tuple[str, Any]) -> str:
    entry = said(pairs_of({"id": "urn:d:1", "title": "Headline", "content_text": "Words of a text."}, *more))
    return said([("version", '"https://jsonfeed.org/version/1.1"'), ("title", '"A feed"'), ("items", f"[{entry}]")])


def ap(*more: tuple[str, Any]) -> str:
    members = {"altids": {"itemid": "x1"}, "type": "text", "headline": "Headline", "description_caption": "Words of a text."}
    return said([("item", said(pairs_of(members, *more)))])


def wire_item(*more: tuple[str, Any]) -> str:
    return said([("wire_item", said(pairs_of({"uri": "urn:d:1", "headline": "H", "body_html": "Words of it."}, *more)))])


FORMATS = [ninjs, feed, ap, wire_item]


def one(text: str, content_type: str = "") -> Candidate | Rejection:
    (result,) = read_items(text.encode(), content_type, most=10)
    return result


def item(text: str) -> WireItem:
    result = one(text)
    assert isinstance(result, Candidate), result
    return result.item


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "statuses", [("withheld", "usable"), ("usable", "withheld"), ("canceled", "usable"), ("canceled", "withheld")]
)
def test_of_two_statuses_the_one_that_takes_back_most_holds(form: Any, statuses: tuple[str, str]) -> None:
    found = item(form(*(("pubstatus", status) for status in statuses)))
    assert found.pubstatus == (PubStatus.CANCELED if "canceled" in statuses else PubStatus.WITHHELD)
    assert any("pubstatus: is said twice" in note for note in found.notes)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("last", [None, EARLY, "", False, LATE[:-1] + "+00:00"])
def test_an_embargo_that_is_said_is_not_taken_back_by_saying_it_otherwise(form: Any, last: Any) -> None:
    name = "embargoed_until" if form is wire_item else "embargoed"
    result = one(form((name, LATE), (name, last)))
    if isinstance(result, Rejection):
        assert last is False  # no time, where the contract wants one
        return
    found = result.item
    assert found.embargoed_until == datetime(2099, 1, 1, tzinfo=UTC)
    assert not found.embargo_cleared


@given(st.permutations([LATE, EARLY, None, "2030-05-05T00:00:00Z"]))
def test_of_several_embargoes_the_latest_holds_in_any_order(moments: list[str | None]) -> None:
    assert item(ninjs(*(("embargoed", moment) for moment in moments))).embargoed_until == datetime(2099, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ('{"embargoed": "2099-01-01T00:00:00Z"}', "{}"),
        ('{"embargoed": "2099-01-01T00:00:00Z", "embargoed": null}', '{"x": 1}'),
        ('{"embargoed": "2099-01-01T00:00:00Z", "embargoed": null}', '{"embargoed": null}'),
        ('{"embargoed": "2099-01-01T00:00:00Z", "embargoed": null}', '{"embargoed": "2020-01-01T00:00:00Z", "embargoed": null}'),
    ],
)
def test_an_embargo_within_a_member_that_is_said_twice_holds(first: str, last: str) -> None:
    assert item(said([*pairs_of(STORY), ("extra", first), ("extra", last)])).embargoed_until is not None


@pytest.mark.parametrize(
    "value", ['{"until": "2099-01-01T00:00:00Z", "until": null}', '[{"until": "2099-01-01T00:00:00Z", "until": 0}]']
)
def test_parts_of_an_embargo_said_twice_hold(value: str) -> None:
    assert item(said([*pairs_of(STORY), ("embargo", value)])).embargoed_until is not None


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("signal", "kill", "update"),
        ("killed", True, False),
        ("pubstatus", {"code": "canceled"}, "usable"),
        ("signal", ["kill"], None),
    ],
)
def test_what_takes_back_under_another_name_takes_back(name: str, first: Any, last: Any) -> None:
    assert item(ninjs((name, first), (name, last))).pubstatus == PubStatus.CANCELED


def test_an_embargo_that_nobody_understands_holds_the_item_though_it_is_said_otherwise_behind() -> None:
    result = one(ninjs(("embargo_note", "when the king has spoken"), ("embargo_note", None)))
    assert isinstance(result, Candidate)
    assert result.item.doubt == Doubt.EMBARGO


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("uri", ("urn:d:1", "urn:d:2")), ("version", (1, 2)), ("expires", (EARLY, LATE)), ("draft", (True, False)),
        ("published", (False, True)), ("status", ("draft", "usable")),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_is_refused_or_withheld(name: str, values: tuple[Any, Any]) -> None:
    rest = [pair for pair in pairs_of(STORY) if pair[0] != name]
    result = one(said([*rest, *((name, json.dumps(value)) for value in values)]))
    if isinstance(result, Candidate):
        assert result.item.pubstatus == PubStatus.WITHHELD
    else:
        assert result.problem.status == 422
        assert name in result.problem.detail


@pytest.mark.parametrize(
    "document",
    [
        said([("wire_item", "{}"), ("wire_item", said(pairs_of(STORY)))]),
        feed().replace('"items": ', '"items": [{"id": "urn:other"}], "items": '),
        ap().replace('"item": ', '"item": {"altids": {"itemid": "x2"}}, "item": '),
    ],
)
def test_a_document_with_two_sets_of_items_is_refused_as_a_whole(document: str) -> None:
    result = one(document)
    assert isinstance(result, Rejection)
    assert result.problem.status == 422


def test_a_kill_that_says_its_text_twice_is_carried_out() -> None:
    found = item(ninjs(("pubstatus", "canceled"), ("headline", "Another"), ("expires", EARLY), ("expires", LATE)))
    assert found.pubstatus == PubStatus.CANCELED


def test_of_anything_else_the_last_holds_and_its_sender_is_told() -> None:
    found = item(said([*pairs_of(STORY, ("headline", "Another")), ("located", '{"name": "A", "name": "B"}')]))
    assert found.headline == "Another"
    assert {note.partition(":")[0] for note in found.notes} == {"headline", "located.name"}


def test_the_same_said_twice_is_worth_no_word() -> None:
    assert item(ninjs(*STORY.items(), ("version", 1), ("version", 1))).notes == ()


def test_a_line_that_says_twice_costs_no_other() -> None:
    lines = "\n".join(
        [ninjs(), said([*pairs_of(STORY, ("uri", "urn:d:9"))]), ninjs(("pubstatus", "canceled"), ("pubstatus", "usable"))]
    )
    first, second, third = read_items(lines.encode(), "application/x-ndjson", most=10)
    assert isinstance(first, Candidate)
    assert isinstance(second, Rejection)
    assert isinstance(third, Candidate)
    assert third.item.pubstatus == PubStatus.CANCELED


@pytest.mark.parametrize(
    "repeat",
    [
        lambda count: ninjs(*(("x", number) for number in range(count))),
        lambda count: ninjs(("x", [{} for _ in range(count)])).replace("{}", '{"a": 1, "a": 2}'),
        lambda count: said([*pairs_of(STORY), *((f"x{number % 5}", '{"a": [1], "a": [2]}') for number in range(count))]),
    ],
)
def test_however_often_it_is_said_reading_grows_with_the_document_alone(repeat: Any) -> None:
    def seconds(count: int) -> float:
        body, least = repeat(count).encode(), float("inf")
        for _ in range(2):
            gc.disable()  # which looks at all that this process has
            begun = time.process_time()
            list(read_items(body, "application/json", most=10))
            least = min(least, time.process_time() - begun)
            gc.enable()
        return least

    few, many = seconds(4_000), seconds(32_000)
    assert many < 8 * 4 * max(few, 0.005)


# ── The same in other formats ────────────────────────────────────────────────────────────────────────────────────

G2 = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:d:1" version="1"><itemMeta>
<itemClass qcode="ninat:text"/><provider qcode="p:x"/><versionCreated>2026-01-01T00:00:00Z</versionCreated>{}</itemMeta>
<contentMeta><headline>H</headline></contentMeta><contentSet><inlineXML contenttype="application/xhtml+xml">
<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Words of it.</p></body></html></inlineXML></contentSet></newsItem>"""
NITF = """<nitf><head><docdata><doc-id id-string="urn:d:1"/>{}</docdata></head><body><body.head><hedline><hl1>H</hl1></hedline>
</body.head><body.content><p>Words of it.</p></body.content></body></nitf>"""
RSS = """<rss version="2.0" xmlns:x="urn:x"><channel><title>T</title><item><guid>urn:d:1</guid><title>H</title>
<description>Words of it.</description>{}</item></channel></rss>"""
MAIL = """From: a@b.example
Subject: Headline
Message-ID: <1@b.example>
{}
Words of a text.
"""


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("document", "statuses"),
    [
        (G2, ('<pubStatus qcode="stat:withheld"/>', '<pubStatus qcode="stat:usable"/>')),
        (NITF, ("<pubstatus>withheld</pubstatus>", "<pubstatus>usable</pubstatus>")),
        (RSS, ("<x:status>withheld</x:status>", "<x:status>usable</x:status>")),
    ],
)
def test_xml_that_says_two_statuses_takes_back(document: str, statuses: tuple[str, str], order: int) -> None:
    assert item(document.format("".join(statuses[::order]))).pubstatus == PubStatus.WITHHELD


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("document", "embargoes"),
    [
        (G2, (f"<embargoed>{LATE}</embargoed>", f"<embargoed>{EARLY}</embargoed>")),
        (NITF, (f"<embargo>{LATE}</embargo>", f"<embargo>{EARLY}</embargo>")),
        (RSS, (f"<x:embargo>{LATE}</x:embargo>", f"<x:embargo>{EARLY}</x:embargo>")),
        (MAIL, (f"X-Embargo: {LATE}\n", f"X-Embargo: {EARLY}\n")),
    ],
)
def test_of_two_embargoes_the_latest_holds_or_a_person_looks(document: str, embargoes: tuple[str, str], order: int) -> None:
    found = item(document.format("".join(embargoes[::order])))
    assert found.embargoed_until == datetime(2099, 1, 1, tzinfo=UTC) or found.doubt == Doubt.EMBARGO


@pytest.mark.parametrize("pairs", [(True, False), (False, True)])
def test_whether_it_is_a_test_is_said_once(pairs: tuple[bool, bool]) -> None:
    result = one(ninjs(*(("test", value) for value in pairs)))
    assert isinstance(result, Rejection)
    assert "test" in {error.field for error in result.problem.errors}
