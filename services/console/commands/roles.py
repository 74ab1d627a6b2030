"""Roles (`barq worker`, `pulse`, `web`, `migrate`): what compose and the supervisor start. Each loads only what it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from services.console.supervision.health import default_worker_name
from shared import log
from shared.archive import database
from shared.archive.accounts import Account, make_accounts
from shared.archive.database import be_a_worker, database_url, engine
from shared.clock import utc_now
from shared.errors import BarqError
from shared.pipeline import STAGES, Lane
from shared.queue import broker, ledger
from shared.queue.rebuilding import every_feed
from shared.roles import TAKES_IN
from shared.settings import settings
from shared.wire.config import wire
from shared.wire.defined_feeds import load as load_feeds


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


def pulse() -> None:
    """Run a pulse."""
    from shared.queue.pulse import run

    log.configure(settings().log_level)
    run()


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


def migrate() -> None:
    """Bring the archive's schema up to date, make its accounts, and see to it that every feed has a document."""
    database.migrate(database_url())
    passwords = {Account.WIRE: settings().wire_database_password, Account.EDGE: settings().edge_database_password}
    if any(passwords.values()):
        make_accounts(database_url(), passwords)
    with engine().begin() as connection:
        load_feeds(connection)
        ledger.record(connection, every_feed(list(wire().editions)), lane=Lane.REGULAR, now=utc_now())
