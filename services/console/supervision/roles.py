"""What the embedded wire forks its roles from: a process that has loaded all that any of them needs.

How that is done is in `shared/embedded/forkserver.py`.

Run as `python -m services.console.supervision.roles` by the supervisor, with its socket as standard input.
"""

from __future__ import annotations

import os
import socket
import sys
from importlib import import_module

from setproctitle import setproctitle

from shared.embedded.forkserver import serve
from shared.pipeline import services
from shared.roles import WEB_APPS
from shared.settings import settings


def load() -> None:
    """Every module and every table of words that a role reads at its start; no connection, no thread."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy's own would be threads
    for module in ("services.console.main", "shared.queue.pulse", "shared.web.serving", "shared.web.origin", "uvicorn"):
        import_module(module)
    for web in WEB_APPS:
        import_module(web.app.partition(":")[0])
    import_module("shared.queue.worker").warm_up(services())


def main() -> None:
    """Load, fork on request, and be a role in whoever was forked."""
    arguments = serve(load, socket.socket(fileno=sys.stdin.fileno()))
    setproctitle(" ".join([sys.executable, "-m", "services.console.main", *arguments]))  # as one that was started
    sys.argv[1:] = arguments
    settings.cache_clear()  # the environment is the role's now
    import_module("services.console.main").main()


if __name__ == "__main__":
    main()
