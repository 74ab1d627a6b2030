"""`barq model`: translation models of this machine, as CTranslate2 reads them: fetched, checked, unpacked and named."""

from __future__ import annotations

import hashlib
import re
import shutil
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from services.console.screen import screen
from shared.errors import BarqError
from shared.settings import settings

model_app = typer.Typer(no_args_is_help=True, help="Models: what translates on this machine.")

console = screen()

_ENDINGS = (".tar.gz", ".tgz", ".tar", ".zip", ".argosmodel")
_CHUNK_BYTES = 1 << 20
_NAME = re.compile(r"\w[\w.-]{0,99}", re.ASCII)


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
    target = models / _plain(name or _name_of(place))
    if target.exists():
        raise BarqError(f"There is a model {target.name!r} already: take it away with `barq model remove`, or give --name.")
    with tempfile.TemporaryDirectory(dir=models) as work:
        source = _fetched(place, Path(work)) if is_remote else Path(place)
        if not source.exists():
            raise BarqError(f"There is nothing at {place}.")
        if sha256:
            _check(source, sha256)
        unpacked = Path(work) / "unpacked"
        if source.is_dir():
            shutil.copytree(source, unpacked)
        else:
            _unpack(source, unpacked)
        _model_in(unpacked).rename(target)
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
    folder = settings().home.resolve() / "models" / _plain(name)
    if not folder.is_dir():
        raise BarqError(f"There is no model {name!r}; `barq model list` has them.")
    shutil.rmtree(folder)


def _plain(name: str) -> str:
    """A name that stays in its folder. Raises BarqError."""
    if not _NAME.fullmatch(name):
        raise BarqError(f"{name!r} is no name of a model: take letters, digits, dots, hyphens and underscores.")
    return name


def _name_of(place: str) -> str:
    name = place.rstrip("/").rpartition("/")[2].partition("?")[0]
    return next((name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending)), name)


def _fetched(url: str, folder: Path) -> Path:
    """The archive at an address, with a progress bar."""
    path = folder / "archive"
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    try:
        with (
            httpx.stream("GET", url, follow_redirects=True, timeout=60) as answer,
            path.open("wb") as file,
            Progress(*columns, console=console) as progress,
        ):
            answer.raise_for_status()
            task = progress.add_task(_name_of(url), total=int(answer.headers.get("content-length", 0)) or None)
            for chunk in answer.iter_bytes(_CHUNK_BYTES):
                file.write(chunk)
                progress.update(task, advance=len(chunk))
    except httpx.HTTPError as unreachable:
        raise BarqError(f"{url} could not be fetched: {unreachable}") from unreachable
    return path


def _check(path: Path, expected: str) -> None:
    if path.is_dir():
        raise BarqError("A checksum is of an archive, not of a folder.")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected.lower():
        raise BarqError(f"The checksum is {found}, not {expected}: it is another file, or a damaged one. Nothing was added.")


def _unpack(archive: Path, folder: Path) -> None:
    """An archive's files, none of them outside the folder."""
    folder.mkdir()
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as zipped:
                zipped.extractall(folder)  # noqa: S202  it keeps every name inside
        else:
            with tarfile.open(archive) as tarred:
                tarred.extractall(folder, filter="data")
    except (tarfile.TarError, zipfile.BadZipFile, OSError) as broken:
        raise BarqError(f"{archive.name} cannot be unpacked: {broken}") from broken


def _model_in(folder: Path) -> Path:
    """The folder with the model in it, with its SentencePiece files beside it (Argos keeps them one folder above)."""
    found = next(iter(sorted(folder.rglob("model.bin"))), None)
    if found is None:
        raise BarqError("There is no model.bin in it: it is no model that CTranslate2 reads.")
    model = found.parent
    for pieces in model.parent.glob("*.model") if model != folder else ():
        shutil.copy(pieces, model / pieces.name)
    if not any((model / name).exists() for name in ("source.spm", "sentencepiece.bpe.model", "sentencepiece.model", "spm.model")):
        raise BarqError("It has no SentencePiece model beside model.bin (source.spm and target.spm, or sentencepiece.model).")
    return model
