"""The book of security says what is so: each promise names its tests, and they are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BOOK = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [row for row in BOOK.splitlines() if row.startswith("| ") and "::test_" in row]


@cache
def _tests_of(file: str) -> set[str]:
    path = ROOT / "tests" / file
    if not path.exists():
        return set()
    return {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`([a-z_0-9/]+\.py::test_\w+)`", BOOK))))
def test_a_test_that_the_book_names_is_there(named: str) -> None:
    file, _, name = named.partition("::")
    assert name in _tests_of(file)


def test_every_promise_names_a_test() -> None:
    tables = re.findall(r"^\|[^\n]*\| test \|\n\|[-|]+\n((?:\|[^\n]*\n)+)", BOOK, re.MULTILINE)
    rows = [row for table in tables for row in table.splitlines()]
    assert len(rows) > 70
    assert [row for row in rows if "::test_" not in row] == []


def test_every_one_of_the_97_tries_is_in_the_book() -> None:
    tried = BOOK.partition("## Every try")[2].partition("\n## ")[0]
    numbers: set[int] = set()
    for row in tried.splitlines():
        said = row.removeprefix("| ").partition(" | ")[0]
        for first, last in re.findall(r"(?:^|[,;] )(\d+)(?:–(\d+))?(?=[ ,])", said):
            numbers |= set(range(int(first), int(last or first) + 1))
    assert numbers == set(range(1, 98))


#: whoever asks a server that is none of ours; `shared/web/outbound.py` is the guard itself
ASKS = {
    "services.console.failures", "services.console.push", "services.console.supervision.health",
    "services.console.supervision.supervisor", "services.console.wire_client",  # the wire itself
    "services.console.model_files",  # what an operator names
    "services.delivery.http_sender", "services.delivery.purge.stages",
    "services.desk.wire_client",  # the wire itself
    "services.ingest.connectors", "services.translation.engines",
    "shared.queue.liveness",  # the wire itself
    "shared.web.outbound",
}  # fmt: skip
_CLIENTS = {"httpx", "aiohttp", "asyncssh", "ftplib", "imaplib", "smtplib", "http.client", "urllib.request", "urllib3"}


def test_only_these_modules_ask_other_peoples_servers() -> None:
    """Nothing else has a client: no picture, link or schema of an item is ever fetched."""
    strangers = []
    for path in [*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        names = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
        if names & _CLIENTS and not any(module == known or module.startswith(f"{known}.") for known in ASKS):
            strangers.append((module, names & _CLIENTS))
    assert strangers == []
