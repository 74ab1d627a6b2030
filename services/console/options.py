"""Options that several commands have, said once; and the home, which stands for a whole environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from shared.settings import settings

AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
Url = Annotated[str | None, typer.Option("--url", help="The wire's address; left out: the wire of this home.")]
KeyOption = Annotated[str | None, typer.Option("--key", help="A newsroom key; left out: BARQ_KEY, or this home's first.")]
Home = Annotated[Path | None, typer.Option(help="Folder of the wire's data.")]


def use_home(home: Path | None) -> None:
    """Let `--home` stand for BARQ_HOME, here and in what is started from here; None leaves both as they are."""
    if home is not None:
        os.environ["BARQ_HOME"] = str(home)
        settings.cache_clear()
