"""Delivery's stages: webhooks, the hub's, and caches. Each receiver is sent to once; who did not acknowledge is sent to again."""

from __future__ import annotations

from services.delivery.hub.stages import verify, websub
from services.delivery.purge.stages import purge
from services.delivery.webhooks.stages import fan_out, webhook
from shared.pipeline import Stage
from shared.queue.ledger import InTwoSteps

HANDLERS = {
    Stage.FAN_OUT: fan_out,
    Stage.WEBHOOK: InTwoSteps(webhook),
    Stage.VERIFY: InTwoSteps(verify),
    Stage.WEBSUB: InTwoSteps(websub),
    Stage.PURGE: InTwoSteps(purge),
}
