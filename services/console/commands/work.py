"""`barq dead`, `barq queue`: work that failed for good, and stages that somebody stops for a while."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from sqlalchemy import Connection

from services.console import queries, show
from services.console.commands.wire import status
from services.console.options import AsJson
from services.console.screen import screen
from shared.archive.database import engine
from shared.clock import utc_now
from shared.errors import BarqError
from shared.pipeline import Stage
from shared.queue import operations
from shared.queue.unit_of_work import unit_of_work
from shared.status import dead_letter, dead_letters
from shared.wire.config import wire

dead_app = typer.Typer(no_args_is_help=True, help="Dead letters: work that failed for good.")
queue_app = typer.Typer(no_args_is_help=True, help="Queues: what waits, and stopping a stage for a while.")

console = screen()

WorkIds = Annotated[list[int] | None, typer.Argument(help="Their ids, as listed.")]
All = Annotated[bool, typer.Option("--all", help="Every dead letter.")]

#: dead letters on one screen; `barq status` has the count of all
_MAX_LISTED = 200


@dead_app.command("list")
def dead_list(stage: Stage | None = None) -> None:
    """Dead letters, the newest first."""
    with engine().connect() as connection:
        show.dead(console, dead_letters(connection, wire(), _MAX_LISTED, stage))


@dead_app.command("show")
def dead_show(work_id: int) -> None:
    """One dead letter with its full error."""
    with engine().connect() as connection:
        row = dead_letter(connection, wire(), work_id)
    if row is None:
        raise BarqError(f"there is no dead letter {work_id}")
    show.dead(console, [row])
    console.print(row.error)


@dead_app.command("replay")
def dead_replay(work_ids: WorkIds = None, every: All = False) -> None:
    """Try dead letters again, once their cause is mended."""
    with unit_of_work() as work:
        count = work.replay(_chosen(work.connection, work_ids, every))
    console.print(f"{count} due again.")


@dead_app.command("discard")
def dead_discard(work_ids: WorkIds = None, every: All = False) -> None:
    """Remove dead letters for good."""
    with engine().begin() as connection:
        count = operations.discard(connection, _chosen(connection, work_ids, every))
    console.print(f"{count} removed.")


def _chosen(connection: Connection, work_ids: Sequence[int] | None, every: bool) -> Sequence[int]:
    """The ids that were named, or all. Raises BarqError."""
    if every:
        return queries.list_dead_work(connection)
    if not work_ids:
        raise BarqError("name dead letters by their ids, or say --all")
    return work_ids


#: until these have been done a story that is killed stands where it stood
_ON_A_KILLS_WAY = (Stage.PUBLISH, Stage.RENDER, Stage.REFRESH)


@queue_app.command("list")
def queue_list(as_json: AsJson = False) -> None:
    """Every queue: what is due, how old, who hears it."""
    status(as_json=as_json)


@queue_app.command("pause")
def queue_pause(stage: Stage) -> None:
    """Let no worker take work of a stage; what comes meanwhile is kept."""
    with engine().begin() as connection:
        operations.pause(connection, stage, utc_now())
    console.print(f"{stage} is paused.")
    if stage in _ON_A_KILLS_WAY:
        console.print("Kills wait too: what they take back can be read until it is resumed.")


@queue_app.command("resume")
def queue_resume(stage: Stage) -> None:
    """Let a paused stage go on."""
    with engine().begin() as connection:
        operations.resume(connection, stage)
    console.print(f"{stage} goes on.")
