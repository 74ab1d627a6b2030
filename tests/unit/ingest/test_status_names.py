"""Whatever a sender calls its status: what takes back does, what is not understood is refused or held, and nothing is silent."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.ingest.acceptance import Candidate, Rejection, read_items
from shared.contracts.item import PubStatus

SAID = "2099-11-26T10:00:00Z"
THEN = datetime(2099, 11, 26, 10, tzinfo=UTC)


def read(members: dict[str, Any]) -> Candidate | Rejection:
    item = {"uri": "urn:x:1", "headline": "H", "body_text": "B", **members}
    (result,) = read_items(json.dumps(item).encode(), "application/json", most=10)
    return result


def status(members: dict[str, Any]) -> PubStatus:
    result = read(members)
    assert isinstance(result, Candidate), result
    return result.item.pubstatus


@pytest.mark.parametrize(
    "word",
    [
        "trash", "Trashed", "pulled", "void", "obsolete", "rescinded", "do not use", "DO NOT USE", "ملغى", "مُلغى", "ملغاة",
        "محذوف",
        "إلغاء", "تم حذف الخبر", "annulé", "ANNULÉE", "storniert", "gelöscht", "ｃａｎｃｅｌｅｄ", "ＫＩＬＬ",
        "stat：ｃａｎｃｅｌｅｄ", "cancelado",
        "Отозвано", "pulled by desk",
    ],
)  # fmt: skip
def test_words_that_take_back_are_known_in_other_tongues_and_type(word: str) -> None:
    assert status({"pubstatus": word}) is PubStatus.CANCELED


@pytest.mark.parametrize("word", ["غير محذوف", "nicht storniert", "not void", "whatever", "公開"])
def test_what_denies_it_or_says_nothing_known_is_refused(word: str) -> None:
    result = read({"pubstatus": word})
    assert isinstance(result, Rejection)
    assert [error.field for error in result.problem.errors] == ["pubstatus"]


@pytest.mark.parametrize(
    "members",
    [
        {"published_status": "canceled"}, {"workflow_state": "killed"}, {"workflow_status": "spiked"}, {"withdrawn": True},
        {"withdrawn_at": SAID}, {"retracted_at": "2026-01-02"}, {"deleted_at": "2026-01-02T10:00:00Z"}, {"deletedAt": 1767348000},
        {"deletedAt": 1767348000000}, {"isDeleted": True}, {"is_retracted": 1}, {"trashed": "yes"}, {"kill_date": SAID},
        {"extra": {"pubstatus": "canceled"}}, {"extra": {"status": "killed"}}, {"extra": [{"deleted": True}]},
        {"meta": {"workflow": {"status": "withdrawn"}}}, {"whatever": {"pub_status": "canceled"}}, {"takedown": "true"},
        {"published": False, "deleted_at": SAID}, {"hold": True, "status": "killed"},
    ],
)  # fmt: skip
def test_what_takes_back_does_under_any_name(members: dict[str, Any]) -> None:
    assert status(members) is PubStatus.CANCELED


@pytest.mark.parametrize(
    "members",
    [
        {"hold": True}, {"on_hold": "yes"}, {"published": False}, {"is_published": 0}, {"visible": False}, {"visible": "false"},
        {"status": 0}, {"status": False}, {"hidden": True}, {"do_not_publish": True}, {"pubstatus": "usable", "published": False},
        {"extra": {"published": False}}, {"isPublic": "no"}, {"workflow_state": "on hold"},
    ],
)  # fmt: skip
def test_what_is_not_to_be_seen_is_withheld(members: dict[str, Any]) -> None:
    assert status(members) is PubStatus.WITHHELD


@pytest.mark.parametrize(
    ("members", "at"),
    [
        ({"published_status": "zzz"}, "published_status"), ({"workflow_state": "in_progress"}, "workflow_state"),
        ({"state": "draft"}, "state"), ({"draft": True}, "draft"), ({"isPrivate": True}, "isPrivate"), ({"status": 7}, "status"),
        ({"status": {"id": 3}}, "status"), ({"status": -1}, "status"), ({"withdrawn": "perhaps"}, "withdrawn"),
        ({"retracted": {"by": "x"}}, "retracted"), ({"killed": 10}, "killed"), ({"approved": False}, "approved"),
        ({"extra": {"pubstatus": "zzz"}}, "pubstatus"), ({"scheduled": True}, "scheduled"), ({"liveDate": "soon"}, "liveDate"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_by_its_name(members: dict[str, Any], at: str) -> None:
    result = read(members)
    assert isinstance(result, Rejection), result
    assert [error.field for error in result.problem.errors] == [at]


@pytest.mark.parametrize(
    "members",
    [
        {"published": True}, {"published": "2026-01-02"}, {"published": None}, {"visible": True}, {"withdrawn": False},
        {"deleted_at": None}, {"deletedAt": ""}, {"hold": False}, {"hold": 0}, {"status": 1}, {"status": True}, {"draft": False},
        {"state": "Texas"}, {"action": "update"}, {"workflow_state": "approved"}, {"extra": {"comments": {"enabled": False}}},
        {"fixture": {"status": "cancelled"}}, {"associations": {"a": {"uri": "u", "pubstatus": "canceled"}}}, {"removed": []},
        {"live": False}, {"person": [{"name": "A", "status": "deleted"}]},
    ],
)  # fmt: skip
def test_what_says_nothing_of_the_kind_is_published(members: dict[str, Any]) -> None:
    assert status(members) is PubStatus.USABLE


@pytest.mark.parametrize(
    "members",
    [
        {"liveDate": SAID}, {"sendAt": SAID}, {"send_at": SAID}, {"golive": SAID}, {"goLive": SAID},
        {"extra": {"live_date": SAID}},
        {"scheduled": {"at": SAID}}, {"scheduled": True, "publish_at": SAID}, {"schedule_publish": [{"from": SAID}]},
    ],
)  # fmt: skip
def test_a_schedule_is_understood_under_more_names(members: dict[str, Any]) -> None:
    result = read(members)
    assert isinstance(result, Candidate), result
    assert result.item.scheduled_for == THEN


@pytest.mark.parametrize("name", ["embargoed", "embargo", "EMBARGO", "embargoUntil", "publish_at", "holdUntil"])
def test_a_name_is_read_in_letters_of_any_width_with_marks_and_with_what_nobody_sees(name: str) -> None:
    def moments(spelled: str) -> set[str]:
        result = read({spelled: SAID})
        assert isinstance(result, Candidate), result
        return {field for field, value in result.item if value == THEN}

    wide = "".join(chr(ord(letter) - 0x20 + 0xFF00) if letter.isalpha() else letter for letter in name)
    spellings = (wide, "\u00ad".join(name), "\u200b".join(name), name.replace("o", "\u00f3"), name + "\u0301")
    assert {spelled: moments(spelled) for spelled in spellings} == dict.fromkeys(spellings, moments(name))
    assert moments(name)


@pytest.mark.parametrize("name", ["ｐｕｂｓｔａｔｕｓ", "püb_státus", "pub\u200bstatus"])
def test_so_is_the_name_of_a_status(name: str) -> None:
    assert status({name: "canceled"}) is PubStatus.CANCELED
