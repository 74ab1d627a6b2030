"""Files that are no text are known by how they begin and by how many controls they have."""

from __future__ import annotations

import random

import pytest

from services.ingest.formats.signatures import is_binary, name_of_file


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"PK\x03\x04rest", "a ZIP or Office file"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"\x1f\x8b\x08\x00", "a gzip file"),
        (b"\0\0\0\x18ftypmp42", "a film or picture"),
        (b"RIFF\0\0\0\0WAVE", "a sound, film or picture"),
        (b"<?xml version='1.0'?>", ""),
        (b"PK is how he signs", ""),
        (b" %PDF-1.7", ""),
        (b"", ""),
    ],
)
def test_a_file_is_named_by_its_first_bytes(body: bytes, name: str) -> None:
    assert name_of_file(body) == name
    assert is_binary(body) is bool(name)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"Plain words.", False),
        ("الميناء".encode(), False),
        ("كلمات".encode("cp1256"), False),
        (b"\x01abc\x02text\x03\x04" * 50, False),
        (b"\x16\x16\x00\x7f\t\r\n" * 50, False),
        (b"bell \x07 bell \x07 bell \x07", False),
        (b"\x07\x0b\x0e\x0f", True),
        (b"word " * 1000 + b"\x07" * 90, False),
        (b"word " * 1000 + b"\x07" * 200, True),
    ],
)
def test_controls_of_no_line_make_a_binary_where_there_are_many(body: bytes, expected: bool) -> None:
    assert is_binary(body) is expected


def test_random_bytes_are_no_text() -> None:
    chance = random.Random(7)  # noqa: S311  repeatable, no secret
    assert all(is_binary(b"x" + chance.randbytes(2000)) for _ in range(20))
