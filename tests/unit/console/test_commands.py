"""What `barq` is asked for by people and scripts keeps its names, and its order in the help."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import typer
from typer.core import TyperCommand, TyperGroup

from services.console.main import app
from shared.roles import EMBEDDED_ROLES

WORDS = """
reprocess up down status learn push item
key create, key rotate, key limit, key products, key list, key revoke
source list, source add, source check, source remove
quarantine list, quarantine replay, quarantine discard
dead list, dead show, dead replay, dead discard
queue list, queue pause, queue resume
feed list, feed rebuild, feed apply
model add, model list, model remove
"""


def commands(group: TyperGroup, before: str = "") -> Iterator[tuple[str, TyperCommand]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{before}{name} ")
        elif isinstance(command, TyperCommand):
            yield f"{before}{name}", command


def all_commands() -> dict[str, TyperCommand]:
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    return dict(commands(root))


def test_every_word_of_the_command_is_there_in_this_order() -> None:
    first, *groups = WORDS.strip().splitlines()
    expected = [*first.split(), *(words for line in groups for words in line.split(", "))]
    assert [words for words, command in all_commands().items() if not command.hidden] == expected


def test_what_starts_roles_is_there_and_hidden() -> None:
    hidden = {words for words, command in all_commands().items() if command.hidden}
    assert hidden == {"worker", "pulse", "web", "migrate"}
    assert {role.command[0] for role in EMBEDDED_ROLES} <= hidden


def test_every_command_says_what_it_does() -> None:
    assert [words for words, command in all_commands().items() if not command.help] == []


def test_the_command_loads_no_web_framework_and_no_worker_before_it_is_one() -> None:
    script = "import sys; import services.console.main; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert {"fastapi", "uvicorn", "shared.queue.worker", "shared.queue.pulse", "shared.web.origin"}.isdisjoint(loaded)
