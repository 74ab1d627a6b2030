"""Is it a file and no text? Decided by how a file begins and by how many controls there are, never by a single one."""

from __future__ import annotations

import re

#: how files begin that somebody drops into a wire's folder
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"PK\x05\x06", "a ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an Office file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"8BPS", "a Photoshop file"),
    (b"\x1f\x8b\x08", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"7z\xbc\xaf", "a 7z file"),
    (b"Rar!", "a RAR file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound"),
    (b"fLaC", "a sound"),
    (b"RIFF", "a sound, film or picture"),
    (b"\x1aE\xdf\xa3", "a film"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "a database"),
)
#: the controls that text or a teleprinter's line has no use for; what fills a line or lays out a table is not counted
_CONTROL = re.compile(rb"[\x05-\x07\x0b\x0e\x0f\x15\x17-\x1b]")
_SAMPLE = 100_000
_LARGEST_SHARE = 0.02  # random bytes have 5 in a hundred; a line with a bell at each take has 1 in a thousand
_FEW = 3  # a short message may have so many whatever their share


def name_of_file(body: bytes) -> str:
    """What kind of file begins so, in words; empty if none that is known."""
    if body[4:8] == b"ftyp":
        return "a film or picture"
    return next((name for signature, name in _SIGNATURES if body.startswith(signature)), "")


def is_binary(body: bytes) -> bool:
    """Is this a file and no text?"""
    if name_of_file(body):
        return True
    sample = body[:_SAMPLE]
    controls = len(_CONTROL.findall(sample))
    return controls > _FEW and controls > len(sample) * _LARGEST_SHARE
