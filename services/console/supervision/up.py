"""`barq up`, `barq down`: the embedded wire, in the foreground or detached."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from services.console.supervision.first_start import prepare_archive
from services.console.supervision.preflight import cannot_write
from services.console.supervision.supervisor import Supervisor
from services.console.supervision.welcome import FirstKey, welcome
from shared import log
from shared.archive.accounts import Account, make_accounts, url_of
from shared.archive.database import migrate
from shared.embedded.logs import close_logs
from shared.embedded.runfile import holder_of, read_runfile
from shared.errors import StartError
from shared.roles import EMBEDDED_ROLES
from shared.settings import settings
from shared.wire.config import wire

#: steps that the progress display counts: two servers, the schema, the keys, what roles need, every role, ready
_STEPS = 6 + len(EMBEDDED_ROLES)

_ENDS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(Exception):
    """A signal came before the wire was ready."""


def run_here(home: Path, host: str, port: int, console: Console) -> None:
    """Start the wire, say where it is, and watch it until SIGINT or SIGTERM.

    Raises StartError, ConfigurationError, and Interrupted for a signal while it starts; what had started is stopped.
    """
    editions = wire().editions  # a mistake in the newsroom's file is found before anything starts
    log.configure(settings().log_level)
    supervisor, first_keys = _start(home, host, port, console)
    for number in _ENDS:
        signal.signal(number, supervisor.request_stop)
    try:
        with suppress(OSError):  # nobody listens, or the disk is full: the wire runs all the same
            welcome(console, supervisor.url, {tag: edition.title for tag, edition in editions.items()}, first_keys)
        supervisor.watch()
        with suppress(OSError):
            console.print("Stopping …")
    finally:
        supervisor.shut_down()
    with suppress(OSError):
        console.print("Stopped. Everything that was accepted is kept.")


def _start(home: Path, host: str, port: int, console: Console) -> tuple[Supervisor, list[FirstKey]]:
    """Start everything, with a progress bar; if anything goes wrong, nothing of it is left running."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("Looking around", total=_STEPS)

        def say(step: str) -> None:
            progress.update(bar, advance=1, description=step)

        supervisor = Supervisor(home=home, host=host, port=port, say=say)
        for number in _ENDS:
            signal.signal(number, _interrupt)
        try:
            database_url, broker_url = supervisor.start_servers()
            say("Bringing the archive up to date")
            migrate(database_url)
            first_keys = prepare_archive(home, database_url, supervisor.public_url)
            supervisor.start_roles(database_url, broker_url, roles_database_url=_account_of_roles(database_url))
        except BaseException:
            supervisor.shut_down()
            raise
    return supervisor, first_keys


def _account_of_roles(database_url: str) -> str:
    """The embedded database by an account that owns nothing; another one as it was named: its accounts are its operator's."""
    if settings().database_url:
        return ""
    make_accounts(database_url, {})
    return url_of(Account.WIRE, database_url)


def _interrupt(*_: object) -> None:
    raise Interrupted


def run_detached(home: Path, host: str, port: int, console: Console) -> int:
    """Start the wire in the background, and print what it printed. Returns once it is ready (0) or could not start (1).

    Raises StartError for a home that cannot be written.
    """
    output = _open_log(home)
    begins_at = output.tell()  # a wire that runs here already writes into it too
    with output:
        child = subprocess.Popen(
            _command(home, host, port),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env={**os.environ, "COLUMNS": "140"},
        )
        while child.poll() is None:
            run = read_runfile(home)
            if run and run.ready and run.pid == child.pid:
                break
            time.sleep(0.1)
    with Path(output.name).open("rb") as written:
        written.seek(begins_at)
        words = written.read().decode("utf-8", "replace").strip()
    console.print(words, soft_wrap=True)
    return 0 if child.poll() is None else 1


def _open_log(home: Path) -> IO[bytes]:
    """Where a detached wire's words go, at the end of those before it. Raises StartError."""
    os.umask(0o077)
    try:
        home.mkdir(parents=True, exist_ok=True)
        close_logs(home)
        return (home / "log" / "up.log").open("ab")
    except OSError as refused:
        raise cannot_write(home, refused) from refused


def _command(home: Path, host: str, port: int) -> list[str]:
    barq = [sys.executable, "-m", "services.console.main"]
    return [*barq, "up", "--home", str(home), "--host", host, "--port", str(port)]


def stop(home: Path, timeout_s: float = 60.0) -> bool:
    """Stop the wire of a home cleanly. False if none ran. Raises StartError if it does not stop in time."""
    pid = holder_of(home)
    if pid is None or not _is_alive(pid):
        return False
    os.kill(pid, signal.SIGTERM)
    ends_s = time.monotonic() + timeout_s
    while _is_alive(pid):
        if time.monotonic() > ends_s:
            raise StartError(f"the wire (process {pid}) did not stop within {timeout_s:.0f} s; see {home}/log")
        time.sleep(0.05)
    return True


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:  # a process that ended and was not waited for is not alive
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True
