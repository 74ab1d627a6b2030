"""What is public is documented, and what a page says is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared.archive.tables import metadata
from shared.contracts.problem import ProblemType
from shared.metrics import METRICS
from shared.settings import Settings

ROOT = Path(__file__).parents[2]


DECISIONS = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
PAGES = ["README.md", "CONTRIBUTING.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))]

#: `services/publish/lifecycle.py`, `tests/chaos`, `services/*/templates/`: from the root, or from `tests/`
_PATH = re.compile(
    r"`((?:services|shared|tests|docs|deploy|bench|samples|requirements|architecture|unit|integration|end_to_end|chaos)"
    r"/[\w./*-]*)(?:::\w+)?`"
)
_TEST_FILE = re.compile(r"`(test_\w+\.py)(?:::\w+)?`")
_TEST = re.compile(r"(?:`|::)(test_\w+)`")


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


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_table_says_what_one_row_is(table: str) -> None:
    writer = metadata.tables[table].info["written_by"]
    row = re.search(rf"^\| `{table}` \| (.+) \| .+ \|$", words("docs/a-tour-of-the-code.md"), re.MULTILINE)
    assert row, f"docs/a-tour-of-the-code.md does not say what one row of `{table}` is"
    assert writer.startswith("shared.") or row[1] == writer


@pytest.mark.parametrize("page", PAGES)
def test_every_link_between_pages_leads_somewhere(page: str) -> None:
    broken = [
        target
        for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", words(page))
        if not ((ROOT / page).parent / target).exists()
    ]
    assert broken == []


@pytest.fixture(scope="module")
def tests() -> str:
    """The source of every test."""
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_test_that_a_page_names_is_there(page: str, tests: str) -> None:
    text = words(page)
    missing = [
        path
        for path in _PATH.findall(text)
        if not any(ROOT.glob(path.rstrip("/"))) and not any((ROOT / "tests").glob(path.rstrip("/")))
    ]
    missing += [name for name in _TEST_FILE.findall(text) if not any((ROOT / "tests").rglob(name))]
    missing += [name for name in _TEST.findall(text) if f"def {name}(" not in tests]
    assert missing == []


@pytest.mark.parametrize("name", DECISIONS)
def test_every_decision_has_the_same_form(name: str) -> None:
    lines = words(f"docs/decisions/{name}").splitlines()
    assert re.fullmatch(r"# (?!\d).+", lines[0]), "a title without a number, which is the file's"
    assert re.match(r"\*Accepted, \d+ \w+ \d{4}\.( Supersede[sd]|\*$)", lines[2]), "a date, and what it stands for"
    heads = [head for line in lines if (head := re.match(r"\*\*(Context|Options|Decision|Consequences|Kept by)\b", line))]
    assert [head[1] for head in heads] == ["Context", "Options", "Decision", "Consequences", "Kept by"]
    assert not [line for line in lines if line.startswith("## ")]


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(name[:4]) for name in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_changelog_says_first_what_an_upgrade_needs() -> None:
    unreleased = words("CHANGELOG.md").partition("## Unreleased\n")[2].partition("\n## ")[0]
    assert re.findall(r"^### (.+)$", unreleased, re.MULTILINE) == ["Upgrading", "Added", "Changed", "Fixed"]
