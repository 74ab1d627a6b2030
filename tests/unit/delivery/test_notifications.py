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
from shared.contracts.story import Act

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


@pytest.mark.parametrize(
    ("act", "own", "translated"),
    [
        (Act.NEW, "story.published", "edition.published"),
        (Act.LIFT, "story.published", "edition.published"),
        (Act.RELEASE, "story.updated", "story.updated"),
        (Act.UPDATE, "story.updated", "story.updated"),
        (Act.CORRECTION, "story.corrected", "story.corrected"),
        (Act.WITHHOLD, "story.withheld", "story.withheld"),
        (Act.KILL, "story.killed", "story.killed"),
        (Act.EXPIRE, "story.expired", "story.expired"),
    ],
)
def test_each_act_has_its_event_in_the_storys_own_edition_and_in_another(act: Act, own: str, translated: str) -> None:
    last = LastAct(story="S", revision=1, act=act, own_edition="en", done_at=NOON)
    assert (last.event("en"), last.event("ar")) == (own, translated)
    assert {own, translated} <= {*EVENTS}


def test_every_act_is_in_that_table_and_of_a_story_without_an_edition_every_text_is_a_translation() -> None:
    last = [LastAct(story="S", revision=1, act=act, own_edition=None, done_at=NOON) for act in Act]
    assert {each.event("en") for each in last} == {*EVENTS} - {"story.published"}


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
