"""What comes out of a store has a type: no raw row, no `Any`, nothing that a reader of the code has to guess the fields of."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if (path / "__init__.py").exists())

#: services in which no module at all does
THROUGHOUT = {"comments", "delivery", "desk", "edge", "monitor", "rendering", "translation"}

_UNTYPED = re.compile(r"\bRow\b|\bRowMapping\b|\bAny\b|\bdict\[str, object\]")


def is_store(module: Path) -> bool:
    """Does it hold statements in SQL?"""
    return module.stem == "queries"


def untyped_doors(module: Path) -> Iterator[str]:
    """Public functions that return what has no type, and public fields that hold it."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            returned = ast.unparse(node.returns) if node.returns else "Any"
            if not node.name.startswith("_") and _UNTYPED.search(returned):
                yield f"{module.relative_to(ROOT)}:{node.lineno} {node.name}"
        elif isinstance(node, ast.ClassDef):
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and _UNTYPED.search(ast.unparse(field.annotation)):
                    yield f"{module.relative_to(ROOT)}:{field.lineno} {ast.unparse(field.target)}"


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_store_returns_has_a_type(service: str) -> None:
    modules = [path for path in (ROOT / "services" / service).rglob("*.py") if service in THROUGHOUT or is_store(path)]
    assert [door for module in modules for door in untyped_doors(module)] == []


def test_no_service_is_named_that_is_not_there() -> None:
    assert set(SERVICES) >= THROUGHOUT
