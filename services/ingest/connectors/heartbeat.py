"""A heartbeat: an item of our own, sent through the real pipe on a schedule, which no reader and no desk ever sees.

That it arrives proves what nothing else does: that an item which comes now would be published. Ops see its age.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from services.ingest.connectors.connector import PollContext, SourceDocument

SCHEMES = ("heartbeat",)


def poll(context: PollContext) -> Iterator[SourceDocument]:
    """One item for each poll; a day's heartbeats are the versions of one story."""
    midnight = context.now.replace(hour=0, minute=0, second=0, microsecond=0)
    item = {
        "uri": f"urn:barq:heartbeat:{context.source.name}:{context.now:%Y%m%d}",
        "version": int((context.now - midnight).total_seconds() * 1000) + 1,
        "versioncreated": context.now.isoformat(),
        "language": "en",
        "headline": "Heartbeat",
        "body_text": f"Sent at {context.now:%H:%M:%S} GMT.",
        "provider": {"name": "barq"},
        "signal": "test",
        "urgency": 5,
    }
    yield SourceDocument(name="heartbeat", body=json.dumps(item).encode(), content_type="application/json")
