"""`barq model`: translation models of this machine, as CTranslate2 reads them: fetched, checked, unpacked and named."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from services.console import model_files
from services.console.screen import screen
from shared.errors import BarqError
from shared.settings import settings

#: who learns, by name: the console knows no service
_LEARNS = "services.enrichment.training"

model_app = typer.Typer(no_args_is_help=True, help="Models: what translates on this machine.")

console = screen()


@model_app.command("add")
def model_add(
    place: Annotated[str, typer.Argument(metavar="PATH|URL", help="A folder, an archive, or the address of one.")],
    name: Annotated[str, typer.Option(help="As an engine's `model` names it; left out: the file's own.")] = "",
    sha256: Annotated[str, typer.Option(help="The archive's checksum; needed for an address.")] = "",
) -> None:
    """Put a model where workers look for it; they load it when they first need it."""
    models = settings().home.resolve() / "models"
    models.mkdir(parents=True, exist_ok=True)
    is_remote = place.startswith(("http://", "https://"))
    if is_remote and not sha256:
        raise BarqError("Say what you expect: --sha256 with the checksum that its publisher gives.")
    target = models / model_files.checked_name(name or model_files.name_of(place))
    if target.exists():
        raise BarqError(f"There is a model {target.name!r} already: take it away with `barq model remove`, or give --name.")
    with tempfile.TemporaryDirectory(dir=models) as work:
        source = model_files.fetch(place, Path(work), console) if is_remote else Path(place)
        if not source.exists():
            raise BarqError(f"There is nothing at {place}.")
        if sha256:
            model_files.check(source, sha256)
        unpacked = Path(work) / "unpacked"
        if source.is_dir():
            shutil.copytree(source, unpacked)
        else:
            model_files.unpack(source, unpacked)
        model_files.find_model(unpacked).rename(target)
    console.print(f"The model {target.name} is ready: name it as `model` of an engine of kind `ctranslate2`.")


@model_app.command("list")
def model_list() -> None:
    """The models of this home."""
    folder = settings().home.resolve() / "models"
    for model in sorted(folder.iterdir()) if folder.exists() else ():
        size = sum(file.stat().st_size for file in model.rglob("*") if file.is_file())
        console.print(f"{model.name}  {size / 1e6:.0f} MB")


@model_app.command("remove")
def model_remove(name: str) -> None:
    """Take a model away."""
    folder = settings().home.resolve() / "models" / model_files.checked_name(name)
    if not folder.is_dir():
        raise BarqError(f"There is no model {name!r}; `barq model list` has them.")
    shutil.rmtree(folder)


def learn() -> None:
    """Learn from how stories were sorted, now; the wire does so every night. What is learnt is used if it does better."""
    raise SystemExit(subprocess.run([sys.executable, "-m", _LEARNS], check=False).returncode)
