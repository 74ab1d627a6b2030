"""What every app answers before it looks at anything else."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from shared.web.problems import answer_problems


@pytest.mark.parametrize(("announced", "status"), [("3", 200), ("9" * 12, 413), ("9" * 400, 413), ("9" * 5_000, 413)])
def test_a_body_is_too_large_by_whatever_number_it_says(announced: str, status: int) -> None:
    app = FastAPI()
    answer_problems(app)

    @app.post("/items")
    def take() -> None:
        """Nothing."""

    answer = TestClient(app).post("/items", content=b"{ }", headers={"content-length": announced})
    assert answer.status_code == status
