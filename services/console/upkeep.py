"""`barq source`, `barq quarantine`, `barq reprocess`: what somebody looks after who looks after ingest."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import typer
from rich.table import Table
from rich.text import Text

from services.console.screen import screen
from services.console.wire_client import ask

source_app = typer.Typer(no_args_is_help=True, help="Sources: what is looked at again and again for new copy.")
quarantine_app = typer.Typer(no_args_is_help=True, help="Quarantine: what was refused and kept.")

console = screen()

AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
Url = Annotated[str | None, typer.Option("--url", help="The wire's address; left out: the wire of this home.")]
KeyOption = Annotated[str | None, typer.Option("--key", help="A newsroom key; left out: BARQ_KEY, or this home's first.")]


#: what stands beside a source that is not well
_HEALTH = {
    "gone": ("gone", "red"),
    "failing": ("failed {failures} times", "red"),
    "refused": ("refused {refusals} times", "red"),
    "unsteady": ("changes names", "red"),
    "quiet": ("quiet", "yellow"),
}


@source_app.command("list")
def source_list(as_json: AsJson = False, key: KeyOption = None, url: Url = None) -> None:
    """Every source, when it last brought something, and what is wrong with it."""
    sources = ask("GET", "/v1/sources", key=key, url=url)
    if as_json:
        sys.stdout.write(json.dumps(sources, indent=2, ensure_ascii=False) + "\n")
        return
    table = Table("name", "address", "every", "looked", "brought", "items", "", box=None, header_style="dim")
    for row in sources:
        trouble, style = _HEALTH.get(row["health"], ("", ""))
        table.add_row(
            row["name"],
            row["url"],
            f"{row['interval_s']:g} s",
            _clock(row["looked_at"]),
            _clock(row["brought_at"]),
            str(row["items_count"]),
            Text(trouble.format(**row), style),
        )
    console.print(table)
    for row in sources:
        if row["error"]:
            console.print(f"{row['name']}: {row['error']}")
        if row["moved_from"]:
            console.print(f"{row['name']}: moved for good from {row['moved_from']}")


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
        "every_s": every,
        "provider": provider,
        "quiet_after_s": quiet_after,
        "encoding": encoding,
    }
    row = ask("POST", "/v1/sources", key=key, url=url, body=body)
    console.print(f"{row['name']} is looked at every {row['interval_s']:g} s: `barq source list` shows it.")


@source_app.command("check")
def source_check(name: str, key: KeyOption = None, url: Url = None) -> None:
    """Look at a source now, also one that was gone."""
    ask("POST", f"/v1/sources/{name}/check", key=key, url=url)
    console.print(f"{name} is being looked at: `barq source list` shows what comes of it.")


@source_app.command("remove")
def source_remove(name: str, key: KeyOption = None, url: Url = None) -> None:
    """Look at a source no more. What it brought stays."""
    ask("DELETE", f"/v1/sources/{name}", key=key, url=url)
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
    rows = ask("GET", f"/v1/quarantine?{urlencode({'source': source, 'problem': problem})}", key=key, url=url)
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        return
    table = Table("id", "source", "times", "last", "why", box=None, header_style="dim")
    for row in rows:
        table.add_row(row["id"], row["source"], str(row["count"]), _clock(row["refused_at"]), row["problem"]["detail"])
    console.print(table)


@quarantine_app.command("replay")
def quarantine_replay(entry: str, key: KeyOption = None, url: Url = None) -> None:
    """Read what was refused again."""
    told = ask("POST", f"/v1/quarantine/{entry}/replay", key=key, url=url)
    for row in told["accepted"]:
        console.print(f"accepted: barq item {row['item']}")


@quarantine_app.command("discard")
def quarantine_discard(entry: str, key: KeyOption = None, url: Url = None) -> None:
    """Forget that an item was refused."""
    ask("DELETE", f"/v1/quarantine/{entry}", key=key, url=url)
    console.print("Forgotten.")


def reprocess(
    items: Annotated[list[str] | None, typer.Argument(help="Items by their ids.")] = None,
    since: Annotated[datetime | None, typer.Option(help="All that were accepted since then (UTC).")] = None,
    rehearse: Annotated[bool, typer.Option("--rehearse", help="Only say what would change.")] = False,
    key: KeyOption = None,
    url: Url = None,
) -> None:
    """Read stored payloads again, after a reader has learned something."""
    body: dict[str, Any] = {"items": items or [], "rehearse": rehearse}
    if since:
        body["since"] = since.isoformat() + "Z"
    told = ask("POST", "/v1/reprocess", key=key, url=url, body=body, timeout_s=3600)["items"]
    for row in told:
        console.print(f"{row['uri']}: {row['fault'] or ', '.join(row['changed'])}")
    changed = sum(1 for row in told if not row["fault"])
    console.print(f"{changed} {'would be' if rehearse else 'are'} understood otherwise.")


def _clock(moment: str | None) -> str:
    return f"{datetime.fromisoformat(moment):%d %b %H:%M:%S}" if moment else "never"
