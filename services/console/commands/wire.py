"""`barq up`, `barq down`, `barq status`: the embedded wire, and the state of any wire whose database this machine reaches."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from services.console import show
from services.console.options import AsJson, Home, use_home
from services.console.screen import screen
from services.console.supervision import up as embedded
from services.console.wire_client import wire_url
from shared.archive import disk
from shared.archive.database import engine
from shared.clock import utc_now
from shared.queue import broker
from shared.queue.broker_state import broker_trouble
from shared.settings import settings
from shared.status import Census, take_census
from shared.wire.config import wire

console = screen()


def up(
    detach: Annotated[bool, typer.Option("--detach", help="Return once the wire is ready.")] = False,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    home: Home = None,
) -> None:
    """Start the embedded wire: database, broker and every role, in one go."""
    use_home(home)
    where = (settings().home.resolve(), host or settings().host, port or settings().port)
    if detach:
        raise typer.Exit(embedded.run_detached(*where, console))
    try:
        embedded.run_here(*where, console)
    except (embedded.Interrupted, KeyboardInterrupt):
        console.print("Stopped.")


def down(home: Home = None) -> None:
    """Stop the embedded wire cleanly."""
    use_home(home)
    console.print("Stopped." if embedded.stop(settings().home.resolve()) else f"No wire runs in {settings().home}.")


def status(as_json: AsJson = False, home: Home = None) -> None:
    """Roles, queues, lag, dead letters, editions."""
    use_home(home)
    census = _take_census()
    if as_json:
        sys.stdout.write(census.model_dump_json(indent=2) + "\n")
    else:
        show.status(console, census, wire_url(None))


def _take_census() -> Census:
    trouble = broker_trouble(broker.client())
    with engine().connect() as connection:
        census = take_census(connection, wire=wire(), broker_answers=not trouble, now=utc_now())
    return census.with_troubles(disk=disk.trouble(), broker=trouble)
