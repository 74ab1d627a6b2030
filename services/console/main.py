"""The `barq` command."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import httpx
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as SQLAlchemyTimeout

from services.console import keys, models, show, up, upkeep
from services.console.health import default_worker_name
from services.console.push import Outcome, read_parcels
from services.console.push import push as push_parcels
from services.console.screen import screen
from services.console.upkeep import AsJson, KeyOption, Url
from services.console.wire_client import ask, newsroom_key, wire_url
from shared import log
from shared.archive import disk
from shared.archive.accounts import Account, make_accounts
from shared.archive.database import be_a_worker, database_url, engine, migrate
from shared.clock import utc_now
from shared.contracts.problem import Refused
from shared.embedded.runfile import holder_of
from shared.errors import BarqError
from shared.pipeline import STAGES, Lane, Stage
from shared.queue import broker, ledger, operations
from shared.queue.broker_state import broker_trouble
from shared.queue.rebuilding import every_entry, every_feed, every_filing
from shared.queue.unit_of_work import unit_of_work
from shared.roles import TAKES_IN
from shared.settings import settings
from shared.status import Census, dead_letters, take_census
from shared.wire.config import wire
from shared.wire.defined_feeds import load as load_feeds

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Barq, a newswire.", pretty_exceptions_enable=False)
dead_app = typer.Typer(no_args_is_help=True, help="Dead letters: work that failed for good.")
queue_app = typer.Typer(no_args_is_help=True, help="Queues: what waits, and stopping a stage for a while.")
feed_app = typer.Typer(no_args_is_help=True, help="Feeds: which there are, and making them again.")
for name, group in (
    ("key", keys.key_app),
    ("source", upkeep.source_app),
    ("quarantine", upkeep.quarantine_app),
    ("dead", dead_app),
    ("queue", queue_app),
    ("feed", feed_app),
    ("model", models.model_app),
):
    app.add_typer(group, name=name)
app.command("reprocess")(upkeep.reprocess)

console = screen()
complaints = screen(stderr=True)


# ── The embedded wire ────────────────────────────────────────────────────────────────────────────────────────────


@app.command(name="up")
def up_command(
    detach: Annotated[bool, typer.Option("--detach", help="Return once the wire is ready.")] = False,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    home: Annotated[Path | None, typer.Option(help="Folder of the wire's data.")] = None,
) -> None:
    """Start the embedded wire: database, broker and every role, in one go."""
    _use(home)
    place = (settings().home.resolve(), host or settings().host, port or settings().port)
    if detach:
        raise typer.Exit(up.run_detached(*place, console))
    try:
        up.run_here(*place, console)
    except (up.Interrupted, KeyboardInterrupt):
        console.print("Stopped.")


@app.command()
def down(home: Annotated[Path | None, typer.Option(help="Folder of the wire's data.")] = None) -> None:
    """Stop the embedded wire cleanly."""
    _use(home)
    console.print("Stopped." if up.stop(settings().home.resolve()) else f"No wire runs in {settings().home}.")


@app.command()
def status(as_json: AsJson = False, home: Annotated[Path | None, typer.Option(help="Folder of the wire's data.")] = None) -> None:
    """Roles, queues, lag, dead letters, editions."""
    _use(home)
    census = _census()
    if as_json:
        sys.stdout.write(census.model_dump_json(indent=2) + "\n")
    else:
        show.status(console, census, wire_url(None))


# ── Items ────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def push(files: list[str], key: KeyOption = None, url: Url = None) -> None:
    """Push items from files, folders or `-`; a translation goes after the story that it belongs to."""
    parcels = read_parcels(files)
    outcomes: list[Outcome] = []
    headers = {"authorization": f"Bearer {newsroom_key(key)}"}
    with (
        httpx.Client(base_url=wire_url(url), headers=headers, timeout=120, trust_env=False) as client,
        Progress(
            TextColumn("pushing"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=complaints,
            disable=len(parcels) < 20,
            transient=True,
        ) as progress,
    ):
        bar = progress.add_task("pushing", total=len(parcels))
        for outcome in push_parcels(parcels, client):
            outcomes.append(outcome)
            progress.advance(bar)
    counted = {word: sum(1 for o in outcomes if o.status == word) for word in ("accepted", "duplicate", "translated", "refused")}
    console.print(", ".join(f"{count} {word}" for word, count in counted.items() if count))
    refused = [outcome for outcome in outcomes if outcome.status == "refused"]
    if refused:
        table = Table("refused", "why", box=None, header_style="dim")
        for outcome in refused:
            table.add_row(outcome.name, outcome.detail)
        complaints.print(table)
        raise typer.Exit(1)
    if len(outcomes) == 1:
        console.print(f"barq item {outcomes[0].detail}")


@app.command()
def item(
    item_id: str,
    as_json: AsJson = False,
    raw: Annotated[bool, typer.Option("--raw", help="What was sent, byte for byte.")] = False,
    key: KeyOption = None,
    url: Url = None,
) -> None:
    """Where an item is: its whole timeline."""
    if raw:
        sys.stdout.buffer.write(_raw(item_id, key, url))
        return
    answer = ask("GET", f"/v1/items/{item_id}", key=key, url=url)
    if as_json:
        sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
    else:
        show.timeline(console, answer)


def _raw(item_id: str, key: str | None, url: str | None) -> bytes:
    answer = httpx.get(
        f"{wire_url(url)}/v1/items/{item_id}/raw",
        headers={"authorization": f"Bearer {newsroom_key(key)}"},
        timeout=30,
        trust_env=False,
    )
    if answer.is_error:
        raise BarqError(answer.json().get("detail", f"the wire answered {answer.status_code}"))
    return answer.content


# ── Operations ───────────────────────────────────────────────────────────────────────────────────────────────────

WorkIds = Annotated[list[int] | None, typer.Argument(help="Their ids, as listed.")]
All = Annotated[bool, typer.Option("--all", help="Every dead letter.")]


@dead_app.command("list")
def dead_list(stage: Stage | None = None) -> None:
    """Dead letters, the newest first."""
    with engine().connect() as connection:
        show.dead(console, dead_letters(connection, wire(), 200, stage))


@dead_app.command("show")
def dead_show(work_id: int) -> None:
    """One dead letter with its full error."""
    with engine().connect() as connection:
        rows = [row for row in dead_letters(connection, wire(), 100_000) if row.id == work_id]
    if not rows:
        raise BarqError(f"there is no dead letter {work_id}")
    show.dead(console, rows)
    console.print(rows[0].error)


@dead_app.command("replay")
def dead_replay(work_ids: WorkIds = None, every: All = False) -> None:
    """Try dead letters again, once their cause is mended."""
    with unit_of_work() as work:
        count = work.replay(_chosen(work_ids, every))
    console.print(f"{count} due again.")


@dead_app.command("discard")
def dead_discard(work_ids: WorkIds = None, every: All = False) -> None:
    """Remove dead letters for good."""
    with engine().begin() as connection:
        count = operations.discard(connection, _chosen(work_ids, every))
    console.print(f"{count} removed.")


def _chosen(work_ids: list[int] | None, every: bool) -> list[int]:
    if every:
        with engine().connect() as connection:
            return [row.id for row in dead_letters(connection, wire(), 1_000_000)]
    if not work_ids:
        raise BarqError("name dead letters by their ids, or say --all")
    return work_ids


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


@queue_app.command("resume")
def queue_resume(stage: Stage) -> None:
    """Let a paused stage go on."""
    with engine().begin() as connection:
        operations.resume(connection, stage)
    console.print(f"{stage} goes on.")


@feed_app.callback()
def feeds() -> None:
    """Feeds of the wire's file, and of the desk."""
    with engine().connect() as connection:
        load_feeds(connection)


@feed_app.command("list")
def feed_list(url: Url = None) -> None:
    """Every feed's address."""
    for edition in wire().editions:
        for feed in wire().feed_names():
            private = " (private)" if wire().is_private(feed) else ""
            title = wire().feed_title(feed, edition)
            console.print(f"{wire_url(url)}/{edition}/feeds/{feed}.rss  {title}{private}")


@feed_app.command("rebuild")
def feed_rebuild() -> None:
    """Render every story and every feed again: after a change of the wire's file or its public address."""
    editions = list(wire().editions)
    with unit_of_work() as work:
        entries = every_entry(work.connection, editions)
        work.follows(entries)
        work.follows(every_feed(editions))
    console.print(f"{len(entries)} entries will be rendered again.")


@feed_app.command("apply")
def feed_apply() -> None:
    """Put the archive's stories into feeds that were defined or changed in the wire's file since; restart the wire first."""
    with unit_of_work() as work:
        stories = every_filing(work.connection)
        work.follows(stories)
        work.follows(every_feed(list(wire().editions)))
    console.print(f"{len(stories)} stories are looked at again: `barq queue list` shows how many are left in refile.regular.")


# ── Roles: what compose and the supervisor start ─────────────────────────────────────────────────────────────────


@app.command(hidden=True)
def worker(
    service: Annotated[list[str], typer.Option(help="A service whose stages it does; may be repeated.")],
    name: Annotated[str | None, typer.Option(help="Its name; left out: the first service, or its lane, and the host.")] = None,
    lane: Annotated[Lane, typer.Option(help="express: no other; regular: both, express first.")] = Lane.REGULAR,
) -> None:
    """Run a worker for some services."""
    from shared.queue.worker import run

    log.configure(settings().log_level)
    if not TAKES_IN & {*service}:
        be_a_worker()
    services = {spec.service for spec in STAGES}
    if strangers := set(service) - services:
        raise BarqError(
            f"no stage is done in {', '.join(sorted(strangers))}; services with work are {', '.join(sorted(services))}"
        )
    run(service, name or default_worker_name(service, lane), lane)


@app.command(hidden=True)
def pulse() -> None:
    """Run a pulse."""
    from shared.queue.pulse import run

    log.configure(settings().log_level)
    run()


@app.command(hidden=True)
def web(role: Annotated[list[str], typer.Option(help="A web role; may be repeated.")]) -> None:
    """Run the apps of some web roles behind one address."""
    import uvicorn

    from shared import metrics
    from shared.web import key_use
    from shared.web.origin import Origin
    from shared.web.serving import bounded_connections
    from shared.wire import defined_feeds

    log.configure(settings().log_level)
    metrics.flush_every(2.0, broker.client)
    defined_feeds.follow_every(1.0)
    key_use.write_every(2.0)
    uvicorn.run(
        Origin(role),
        host=settings().host,
        port=settings().port,
        http=bounded_connections(),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        proxy_headers=False,  # read where an app asks for them (shared/web/origin.py), not for each feed
    )


@app.command(name="migrate", hidden=True)
def migrate_command() -> None:
    """Bring the archive's schema up to date, make its accounts, and see to it that every feed has a document."""
    migrate(database_url())
    passwords = {Account.WIRE: settings().wire_database_password, Account.EDGE: settings().edge_database_password}
    if any(passwords.values()):
        make_accounts(database_url(), passwords)
    with engine().begin() as connection:
        load_feeds(connection)
        ledger.record(connection, every_feed(list(wire().editions)), lane=Lane.REGULAR, now=utc_now())


def _census() -> Census:
    trouble = broker_trouble(broker.client())
    with engine().connect() as connection:
        census = take_census(connection, wire=wire(), broker_answers=not trouble, now=utc_now())
    troubles = [said for said in (disk.trouble(), trouble) if said]
    return census.model_copy(update={"troubles": (*troubles, *census.troubles)})


def _use(home: Path | None) -> None:
    """Let `--home` stand for BARQ_HOME, here and in what is started from here."""
    if home is not None:
        os.environ["BARQ_HOME"] = str(home)
        settings.cache_clear()


def _fail(message: str) -> NoReturn:
    complaints.print(Text.assemble(("barq:", "red"), f" {message}"))
    raise SystemExit(1)


def main() -> None:
    """The command's entry: what a person can mend is one sentence, not a traceback."""
    try:
        app()
    except Refused as refused:
        _fail(refused.problem.detail)
    except BarqError as mendable:
        _fail(str(mendable))
    except httpx.ConnectError:
        _fail(f"no wire answers at {wire_url(None)}: start one with `barq up`, or name one with --url")
    except httpx.HTTPError as broken:
        _fail(f"the wire did not answer: {broken!r}")
    except (OperationalError, SQLAlchemyTimeout) as away:
        _fail(_words_for(away))


def _words_for(away: SQLAlchemyError) -> str:
    """What an operator reads while the database is away."""
    reason = str(getattr(away, "orig", away)).strip().splitlines()
    said = f"the database does not answer ({reason[0] if reason else 'no reason given'})."
    if full := disk.trouble():
        said += f" {full}."
    if pid := holder_of(settings().home):
        return f"{said} The wire runs (process {pid}) and starts it again by itself; see {settings().home}/log/postgres.log"
    return f"{said} Nobody runs a wire in {settings().home}: start it with `barq up`, or see to the database that is named."


if __name__ == "__main__":
    main()
