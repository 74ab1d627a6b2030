"""`barq up`, `barq down`: the embedded wire, in the foreground or detached."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text
from sqlalchemy import text

from services.console.supervisor import Supervisor
from services.console.wire_client import first_key_file
from shared import log
from shared.archive.accounts import Account, make_accounts, url_of
from shared.archive.database import make_engine, migrate
from shared.clock import utc_now
from shared.embedded.logs import close_logs
from shared.embedded.runfile import holder_of, read_runfile
from shared.errors import StartError
from shared.pipeline import Lane
from shared.queue import ledger
from shared.queue.rebuilding import every_entry, every_feed
from shared.roles import EMBEDDED_ROLES
from shared.settings import settings
from shared.web.keys import Role, create_key
from shared.wire.config import wire

#: steps that the progress display counts: two servers, the schema, the keys, every role, ready
_STEPS = 5 + len(EMBEDDED_ROLES)


def run_here(home: Path, host: str, port: int, console: Console) -> None:
    """Start the wire, say where it is, and watch it until SIGINT or SIGTERM. Raises StartError."""
    wire()  # a mistake in the newsroom's file is told before anything starts
    log.configure(settings().log_level)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as progress:
        bar = progress.add_task("Looking around", total=_STEPS)

        def say(step: str) -> None:
            progress.update(bar, advance=1, description=step)

        supervisor = Supervisor(home=home, host=host, port=port, say=say)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _interrupt)
        try:
            database_url, broker_url = supervisor.start_servers()
            say("Bringing the archive up to date")
            migrate(database_url)
            first_keys = _prepare_archive(home, database_url, supervisor.public_url)
            supervisor.start_roles(database_url, broker_url, roles_database_url=_account_of_roles(database_url))
        except BaseException:
            supervisor.shut_down()
            raise
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, supervisor.request_stop)
    try:
        with suppress(OSError):  # nobody listens, or the disk is full: the wire runs all the same
            _welcome(console, home, supervisor.url, first_keys)
        supervisor.watch()
        with suppress(OSError):
            console.print("Stopping …")
    finally:
        supervisor.shut_down()
    with suppress(OSError):
        console.print("Stopped. Everything that was accepted is kept.")


def _account_of_roles(database_url: str) -> str:
    """The embedded database by an account that owns nothing; another one as it was named: its accounts are its operator's."""
    if settings().database_url:
        return ""
    make_accounts(database_url, {})
    return url_of(Account.WIRE, database_url)


class Interrupted(Exception):
    """Asked to stop before the wire was ready."""


def _interrupt(*_: object) -> None:
    raise Interrupted


def _prepare_archive(home: Path, database_url: str, public_url: str) -> dict[str, str]:
    """Feed documents for a wire without stories, new links if the address changed, and on first start two keys.

    Returns the newsroom's and the ops' key if they were made.
    """
    database = make_engine(database_url)
    now = utc_now()
    made: dict[str, str] = {}
    with database.begin() as connection:
        editions = list(wire().editions)
        ledger.record(connection, every_feed(editions), lane=Lane.REGULAR, now=now)
        if _address_before(home) not in (None, public_url):
            ledger.record(connection, every_entry(connection, editions), lane=Lane.REGULAR, now=now)
        if not connection.execute(text("SELECT 1 FROM keys LIMIT 1")).first():
            for role in (Role.NEWSROOM, Role.OPS):
                made[role] = create_key(connection, role=role, name=f"first-{role}", now=now)
    database.dispose()
    _address_file(home).write_text(public_url, encoding="utf-8")
    for made_role, secret in made.items():
        kept = first_key_file(home, made_role)
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secret + "\n", encoding="utf-8")
    return made


def _address_file(home: Path) -> Path:
    """Where the public address is kept that entries and documents have in their links."""
    return home / "public_url"


def _address_before(home: Path) -> str | None:
    """The wire's public address when it was last started; None at its first start."""
    kept = _address_file(home)
    return kept.read_text(encoding="utf-8") if kept.exists() else None


def _welcome(console: Console, home: Path, url: str, first_keys: dict[str, str]) -> None:
    lines = ["Ctrl-C stops it.", ""]
    for edition, row in wire().editions.items():
        lines.append(f"{row.title:<18} {url}/{edition}/   feeds: {url}/{edition}/feeds/")
    lines += [f"{'Desk':<18} {url}/desk", f"{'Operations':<18} {url}/ops", f"{'Push':<18} POST {url}/v1/items"]
    if first_keys:
        lines += _words_for(first_keys, home, console)
        lines += ["", "The wire is empty. A dozen stories to begin with:  barq push samples/"]
    words = Text.assemble(("The wire runs.", "bold"), " ", "\n".join(lines))
    console.print(Panel(words, title="Barq · برق", expand=False), soft_wrap=True)


def _words_for(first_keys: dict[str, str], home: Path, console: Console) -> list[str]:
    """The first keys for a person who reads this on a screen; a log is told where they are, which others may read."""
    if console.is_terminal:
        said = ["", "Your first keys, shown this once (and kept for `barq` on this machine):"]
        return said + [f"  {role:<9} {secret}" for role, secret in first_keys.items()]
    said = ["", "Your first keys, for you alone to read:"]
    return said + [f"  {role:<9} {first_key_file(home, role)}" for role in first_keys]


def run_detached(home: Path, host: str, port: int, console: Console) -> int:
    """Start the wire in the background; return once it is ready (0) or could not start (1)."""
    said_in = home / "log" / "up.log"
    os.umask(0o077)
    try:
        home.mkdir(parents=True, exist_ok=True)
        close_logs(home)
        output = said_in.open("ab")  # a wire that runs here already writes into it too
        begins_at = output.tell()
    except OSError as refused:
        raise StartError(
            f"cannot write to {home}: {refused.strerror}. Give this user the folder, or set BARQ_HOME to another."
        ) from refused
    with output:
        child = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "services.console.main",
                "up",
                "--home",
                str(home),
                "--host",
                host,
                "--port",
                str(port),
            ],
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
    with said_in.open("rb") as said_by_both:
        said_by_both.seek(begins_at)
        said = said_by_both.read().decode("utf-8", "replace").strip()
    console.print(said, soft_wrap=True)
    return 0 if child.poll() is None else 1


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
