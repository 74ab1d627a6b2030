"""What somebody reads who has just started a wire: where everything is, and the first keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.text import Text


@dataclass(frozen=True, kw_only=True)
class FirstKey:
    """A key that was made with the wire."""

    role: str
    secret: str
    file: Path  #: where it is kept for the command line of this machine


def welcome(console: Console, url: str, editions: Mapping[str, str], first_keys: Sequence[FirstKey]) -> None:
    """Print where everything is. `editions`: titles by tag; `first_keys`: those just made. Raises OSError if nobody listens."""
    lines = ["Ctrl-C stops it.", ""]
    for edition, title in editions.items():
        lines.append(f"{title:<18} {url}/{edition}/   feeds: {url}/{edition}/feeds/")
    lines += [f"{'Desk':<18} {url}/desk", f"{'Operations':<18} {url}/ops", f"{'Push':<18} POST {url}/v1/items"]
    if first_keys:
        lines += key_lines(first_keys, is_screen=console.is_terminal)
        lines += ["", "The wire is empty. A dozen stories to begin with:  barq push samples/"]
    words = Text.assemble(("The wire runs.", "bold"), " ", "\n".join(lines))
    console.print(Panel(words, title="Barq · برق", expand=False), soft_wrap=True)


def key_lines(first_keys: Sequence[FirstKey], *, is_screen: bool) -> list[str]:
    """The first keys for a person at a screen; for a log, which others may read, the files that have them."""
    if is_screen:
        heading = "Your first keys, shown this once (and kept for `barq` on this machine):"
        return ["", heading, *(f"  {key.role:<9} {key.secret}" for key in first_keys)]
    return ["", "Your first keys, for you alone to read:", *(f"  {key.role:<9} {key.file}" for key in first_keys)]
