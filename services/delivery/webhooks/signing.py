"""Webhooks by the Standard Webhooks specification (https://www.standardwebhooks.com/): what is sent, and how it is signed.

Values only.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from standardwebhooks.webhooks import Webhook as Signer

from services.delivery.http_sender import OutgoingRequest
from services.delivery.webhooks.notifications import Due
from services.delivery.webhooks.receivers import Receiver

#: how long an old secret signs beside the new one
SECRET_OVERLAP = timedelta(days=1)
_SECRET_BYTES = 24

T = TypeVar("T")


def new_secret() -> str:
    """A secret as the specification writes it: `whsec_` and 24 random bytes in base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def notification_request(due: Due, *, public_url: str, now: datetime) -> OutgoingRequest[Due]:
    """The signed POST of a notification. Its id is the same at every attempt, so that a receiver can tell a repetition.

    It says that there is something to read, and where. Text is fetched, so it is never outdated.
    """
    data: dict[str, str | int] = {
        "story": due.story,
        "uri": due.uri,
        "edition": due.edition,
        "revision": due.revision,
        "url": f"{public_url}/{due.edition}/stories/{due.story}",
        "sequence": due.sequence,
    }
    message_id = f"{due.story}:{due.edition}:{due.revision}"
    return signed_request(due.receiver, message_id, event=due.event, data=data, context=due, now=now)


def signed_request(
    receiver: Receiver, message_id: str, *, event: str, data: Mapping[str, str | int], context: T, now: datetime
) -> OutgoingRequest[T]:
    """A message as the specification has it: an id, a time, and a signature by each secret that is valid; none, no signature.

    `now` is in the body as ISO 8601, and in the header that is signed in whole seconds.
    """
    body = json.dumps({"type": event, "timestamp": now.isoformat(), "data": data}, ensure_ascii=False)
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
    }
    if receiver.secrets:
        headers["webhook-signature"] = " ".join(Signer(secret).sign(message_id, now, body) for secret in receiver.secrets)
    # whoever has no key is named in the wire file, by the newsroom itself
    may_be_private = not receiver.key
    return OutgoingRequest(url=receiver.url, headers=headers, body=body.encode(), context=context, may_be_private=may_be_private)
