"""Delivery's stages: webhooks, the hub's, and caches. Each receiver is told once; who did not acknowledge is told again."""

from __future__ import annotations

from services.delivery.hub.stages import push, verify
from services.delivery.purge.stages import purge
from services.delivery.webhooks.stages import deliver, notify
from shared.pipeline import Stage
from shared.queue.ledger import InTwoSteps

HANDLERS = {
    Stage.FAN_OUT: deliver,
    Stage.WEBHOOK: InTwoSteps(notify),
    Stage.VERIFY: InTwoSteps(verify),
    Stage.WEBSUB: InTwoSteps(push),
    Stage.PURGE: InTwoSteps(purge),
}
