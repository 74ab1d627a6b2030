"""Models are fetched, checked, unpacked and named, or not there at all."""

from __future__ import annotations

import hashlib
import tarfile
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.console import model_files
from services.console.commands.models import model_app
from shared.errors import BarqError
from shared.settings import settings
from tests.support.loopback import serving


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("BARQ_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    yield tmp_path / "home"
    settings.cache_clear()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "opus-en-ar"
    folder.mkdir()
    for name in ("model.bin", "source.spm", "target.spm"):
        (folder / name).write_bytes(name.encode())
    return folder


def run(*arguments: str) -> str:
    result = CliRunner().invoke(model_app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def archive(model: Path) -> Path:
    path = model.parent / "opus-en-ar.tar.gz"
    with tarfile.open(path, "w:gz") as tarred:
        tarred.add(model, "opus-en-ar")
    return path


def test_a_folder_and_an_archive_become_a_model(home: Path, model: Path) -> None:
    run("add", str(model))
    assert (home / "models/opus-en-ar/model.bin").read_bytes() == b"model.bin"
    run("add", str(archive(model)), "--name", "second")
    assert (home / "models/second/target.spm").exists()
    assert "opus-en-ar" in run("list")
    run("remove", "second")
    assert not (home / "models/second").exists()


def test_an_address_needs_a_checksum_and_keeps_to_it(home: Path, model: Path) -> None:
    body = archive(model).read_bytes()

    class Publisher(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with serving(Publisher) as url:
        address = f"{url}/opus-en-ar.tar.gz"
        with pytest.raises(BarqError, match="--sha256"):
            run("add", address)
        with pytest.raises(BarqError, match="Nothing was added"):
            run("add", address, "--sha256", "0" * 64)
        assert list((home / "models").iterdir()) == []
        assert "ready" in run("add", address, "--sha256", hashlib.sha256(body).hexdigest())
    assert (home / "models/opus-en-ar/model.bin").exists()


def test_argos_keeps_its_pieces_beside_the_models_folder(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "translate-en_ar.argosmodel"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("en_ar/model/model.bin", b"m")
        zipped.writestr("en_ar/sentencepiece.model", b"s")
    run("add", str(path))
    assert {file.name for file in (home / "models/translate-en_ar").iterdir()} == {"model.bin", "sentencepiece.model"}


def test_what_is_no_model_is_refused(home: Path, tmp_path: Path, model: Path) -> None:
    (model / "source.spm").unlink()
    for place, says in ((str(model), "no SentencePiece"), (str(tmp_path / "no"), "nothing at"), (__file__, "cannot be unpacked")):
        with pytest.raises(BarqError, match=says):
            run("add", place)
    assert list((home / "models").iterdir()) == []


@pytest.mark.parametrize("name", ["../../x", "..", ".hidden", "a/b", "/etc", "", "x\n", "a" * 101, "é/../x"])
def test_a_models_name_stays_in_its_folder(name: str) -> None:
    with pytest.raises(BarqError, match="no name of a model"):
        model_files.checked_name(name)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("https://models.example/opus-en-ar.tar.gz", "opus-en-ar"),
        ("https://models.example/a/opus.zip?token=x.tar", "opus"),
        ("https://models.example/opus.argosmodel", "opus"),
        ("folder/opus-en-ar/", "opus-en-ar"),
        ("opus.v2.tgz", "opus.v2"),
        ("opus.tar.bz2", "opus.tar.bz2"),
        ("https://models.example/", "models.example"),
        ("", ""),
    ],
)
def test_a_model_is_called_as_its_file(place: str, name: str) -> None:
    assert model_files.name_of(place) == name


def test_a_checksum_is_of_an_archive_in_digits_of_either_case(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(b"model")
    digest = hashlib.sha256(b"model").hexdigest()
    model_files.check(file, digest)
    model_files.check(file, digest.upper())
    for path, expected, says in (
        (file, "0" * 64, f"is {digest}, not 000"),
        (file, "", "not :"),
        (tmp_path, digest, "not of a folder"),
    ):
        with pytest.raises(BarqError, match=says):
            model_files.check(path, expected)


def _locked(archive: bytes) -> bytes:
    """With the bit that says that a password is needed, in both headers of the first file."""
    damaged = bytearray(archive)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        damaged[archive.index(mark) + flags] |= 1
    return bytes(damaged)


def test_an_archive_that_is_cut_off_damaged_or_locked_is_a_sentence(tmp_path: Path, model: Path) -> None:
    whole = archive(model).read_bytes()
    zipped = tmp_path / "whole.zip"
    with zipfile.ZipFile(zipped, "w") as file:
        file.writestr("model.bin", b"m" * 1000)
    damaged = {
        "cut off": whole[: len(whole) // 2],
        "empty": b"",
        "of another kind": b"PK",
        "cut off zip": zipped.read_bytes()[:-40],
        "locked": _locked(zipped.read_bytes()),
        "broken inside": whole[:20] + b"\xff" * 20 + whole[40:],
    }
    for name, content in damaged.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(BarqError, match=f"{name} cannot be unpacked"):
            model_files.unpack(path, tmp_path / f"{name} unpacked")
