"""What takes a story back is never refused: of a kill and a hold only `uri` and status count."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.acceptance import Candidate, Rejection, read_items, without_repeats
from services.ingest.formats import ninjs
from services.ingest.numbering.numbers import assign_numbers
from shared.clock import utc_now
from shared.contracts.item import PubStatus, WireItem

#: every member that a reader of ninjs, of Superdesk's dialect or of the contract knows, and some that nobody does
NAMES = sorted({*ninjs._KNOWN, *WireItem.model_fields, "authors", "service", "priority", "embargo_until", "publish_at", "nobody"})
NAMES_OF_STATUS = {"pubstatus", "uri", "guid"}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def read(item: object) -> Candidate | Rejection:
    (result,) = read_items(json.dumps(item).encode(), "application/json", most=10)
    return result


def taken(item: object) -> Candidate:
    result = read(item)
    assert isinstance(result, Candidate), result
    return result


@given(
    members=st.dictionaries(st.sampled_from([n for n in NAMES if n not in NAMES_OF_STATUS]), VALUES, max_size=6),
    status=st.sampled_from(["canceled", "withheld"]),
)
def test_any_value_in_any_other_field_leaves_a_kill_a_kill(members: dict[str, Any], status: str) -> None:
    found = taken({**members, "uri": "urn:x:1", "pubstatus": status})
    assert found.item.uri == "urn:x:1"
    assert found.item.pubstatus in (PubStatus(status), PubStatus.CANCELED)  # another member may ask for more
    assert not found.item.doubt


@given(st.dictionaries(st.sampled_from([n for n in WireItem.model_fields if n not in NAMES_OF_STATUS]), VALUES, max_size=6))
def test_nor_does_any_in_the_contracts_own_words(members: dict[str, Any]) -> None:
    found = taken({"wire_item": {**members, "uri": "urn:x:1", "pubstatus": "canceled"}})
    assert (found.item.uri, found.item.pubstatus) == ("urn:x:1", PubStatus.CANCELED)


@given(st.dictionaries(st.text(max_size=12).filter(lambda name: name not in ("uri", "guid")), VALUES, max_size=6))
def test_whatever_a_usable_item_is_sent_with_it_never_breaks_its_reader(members: dict[str, Any]) -> None:
    result = read({"headline": "H", "body_text": "B", **members, "uri": "urn:x:1"})
    assert isinstance(result, Candidate) or result.problem.status == 422


@pytest.mark.parametrize("version", [0, -1, "abc", 20261125101530, None, 2.5, [], "9" * 5000, ""])
def test_a_broken_version_is_the_archives_to_number(version: object) -> None:
    found = taken({"uri": "urn:x:1", "pubstatus": "canceled", "version": version})
    assert found.needs_number


def test_a_good_version_is_kept() -> None:
    found = taken({"uri": "urn:x:1", "pubstatus": "withheld", "version": "7"})
    assert (found.item.version, found.needs_number) == (7, False)


@pytest.mark.parametrize("uri", [None, "", 7, ["urn:x:1"], {"a": 1}, "x" * 3000])
def test_a_kill_that_does_not_say_of_what_is_refused(uri: object) -> None:
    result = read({"uri": uri, "pubstatus": "canceled", "headline": 7})
    assert isinstance(result, Rejection)
    assert {error.field for error in result.problem.errors} == {"uri"}


@pytest.mark.parametrize(
    "members",
    [
        {"pubstatus": "canceled"}, {"pubStatus": "CANCELLED "}, {"status": "killed"}, {"pub_status": "stat:canceled"},
        {"publishing_status": "Withdrawn"}, {"Status": "http://cv.iptc.org/newscodes/pubstatusg2/canceled/"},
        {"pubstatus": {"code": "stat:canceled"}}, {"pubstatus": ["recalled"]},
        {"status": [{"qcode": "stat:canceled", "name": "x"}]},
        {"pubstatus": "usable", "status": "retracted"}, {"status": "killed by the desk"}, {"signal": "kill"},
        {"signals": [{"uri": "http://x.example/signal/retract"}]}, {"signal": "sig:withdraw"}, {"killed": True},
        {"is_deleted": "true"}, {"state": "killed"}, {"operation": "kill"}, {"pubstatus": "unpublished"}, {"status": "Spiked"},
        {"pubstatus": "canceled", "is_publishable": "x"},
    ],
)  # fmt: skip
def test_a_kill_is_known_however_its_status_is_spelled(members: dict[str, Any]) -> None:
    assert taken({"uri": "urn:x:1", "headline": "H", "body_text": "B", **members}).item.pubstatus is PubStatus.CANCELED


@pytest.mark.parametrize("status", ["withheld", "stat:withheld", "on hold", {"code": "hold"}])
def test_so_is_a_hold(status: object) -> None:
    assert taken({"uri": "urn:x:1", "status": status}).item.pubstatus is PubStatus.WITHHELD


@pytest.mark.parametrize("status", ["usable", "published", "final", "corrected", "Live", "stat:usable", "", None, ["usable"]])
def test_what_plainly_means_usable_is_taken(status: object) -> None:
    found = taken({"uri": "urn:x:1", "headline": "H", "body_text": "B", "status": status})
    assert (found.item.pubstatus, found.item.doubt) == (PubStatus.USABLE, None)


@pytest.mark.parametrize("status", ["scheduled", "in_progress", "draft", "not killed", "whatever", 7.5, ["x"]])
def test_what_does_not_is_never_published(status: object) -> None:
    result = read({"uri": "urn:x:1", "headline": "H", "body_text": "B", "status": status if status != 7.5 else "7.5"})
    assert isinstance(result, Rejection)
    assert [error.field for error in result.problem.errors] == ["status"]


def test_what_was_wrong_is_told() -> None:
    found = taken({"uri": "urn:x:1", "pubstatus": "canceled", "urgency": 0, "headline": 123, "keywords": [None]})
    assert {note.partition(":")[0] for note in found.item.notes} == {"urgency", "headline", "keywords.0"}


@pytest.mark.parametrize(
    "document",
    [
        '<newsItem guid="urn:x:1" version="x"><itemMeta><pubStatus qcode="stat:canceled "/><embargoed>soon</embargoed>'
        "<firstCreated>never</firstCreated><expires>0</expires></itemMeta><contentMeta><urgency>99</urgency></contentMeta></newsItem>",
        '<newsItem guid="urn:x:1"><itemMeta><pubStatus qcode="stat:usable"/><signal qcode="sig:kill"/></itemMeta></newsItem>',
        '<nitf><head><docdata management-status="Killed"><doc-id id-string="urn:x:1"/><du-key version="0"/>'
        '<date.expire norm="never"/><date.release norm="soon"/></docdata></head></nitf>',
        "<NewsML><NewsItem><Identification><NewsIdentifier><RevisionId>0</RevisionId><PublicIdentifier>urn:x:1</PublicIdentifier>"
        '</NewsIdentifier></Identification><NewsManagement><Status FormalName="Canceled"/><FirstCreated>x</FirstCreated>'
        '<Urgency FormalName="x"/></NewsManagement></NewsItem></NewsML>',
    ],
)
def test_the_same_holds_for_every_format_that_has_a_status(document: str) -> None:
    (result,) = read_items(document.encode(), "application/xml", most=10)
    assert isinstance(result, Candidate), result
    assert (result.item.uri, result.item.pubstatus, result.needs_number) == ("urn:x:1", PubStatus.CANCELED, True)


def test_in_one_request_it_follows_what_has_its_number() -> None:
    lines = [
        {"uri": "urn:x:1", "version": 1, "headline": "H", "body_text": "B"},
        {"uri": "urn:x:1", "version": 1, "pubstatus": "withheld"},
        {"uri": "urn:x:1", "version": 1, "pubstatus": "canceled"},
    ]
    body = "\n".join(json.dumps(line) for line in lines).encode()
    candidates = [result for result in read_items(body, "application/x-ndjson", most=10) if isinstance(result, Candidate)]
    placed = assign_numbers(candidates, {}, source="desk", is_old_copy=False, now=utc_now())
    first, _, contradictions = without_repeats([result for result in placed if isinstance(result, Candidate)])
    assert (len(placed), contradictions) == (3, [])
    assert [(one.item.pubstatus.value, one.item.version) for one in first] == [("usable", 1), ("withheld", 2), ("canceled", 3)]
