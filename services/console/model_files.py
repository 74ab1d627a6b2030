"""The files of a translation model, as CTranslate2 reads them: fetched, checked, unpacked and found."""

from __future__ import annotations

import hashlib
import lzma
import re
import shutil
import tarfile
import zipfile
import zlib
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from shared.errors import BarqError

_ENDINGS = (".tar.gz", ".tgz", ".tar", ".zip", ".argosmodel")
_CHUNK_BYTES = 1 << 20
_NAME = re.compile(r"\w[\w.-]{0,99}", re.ASCII)

#: what Python's readers of archives raise for one that is cut off, damaged, or locked by a password
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError)

#: one of these holds a model's pieces of words
_PIECES = ("source.spm", "sentencepiece.bpe.model", "sentencepiece.model", "spm.model")


def checked_name(name: str) -> str:
    """A name that stays in its folder. Raises BarqError."""
    if not _NAME.fullmatch(name):
        raise BarqError(f"{name!r} is no name of a model: take letters, digits, dots, hyphens and underscores.")
    return name


def name_of(place: str) -> str:
    """What a model is called if nobody says: the last part of its path or address, without an archive's ending."""
    name = place.rstrip("/").rpartition("/")[2].partition("?")[0]
    return next((name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending)), name)


def fetch(url: str, folder: Path, console: Console) -> Path:
    """Bring the archive at an address into a folder, with a progress bar. Returns its path; raises BarqError."""
    path = folder / "archive"
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    try:
        with (
            httpx.stream("GET", url, follow_redirects=True, timeout=60) as answer,
            path.open("wb") as file,
            Progress(*columns, console=console) as progress,
        ):
            answer.raise_for_status()
            task = progress.add_task(name_of(url), total=int(answer.headers.get("content-length", 0)) or None)
            for chunk in answer.iter_bytes(_CHUNK_BYTES):
                file.write(chunk)
                progress.update(task, advance=len(chunk))
    except httpx.HTTPError as unreachable:
        raise BarqError(f"{url} could not be fetched: {unreachable}") from unreachable
    return path


def check(path: Path, expected: str) -> None:
    """Raises BarqError unless SHA-256 of an archive is what was expected, in hexadecimal digits of either case."""
    if path.is_dir():
        raise BarqError("A checksum is of an archive, not of a folder.")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != expected.lower():
        raise BarqError(f"The checksum is {digest}, not {expected}: it is another file, or a damaged one. Nothing was added.")


def unpack(archive: Path, folder: Path) -> None:
    """Write an archive's files into a new folder, none of them outside of it. Raises BarqError."""
    folder.mkdir()
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as zipped:
                zipped.extractall(folder)  # noqa: S202  it keeps every name inside
        else:
            with tarfile.open(archive) as tarred:
                tarred.extractall(folder, filter="data")
    except _BROKEN as broken:
        raise BarqError(f"{archive.name} cannot be unpacked: {broken}") from broken


def find_model(folder: Path) -> Path:
    """The folder with the model in it, with its SentencePiece files beside it (Argos keeps them one folder above).

    Raises BarqError if there is no model, or nothing that takes words apart for it.
    """
    weights = next(iter(sorted(folder.rglob("model.bin"))), None)
    if weights is None:
        raise BarqError("There is no model.bin in it: it is no model that CTranslate2 reads.")
    model = weights.parent
    for pieces in model.parent.glob("*.model") if model != folder else ():
        shutil.copy(pieces, model / pieces.name)
    if not any((model / name).exists() for name in _PIECES):
        raise BarqError("It has no SentencePiece model beside model.bin (source.spm and target.spm, or sentencepiece.model).")
    return model
