"""A process that is forked for a supervisor is like one that it started. A supervisor adopts orphans: each case has its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from shared.embedded.forkserver import Forked, ForkServer, reap_orphans
from shared.errors import StartError

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="adopting orphans is Linux's")

#: a fork server that has nothing to load, and whose processes run the Python that they are given
SERVER = """
import socket
from shared.embedded.forkserver import serve
exec(serve(lambda: None, socket.socket(fileno=0))[0])
"""


def run_python(script: str) -> subprocess.CompletedProcess[str]:
    """Run it in a process of its own, with this one's modules at hand."""
    return subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)


#: forks no more, or not from the process in between, once there is a file of that name
FULL = """
import os
fork, own = os.fork, os.getpid()
def no_room():
    if os.path.exists({folder!r} + ("/full" if os.getpid() == own else "/full-between")):
        raise BlockingIOError(11, "Resource temporarily unavailable")
    return fork()
os.fork = no_room
"""


class Supervisor:
    """What a case has in its process: a fork server, and the log of whoever it forks."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "forked.log"
        self.server = ForkServer(
            [sys.executable, "-c", FULL.format(folder=str(folder)) + SERVER], log=folder / "server.log", environment=os.environ
        )
        self.server.wait_until_loaded()

    def forks(self, python: str, **environment: str) -> Forked:
        """A process that runs some Python."""
        return self.server.fork([python], log=self.log, environment=environment)

    def wrote(self, words: str) -> bool:
        """Wait until they stand in the log."""
        ends_s = time.monotonic() + 30
        while words not in (self.log.read_text() if self.log.exists() else ""):
            if time.monotonic() > ends_s:
                return False
            time.sleep(0.01)
        return True


def it_says_how_it_ended(supervisor: Supervisor) -> None:
    assert supervisor.forks("raise SystemExit(7)").wait(30) == 7
    sleeper = supervisor.forks("import time; time.sleep(60)")
    assert sleeper.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        sleeper.wait(0.01)
    sleeper.kill()
    assert sleeper.wait(30) == sleeper.returncode == -signal.SIGKILL
    sleeper.send_signal(signal.SIGTERM)  # to nobody: its number may be another's by now


def it_has_its_own_output_environment_and_session(supervisor: Supervisor) -> None:
    says = "import os, sys; print(os.environ['A_WORD'], os.getsid(0) == os.getpid(), sys.stdin.read() == '', flush=True)"
    assert supervisor.forks(says, A_WORD="said").wait(30) == 0
    assert supervisor.wrote("said True True")
    assert supervisor.forks("raise ValueError('what went wrong')").wait(30) == 1
    assert supervisor.wrote("ValueError: what went wrong")


def it_is_the_supervisors_child(supervisor: Supervisor) -> None:
    sleeper = supervisor.forks("import time; time.sleep(60)")
    assert sleeper.pid in {child.pid for child in psutil.Process().children()}
    supervisor.server.stop()
    assert sleeper.poll() is None, "it outlives the server that forked it"
    sleeper.kill()
    sleeper.wait(30)


def a_server_that_has_gone_is_told(supervisor: Supervisor) -> None:
    assert not supervisor.server.has_ended
    supervisor.server.process.kill()
    supervisor.server.process.wait(30)
    assert supervisor.server.has_ended
    for _ in range(2):
        with pytest.raises(StartError, match="no process could be forked"):
            supervisor.forks("pass")


def a_server_that_loads_is_waited_for_without_waiting(supervisor: Supervisor) -> None:
    assert not supervisor.server.is_loading()
    go = supervisor.folder / "go"
    waits = f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.01)\n"
    other = ForkServer([sys.executable, "-c", waits + SERVER], log=supervisor.log, environment=os.environ)
    assert other.is_loading()
    go.touch()
    while other.is_loading(wait_s=1.0):
        pass
    supervisor.server, former = other, supervisor.server
    former.stop()
    assert supervisor.forks("raise SystemExit(5)").wait(30) == 5


def a_server_that_is_frozen_is_given_up(supervisor: Supervisor) -> None:
    supervisor.server._socket.settimeout(0.2)
    supervisor.server.process.send_signal(signal.SIGSTOP)
    with pytest.raises(StartError, match="timed out"):
        supervisor.forks("pass")
    assert supervisor.server.process.returncode == -signal.SIGKILL


def no_room_for_a_process_is_told_and_passes(supervisor: Supervisor) -> None:
    for name in ("full", "full-between"):
        (supervisor.folder / name).touch()
        with pytest.raises(StartError, match="no room for a process"):
            supervisor.forks("pass")
        (supervisor.folder / name).unlink()
        assert supervisor.forks("raise SystemExit(3)").wait(30) == 3


def orphans_are_let_go_of_and_children_are_not(supervisor: Supervisor) -> None:
    ended = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    parent = supervisor.forks(
        "import os, time; pid = os.fork(); pid and (print('orphan', pid, flush=True), os._exit(0)); os._exit(0)"
    )
    assert parent.wait(30) == 0
    assert supervisor.wrote("orphan")
    orphan = int(supervisor.log.read_text().split()[-1])
    ends_s = time.monotonic() + 30
    while psutil.pid_exists(orphan) and time.monotonic() < ends_s:
        ended.poll()
        reap_orphans([ended, supervisor.server.process])
    assert not psutil.pid_exists(orphan)
    assert ended.wait(30) == 3


CASES = [
    it_says_how_it_ended,
    it_has_its_own_output_environment_and_session,
    it_is_the_supervisors_child,
    a_server_that_has_gone_is_told,
    a_server_that_loads_is_waited_for_without_waiting,
    a_server_that_is_frozen_is_given_up,
    no_room_for_a_process_is_told_and_passes,
    orphans_are_let_go_of_and_children_are_not,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_who_was_forked_is_like_one_that_was_started(case: Callable[[Supervisor], None], tmp_path: Path) -> None:
    script = f"from {__name__} import *; {case.__name__}(Supervisor(Path({str(tmp_path)!r})))"
    done = run_python(script)
    assert done.returncode == 0, done.stderr


def test_who_was_forked_ends_with_the_supervisor(tmp_path: Path) -> None:
    script = (
        f"from {__name__} import *\n"
        f"print(Supervisor(Path({str(tmp_path)!r})).forks('import time; time.sleep(60)').pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout
        forked = psutil.Process(int(supervisor.stdout.readline()))
        supervisor.kill()
    with suppress(psutil.NoSuchProcess):
        forked.wait(30)


def test_what_cannot_be_loaded_is_told_at_once(tmp_path: Path) -> None:
    fails = "[sys.executable, '-c', 'raise OSError(28)']"
    done = run_python(
        f"from {__name__} import *\n"
        f"ForkServer({fails}, log=Path({str(tmp_path / 'log')!r}), environment=os.environ).wait_until_loaded()"
    )
    assert "StartError: the roles cannot be loaded; see" in done.stderr


def test_what_roles_are_forked_from_has_one_thread_and_no_connection() -> None:
    script = (
        "import json, psutil; from services.console.supervision.roles import load; load()\n"
        "from shared.archive.database import engine; from shared.queue import broker\n"
        "me = psutil.Process()\n"
        "print(json.dumps([me.num_threads(), len(me.net_connections(kind='all')),"
        " engine.cache_info().currsize, broker.app.cache_info().currsize, broker.client.cache_info().currsize]))"
    )
    done = run_python(script)
    assert json.loads(done.stdout) == [1, 0, 0, 0, 0]
