"""Who has just started a wire reads where everything is; a log, which others may read, has no secret."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from services.console.supervision.welcome import FirstKey, key_lines, welcome

KEYS = [FirstKey(role=role, secret=f"barq_{role}_x", file=Path("/home/keys") / role) for role in ("newsroom", "ops")]


def test_a_screen_has_the_secrets_and_a_log_their_files() -> None:
    assert key_lines(KEYS, is_screen=True)[1:] == [
        "Your first keys, shown this once (and kept for `barq` on this machine):",
        "  newsroom  barq_newsroom_x",
        "  ops       barq_ops_x",
    ]
    assert key_lines(KEYS, is_screen=False)[1:] == [
        "Your first keys, for you alone to read:",
        "  newsroom  /home/keys/newsroom",
        "  ops       /home/keys/ops",
    ]


def printed(first_keys: list[FirstKey], *, is_screen: bool) -> str:
    file = io.StringIO()
    welcome(
        Console(file=file, width=200, force_terminal=is_screen),
        "http://w.example",
        {"ar": "العربية", "en": "English"},
        first_keys,
    )
    return file.getvalue()


def test_every_address_is_said() -> None:
    words = printed([], is_screen=False)
    for line in (
        "English            http://w.example/en/   feeds: http://w.example/en/feeds/",
        "Desk               http://w.example/desk",
        "Operations         http://w.example/ops",
        "Push               POST http://w.example/v1/items",
    ):
        assert line in words
    assert "The wire is empty" not in words


def test_a_wire_with_first_keys_is_empty_and_says_what_to_push() -> None:
    assert "barq push samples/" in printed(KEYS, is_screen=False)
    assert "barq_ops_x" not in printed(KEYS, is_screen=False)
    assert "barq_ops_x" in printed(KEYS, is_screen=True)
