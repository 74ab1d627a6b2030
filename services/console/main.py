"""The `barq` command: its words, and which module of `commands/` does each. Run as `python -m services.console.main` too."""

from __future__ import annotations

from typing import NoReturn

import typer
from rich.text import Text

from services.console.commands import feeds, items, keys, models, roles, sources, wire, work
from services.console.failures import sentence_for
from services.console.screen import screen

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Barq, a newswire.", pretty_exceptions_enable=False)

# in the order in which `barq --help` lists them
app.command("reprocess")(items.reprocess)
app.command("up")(wire.up)
app.command("down")(wire.down)
app.command("status")(wire.status)
app.command("learn")(models.learn)
app.command("push")(items.push)
app.command("item")(items.item)
app.command("worker", hidden=True)(roles.worker)
app.command("pulse", hidden=True)(roles.pulse)
app.command("web", hidden=True)(roles.web)
app.command("migrate", hidden=True)(roles.migrate)
app.add_typer(keys.key_app, name="key")
app.add_typer(sources.source_app, name="source")
app.add_typer(sources.quarantine_app, name="quarantine")
app.add_typer(work.dead_app, name="dead")
app.add_typer(work.queue_app, name="queue")
app.add_typer(feeds.feed_app, name="feed")
app.add_typer(models.model_app, name="model")

complaints = screen(stderr=True)


def main() -> None:
    """Do what the command line says; of what a person can mend, say so in one sentence and exit with 1."""
    try:
        app()
    except Exception as failed:
        sentence = sentence_for(failed)
        if sentence is None:
            raise
        _fail(sentence)


def _fail(message: str) -> NoReturn:
    complaints.print(Text.assemble(("barq:", "red"), f" {message}"))
    raise SystemExit(1)


if __name__ == "__main__":
    main()
