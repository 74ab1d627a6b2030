"""Statuses in the words of many systems, each read by itself."""

from __future__ import annotations

import pytest

from services.ingest.formats.statuses import (
    is_not_ready,
    says_embargoed,
    status_of,
    status_of_flag,
    status_of_signal,
    status_when_false,
    words_of,
)
from shared.contracts.item import PubStatus

USABLE, WITHHELD, CANCELED = PubStatus.USABLE, PubStatus.WITHHELD, PubStatus.CANCELED


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("usable", ["usable"]),
        ({"code": "stat:canceled", "name": "Killed"}, ["stat:canceled", "Killed"]),
        ([{"qcode": "a"}, "b"], ["a", "b"]),
        ({"a": {"b": {"c": "deep"}}}, ["deep"]),
        ({"a": {"b": {"c": {"d": "too deep"}}}}, []),
        (["x"] * 30, ["x"] * 20),
        ("y" * 400, ["y" * 300]),
        (7, []),
        (None, []),
    ],
)
def test_words_are_found_in_objects_and_lists(value: object, words: list[str]) -> None:
    assert list(words_of(value)) == words


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("usable", USABLE),
        ("stat:usable", USABLE),
        ("http://cv.iptc.org/newscodes/pubstatusg2/withheld", WITHHELD),
        ("On hold", WITHHELD),
        (" Canceled. ", CANCELED),
        ("killed by the desk", CANCELED),
        ("put on hold by legal", WITHHELD),
        ("withheld by legal", WITHHELD),
        ("not killed", None),
        ("غير محذوف", None),
        ("ＫＩＬＬ", CANCELED),
        ("annulée", CANCELED),
        ("embargoed", USABLE),
        ("draft", None),
        ("", None),
        (["usable", "withheld"], WITHHELD),
        (["canceled", "usable"], CANCELED),
        ({"code": "usable", "note": "whatever"}, USABLE),
        (True, None),
    ],
)
def test_of_what_is_said_the_status_that_takes_back_most_counts(value: object, status: PubStatus | None) -> None:
    assert status_of(value) == status


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("update", None),
        ("correction", None),
        ("sig:kill", CANCELED),
        ([{"uri": "http://x.example/signal/retract"}], CANCELED),
        ("hold", WITHHELD),
        (["hold", "kill"], CANCELED),
        (None, None),
    ],
)
def test_a_signal_may_take_back(value: object, status: PubStatus | None) -> None:
    assert status_of_signal(value) == status


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("killed", CANCELED),
        ("isDeleted", CANCELED),
        ("withdrawn_at", CANCELED),
        ("kill-date", CANCELED),
        ("on_hold", WITHHELD),
        ("doNotPublish", WITHHELD),
        ("published", None),
        ("issue", None),
        ("headline", None),
    ],
)
def test_a_members_name_may_be_a_status(name: str, status: PubStatus | None) -> None:
    assert status_of_flag(name) == status


@pytest.mark.parametrize(
    ("name", "status"),
    [("published", WITHHELD), ("is_visible", WITHHELD), ("approved", USABLE), ("readyToPublish", USABLE), ("headline", None)],
)
def test_a_member_that_would_let_go_says_something_where_it_is_false(name: str, status: PubStatus | None) -> None:
    assert status_when_false(name) == status


@pytest.mark.parametrize(
    ("value", "is_embargoed", "is_unfinished"),
    [
        ("embargoed", True, False),
        ("stat:Under embargo", True, False),
        (["usable", "embargoed"], True, False),
        ("draft", False, True),
        ("In progress", False, True),
        ("مسودة", False, True),
        ("usable", False, False),
        (None, False, False),
    ],
)
def test_what_is_embargoed_or_not_let_go_is_told_from_the_rest(value: object, is_embargoed: bool, is_unfinished: bool) -> None:
    assert (says_embargoed(value), is_not_ready(value)) == (is_embargoed, is_unfinished)
