"""What a receiver is notified of, what its answer means, and how it goes on from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.delivery.webhooks.notifications import (
    DISABLED_AFTER,
    EVENTS,
    KILL_AGAIN,
    TAKING_BACK,
    DeliveryOutcome,
    DeliveryState,
    Due,
    LastAct,
    Verdict,
    outcome_of,
    progress_of,
    verdict_of,
)
from services.delivery.webhooks.receivers import Receiver
from shared.contracts.story import TAKES_BACK, Act

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WAIT = timedelta(minutes=20)
OURS = Receiver(
    id=UUID(int=1), key="", name="archive", url="https://archive.example/", secrets=(), sequence=6, failures=0, failing_since=None
)
SUBSCRIBERS = replace(OURS, key="Gulf Daily", name="news")


def due(event: str = "story.updated", receiver: Receiver = SUBSCRIBERS) -> Due:
    return Due(receiver=receiver, story="S", uri="urn:x", edition="en", revision=1, event=event, attempts=0, sequence=7)


def outcome(status: int | None, *, event: str = "story.updated", receiver: Receiver = SUBSCRIBERS) -> DeliveryOutcome:
    return outcome_of(due(event, receiver), status=status, error=None, at=NOON, retry_in=WAIT)


# ── Events ───────────────────────────────────────────────────────────────────────────────────────────────────────


def last(act: Act, edition: str = "en", *, revision: int = 3, text: int | None = 3, first: int | None = 1) -> LastAct:
    return LastAct(
        story="S", revision=revision, act=act, own_edition="en", done_at=NOON, edition=edition, text_revision=text,
        first_revision=first,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("act", "event"),
    [
        (Act.NEW, "story.published"),
        (Act.LIFT, "story.published"),
        (Act.RELEASE, "story.updated"),
        (Act.UPDATE, "story.updated"),
        (Act.CORRECTION, "story.corrected"),
        (Act.WITHHOLD, "story.withheld"),
        (Act.KILL, "story.killed"),
        (Act.EXPIRE, "story.expired"),
    ],
)
@pytest.mark.parametrize(("edition", "published"), [("en", "story.published"), ("ar", "edition.published")])
def test_a_first_text_is_published_at_whatever_revision_and_all_else_has_its_acts_event(
    act: Act, event: str, edition: str, published: str
) -> None:
    leaves_a_text = act not in (Act.WITHHOLD, Act.KILL, Act.EXPIRE)
    assert last(act, edition, first=3).announcement(3).event == (published if leaves_a_text else event)
    expected = published if act in (Act.NEW, Act.LIFT) else event
    assert last(act, edition, first=1).announcement(3).event == expected
    assert last(act, edition, text=None, first=None).announcement(3).event == expected  # rendered by an older Barq


def test_every_event_has_an_act_and_of_a_story_without_an_edition_every_text_is_a_translation() -> None:
    assert {last(act, edition).announcement(3).event for act in Act for edition in ("en", "ar")} == {*EVENTS}
    homeless = [replace(last(act, first=3), own_edition=None).announcement(3).event for act in Act]
    assert "story.published" not in homeless


def test_a_first_text_that_is_told_late_is_published_although_the_story_went_on_meanwhile() -> None:
    now = last(Act.CORRECTION, revision=2, text=2, first=1)
    assert [now.announcement(asked).event for asked in (1, 2)] == ["story.published", "story.corrected"]


@pytest.mark.parametrize(
    ("act", "text", "told"),
    [
        (Act.UPDATE, 2, 2),  # the edition has the text of an earlier revision, which is what can be read
        (Act.UPDATE, 3, 3),
        (Act.NEW, 3, 3),
        (Act.UPDATE, None, 3),
        # what takes back, and what comes back, is of the story in every edition
        (Act.CORRECTION, 2, 3),
        (Act.WITHHOLD, 2, 3),
        (Act.KILL, 2, 3),
        (Act.EXPIRE, 2, 3),
        (Act.RELEASE, 2, 3),
    ],
)
def test_a_text_is_told_under_the_revision_that_it_is_of(act: Act, text: int | None, told: int) -> None:
    announced = last(act, "ar", text=text).announcement(3)
    assert announced.revision == told
    assert announced.takes_back == (act in TAKES_BACK)


def test_what_takes_back_is_a_correction_a_hold_a_kill_and_an_expiry() -> None:
    assert TAKING_BACK == ("story.corrected", "story.withheld", "story.killed", "story.expired")


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [
        ((200, 201, 202, 204, 299), Verdict.ACKNOWLEDGED),
        ((None, 408, 425, 429, 500, 502, 503, 504, 599), Verdict.AGAIN),
        ((100, 199, 300, 301, 302, 307, 308, 400, 401, 403, 404, 409, 411, 413, 422, 451, 499), Verdict.REFUSED),
        ((410,), Verdict.GONE),
    ],
)
def test_what_an_answer_means(statuses: Sequence[int | None], verdict: Verdict) -> None:
    assert {status: verdict_of(status) for status in statuses} == dict.fromkeys(statuses, verdict)


@pytest.mark.parametrize(
    ("status", "event", "receiver", "state", "again_in", "holds_all", "ends"),
    [
        (204, "story.updated", SUBSCRIBERS, "acknowledged", timedelta(), False, False),
        (204, "story.killed", SUBSCRIBERS, "acknowledged", timedelta(), False, False),
        # trouble: all that is for this receiver waits
        (None, "story.updated", SUBSCRIBERS, "due", WAIT, True, False),
        (503, "story.updated", SUBSCRIBERS, "due", WAIT, True, False),
        (503, "story.killed", SUBSCRIBERS, "due", WAIT, True, False),
        # a refusal parks this one; a kill is sent again, beside all else
        (404, "story.updated", SUBSCRIBERS, "parked", timedelta(), False, False),
        (301, "story.corrected", SUBSCRIBERS, "parked", timedelta(), False, False),
        (404, "story.killed", SUBSCRIBERS, "due", KILL_AGAIN, False, False),
        # a subscriber's receiver may go; one that the newsroom named may not
        (410, "story.updated", SUBSCRIBERS, "parked", timedelta(), False, True),
        (410, "story.killed", SUBSCRIBERS, "due", KILL_AGAIN, False, True),
        (410, "story.updated", OURS, "parked", timedelta(), False, False),
        (410, "story.killed", OURS, "due", KILL_AGAIN, False, False),
    ],
)
def test_what_an_answer_makes_of_a_notification(
    status: int | None,
    event: str,
    receiver: Receiver,
    state: DeliveryState,
    again_in: timedelta,
    holds_all: bool,
    ends: bool,
) -> None:
    made = outcome(status, event=event, receiver=receiver)
    assert (made.state, made.again_at - NOON, made.holds_all, made.ends) == (state, again_in, holds_all, ends)


# ── Receivers after a batch ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("statuses", "acknowledged", "failures", "due_in"),
    [
        ([204], 1, 0, timedelta()),
        ([204, 200, 204], 3, 0, timedelta()),
        ([204, 503], 1, 3, WAIT),
        ([503], 0, 3, WAIT),
        ([204, 422], 1, 0, timedelta()),
        ([410], 0, 0, timedelta()),
    ],
)
def test_a_receiver_counts_what_it_acknowledged_and_its_failures_in_a_row(
    statuses: list[int], acknowledged: int, failures: int, due_in: timedelta
) -> None:
    receiver = replace(SUBSCRIBERS, failures=2, failing_since=NOON - timedelta(hours=1))
    progress = progress_of([outcome(status, receiver=receiver) for status in statuses])
    assert (progress.acknowledged, progress.failures, progress.due_at - NOON) == (acknowledged, failures, due_in)
    assert progress.ended_at == (NOON if statuses == [410] else None)


@pytest.mark.parametrize(
    ("failing_for", "status", "failing_since", "is_disabled"),
    [
        (None, 204, None, False),
        (None, 503, NOON, False),
        (timedelta(hours=1), 503, NOON - timedelta(hours=1), False),
        (DISABLED_AFTER, 503, NOON - DISABLED_AFTER, False),
        (DISABLED_AFTER + timedelta(seconds=1), 503, NOON - DISABLED_AFTER - timedelta(seconds=1), True),
        (DISABLED_AFTER + timedelta(seconds=1), None, NOON - DISABLED_AFTER - timedelta(seconds=1), True),
        # an answer of its own, even a refusal, is a sign of life
        (DISABLED_AFTER + timedelta(seconds=1), 204, None, False),
        (DISABLED_AFTER + timedelta(seconds=1), 422, None, False),
    ],
)
def test_who_fails_for_three_days_without_an_end_is_disabled(
    failing_for: timedelta | None, status: int | None, failing_since: datetime | None, is_disabled: bool
) -> None:
    receiver = replace(SUBSCRIBERS, failing_since=NOON - failing_for if failing_for else None)
    progress = progress_of([outcome(status, receiver=receiver)])
    assert progress.failing_since == failing_since
    assert progress.disabled_at == (NOON if is_disabled else None)
