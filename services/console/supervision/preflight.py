"""Everything that would go wrong later in the start of the embedded wire, found before anything starts, in one sentence each."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from typing import IO

from shared.embedded.runfile import take_home
from shared.errors import StartError


def claim_home(home: Path) -> IO[str]:
    """Make the folder, this user's alone, and this process its only wire until the file that it returns is closed.

    Raises StartError if it cannot be written, or has a wire already.
    """
    try:
        os.umask(0o077)  # what the wire writes, its user alone reads
        (home / "run").mkdir(parents=True, exist_ok=True)
        # as root, PostgreSQL's own user walks through it to its data, and reads nothing on the way
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)
        lock = take_home(home)
    except OSError as refused:
        raise cannot_write(home, refused) from refused
    if lock is None:
        raise StartError(f"a wire runs in {home} already: see `barq status`, stop it with `barq down`.")
    return lock


def cannot_write(home: Path, refused: OSError) -> StartError:
    """The error of a home that this user may not write to."""
    return StartError(f"cannot write to {home}: {refused.strerror}. Give this user the folder, or set BARQ_HOME to another.")


def check_room(home: Path, least_bytes: int) -> None:
    """Raises StartError if less than that is free where the home is."""
    free_bytes = shutil.disk_usage(home).free
    if free_bytes < least_bytes:
        raise StartError(
            f"only {free_bytes // 1_000_000} MB are free under {home}; "
            f"the wire needs {least_bytes // 1_000_000} MB to start (BARQ_LEAST_FREE_BYTES)."
        )


def check_port(host: str, port: int) -> None:
    """Raises StartError if the wire could not listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            raise StartError(
                f"port {port} on {host} cannot be used: {refused.strerror}. "
                "Choose another: `barq up --port N` (with make: `make up PORT=N`)."
            ) from refused
