"""`barq kept worker --service publish`: a role with somebody beside it, for places where nobody else watches it.

A role that is deaf ends itself, and a container's restart policy starts it again. One that is frozen, or stuck in a piece of
work, cannot end itself, and no restart policy sees that it is. So its parent looks for signs of life and at deadlines, as the
embedded wire's supervisor does, and ends it. Standard library only: there is one of these in every container.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict
from pathlib import Path

from services.console.supervision.health import default_worker_name
from shared.embedded.processes import dies_with_parent
from shared.queue.in_hand import LOOK_EVERY_S, Deadlines, Held, in_hand_file
from shared.queue.liveness import PULSE, Signs, answers, local_host, touched

#: as in shared/settings.py, which takes longer to load than all of this
_FROZEN_AFTER_S = float(os.environ.get("BARQ_FROZEN_AFTER_S", "25"))

#: a role that has given no sign of life yet may still be loading what it needs
_MAY_LOAD_FOR_S = 90.0

#: how long writing down what was ended with its worker may take; after that the worker starts again
_WRITES_DOWN_FOR_S = 60.0

#: what it needs to begin with that; so long the worker is let alone
_BEGINS_TO_WRITE_DOWN_S = 2.0

#: how this ends when the role was frozen or stuck; whoever supervises it restarts it like any other exit
EXIT_FROZEN = 75


def main(arguments: Sequence[str]) -> int:
    """Run a role until it ends, or is frozen or stuck and ended."""
    command = [sys.executable, "-m", "services.console.main", *arguments]
    read_sign = _sign_of(arguments)
    if read_sign is None:  # what is done once needs nobody beside it
        os.execv(sys.executable, command)  # noqa: S606  our own command
    child = subprocess.Popen(command, preexec_fn=dies_with_parent(signal.SIGTERM))
    signals_passed_on: list[int] = []

    def pass_on(number: int, _: object) -> None:
        signals_passed_on.append(number)  # who ends gives no more signs of life
        child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, pass_on)
    started_s = time.monotonic()
    signs = Signs(read_sign, started_s, grace_s=_MAY_LOAD_FOR_S)
    deadlines = Deadlines(in_hand_file(_home(), _worker_name(arguments)), child.pid, started_s)
    while True:
        try:
            return child.wait(LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            now_s = time.monotonic()
            held = deadlines.look(now_s)
            is_overdue = held is not None and held.is_overdue
            if signals_passed_on or not (is_overdue or signs.silent_s(now_s) > _FROZEN_AFTER_S):
                continue
            _say("role.stuck" if is_overdue else "role.frozen", arguments[0], held)
            with _write_down(held) if held and (is_overdue or held.is_stuck_alone) else nullcontext():
                child.kill()
                child.wait()
            return EXIT_FROZEN


def _say(event: str, role: str, held: Held | None) -> None:
    line = {"event": event, "role": role, "holds": held and held.words(), "level": "error"}
    with suppress(OSError):
        sys.stderr.write(json.dumps(line) + "\n")


@contextmanager
def _write_down(held: Held) -> Iterator[None]:
    """By a process, which has what this one does without, and which is done when the worker, ended here, lets go of the row."""
    writer = subprocess.Popen([sys.executable, "-m", "services.console.supervision.stuck", json.dumps(asdict(held))])
    with suppress(subprocess.TimeoutExpired):
        writer.wait(_BEGINS_TO_WRITE_DOWN_S)
    yield
    try:
        writer.wait(_WRITES_DOWN_FOR_S)
    except subprocess.TimeoutExpired:
        writer.kill()
        writer.wait()


def _home() -> Path:
    return Path(os.environ.get("BARQ_HOME", "./var"))


def _worker_name(arguments: Sequence[str]) -> str:
    parser = argparse.ArgumentParser()
    parser.add_argument("--service", action="append", default=[])
    parser.add_argument("--lane", default="regular")
    parser.add_argument("--name")
    options, _ = parser.parse_known_args(arguments[1:])
    return options.name or (default_worker_name(options.service, options.lane) if options.service else arguments[0])


def _sign_of(arguments: Sequence[str]) -> Callable[[], object | None] | None:
    match arguments[:1]:
        case ["worker"]:
            return touched(_home(), _worker_name(arguments))
        case ["pulse"]:
            return touched(_home(), PULSE)
        case ["web"]:
            host, port = local_host(os.environ.get("BARQ_HOST", "127.0.0.1")), int(os.environ.get("BARQ_PORT", "8000"))
            return lambda: time.monotonic() if answers(host, port) else None
        case _:
            return None
