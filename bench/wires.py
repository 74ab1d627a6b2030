"""A whole wire for one benchmark: started in a folder of its own, and gone after it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.embedded.runfile import RunFile, read_runfile

BARQ = [sys.executable, "-m", "services.console.main"]


@dataclass(frozen=True, kw_only=True)
class BenchWire:
    """Where the wire stands; `folder` is for the benchmark's own files, `environment` is what `barq` was started with."""

    folder: Path
    environment: dict[str, str]
    run: RunFile
    key: str


@contextmanager
def a_wire(port: int, **settings: str) -> Iterator[BenchWire]:
    """`barq up` at `port` with these settings, and `barq down` whatever happens."""
    with tempfile.TemporaryDirectory(prefix="barq-bench-") as name:
        home = Path(name) / "home"
        environment = {**os.environ, "BARQ_HOME": str(home), **settings}
        subprocess.run([*BARQ, "up", "--detach", "--port", str(port)], env=environment, check=True, stdout=subprocess.DEVNULL)
        try:
            run = read_runfile(home)
            assert run is not None
            key = (home / "keys" / "newsroom").read_text(encoding="utf-8").strip()
            yield BenchWire(folder=Path(name), environment=environment, run=run, key=key)
        finally:
            subprocess.run([*BARQ, "down"], env=environment, check=True, stdout=subprocess.DEVNULL)
