"""`barq kept worker --room publish`: a role with somebody beside it, for places where nobody else watches it.

A role that is deaf or stuck ends itself, and a container's restart policy starts it again. One that is frozen cannot end itself,
and no restart policy sees that it is. So its parent looks for signs of life, as the embedded wire's supervisor does, and ends
it. Standard library only: there is one of these in every container.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from services.console.health import default_worker_name
from shared.embedded.processes import dies_with_parent
from shared.hearing import PULSE, Signs, answers, touched

#: as in shared/settings.py, which takes longer to load than all of this
_FROZEN_AFTER_S = float(os.environ.get("BARQ_FROZEN_AFTER_S", "25"))

#: a role that has given no sign of life yet may still be loading what it needs
_MAY_LOAD_FOR_S = 90.0
_LOOK_EVERY_S = 1.0

#: how this ends when the role was frozen; whoever supervises it restarts it like any other exit
EXIT_FROZEN = 75


def main(arguments: Sequence[str]) -> int:
    """Run a role until it ends, or is frozen and ended."""
    command = [sys.executable, "-m", "services.console.main", *arguments]
    read_sign = _sign_of(arguments)
    if read_sign is None:  # what is done once needs nobody beside it
        os.execv(sys.executable, command)  # noqa: S606  our own command
    child = subprocess.Popen(command, preexec_fn=dies_with_parent(signal.SIGTERM))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda asked, _: child.send_signal(asked))
    signs = Signs(read_sign, time.monotonic(), grace_s=_MAY_LOAD_FOR_S)
    while True:
        try:
            return child.wait(_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            if signs.silent_s(time.monotonic()) > _FROZEN_AFTER_S:
                sys.stderr.write(f'{{"event": "role.frozen", "role": "{arguments[0]}", "level": "error"}}\n')
                child.kill()
                child.wait()
                return EXIT_FROZEN


def _sign_of(arguments: Sequence[str]) -> Callable[[], object | None] | None:
    home = Path(os.environ.get("BARQ_HOME", "./var"))
    match arguments[:1]:
        case ["worker"]:
            parser = argparse.ArgumentParser()
            parser.add_argument("--room", action="append", default=[])
            parser.add_argument("--name")
            asked, _ = parser.parse_known_args(arguments[1:])
            return touched(home, asked.name or default_worker_name(asked.room))
        case ["pulse"]:
            return touched(home, PULSE)
        case ["web"]:
            port = int(os.environ.get("BARQ_PORT", "8000"))
            return lambda: time.monotonic() if answers("127.0.0.1", port) else None
        case _:
            return None
