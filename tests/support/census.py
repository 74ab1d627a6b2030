"""A census without a database: an empty wire, with what a test says of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from shared.contracts.source import Health
from shared.pipeline import Lane, Stage, queue_name, queues
from shared.status import Census, DeadRow, EditionRow, QueueRow, SourceRow, WorkerRow

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def queue_row(stage: Stage, lane: Lane = Lane.REGULAR, **fields: Any) -> QueueRow:
    empty: dict[str, Any] = {"depth": 0, "oldest_s": 0.0, "later": 0, "workers": 1, "paused": False}
    return QueueRow(queue=queue_name(stage, lane), stage=stage, **{**empty, **fields})


def worker_row(**fields: Any) -> WorkerRow:
    well: dict[str, Any] = {
        "name": "w1", "services": ("publish",), "lanes": ("express", "regular"), "heard_s": 1.0, "alive": True, "doing": None,
    }  # fmt: skip
    return WorkerRow(**{**well, **fields})


def edition_row(**fields: Any) -> EditionRow:
    people: dict[str, Any] = {"edition": "ar", "engine": "people", "stories": 0, "waiting": 0, "silent": ""}
    return EditionRow(**{**people, **fields})


def source_row(**fields: Any) -> SourceRow:
    well: dict[str, Any] = {
        "name": "agency", "url": "https://agency.example/feed", "looked_s": 3.0, "quiet_s": 60.0, "failures": 0, "error": "",
        "is_quiet": False, "health": Health.WELL,
    }  # fmt: skip
    return SourceRow(**{**well, **fields})


def dead_row(**fields: Any) -> DeadRow:
    translation: dict[str, Any] = {
        "id": 7, "stage": Stage.TRANSLATE, "item": "0198", "revision": 1, "edition": "ar", "attempts": 5, "died_at": NOW,
        "error": "Traceback\n  of many lines\nEngineError: no answer", "about": "Ministers agree", "is_item": True,
    }  # fmt: skip
    return DeadRow(**{**translation, **fields})


def census(**fields: Any) -> Census:
    """A wire whose every queue is heard and empty."""
    empty: dict[str, Any] = {
        "taken_at": NOW, "queues": tuple(queue_row(stage, lane) for stage, lane in queues()), "workers": (worker_row(),),
        "dead_count": {}, "dead": (), "editions": (), "sources": (), "subscribers": {}, "receivers": {}, "failing": (),
        "parked": 0, "heartbeat_s": None, "held": {}, "out_of_sight": {}, "items": 0, "stories": 0, "broker": True,
    }  # fmt: skip
    return Census(**{**empty, **fields})
