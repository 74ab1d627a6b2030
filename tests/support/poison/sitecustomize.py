"""Poisons a worker that is started with this folder on its PYTHONPATH: an item whose `uri` begins with `urn:poison` never comes
out of C code that holds the interpreter's lock, and one that begins with `urn:slow` takes a while.

Python imports a module of this name at its start, so that real processes under their real parents are poisoned.
"""

import re
import sys
import time


def _poisoned(handler):  # type: ignore[no-untyped-def]
    from sqlalchemy import text

    def handle(connection, chunk, now):  # type: ignore[no-untyped-def]
        items = [work.item for work in chunk]
        rows = connection.execute(
            text("SELECT uri FROM items WHERE id = ANY(CAST(:items AS uuid[])) AND uri ~ '^urn:(poison|slow)'"), {"items": items}
        )
        for (uri,) in rows.all():
            if uri.startswith("urn:poison"):
                re.match(r"(a|a)*b", "a" * 60)
            time.sleep(0.5)
        return handler(connection, chunk, now)

    return handle


_FORKED_FROM = "services.console.supervision.roles"
if ("worker" in sys.orig_argv and "kept" not in sys.orig_argv) or _FORKED_FROM in sys.orig_argv:
    from services.enrichment import stages as _enrichment

    _enrichment.HANDLERS.update({stage: _poisoned(handler) for stage, handler in _enrichment.HANDLERS.items()})
