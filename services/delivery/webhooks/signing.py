"""Webhooks, by the Standard Webhooks specification (https://www.standardwebhooks.com/): what is told, signed how, and what an
answer means. Values only.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from standardwebhooks.webhooks import Webhook as Signer

from services.delivery.http_sender import Letter
from shared.contracts.story import TAKES_BACK, Act

#: what a revision is called when it is told
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
#: told to whoever had a version, whatever they ask for today
TAKING_BACK = tuple(_EVENTS[act] for act in TAKES_BACK)
EDITION_PUBLISHED = "edition.published"
EVENTS = (*dict.fromkeys(_EVENTS.values()), EDITION_PUBLISHED)

#: who has not acknowledged anything for so long is told nothing more, but kills
DISABLED_AFTER = timedelta(days=3)
#: a kill that a receiver refused is told again after so long; other notifications are parked
KILL_AGAIN = timedelta(minutes=5)
#: attempts in vain before somebody is told that a kill takes long
KILL_ATTEMPTS_BEFORE_ALARM = 8
#: how long an old secret signs beside the new one
SECRET_OVERLAP = timedelta(days=1)


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
class Receiver:
    """Who is told, and where."""

    id: UUID
    key: str  #: the subscriber's; empty: named in the wire's file
    name: str
    url: str
    secrets: tuple[str, ...]  #: the newest first, and while it is young the one before
    sequence: int  #: notifications acknowledged
    failures: int
    failing_since: datetime | None


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


def letter_of(due: Due, *, public_url: str, now: datetime) -> Letter:
    """The signed POST. Its id is the same at every attempt, so that a receiver can tell a repetition.

    It says that there is something to read, and where. Text is fetched, so it is never outdated.
    """
    data = {
        "story": due.story,
        "uri": due.uri,
        "edition": due.edition,
        "revision": due.revision,
        "url": f"{public_url}/{due.edition}/stories/{due.story}",
        "sequence": due.sequence,
    }
    return signed(due.receiver, f"{due.story}:{due.edition}:{due.revision}", {"type": due.event, "data": data}, slip=due, now=now)


def signed(receiver: Receiver, message_id: str, told: dict[str, object], *, slip: object, now: datetime) -> Letter:
    """A message as the specification has it: an id, a time, and a signature by each secret that is valid."""
    body = json.dumps({"type": told["type"], "timestamp": now.isoformat(), **told}, ensure_ascii=False)
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
    }
    if receiver.secrets:
        headers["webhook-signature"] = " ".join(Signer(secret).sign(message_id, now, body) for secret in receiver.secrets)
    return Letter(url=receiver.url, headers=headers, body=body.encode(), slip=slip, may_be_private=not receiver.key)


def new_secret() -> str:
    """A secret as the specification writes it: 24 random bytes."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"


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
