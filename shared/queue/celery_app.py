"""The wire's app for Celery's own tools: `celery -A shared.queue.celery_app inspect ping`.

Workers answer if `BARQ_CELERY_CONTROL` says so.
"""

from __future__ import annotations

from shared.queue import broker

app = broker.app()
