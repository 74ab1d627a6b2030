"""Ingest's stages: what is done for each piece of their work."""

from __future__ import annotations

from services.ingest.sources.stages import poll
from shared.pipeline import Stage
from shared.queue.ledger import InTwoSteps

HANDLERS = {Stage.POLL: InTwoSteps(poll)}
