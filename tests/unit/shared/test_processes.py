"""What a process is made to do to others."""

from __future__ import annotations

import os
import subprocess

from shared.embedded.processes import let_others_first


def test_who_lets_others_first_has_less_of_the_processors_and_never_more() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        let_others_first(process.pid, 5)
        first = os.getpriority(os.PRIO_PROCESS, process.pid)
        let_others_first(process.pid, 50)
        second = os.getpriority(os.PRIO_PROCESS, process.pid)
        process.kill()
    assert (first, second) == (min(os.getpriority(os.PRIO_PROCESS, 0) + 5, 19), 19)
    let_others_first(process.pid, 5)  # it has ended: nobody is harmed
