"""`barq health`: is the role in this container well? Apart from the other commands, as it is started every few seconds in each.

barq health --service publish        a worker is well if it heard itself lately
barq health --lane express …      the one that takes the express lane alone
barq health --web 8000            a web role is well if it answers
barq health --pulse               a pulse is well if it beat lately
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from shared.queue.liveness import PULSE, answers, is_well, local_host

#: as in shared/settings.py, which takes longer to load than all of this
_DEAF_AFTER_S = float(os.environ.get("BARQ_DEAF_AFTER_S", "20"))


def default_worker_name(services: Sequence[str], lane: str = "regular") -> str:
    """One name for each worker of a host or container."""
    return f"{services[0] if lane == 'regular' else lane}-{os.uname().nodename}"


def main(arguments: Sequence[str]) -> int:
    """0 if it is well; else 1 and the reason."""
    parser = argparse.ArgumentParser(prog="barq health", description="Is the role in this container well?")
    parser.add_argument("--service", action="append", default=[])
    parser.add_argument("--lane", default="regular")
    parser.add_argument("--web", type=int)
    parser.add_argument("--pulse", action="store_true")
    options = parser.parse_args(arguments)
    if options.web is not None:
        host = local_host(os.environ.get("BARQ_HOST", "127.0.0.1"))
        if not answers(host, options.web):
            return _ill(f"the web role at {host}, port {options.web}, does not answer")
    home = Path(os.environ.get("BARQ_HOME", "./var"))
    if options.service and not is_well(
        home, default_worker_name(options.service, options.lane), now_s=time.time(), deaf_after_s=_DEAF_AFTER_S
    ):
        return _ill(f"the worker for {', '.join(options.service)} has not heard itself for {_DEAF_AFTER_S:.0f} s")
    if options.pulse and not is_well(home, PULSE, now_s=time.time(), deaf_after_s=_DEAF_AFTER_S):
        return _ill(f"the pulse has not beaten for {_DEAF_AFTER_S:.0f} s")
    return 0


def _ill(reason: str) -> int:
    sys.stderr.write(f"barq: {reason}\n")
    return 1
