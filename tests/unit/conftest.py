"""Tests that start nothing."""

from __future__ import annotations

import gc

import pytest


@pytest.fixture(autouse=True)
def _what_was_there_before_costs_nothing() -> None:
    """Many of these tests measure. What thousands of tests before them left in memory is not looked through meanwhile."""
    gc.freeze()
