"""Delivery's stage: tells each receiver once; who did not acknowledge is told again."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from services.delivery import store, webhooks
from services.delivery.webhooks import Notification
from shared import log, metrics
from shared.clock import utc_now
from shared.contracts.work import Done, Failed, Later, Outcome, Work
from shared.pipeline import Stage
from shared.settings import settings
from shared.wire import Webhook, wire

#: a chunk stops calling receivers after this long and leaves the rest for the next, so that no transaction grows old
_LONGEST_S = 10.0

_log = log.get("delivery")


def deliver(connection: Connection, chunk: Sequence[Work], now: datetime) -> Mapping[int, Outcome]:
    """Tell every receiver of each work's edition."""
    ends_s = time.monotonic() + _LONGEST_S
    outcomes: dict[int, Outcome] = {}
    for work in chunk:
        if time.monotonic() > ends_s:
            outcomes[work.id] = Later(timedelta(0), "receivers are slow")
            continue
        found = store.read_notifications(connection, [work.item], work.edition, settings().public_url)
        silent = [
            name
            for name, receiver in wire().webhooks.items()
            if work.edition in (receiver.editions or wire().editions)
            and not _tell(connection, name, receiver, found[work.item])
        ]
        outcomes[work.id] = Failed(f"not acknowledged by {', '.join(silent)}") if silent else Done()
    return outcomes


def _tell(connection: Connection, name: str, receiver: Webhook, notification: Notification) -> bool:
    if store.is_acknowledged(connection, name, notification):
        return True
    secret = os.environ.get(f"BARQ_WEBHOOK_SECRET_{name.upper().replace('-', '_')}", "")
    now = utc_now()
    receipt = webhooks.post(receiver.url, secret, notification, timeout_s=settings().webhook_timeout_s, now=now)
    store.write_delivery(connection, name, notification, receipt, now)
    metrics.count(
        "barq_deliveries_total", channel="webhook", outcome="acknowledged" if receipt.acknowledged else "failed"
    )
    _log.info("subscriber.notified", destination=name, story=notification.story, status=receipt.status)
    return receipt.acknowledged


HANDLERS = {Stage.DELIVER: deliver}
