"""The walls of the house: who may import whom."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.archive.tables import metadata

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if (path / "__init__.py").exists())

#: modules of a service that know values only: they get what they need, and a `now`
FRAMEWORKS = ("celery", "fastapi", "sqlalchemy", "starlette", "psycopg", "redis", "shared.settings", "shared.archive.database")
#: modules that act, the same names in every service: an app put together, HTTP, stages, SQL
THIN = {"app", "routes", "stages", "queries"}
#: modules of a service that act too, under names of their own: the subscribers' page; the edge's that speak HTTP, or keep
#: documents in memory
ACTS = {
    "console": {
        *("failures", "options", "wire_client"),  # what is wrong, where the home is, where the wire is
        *("feeds", "keys", "models", "roles", "wire", "work"),  # commands that speak to the ledger, or start something
        *("first_start", "stuck", "supervisor", "up"),  # processes
    },
    "delivery": {"page"},
    "desk": {"frame"},
    "edge": {
        *("crawlers", "documents", "etag", "fast_path", "lists", "older", "pages", "private", "trade_formats"),
        *("cross_origin", "slashes"),  # what is said with every answer, and in place of some
    },
    "enrichment": {"learner", "__main__"},  # who learns
    "ingest": {"intake", "poll_one", "reprocess"},
    "monitor": {"probes"},
    "translation": {"answers"},
}

#: services that answer readers, or make what readers are answered
ANSWER_READERS = ("edge", "rendering", "comments")
SAYS_WHO_SEES = re.compile(r"\b(?:is_notice|has_left)\b(?!,|\s*=\s*excluded)|\bstate\s*(?:=|<>|IN|IS|~)\s*\(?'(?!shown|waiting)")


def sql_of(module: Path) -> Iterator[tuple[int, str]]:
    """Every piece of a statement in SQL that a module writes itself, with its line; docstrings are none."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
        if is_text and re.search(r"[A-Z]{2,} |\.|=", node.value):
            yield node.lineno, node.value


def imports_of(module: Path) -> Iterator[tuple[int, str]]:
    """Every import of a module: line and dotted name; `from a import b` counts as `a.b`."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_never_imports_another_service(service: str) -> None:
    trespasses = [
        f"{module.relative_to(ROOT)}:{line} imports {name}"
        for module in (ROOT / "services" / service).rglob("*.py")
        for line, name in imports_of(module)
        if name.startswith("services.") and name.split(".")[1] != service
    ]
    assert trespasses == []


def test_what_is_shared_imports_no_service() -> None:
    trespasses = [
        f"{module.relative_to(ROOT)}:{line} imports {name}"
        for module in (ROOT / "shared").rglob("*.py")
        for line, name in imports_of(module)
        if name.startswith("services")
    ]
    assert trespasses == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_module_that_decides_knows_no_framework_and_no_settings(service: str) -> None:
    trespasses = [
        f"{module.relative_to(ROOT)}:{line} imports {name}"
        for module in (ROOT / "services" / service).rglob("*.py")
        if module.stem not in THIN and module.stem not in ACTS.get(service, ())
        for line, name in imports_of(module)
        if name.startswith(FRAMEWORKS)
    ]
    assert trespasses == []


@pytest.mark.parametrize("service", ANSWER_READERS)
def test_what_readers_may_see_is_said_in_one_place(service: str) -> None:
    """Every query for readers asks `shared/archive/visible.py`; none says by itself what is public, a notice, or gone."""
    trespasses = [
        f"{module.relative_to(ROOT)}:{line} says {sentence.strip().splitlines()[0]!r}"
        for module in (ROOT / "services" / service).rglob("*.py")
        for line, sentence in sql_of(module)
        if SAYS_WHO_SEES.search(sentence)
    ]
    assert trespasses == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_what_it_knows_and_what_it_writes(service: str) -> None:
    said = ast.get_docstring(ast.parse((ROOT / "services" / service / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert "Writes:" in said
    tables = [table.name for table in metadata.sorted_tables if table.info["written_by"] == service]
    assert [table for table in tables if f"`{table}`" not in said] == []


def test_each_table_is_written_by_its_service_only() -> None:
    writers = {table.name: table.info["written_by"] for table in metadata.sorted_tables}
    trespasses = []
    modules = [*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]
    for module in [module for module in modules if "migrations" not in module.parts]:
        words = module.read_text(encoding="utf-8").split()
        for before, verb, table in zip(words, words[1:], words[2:], strict=False):
            written = (before.strip('"(') == "INSERT" and verb == "INTO" and table) or (
                (before.strip('"(') == "DELETE" and verb == "FROM" and table)
                or (verb.strip('"(') == "UPDATE" and before != "DO" and before != "FOR" and table)
            )
            if written in writers:
                service = module.relative_to(ROOT / "services").parts[0] if "services" in module.parts else ""
                here = service or ".".join(module.relative_to(ROOT).with_suffix("").parts)
                if not f"{here}.".startswith(f"{writers[written]}."):
                    trespasses.append(f"{module.relative_to(ROOT)} writes {written}, which is {writers[written]}'s")
    assert trespasses == []
