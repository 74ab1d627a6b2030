"""One signed POST, by the Standard Webhooks specification: https://www.standardwebhooks.com/ ."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from standardwebhooks.webhooks import Webhook as Signer

from shared.contracts.story import Act

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


@dataclass(frozen=True, kw_only=True)
class Notification:
    """What a receiver is told: that there is something to read, and where. Text is fetched, so it is never outdated."""

    story: str
    uri: str
    edition: str
    revision: int
    act: Act
    is_own_edition: bool
    url: str

    @property
    def event(self) -> str:
        """`story.published`, `story.killed`, …; a translation's first text is `edition.published`."""
        if not self.is_own_edition and self.act in (Act.NEW, Act.LIFT):
            return "edition.published"
        return _EVENTS[self.act]

    def body(self, now: datetime) -> dict[str, Any]:
        """The JSON that is sent."""
        return {
            "type": self.event,
            "timestamp": now.isoformat(),
            "data": {
                "story": self.story,
                "uri": self.uri,
                "edition": self.edition,
                "revision": self.revision,
                "url": self.url,
            },
        }


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What came back."""

    status: int | None
    error: str | None

    @property
    def acknowledged(self) -> bool:
        """2xx is yes; everything else is no."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, secret: str, notification: Notification, *, timeout_s: float, now: datetime) -> Receipt:
    """Send a notification. Its id is the same at every attempt, so that a receiver can tell a repetition."""
    body = json.dumps(notification.body(now), ensure_ascii=False)
    message_id = f"{notification.story}:{notification.edition}:{notification.revision}"
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
    }
    if secret:
        headers["webhook-signature"] = Signer(secret).sign(message_id, now, body)
    try:
        response = httpx.post(url, content=body.encode(), headers=headers, timeout=timeout_s, follow_redirects=False)
    except httpx.HTTPError as silent:
        return Receipt(status=None, error=repr(silent))
    return Receipt(
        status=response.status_code, error=None if response.is_success else f"answered {response.status_code}"
    )
