"""Limits for those who hammer, never for those who poll well.

A feed that is fetched with validators costs nothing, whether it has changed or not; whole feeds without one, pages, searches and
API answers are counted for each address, private feeds for each key, in this process. The allowance fills again all the time,
so that nobody waits for the end of a minute. A proxy that is trusted and does not say for whom it asks is not counted: it may be
asking for everyone. So are requests from this machine itself.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable

from starlette.types import Send

from shared.contracts.problem import MEDIA_TYPE, Refused, TooManyRequests

#: clients that are remembered; who has asked for nothing for a while is as one who never asked
_MOST_CLIENTS = 100_000


class Allowance:
    """So many requests a minute for each client, all of them at once if it likes."""

    def __init__(self, per_minute: Callable[[], int]) -> None:
        self._per_minute = per_minute  # asked for when it is needed: settings are not read while modules are
        self._left: dict[str, tuple[float, float]] = {}  # what was left, and when

    def wait_s(self, client: str, now_s: float) -> float:
        """Take one: 0 if there was one left, else the seconds until there is."""
        per_minute = self._per_minute()
        if not per_minute:
            return 0.0
        left, at_s = self._left.pop(client, (float(per_minute), now_s))
        left = min(left + (now_s - at_s) * per_minute / 60, float(per_minute))
        taken = left >= 1
        self._left[client] = (left - 1 if taken else left, now_s)
        if len(self._left) > _MOST_CLIENTS:
            del self._left[next(iter(self._left))]
        return 0.0 if taken else (1 - left) * 60 / per_minute

    def give_back(self, client: str) -> None:
        """It cost us nothing after all."""
        if client in self._left:
            left, at_s = self._left[client]
            self._left[client] = (left + 1, at_s)


def check(allowance: Allowance, client: str) -> None:
    """Raises Refused (429) if this client has asked too often."""
    if wait_s := allowance.wait_s(client, time.monotonic()):
        raise TooManyRequests(
            "Wait as long as `Retry-After` says. Polling feeds with `If-None-Match` or `If-Modified-Since` is never limited.",
            headers={"Retry-After": str(math.ceil(wait_s)), "Cache-Control": "no-store"},
        )


async def is_over(allowance: Allowance, client: str, send: Send) -> bool:
    """Has the client at this address asked too often? Then it is answered here."""
    if not client:
        return False
    try:
        check(allowance, client)
    except Refused as refused:
        body = json.dumps(refused.problem.model_dump(mode="json", exclude_defaults=True)).encode()
        answered = {"content-type": MEDIA_TYPE, "content-length": str(len(body)), **refused.headers}
    else:
        return False
    headers = [(name.lower().encode(), value.encode()) for name, value in answered.items()]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": body})
    return True
