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
from shared.contracts.story import Act
from shared.contracts.work import Done, Failed, Later, Outcome, Work
from shared.pipeline import Stage
from shared.settings import settings
from shared.wire import wire

#: a chunk stops calling receivers after this long and leaves the rest for the next, so that no transaction grows old
_LONGEST_S = 10.0

#: these go to everyone who ever had a version, whatever their filters say today
_FOR_ALL_WHO_HAD_IT = (Act.CORRECTION, Act.WITHHOLD, Act.KILL, Act.EXPIRE)
_KILL_ATTEMPTS_BEFORE_ALARM = 8
_KILL_AGAIN = timedelta(minutes=5)

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
        notification = found[work.item]
        receivers = _receivers(connection, work, notification)
        silent = [name for name, url in receivers.items() if not _tell(connection, name, url, notification)]
        outcomes[work.id] = _outcome(work, notification, silent)
    return outcomes


def _receivers(connection: Connection, work: Work, notification: Notification) -> dict[str, str]:
    """Whom to tell, and where: who asks for the edition; and of what takes back or corrects, everyone who had a version."""
    urls = {name: receiver.url for name, receiver in wire().webhooks.items()}
    asked = {
        name: url
        for name, url in urls.items()
        if work.edition in (wire().webhooks[name].editions or wire().editions)
    }
    if notification.act in _FOR_ALL_WHO_HAD_IT:
        asked |= {name: urls.get(name, url) for name, url in store.reached(connection, notification).items()}
    return asked


def _outcome(work: Work, notification: Notification, silent: Sequence[str]) -> Outcome:
    if not silent:
        return Done()
    error = f"not acknowledged by {', '.join(silent)}"
    if notification.act is Act.KILL and work.attempts >= _KILL_ATTEMPTS_BEFORE_ALARM:
        # a kill is never given up: it is told for as long as it takes, and somebody is told that it takes long
        _log.error("kill.unacknowledged", story=notification.story, by=silent, attempts=work.attempts)
        metrics.count("barq_kills_unacknowledged_total")
        return Later(_KILL_AGAIN, error)
    return Failed(error)


def _tell(connection: Connection, name: str, url: str, notification: Notification) -> bool:
    if store.is_acknowledged(connection, name, notification):
        return True
    secret = os.environ.get(f"BARQ_WEBHOOK_SECRET_{name.upper().replace('-', '_')}", "")
    now = utc_now()
    receipt = webhooks.post(url, secret, notification, timeout_s=settings().webhook_timeout_s, now=now)
    store.write_delivery(connection, name, url, notification, receipt, now)
    metrics.count(
        "barq_deliveries_total", channel="webhook", outcome="acknowledged" if receipt.acknowledged else "failed"
    )
    _log.info("subscriber.notified", destination=name, story=notification.story, status=receipt.status)
    return receipt.acknowledged


HANDLERS = {Stage.DELIVER: deliver}
