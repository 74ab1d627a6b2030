"""A setting that cannot be used is told in one sentence that names its variable; every number has two bounds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from shared.errors import ConfigurationError
from shared.settings import Settings, settings

NUMBERS = [name for name, field in Settings.model_fields.items() if field.annotation in (int, float)]


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_has_a_lower_and_an_upper_bound(name: str) -> None:
    bounds = {type(one).__name__: one for one in Settings.model_fields[name].metadata}
    assert {"Ge", "Le"} <= bounds.keys()
    assert bounds["Ge"].ge <= Settings.model_fields[name].default <= bounds["Le"].le


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "-5", "1e300", "", "many"])
@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_out_of_its_bounds_is_told_by_its_variable(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"BARQ_{name.upper()}", value)
    with pytest.raises(ConfigurationError, match=f"BARQ_{name.upper()} "):
        settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BARQ_TRUSTED_PROXIES", "foo"),
        ("BARQ_TRUSTED_PROXIES", "192.0.2.1/24"), ("BARQ_OPS_ADDRESSES", "192.0.2.1,300.1.1.1"),
        ("BARQ_PUBLIC_URL", "javascript:1"),
        ("BARQ_PUBLIC_URL", "http://"), ("BARQ_PUBLIC_URL", "https://a.example:x"), ("BARQ_PUBLIC_URL", "https://[::"),
        ("BARQ_DEADLINE_FACTOR", "0"), ("BARQ_CONNECTIONS", "0"), ("BARQ_SESSION_HOURS", "1e12"),
    ],
)  # fmt: skip
def test_addresses_and_networks_are_checked_when_they_are_read(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=variable):
        settings()


def test_a_command_ends_with_the_sentence_and_no_traceback() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "services.console.main", "status"],
        env={"PYTHONPATH": ":".join(sys.path), "BARQ_CONNECTIONS": "0"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 1
    assert "BARQ_CONNECTIONS" in told.stderr
    assert "Traceback" not in told.stderr
