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
PUBLISHED = _EVENTS[Act.NEW]
EDITION_PUBLISHED = "edition.published"
#: what a receiver hears of a text first
FIRST = (PUBLISHED, EDITION_PUBLISHED)
#: what tells of another text, which to a receiver that never heard of one is the first
GOES_ON = (_EVENTS[Act.UPDATE], _EVENTS[Act.CORRECTION])
EVENTS = (*dict.fromkeys(_EVENTS.values()), EDITION_PUBLISHED)

#: who has not acknowledged anything for so long is sent nothing more, but kills
DISABLED_AFTER = timedelta(days=3)
#: a kill that a receiver refused is sent again after so long; other notifications are parked
KILL_AGAIN = timedelta(minutes=5)
#: attempts in vain before somebody hears that a kill takes long
KILL_ATTEMPTS_BEFORE_ALARM = 8

#: where a notification stands: to be sent; acknowledged; refused, until a replay; or a newer revision of its story is there
DeliveryState = Literal["due", "acknowledged", "parked", "superseded"]


#: acts after which there is no text to be read
_LEAVES_NO_TEXT = (Act.WITHHOLD, Act.KILL, Act.EXPIRE)


@dataclass(frozen=True, kw_only=True)
class LastAct:
    """What was last done to a story, and what readers of one edition have of it."""

    story: str
    revision: int
    act: Act
    own_edition: str | None
    done_at: datetime
    edition: str  #: the one that receivers are to hear of
    text_revision: int | None  #: the story's revision that the edition's text is of; None: not known, or there is none
    first_revision: int | None  #: the story's revision when the edition's readers saw it first; None: not known

    def announcement(self, asked_revision: int) -> Announcement:
        """What receivers hear of it, who are to hear of the edition's entry as of this revision of the story.

        A first text is published, at whatever revision, and whatever was done to the story meanwhile that left a text to read.
        """
        is_own = self.edition == self.own_edition
        is_first = asked_revision == self.first_revision and self.act not in _LEAVES_NO_TEXT
        # a story that nobody had yet is new whenever it becomes public: of one that an older Barq rendered no more is known
        is_new = is_first or self.act in (Act.NEW, Act.LIFT)
        is_of_the_story = self.act in TAKES_BACK or self.act is Act.RELEASE or self.text_revision is None
        return Announcement(
            event=(PUBLISHED if is_own else EDITION_PUBLISHED) if is_new else _EVENTS[self.act],
            revision=self.revision if is_of_the_story else self.text_revision or self.revision,
            else_event=_EVENTS[self.act],
            takes_back=self.act in TAKES_BACK,
        )


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """What receivers are to hear of an entry."""

    event: str
    revision: int  #: the story's, that the text is of, or the act
    else_event: str  #: for who heard of a first text of the edition already
    takes_back: bool  #: it goes to all who had a version, whatever they ask for today


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
