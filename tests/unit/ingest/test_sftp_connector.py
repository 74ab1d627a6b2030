"""A file on an SFTP server that is larger than its listing says is refused, and not taken for its beginning."""

from __future__ import annotations

import pytest

from services.ingest.connectors import sftp
from services.ingest.connectors.connector import PollContext
from services.ingest.connectors.directory import Listed
from tests.unit.ingest.made_sources import context, source


@pytest.mark.parametrize(
    ("listed_bytes", "read_bytes", "fault"),
    [(10, 1_000, ""), (10, 1_001, "larger than 1,000 bytes"), (1_001, 0, "larger than 1,000 bytes")],
)
def test_a_file_is_as_large_as_it_is(monkeypatch: pytest.MonkeyPatch, listed_bytes: int, read_bytes: int, fault: str) -> None:
    async def read(_: PollContext) -> list[tuple[str, bytes, Listed]]:
        return [("a", b"{}".ljust(read_bytes), Listed(size=listed_bytes, modified="1"))]

    monkeypatch.setattr(sftp, "_connect_and_read", read)
    given = context(source(url="sftp://h/"), memory={"waiting": {}, "taken": {}}, max_bytes=1_000)
    (document,) = sftp.poll(given)
    assert document.fault == fault
