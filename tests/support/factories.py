"""Made-up items, whole unless a test says otherwise."""

from __future__ import annotations

from typing import Any

from services.ingest.completion import complete
from services.ingest.formats import ninjs
from shared.contracts.item import WireItem


def sent(**fields: Any) -> dict[str, Any]:
    """An item as a newsroom sends it."""
    return {
        "uri": "urn:newsroom:1",
        "version": 1,
        "headline": "Ministers agree on output",
        "body_text": "Ministers from Saudi Arabia and Iraq agreed on crude output.\n\nSaudi Arabia and Iraq will share it.",
        "language": "en",
        "urgency": 5,
        "provider": {"name": "Levant Press Agency"},
        **fields,
    }


def wire_item(**fields: Any) -> WireItem:
    """The same, understood."""
    return complete(ninjs.read(sent(**fields)))
