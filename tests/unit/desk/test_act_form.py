"""What a button says as the item that is pushed for it."""

from __future__ import annotations

from typing import Any

import pytest

from services.desk.writing.act_form import (
    ActForm,
    DeskAct,
    FormError,
    ItemFields,
    build_act,
    open_to_readers,
    read_act,
    read_moment,
)
from shared.contracts.item import Concept, KillReason
from shared.contracts.problem import InvalidRequest
from shared.web.keys import Right
from tests.support.factories import wire_item


def built(act: DeskAct, before: dict[str, Any] | None = None, **form: Any) -> ItemFields:
    item = wire_item().model_copy(update=before or {})
    return build_act(act, ActForm.model_validate(form), uri="urn:x", version=7, before=item)


@pytest.mark.parametrize("act", [DeskAct.WITHHOLD, DeskAct.RELEASE, DeskAct.EMBARGO])
def test_every_act_is_the_next_version_of_its_story(act: DeskAct) -> None:
    fields = built(act)
    assert (fields["uri"], fields["version"]) == ("urn:x", 7)


@pytest.mark.parametrize("reason", list(KillReason))
def test_a_kill_says_why_and_carries_no_text(reason: KillReason) -> None:
    fields = built(DeskAct.KILL, reason=reason.value, confirm="kill", ednote=" Lawyers called ")
    assert fields == {
        "uri": "urn:x", "version": 7, "ednote": "Lawyers called", "pubstatus": "canceled", "kill_reason": reason.value,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"confirm": "kill"}, "reason"),
        ({"reason": "boredom", "confirm": "kill"}, "reason"),
        ({"reason": "legal"}, "confirm"),
        ({"reason": "legal", "confirm": "yes"}, "confirm"),
    ],
)
def test_a_kill_needs_a_reason_that_readers_can_be_given_and_a_confirmation(form: dict[str, str], field: str) -> None:
    with pytest.raises(FormError) as error:
        built(DeskAct.KILL, **form)
    assert error.value.field == field


def test_a_hold_carries_no_text() -> None:
    assert built(DeskAct.WITHHOLD) == {"uri": "urn:x", "version": 7, "pubstatus": "withheld"}


@pytest.mark.parametrize(
    ("before", "form", "name", "value"),
    [
        ({}, {}, "stands_alone", True),
        ({}, {"language": " en "}, "language", "en"),
        ({"language": "fr"}, {"language": ""}, "language", "fr"),
        ({"doubt_note": "look"}, {}, "doubt_note", None),
        ({"pubstatus": "withheld"}, {}, "pubstatus", None),
        ({"is_publishable": False}, {}, "is_publishable", None),
        ({}, {"expires_at": ""}, "expires_at", None),
        ({}, {"expires_at": "2026-12-01T00:00"}, "expires_at", "2026-12-01T00:00:00+00:00"),
    ],
)
def test_a_release_lets_the_text_out_and_answers_for_what_stood_in_its_way(
    before: dict[str, Any], form: dict[str, str], name: str, value: object
) -> None:
    assert built(DeskAct.RELEASE, before, **form).get(name) == value


def test_a_release_leaves_the_rights_alone_where_the_page_did_not_ask() -> None:
    assert "expires_at" not in built(DeskAct.RELEASE)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, (None, None, True)),
        ({"embargoed_until": "2026-12-01T09:30"}, ("2026-12-01T09:30:00+00:00", None, False)),
        ({"scheduled_for": "2026-12-01T09:30"}, (None, "2026-12-01T09:30:00+00:00", True)),
    ],
)
def test_an_embargo_is_set_or_cleared(form: dict[str, str], said: tuple[str | None, str | None, bool]) -> None:
    fields = built(DeskAct.EMBARGO, **form)
    assert (fields["embargoed_until"], fields["scheduled_for"], fields["embargo_cleared"]) == said
    assert fields["headline"] == wire_item().headline


def test_a_moment_that_is_none_is_said_for_its_field() -> None:
    with pytest.raises(FormError) as error:
        built(DeskAct.EMBARGO, scheduled_for="noon")
    assert (error.value.field, "noon" in error.value.say) == ("scheduled_for", True)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("", None),
        (" \n", None),
        ("2026-11-30T08:50", "2026-11-30T08:50:00+00:00"),
        (" 2026-11-30 ", "2026-11-30T00:00:00+00:00"),
        ("2026-11-30T08:50+03:00", "2026-11-30T08:50:00+00:00"),  # the desk's clock is GMT, whatever a browser adds
    ],
)
def test_a_browsers_date_and_time_is_gmt(value: str, moment: str | None) -> None:
    assert read_moment(value, "expires_at") == moment


@pytest.mark.parametrize(
    ("genres", "left"),
    [
        ([], None),
        ([Concept(name="Advisory")], None),
        ([Concept(code="genre:ADVISORY")], None),
        ([Concept(name="Advisory"), Concept(name="Analysis")], ["Analysis"]),
        ([Concept(name="Analysis")], ["Analysis"]),
    ],
)
def test_what_readers_get_is_no_advisory_any_more(genres: list[Concept], left: list[str] | None) -> None:
    rows: Any = [genre.model_dump(mode="json") for genre in genres]
    kept: Any = open_to_readers({"headline": "x", "is_publishable": False, "genres": rows})
    assert ("is_publishable" in kept, kept["headline"]) == (False, "x")
    assert (None if "genres" not in kept else [genre["name"] for genre in kept["genres"]]) == left


@pytest.mark.parametrize(
    ("act", "right", "is_written"),
    [
        (DeskAct.NEW, Right.EDIT, True),
        (DeskAct.UPDATE, Right.EDIT, True),
        (DeskAct.CORRECTION, Right.EDIT, True),
        (DeskAct.WITHHOLD, Right.EDIT, False),
        (DeskAct.RELEASE, Right.EDIT, False),
        (DeskAct.EMBARGO, Right.EDIT, False),
        (DeskAct.KILL, Right.KILL, False),
    ],
)
def test_each_act_needs_its_right(act: DeskAct, right: Right, is_written: bool) -> None:
    assert (read_act(act.value), act.right, act.is_written) == (act, right, is_written)


@pytest.mark.parametrize("word", ["", "Kill", "delete"])
def test_what_is_no_act_is_refused(word: str) -> None:
    with pytest.raises(InvalidRequest):
        read_act(word)
