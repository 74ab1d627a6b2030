"""What would go wrong later in a start is one sentence before anything starts."""

from __future__ import annotations

import os
import shutil
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from services.console.supervision.preflight import cannot_write, check_port, check_room, claim_home
from shared.errors import StartError


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_home_is_this_users_alone_and_has_one_wire(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    with claim_home(home):
        others = stat.S_IMODE(home.stat().st_mode) & 0o077
        assert others == (0o011 if os.geteuid() == 0 else 0), "as root, PostgreSQL's own user walks through"
        assert stat.S_IMODE((home / "run").stat().st_mode) & 0o077 == 0
        with pytest.raises(StartError, match=r"a wire runs in .* already"):
            claim_home(home)
    claim_home(home).close()


def test_a_home_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(StartError, match=r"cannot write to .*home: .*Give this user the folder"):
        claim_home(tmp_path / "home")


def test_a_home_that_cannot_be_written_says_what_to_do() -> None:
    assert str(cannot_write(Path("/srv/wire"), PermissionError(13, "Permission denied"))) == (
        "cannot write to /srv/wire: Permission denied. Give this user the folder, or set BARQ_HOME to another."
    )


@pytest.mark.parametrize(("free_bytes", "is_refused"), [(0, True), (199_999_999, True), (200_000_000, False), (10**12, False)])
def test_room_to_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_bytes: int, is_refused: bool) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free_bytes))
    if not is_refused:
        return check_room(tmp_path, 200_000_000)
    with pytest.raises(StartError, match=f"only {free_bytes // 1_000_000} MB are free .* needs 200 MB"):
        check_room(tmp_path, 200_000_000)
    return None


def test_a_port_that_somebody_has() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        with pytest.raises(StartError, match=f"port {port} on 127.0.0.1 cannot be used: Address already in use. Choose another"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_an_address_that_is_not_this_machines(host: str) -> None:
    with pytest.raises(StartError, match="cannot be used"):
        check_port(host, 0)
