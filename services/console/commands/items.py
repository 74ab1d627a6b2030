"""`barq push`, `barq item`, `barq reprocess`: items on their way into the wire, and what became of them."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.console import show
from services.console.options import AsJson, KeyOption, Url
from services.console.parcels import read_parcels
from services.console.push import Outcome, send_parcels
from services.console.screen import screen
from services.console.wire_client import api_path, ask, connect, fetch

console = screen()
complaints = screen(stderr=True)

#: fewer than this are sent before anybody could read how far it is
_SHOWS_PROGRESS_FROM = 20


def push(files: list[str], key: KeyOption = None, url: Url = None) -> None:
    """Push items from files, folders or `-`; a translation goes after the story that it belongs to."""
    parcels = read_parcels(files)
    outcomes: list[Outcome] = []
    columns = (TextColumn("pushing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        connect(key, url, timeout_s=120) as client,
        Progress(*columns, console=complaints, disable=len(parcels) < _SHOWS_PROGRESS_FROM, transient=True) as progress,
    ):
        bar = progress.add_task("pushing", total=len(parcels))
        for outcome in send_parcels(parcels, client):
            outcomes.append(outcome)
            progress.advance(bar)
    show.counts(console, outcomes)
    refused = [outcome for outcome in outcomes if outcome.status == "refused"]
    if refused:
        show.refused(complaints, refused)
        raise typer.Exit(1)
    if len(outcomes) == 1:
        console.print(f"barq item {outcomes[0].detail}")


def item(
    item_id: str,
    as_json: AsJson = False,
    raw: Annotated[bool, typer.Option("--raw", help="What was sent, byte for byte.")] = False,
    key: KeyOption = None,
    url: Url = None,
) -> None:
    """Where an item is: its whole timeline."""
    if raw:
        sys.stdout.buffer.write(fetch(api_path("items", item_id, "raw"), key=key, url=url))
        return
    answer = ask("GET", api_path("items", item_id), key=key, url=url)
    if as_json:
        sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
    else:
        show.timeline(console, answer)


def reprocess(
    items: Annotated[list[str] | None, typer.Argument(help="Items by their ids.")] = None,
    since: Annotated[datetime | None, typer.Option(help="All that were accepted since then (UTC).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    key: KeyOption = None,
    url: Url = None,
) -> None:
    """Read stored payloads again, after a reader has learned something."""
    body: dict[str, Any] = {"items": items or [], "dry_run": dry_run}
    if since:
        body["since"] = since.isoformat() + "Z"
    rows = ask("POST", api_path("reprocess"), key=key, url=url, body=body, timeout_s=3600)["items"]
    for row in rows:
        console.print(f"{row['uri']}: {row['fault'] or ', '.join(row['changed'])}")
    changed = sum(1 for row in rows if not row["fault"])
    console.print(f"{changed} {'would be' if dry_run else 'are'} understood otherwise.")
