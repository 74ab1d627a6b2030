"""`barq feed`: which feeds there are, and making their documents again."""

from __future__ import annotations

import typer

from services.console.options import Url
from services.console.screen import screen
from services.console.wire_client import wire_url
from shared.archive.database import engine
from shared.queue.rebuilding import every_entry, every_feed, every_filing
from shared.queue.unit_of_work import unit_of_work
from shared.wire.config import wire
from shared.wire.defined_feeds import load as load_feeds

feed_app = typer.Typer(no_args_is_help=True, help="Feeds: which there are, and making them again.")

console = screen()


@feed_app.callback()
def feeds() -> None:
    """Feeds of the wire file, and of the desk."""
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
    """Render every story and every feed again: after a change of the wire file or its public address."""
    editions = list(wire().editions)
    with unit_of_work() as work:
        entries = every_entry(work.connection, editions)
        work.follows(entries)
        work.follows(every_feed(editions))
    console.print(f"{len(entries)} entries will be rendered again.")


@feed_app.command("apply")
def feed_apply() -> None:
    """Put the archive's stories into feeds that were defined or changed in the wire file since; restart the wire first."""
    with unit_of_work() as work:
        stories = every_filing(work.connection)
        work.follows(stories)
        work.follows(every_feed(list(wire().editions)))
    console.print(f"{len(stories)} stories are looked at again: `barq queue list` shows how many are left in refile.regular.")
