"""How the command line shows things: tables for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.console.push import Outcome
from shared.status import Census, DeadRow
from shared.web.keys import Key


def status(console: Console, census: Census, url: str) -> None:
    """The whole wire on one screen: what stands still and who does it first, what a person must look at last."""
    console.print(
        Text.assemble(
            (url, "bold"),
            f"  {census.items} items, {census.stories} stories, broker ",
            ("answers", "green") if census.broker else ("is in trouble", "red"),
        )
    )
    for trouble in census.troubles:
        console.print(Text(trouble, "red"))
    _queues(console, census)
    for worker in census.workers:
        word = ("hears", "green") if worker.alive else ("silent", "red")
        services = ", ".join(worker.services) if "regular" in worker.lanes else f"express alone: {', '.join(worker.services)}"
        doing = f"; {worker.doing.words()}" if worker.doing else ""
        console.print(Text.assemble(f"worker {worker.name} ({services}): ", word, f", {worker.heard_s:.0f} s ago{doing}"))
    for edition in census.editions:
        waits = f", {edition.waiting} waiting for {edition.engine}" if edition.waiting else ""
        by = "no engine, people translate" if edition.engine == "people" else f"engine {edition.engine}"
        why = (f" {edition.silent[:300]}" if edition.silent else "", "red")
        console.print(Text.assemble(f"edition {edition.edition}: {edition.stories} stories{waits} ({by})", why))
    _for_a_person(console, census)


def _queues(console: Console, census: Census) -> None:
    table = Table("queue", "due", "oldest", "later", "workers", "", box=None, header_style="dim")
    for row in census.queues:
        notes = "paused" if row.paused else "" if row.workers or not census.broker else "no worker"
        oldest = f"{row.oldest_s:.1f} s" if row.depth else ""
        table.add_row(row.queue, str(row.depth), oldest, str(row.later or ""), str(row.workers), Text(notes, "red"))
    console.print(table)


def _for_a_person(console: Console, census: Census) -> None:
    """What the wire cannot mend by itself; nothing if there is nothing."""
    if census.held:
        reasons = ", ".join(f"{count} {doubt}" for doubt, count in sorted(census.held.items()))
        held = f"{sum(census.held.values())} stories held"
        console.print(Text.assemble((held, "yellow"), f" ({reasons}): somebody must look, `/desk?state=held`"))
    if census.out_of_sight:
        what = ", ".join(f"{count} {fault}" for fault, count in sorted(census.out_of_sight.items()))
        missing = f"{sum(census.out_of_sight.values())} items out of sight"
        console.print(Text.assemble((missing, "red"), f" ({what}): the log names them"))
    if census.dead_count:
        console.print(Text.assemble((f"{sum(census.dead_count.values())} dead letters", "red"), ": `barq dead list`"))


def timeline(console: Console, item: Mapping[str, Any]) -> None:
    """Where an item is, as the API says it: its story, every stage, and the feeds that have it."""
    console.print(Text.assemble((item["uri"], "bold"), f" version {item['version']}: ", (item["state"], "bold")))
    console.print(f"story {item['story']}, accepted {_moment(item['accepted_at'])}")
    table = Table("stage", "edition", "state", "attempts", "done or due", "error", box=None, header_style="dim")
    for row in item["stages"]:
        error = (row["error"] or "").strip().rsplit("\n", 1)[-1]
        table.add_row(
            row["stage"],
            row["edition"] or "",
            row["state"],
            str(row["attempts"]),
            _moment(row["done_at"] or row["due_at"]),
            error,
        )
    console.print(table)
    for feed in item["feeds"]:
        console.print(feed)


def keys(console: Console, rows: Sequence[Key], now: datetime) -> None:
    """Keys without their secrets."""
    table = Table("name", "role", "may", "products", "from", "created", "last used", "state", box=None, header_style="dim")
    for key in rows:
        used = f"{key.last_used_at:%Y-%m-%d %H:%M} {key.last_used_from}" if key.last_used_at else "never"
        table.add_row(
            key.name,
            key.role,
            ", ".join(sorted(key.rights)),
            ", ".join(key.products),
            ", ".join(key.networks) or "anywhere",
            f"{key.created_at:%Y-%m-%d %H:%M}",
            used.strip(),
            key.state(now),
        )
    console.print(table)


def dead(console: Console, rows: Sequence[DeadRow]) -> None:
    """Dead letters, a line each."""
    table = Table(
        "id", "stage", "about", "item", "revision", "edition", "attempts", "died", "error", box=None, header_style="dim"
    )
    for row in rows:
        table.add_row(
            str(row.id),
            row.stage,
            row.about[:60],
            row.item,
            str(row.revision),
            row.edition,
            str(row.attempts),
            f"{row.died_at:%Y-%m-%d %H:%M:%S}",
            row.error.strip().rsplit("\n", 1)[-1],
        )
    console.print(table)


def sources(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """Sources as the API lists them, and below the table what each complains of."""
    table = Table("name", "address", "every", "looked", "brought", "items", "", box=None, header_style="dim")
    for row in rows:
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
    for row in rows:
        if row["error"]:
            console.print(f"{row['name']}: {row['error']}")
        if row["moved_from"]:
            console.print(f"{row['name']}: moved for good from {row['moved_from']}")


#: what stands beside a source that is not well
_HEALTH = {
    "gone": ("gone", "red"),
    "failing": ("failed {failures} times", "red"),
    "refused": ("refused {refusals} times", "red"),
    "unsteady": ("changes names", "red"),
    "quiet": ("quiet", "yellow"),
}


def quarantine(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """What was refused, as the API lists it."""
    table = Table("id", "source", "times", "last", "why", box=None, header_style="dim")
    for row in rows:
        table.add_row(row["id"], row["source"], str(row["count"]), _clock(row["refused_at"]), row["problem"]["detail"])
    console.print(table)


def counts(console: Console, outcomes: Sequence[Outcome]) -> None:
    """How many parcels ended how, in one line."""
    words = [outcome.status for outcome in outcomes]
    counted = {word: words.count(word) for word in ("accepted", "duplicate", "translated", "refused")}
    console.print(", ".join(f"{count} {word}" for word, count in counted.items() if count))


def refused(console: Console, outcomes: Sequence[Outcome]) -> None:
    """Parcels that were refused, and why."""
    table = Table("refused", "why", box=None, header_style="dim")
    for outcome in outcomes:
        table.add_row(outcome.name, outcome.detail)
    console.print(table)


def _moment(moment: str | None) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M:%S.%f}"[:-3] if moment else ""


def _clock(moment: str | None) -> str:
    return f"{datetime.fromisoformat(moment):%d %b %H:%M:%S}" if moment else "never"
