"""What is public is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared.contracts.problem import ProblemType
from shared.metrics import METRICS
from shared.settings import Settings

ROOT = Path(__file__).parents[2]


def words(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    field = Settings.model_fields[name]
    default = "unset" if field.default is None else str(field.default)
    assert f"| `BARQ_{name.upper()}` | `{default}` | {field.description} |" in words("docs/configuration.md")


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_is_documented_with_what_to_do(metric: object) -> None:
    assert f"| `{metric.name}` |" in words("docs/operations.md")  # type: ignore[attr-defined]
    assert metric.do in words("docs/operations.md")  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ProblemType)
def test_every_problem_type_is_documented_and_used(kind: ProblemType) -> None:
    assert f"| `{kind}` |" in words("docs/problems.md")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "services").rglob("*.py"))
    sources += "".join(path.read_text(encoding="utf-8") for path in (ROOT / "shared").rglob("*.py"))
    assert f"ProblemType.{kind.name}" in sources


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))]
)
def test_every_link_between_pages_leads_somewhere(page: str) -> None:
    broken = [
        target
        for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", words(page))
        if not ((ROOT / page).parent / target).exists()
    ]
    assert broken == []
