"""What the wire lacks to be ready, in words."""

from __future__ import annotations

import pytest

from services.monitor.known import Troubles, find_lacking


@pytest.mark.parametrize(
    ("troubles", "unheard", "lacking"),
    [
        (Troubles(), (), []),
        (
            Troubles(),
            ("publish.express", "render.regular"),
            ["no worker hears publish.express", "no worker hears render.regular"],
        ),
        (Troubles(database="D"), (), ["D"]),
        (Troubles(database="D", broker="B", disk="F"), (), ["F", "D", "B"]),
        (Troubles(disk="F"), ("publish.express",), ["F", "no worker hears publish.express"]),
        (Troubles(broker="B"), ("publish.express",), ["B"]),  # nobody can be heard through it, and none is to blame
    ],
)
def test_what_is_lacking(troubles: Troubles, unheard: tuple[str, ...], lacking: list[str]) -> None:
    assert find_lacking(troubles, unheard) == lacking
