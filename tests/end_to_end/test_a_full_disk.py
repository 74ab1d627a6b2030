"""A disk that fills up under a running wire: it says so, keeps what it has, and goes on by itself once there is room."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from shared.embedded.runfile import holder_of
from tests.support.factories import sent
from tests.support.running_wire import RunningWire, free_port

#: enough for a database of its own, and little enough to be filled at once
DISK_BYTES = 420_000_000


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of this test's own."""
    folder = Path(tempfile.mkdtemp(prefix="barq-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=711", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("needs the right to mount a disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


def fill(disk: Path, *, leave: int) -> Path:
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        with suppress(OSError):  # the wire writes too, and was sooner
            file.write(b"x" * max(free - leave, 0))
    return filler


def test_nothing_is_lost_on_a_full_disk_and_the_wire_goes_on_by_itself(small_disk: Path) -> None:
    wire = RunningWire(small_disk / "home", free_port())
    wire.starts(BARQ_LEAST_FREE_BYTES="60000000")
    accepted: list[str] = []

    def push(number: int, **fields: object) -> int:
        item = sent(uri=f"urn:{number}", headline=f"Story {number}", body_text=f"It happened {number} times." * 20, **fields)
        try:
            status = newsroom.post("/v1/items", json=item).status_code
        except httpx.TransportError:
            return 0
        if status == 202 and not fields:
            accepted.append(f"Story {number}")
        return status

    try:
        with wire.client() as newsroom:
            for number in range(20):
                assert push(number) == 202
            filler = fill(small_disk, leave=30_000_000)
            wire.eventually(lambda: push(100) == 507)
            assert push(0, version=2, pubstatus="canceled") == 202, "what takes text back is taken in"
            assert any("disk full" in said for said in newsroom.get("/readyz").json()["lacking"])
            assert "disk full" in wire.barq("status").stdout

            supervisor = holder_of(wire.home)
            fill(small_disk, leave=0)
            assert {push(number) for number in range(200, 260)} <= {507, 503, 0}

            filler.unlink()
            wire.eventually(lambda: push(300) == 202, 120)
            taken_back = "Story 0"
            wanted = set(accepted) - {taken_back}

            def published() -> bool:
                return {title for title in wire.titles("/en/feeds/all.rss") if title.startswith("Story")} == wanted

            wire.eventually(published, 120)
            assert wire.status()["dead_count"] == {}
            assert holder_of(wire.home) == supervisor, "it stood all along"
    finally:
        wire.barq("down", check=False)
