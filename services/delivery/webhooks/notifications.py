"""Notifications: under which event a receiver hears of a story, what its answer means, and how it goes on from there.

Values only. A notification is about one revision of a story in one edition; in the tables it is a delivery.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

from services.delivery.webhooks.receivers import Receiver
from shared.contracts.story import TAKES_BACK, Act

#: what a revision is called when receivers are notified of it
_EVENTS = {
    Act.NEW: "story.published",
    Act.LIFT: "story.published",
    Act.RELEASE: "story.updated",
    Act.UPDATE: "story.updated",
    Act.CORRECTION: "story.corrected",
    Act.WITHHOLD: "story.withheld",
    Act.KILL: "story.killed",
    Act.EXPIRE: "story.expired",
}
KILLED = _EVENTS[Act.KILL]
#: for whoever had a version, whatever they ask for today
TAKING_BACK = tuple(_EVENTS[act] for act in TAKES_BACK)
EDITION_PUBLISHED = "edition.published"
EVENTS = (*dict.fromkeys(_EVENTS.values()), EDITION_PUBLISHED)

#: who has not acknowledged anything for so long is sent nothing more, but kills
DISABLED_AFTER = timedelta(days=3)
#: a kill that a receiver refused is sent again after so long; other notifications are parked
KILL_AGAIN = timedelta(minutes=5)
#: attempts in vain before somebody hears that a kill takes long
KILL_ATTEMPTS_BEFORE_ALARM = 8

#: where a notification stands: to be sent; acknowledged; refused, until a replay; or a newer revision of its story is there
DeliveryState = Literal["due", "acknowledged", "parked", "superseded"]


@dataclass(frozen=True, kw_only=True)
class LastAct:
    """What was last done to a story."""

    story: str
    revision: int
    act: Act
    own_edition: str | None
    done_at: datetime

    def event(self, edition: str) -> str:
        """`story.published`, `story.killed`, …; a translation's first text is `edition.published`."""
        if edition != self.own_edition and self.act in (Act.NEW, Act.LIFT):
            return EDITION_PUBLISHED
        return _EVENTS[self.act]


@dataclass(frozen=True, kw_only=True)
class Due:
    """One notification on its way to one receiver."""

    receiver: Receiver
    story: str
    uri: str
    edition: str
    revision: int
    event: str
    attempts: int  #: before this one
    sequence: int  #: the number that it gets if it is acknowledged


class Verdict(StrEnum):
    """What an answer means."""

    ACKNOWLEDGED = "acknowledged"
    AGAIN = "again"  #: the receiver has trouble: everything for it waits
    REFUSED = "refused"  #: it will not have this one
    GONE = "gone"  #: it wants nothing any more


def verdict_of(status: int | None) -> Verdict:
    """2xx is yes. No answer, 408, 425, 429 and 5xx pass; 410 is for good; everything else, redirects too, is a refusal."""
    if status is None or status in (408, 425, 429) or status >= 500:
        return Verdict.AGAIN
    if 200 <= status < 300:
        return Verdict.ACKNOWLEDGED
    return Verdict.GONE if status == 410 else Verdict.REFUSED


@dataclass(frozen=True, kw_only=True)
class DeliveryOutcome:
    """What came of sending one notification."""

    due: Due
    state: DeliveryState  #: what the delivery is now
    status: int | None  #: None: no answer
    error: str | None
    at: datetime
    again_at: datetime  #: not before, if it is still due
    holds_all: bool  #: the receiver has trouble, so everything for it waits until then
    ends: bool  #: the receiver wants nothing any more


def outcome_of(due: Due, *, status: int | None, error: str | None, at: datetime, retry_in: timedelta) -> DeliveryOutcome:
    """What an answer makes of a notification; `retry_in` is how long a receiver that has trouble is left alone."""
    verdict = verdict_of(status)
    if verdict is Verdict.GONE and not due.receiver.key:
        verdict = Verdict.REFUSED  # the newsroom named it: whether it goes is the newsroom's to say
    state: DeliveryState = "parked"
    wait = timedelta()
    if verdict is Verdict.ACKNOWLEDGED:
        state = "acknowledged"
    elif verdict is Verdict.AGAIN:
        state, wait = "due", retry_in
    elif due.event == KILLED:  # which is sent until it is acknowledged, and keeps nobody else waiting
        state, wait = "due", KILL_AGAIN
    return DeliveryOutcome(
        due=due,
        state=state,
        status=status,
        error=error,
        at=at,
        again_at=at + wait,
        holds_all=verdict is Verdict.AGAIN,
        ends=verdict is Verdict.GONE,
    )


@dataclass(frozen=True, kw_only=True)
class ReceiverProgress:
    """How a receiver stands after a batch."""

    receiver: UUID
    acknowledged: int  #: notifications of the batch
    failures: int  #: in a row
    failing_since: datetime | None
    disabled_at: datetime | None  #: it has failed for too long; None: it has not, or only began to
    error: str | None
    due_at: datetime  #: not to be sent to before
    ended_at: datetime | None  #: it wants nothing any more


def progress_of(outcomes: Sequence[DeliveryOutcome]) -> ReceiverProgress:
    """How a receiver stands after these notifications, in the order in which they were sent; there is one at least.

    Only the last can have failed, as nothing is sent after a failure.
    """
    last = outcomes[-1]
    receiver = last.due.receiver
    failing_since = (receiver.failing_since or last.at) if last.holds_all else None
    return ReceiverProgress(
        receiver=receiver.id,
        acknowledged=sum(outcome.state == "acknowledged" for outcome in outcomes),
        failures=receiver.failures + 1 if last.holds_all else 0,
        failing_since=failing_since,
        disabled_at=last.at if failing_since and last.at - failing_since > DISABLED_AFTER else None,
        error=last.error,
        due_at=last.again_at if last.holds_all else last.at,
        ended_at=last.at if last.ends else None,
    )
