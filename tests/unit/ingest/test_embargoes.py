"""Embargoes are understood by any name and in words, or hold the item; news about embargoes is news."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.acceptance import Candidate, Rejection, read_items
from services.ingest.formats.members import is_about_embargo
from services.ingest.formats.words_for_the_desk import asks_for_embargo, asks_for_kill
from shared.contracts.item import Doubt

THEN = datetime(2099, 11, 26, 10, tzinfo=UTC)
SAID = "2099-11-26T10:00:00Z"


def read(members: dict[str, Any], content_type: str = "application/json") -> Candidate | Rejection:
    item = {"uri": "urn:x:1", "headline": "Bank profit doubles", "body_text": "Profit doubled.", **members}
    (result,) = read_items(json.dumps(item).encode(), content_type, most=10)
    return result


def taken(members: dict[str, Any]) -> Candidate:
    result = read(members)
    assert isinstance(result, Candidate), result
    return result


def is_kept_from_readers(result: Candidate | Rejection) -> bool:
    if isinstance(result, Rejection):
        return True
    item = result.item
    ahead = max(filter(None, (item.embargoed_until, item.scheduled_for)), default=None)
    return item.embargo_open or item.doubt is not None or (ahead is not None and ahead.year == 2099)


@pytest.mark.parametrize(
    "name",
    [
        "embargo", "embargoed", "embargo_until", "embargoUntil", "embargoedUntil", "embargoed_until", "EMBARGO-DATE",
        "embargoDateTime",
        "utc_embargo", "embargoed_text", "embargoLiftAt", "under_embargo_until",
    ],
)  # fmt: skip
def test_an_embargo_is_understood_by_any_name(name: str) -> None:
    found = taken({name: SAID})
    assert (found.item.embargoed_until, found.item.doubt) == (THEN, None)
    assert name not in found.item.unplaced


@pytest.mark.parametrize(
    "name",
    [
        "publish_schedule",
        "publish_at",
        "publishOn",
        "publish-on",
        "not_before",
        "notBefore",
        "scheduled",
        "scheduled_for",
        "go_live_at",
    ],
)
def test_so_is_a_schedule(name: str) -> None:
    assert taken({name: SAID}).item.scheduled_for == THEN


def test_superdesks_settings_are_looked_into_and_of_several_times_the_latest_holds() -> None:
    settings = {"utc_embargo": SAID, "utc_publish_schedule": None, "time_zone": "Asia/Riyadh"}
    assert taken({"embargo": "2099-11-26T07:00:00Z", "schedule_settings": settings}).item.embargoed_until == THEN


@pytest.mark.parametrize(
    "members",
    [
        {"embargo": True}, {"is_embargoed": "yes"}, {"embargo": {"kind": "strict"}}, {"embargo_minutes": 30},
        {"embargoed_text": "until the minister has spoken"}, {"embargo": "soon"}, {"publish_at": "tomorrow"},
        {"extra": {"embargo": "tonight"}}, {"extra": [{"embargoUntil": SAID}]}, {"pubstatus": "embargoed"},
        {"embargo_type": "standard"},
        {"ednote": "Embargoed until Monday"}, {"slugline": "EMBARGO: budget"},
        {"embargoed": None, "headline": "EMBARGOED UNTIL 0700 GMT: x"},
    ],
)  # fmt: skip
def test_what_is_not_understood_is_never_public(members: dict[str, Any]) -> None:
    assert is_kept_from_readers(read(members))


@given(
    name=st.from_regex(r"[a-z_]{0,8}[eE]mbargo[a-zA-Z_]{0,12}", fullmatch=True),
    value=st.text(min_size=1, max_size=20) | st.integers(min_value=1) | st.just(True) | st.just(SAID),
)
def test_whatever_its_name_and_value_a_member_about_an_embargo_is_read_or_holds(name: str, value: object) -> None:
    assert is_about_embargo(name)
    result = read({name: value})
    if isinstance(value, str) and isinstance(result, Candidate) and not is_kept_from_readers(result):
        # words that say that there is none, and times that are over
        said_none = value.strip().casefold() in {"", "none", "no", "false", "null", "n/a", "na", "nil", "-", "0", "off", "over"}
        assert said_none or result.item.embargoed_until
    elif isinstance(value, int) and not isinstance(value, bool) and isinstance(result, Candidate):
        assert is_kept_from_readers(result) or result.item.embargoed_until


def test_a_value_that_is_no_time_is_refused_by_the_senders_own_name() -> None:
    result = read({"embargoUntil": "soon"})
    assert isinstance(result, Rejection)
    assert [error.field for error in result.problem.errors] == ["embargoUntil"]


@pytest.mark.parametrize("value", [None, "", False, [], "none", 0])
def test_nothing_is_no_embargo(value: object) -> None:
    found = taken({"embargo_until": value, "publish_at": value, "embargo": value})
    assert not is_kept_from_readers(found)


NAMES_OF_EMBARGO = ["embargoed", "embargoedUntil", "embargo", "embargo_until", "utc_embargo", "is_embargoed"]


@pytest.mark.parametrize("name", NAMES_OF_EMBARGO)
@pytest.mark.parametrize("identity", ["uri", "guid"])
@pytest.mark.parametrize("value", [False, "", "   ", [], 0, "none", "null", {}, [None], [[]], {"until": None}, {"until": ""}])
def test_nothing_that_is_empty_lifts_an_embargo_but_null(name: str, identity: str, value: object) -> None:
    members = {"headline": "Bank profit doubles", "body_text": "Profit doubled.", identity: "urn:x:1", name: value}
    (found,) = read_items(json.dumps(members).encode(), "application/json", most=10)
    assert isinstance(found, Candidate), found
    assert not found.item.embargo_cleared
    assert (found.item.doubt is Doubt.EMBARGO) == (value == {})
    assert found.item.notes or value in ([None], {"until": None})


@pytest.mark.parametrize(
    ("members", "is_cleared"),
    [
        ({"embargoed": None}, True), ({"embargoedUntil": None}, True), ({"embargoed": "", "embargoedUntil": None}, True),
        ({"embargoed": None, "embargoedUntil": SAID}, False), ({"embargoed": None, "embargo": True}, False), ({}, False),
        ({"guid": "urn:x:1", "uri": None, "embargoed": None}, False),
    ],
)  # fmt: skip
def test_null_clears_it_and_superdesk_writes_null_for_never_had_one(members: dict[str, Any], is_cleared: bool) -> None:
    assert taken(members).item.embargo_cleared is is_cleared


@pytest.mark.parametrize("value", [False, "", "   ", [], {}, None, 0])
@pytest.mark.parametrize("name", ["scheduled", "publish_at", "expires", "validUntil"])
def test_an_empty_schedule_or_expiry_says_as_little_as_a_missing_one(name: str, value: object) -> None:
    found = read({name: value})
    if isinstance(found, Candidate):
        assert (found.item.scheduled_for, found.item.expires_at, found.item.embargo_cleared) == (None, None, False)
    else:
        assert [error.field for error in found.problem.errors] == [name]


def test_names_that_mean_nothing_here_are_kept_for_the_answer_and_empty_ones_are_not() -> None:
    assert set(taken({"color": "red", "mood": None, "flags": []}).item.unplaced) == {"color"}


def test_no_more_names_are_kept_than_the_contract_holds() -> None:
    assert len(taken({f"name{number}": "x" for number in range(500)}).item.unplaced) == 100


@pytest.mark.parametrize(
    "line",
    [
        "EMBARGOED UNTIL 0700 GMT MARCH 2", "Embargo: 10 GMT", "Embargo - 10:00 GMT Tuesday", "EMBARGOED-UNTIL-10",
        "[EMBARGOED] GDP rises",
        "STRICTLY EMBARGOED TILL 10", "Strictly embargoed: GDP figures", "GDP rises (EMBARGOED UNTIL 0930 GMT)",
        "EMBARGOED TO 0700",
        "Budget figures - EMBARGOED UNTIL 9am", "UNDER EMBARGO UNTIL 10:00", "Press release – under embargo until 2 p.m.",
        "** EMBARGOED **",
        "NOT FOR PUBLICATION BEFORE 10:00 GMT", "Not for publication, broadcast or use on social media before Tuesday",
        "Not for release until further notice", "NOT FOR BROADCAST/PUBLICATION UNTIL 2100", "DO NOT PUBLISH BEFORE 6PM",
        "HOLD FOR RELEASE", "FOR RELEASE AT 10 AM EST, MARCH 3", "Advance for release Sunday, Nov 25",
        "Eds: embargoed until 10 am",
        "SPERRFRIST: 10 Uhr", "Sous embargo jusqu'à 10h", "EMBARGADO HASTA las 10",
        "محظور النشر حتى الساعة العاشرة", "يُحظر نشره قبل الساعة 10", "لا ينشر قبل الساعة الثامنة", "غير مخصص للنشر قبل الأحد",
    ],
)  # fmt: skip
def test_words_that_ask_for_an_embargo_hold_an_item_in_any_field_for_them(line: str) -> None:
    for members in ({"headline": line}, {"ednote": line}, {"slugline": line}, {"body_text": f"{line}\n\nThe text."}):
        assert taken(members).item.doubt is Doubt.EMBARGO
    assert taken({"headline": line, "embargoed": SAID}).item.doubt is None
    assert taken({"headline": line, "pubstatus": "canceled"}).item.doubt is None


@pytest.mark.parametrize(
    "line",
    [
        "MANDATORY KILL - Storm closes port", "KILL: Storm closes port", "KILL : storm", "BULLETIN KILL",
        "EDITORS: KILL story 0101",
        "Editors: please kill the storm story", "URGENT KILL", "KILL - Storm", "*** KILL ***", "AP KILL - storm",
        "PHOTO KILL: Storm",
        "Please kill dpa 0101 Storm closes port.", "KILL ADVISORY", "This story has been withdrawn", "WITHDRAWN: storm",
        "إلغاء خبر: العاصفة", "سحب خبر العاصفة", "يرجى عدم نشر الخبر",
    ],
)  # fmt: skip
def test_words_that_ask_for_a_kill_hold_the_item(line: str) -> None:
    for members in ({"headline": line}, {"ednote": line}, {"body_text": f"{line}\n\nThe text."}):
        assert taken(members).item.doubt is Doubt.KILL_IN_WORDS


@pytest.mark.parametrize(
    "line",
    [
        "Storm kills ten", "KILLED: three in crash", "Kill Bill star dies", "License to kill: Bond is back",
        "TERRORISTS KILL TEN",
        "Senate passes mandatory kill switch bill", "Please Kill Me author dies", "Police kill order issued for bear",
        "Editors quit paper",
        "US extends arms embargo until 2020", "Iraq under embargo since 1990", "Cuba embargo: what it means",
        "Embargo on Cuba: 60 years",
        "Embargoed goods seized at port", "Russia to embargo food imports until 2027", "For release of hostages, Hamas demands",
        "The report was retracted by the journal", "U.S. embargo until 1990 hurt", "Not for sale",
        "Kill the bill protests spread",
        "النائب العام يحظر النشر في قضية", "إلغاء رحلات الطيران", "سحب السفير", "مقتل عشرة في انفجار", "حظر الأسلحة حتى 2025",
    ],
)  # fmt: skip
def test_news_about_embargoes_and_killings_is_news(line: str) -> None:
    assert (asks_for_embargo(line), asks_for_kill(line, slugline=line)) == ("", "")


KILL = "KILL: storm"
JSON_FEED = '"version": "https://jsonfeed.org/version/1.1"'
NITF = (
    "<nitf><head>{head}<docdata><doc-id id-string='u'/></docdata></head><body><body.head><hedline><hl1>{headline}</hl1></hedline>"
    "</body.head><body.content><p>Text.</p></body.content></body></nitf>"
)


@pytest.mark.parametrize(
    ("document", "doubt"),
    [
        (f"abc0117 1 pl 45 dpa 0117\nStorm/Port/\nMANDATORY {KILL} =\n  Please kill dpa 0101.\n\n251000 nov 26", "kill-in-words"),
        (f"<rss version='2.0'><channel><item><guid>urn:1</guid><title>{KILL}</title></item></channel></rss>", "kill-in-words"),
        (f'{{{JSON_FEED}, "items": [{{"id": "urn:1", "title": "{KILL}"}}]}}', "kill-in-words"),
        (f'{{{JSON_FEED}, "items": [{{"id": "urn:1", "content_text": "EMBARGOED UNTIL 10"}}]}}', "embargo"),
        (f"From: A <a@x.example>\nSubject: Mandatory {KILL}\nDate: Sun, 01 Mar 2026 18:00:00 +0000\n\nKill it.", "kill-in-words"),
        (NITF.format(head="", headline=KILL), "kill-in-words"),
        (NITF.format(head="<meta name='embargo' content='until the vote'/>", headline="Vote"), "embargo"),
        ("<rss version='2.0' xmlns:p='http://prismstandard.org/namespaces/basic/2.0/'><channel><item><guid>urn:1</guid>"
         "<title>T</title><p:embargoNote>after the vote</p:embargoNote></item></channel></rss>", "embargo"),
        ("<newsItem guid='u' version='1'><itemMeta><pubStatus qcode='stat:usable'/></itemMeta><contentMeta>"
         "<headline>EMBARGOED UNTIL 10 GMT</headline></contentMeta></newsItem>", "embargo"),
    ],
)  # fmt: skip
def test_words_and_names_hold_in_every_format(document: str, doubt: str) -> None:
    (result,) = read_items(document.encode(), "", most=10)
    assert isinstance(result, Candidate), result
    assert result.item.doubt == doubt


def test_what_a_person_at_the_desk_has_looked_at_is_not_doubted_again() -> None:
    item = {
        "uri": "urn:x:1",
        "headline": "KILL: storm",
        "body_html": "x",
        "stands_alone": True,
        "unplaced": {"embargoed_text": "x"},
    }
    (result,) = read_items(json.dumps({"wire_item": item}).encode(), "application/json", most=10)
    assert isinstance(result, Candidate)
    assert result.item.doubt is None


def test_an_embargo_behind_very_many_members_is_never_published() -> None:
    many = {f"x{number}": number for number in range(2500)}
    result = read({**many, "embargoed": "2027-01-01T00:00:00Z"})
    assert isinstance(result, Rejection)
    assert "more than 2,000 members" in result.problem.detail
    kill = read({"pubstatus": "canceled", **many})
    assert isinstance(kill, Candidate)
