"""Clients that other people's generators make of the API's description, as `docs/api.md` says it; nothing of them is kept."""

from __future__ import annotations

import importlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from tests.support.real_libraries import CLIENTS, missing
from tests.support.real_readers import NPM_MODULES

_ROOT = Path(__file__).parents[2]
_NPM_TOOLS = NPM_MODULES / ".bin"
#: the address that the page's lines have
_ADDRESS = "http://127.0.0.1:8000"
_PATIENCE_S = 90
_STRICT = ("--strict", "--skipLibCheck", "--noEmitOnError", "--target", "es2022", "--module", "nodenext")


def lacks_python() -> str:
    """What is not here that a Python client is made with; nothing if all is."""
    return missing(CLIENTS, "openapi-python-client")


def lacks_typescript() -> str:
    """What is not here that a TypeScript client is made with; nothing if all is."""
    return missing(_NPM_TOOLS, "openapi-typescript", "tsc") or missing(NPM_MODULES, "openapi-fetch")


def run(folder: Path, *command: str) -> str:
    """What a program says, with the generators on its path. Raises AssertionError with its words if it fails."""
    path = os.pathsep.join((str(CLIENTS), str(_NPM_TOOLS), os.environ["PATH"]))
    own = {"HOME": str(folder), "LANG": "C.UTF-8", "PATH": path}
    done = subprocess.run(command, timeout=_PATIENCE_S, env=own, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def _of_the_page(language: str, url: str) -> str:
    """The page's lines in a language, at another address."""
    page = (_ROOT / "docs/api.md").read_text(encoding="utf-8")
    _, _, section = page.partition("\n## Clients made from the description\n")
    (block,) = re.findall(rf"```{language}\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    return str(block).replace(_ADDRESS, url)


def _generate(folder: Path, url: str, generator: str) -> str:
    """Run the page's command for a generator; what it says."""
    (line,) = [line for line in _of_the_page("sh", url).splitlines() if f"{generator} " in line and "install" not in line]
    return run(folder, *shlex.split(line.removeprefix("npx ")))


# ── Python ───────────────────────────────────────────────────────────────────────────────────────────────────────


def make_python(folder: Path, url: str) -> set[tuple[str, str]]:
    """Make the package `barq_client`. What its generator leaves out: the operation, and the media type that it cannot take."""
    said = _generate(folder, url, "openapi-python-client")
    warnings = re.split(r"(?m)^WARNING parsing ", said)[1:]
    return {
        (warning.partition(" within ")[0], media_type)
        for warning in warnings
        for media_types in re.findall(r"Unsupported content.type ([^\n)]+)", warning) or [" ".join(warning.split())]
        for media_type in media_types.split(", ")
    }


@contextmanager
def imported(folder: Path) -> Iterator[ModuleType]:
    """The package's operations on stories; forgotten when the block ends."""
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        for operation in ("get_v1_stories", "get_v1_stories_story", "get_v1_stories_story_revisions"):
            importlib.import_module(f"barq_client.api.stories.{operation}")
        importlib.import_module("barq_client.models")
        yield importlib.import_module("barq_client")
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == "barq_client"]:
            del sys.modules[name]


def run_pages_python(folder: Path, url: str) -> list[str]:
    """The lines that the page's program prints, in an environment that has the generator's packages and nothing of Barq's."""
    (folder / "page.py").write_text(_of_the_page("python", url), encoding="utf-8")
    return run(folder, str(CLIENTS / "python"), "page.py").splitlines()


# ── TypeScript ───────────────────────────────────────────────────────────────────────────────────────────────────


def make_typescript(folder: Path, url: str) -> None:
    """Make the API's types, and compile against them the page's program and ours: `page.mjs`, `read_stories.mjs`."""
    (folder / "node_modules").symlink_to(NPM_MODULES)
    _generate(folder, url, "openapi-typescript")
    (folder / "page.mts").write_text(_of_the_page("ts", url), encoding="utf-8")
    program = Path(__file__).with_name("read_stories.mts")
    (folder / program.name).write_text(program.read_text(encoding="utf-8"), encoding="utf-8")
    run(folder, "tsc", *_STRICT, "page.mts", program.name)
