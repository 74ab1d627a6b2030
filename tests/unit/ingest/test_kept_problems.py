"""Problems in quarantine are read in whatever shape they were kept."""

from __future__ import annotations

from typing import Any

import pytest

from services.ingest.quarantine.queries import read_problem
from shared.contracts.problem import FieldError

KEPT: dict[str, Any] = {"type": "urn:barq:problem:not-xml", "title": "Not XML", "status": 400, "detail": "No."}


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ([], ()),
        ([{"pointer": "/uri", "detail": "missing"}], (FieldError.at("uri", "missing"),)),
        ([{"at": "uri", "say": "missing"}], ()),  # as it was called once
        (None, ()),
    ],
)
def test_a_problem_is_read_as_it_was_kept(errors: Any, expected: tuple[FieldError, ...]) -> None:
    problem = read_problem({**KEPT, "errors": errors})
    assert (problem.detail, problem.errors) == ("No.", expected)


def test_a_problem_without_errors_has_none() -> None:
    assert read_problem(KEPT).errors == ()
