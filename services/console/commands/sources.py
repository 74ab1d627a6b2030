"""`barq source`, `barq quarantine`: where new copy comes from, and what was refused of it."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from services.console import show
from services.console.options import AsJson, KeyOption, Url
from services.console.screen import screen
from services.console.wire_client import api_path, ask

source_app = typer.Typer(no_args_is_help=True, help="Sources: what is looked at again and again for new copy.")
quarantine_app = typer.Typer(no_args_is_help=True, help="Quarantine: what was refused and kept.")

console = screen()


@source_app.command("list")
def source_list(as_json: AsJson = False, key: KeyOption = None, url: Url = None) -> None:
    """Every source, when it last brought something, and what is wrong with it."""
    sources = ask("GET", api_path("sources"), key=key, url=url)
    if as_json:
        sys.stdout.write(json.dumps(sources, indent=2, ensure_ascii=False) + "\n")
        return
    show.sources(console, sources)


@source_app.command("add")
def source_add(
    name: str,
    address: Annotated[str, typer.Argument(help="https:, http:, ftp:, ftps:, sftp:, imaps:, imap:, drop: or heartbeat:")],
    every: Annotated[int | None, typer.Option(help="Seconds from look to look.")] = None,
    provider: Annotated[str, typer.Option(help="Who wrote what names no provider; left out: the source's name.")] = "",
    quiet_after: Annotated[int, typer.Option(help="Seconds of silence that are worth a look.")] = 86_400,
    encoding: Annotated[str, typer.Option(help="Of its texts, where they do not say: windows-1256, iso-8859-6.")] = "",
    key: KeyOption = None,
    url: Url = None,
) -> None:
    """Look at a source from now on. Its secret, if it has one, is BARQ_SOURCE_SECRET_<NAME> of the ingest worker."""
    body = {
        "name": name,
        "url": address,
        "interval_s": every,
        "provider": provider,
        "quiet_after_s": quiet_after,
        "encoding": encoding,
    }
    row = ask("POST", api_path("sources"), key=key, url=url, body=body)
    console.print(f"{row['name']} is looked at every {row['interval_s']:g} s: `barq source list` shows it.")


@source_app.command("check")
def source_check(name: str, key: KeyOption = None, url: Url = None) -> None:
    """Look at a source now, also one that was gone."""
    ask("POST", api_path("sources", name, "check"), key=key, url=url)
    console.print(f"{name} is being looked at: `barq source list` shows what comes of it.")


@source_app.command("remove")
def source_remove(name: str, key: KeyOption = None, url: Url = None) -> None:
    """Look at a source no more. What it brought stays."""
    ask("DELETE", api_path("sources", name), key=key, url=url)
    console.print(f"{name} is removed.")


@quarantine_app.command("list")
def quarantine_list(
    source: Annotated[str, typer.Option(help="Of one source alone.")] = "",
    problem: Annotated[str, typer.Option(help="Of one type of problem alone: not-xml, invalid-item.")] = "",
    as_json: AsJson = False,
    key: KeyOption = None,
    url: Url = None,
) -> None:
    """What was refused, newest first, and why: a row for each source and reason."""
    rows = ask("GET", api_path("quarantine", source=source, problem=problem), key=key, url=url)
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        return
    show.quarantine(console, rows)


@quarantine_app.command("replay")
def quarantine_replay(entry: str, key: KeyOption = None, url: Url = None) -> None:
    """Read what was refused again."""
    answer = ask("POST", api_path("quarantine", entry, "replay"), key=key, url=url)
    for row in answer["accepted"]:
        console.print(f"accepted: barq item {row['item']}")


@quarantine_app.command("discard")
def quarantine_discard(entry: str, key: KeyOption = None, url: Url = None) -> None:
    """Forget that an item was refused."""
    ask("DELETE", api_path("quarantine", entry), key=key, url=url)
    console.print("Forgotten.")
