"""The wire's app for Celery's own tools: `celery -A shared.queue.celery_app inspect ping`.

Workers answer if `BARQ_CELERY_CONTROL` says so.
"""

from __future__ import annotations

from celery import Celery

from shared.queue import broker


def __getattr__(name: str) -> Celery:
    """`app`, for who asks: whoever merely imports this module needs no broker."""
    if name == "app":
        return broker.app()
    raise AttributeError(name)
