"""Whatever senders, files and problems say is printed as it is."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from services.console import main, show
from services.console.screen import screen

#: words as Rich's mark-up, emojis and figures have them
HOSTILE = st.lists(
    st.sampled_from(["[/x]", "[red]", "[", "]", "\\", ":smile:", "[bold", "[link=x]", "7", "a", "[/]"]), min_size=1
).map("".join)


def printed(what: Any) -> str:
    console, file = screen(), io.StringIO()
    console.file = file
    console.width = 4000
    what(console)
    return file.getvalue()


@given(HOSTILE)
def test_any_words_are_printed_as_they_are(words: str) -> None:
    table = Table("refused", "why", box=None)
    table.add_row(words, words)
    assert printed(lambda console: console.print(words)) == f"{words}\n"
    assert printed(lambda console: console.print(table)).count(words) >= 2


@given(HOSTILE)
def test_a_command_that_fails_says_why_whatever_that_is(words: str) -> None:
    with pytest.MonkeyPatch.context() as patch:

        def fail(console: Any) -> None:
            patch.setattr(main, "complaints", console)
            with pytest.raises(SystemExit):
                main._fail(words)

        assert printed(fail) == f"barq: {words}\n"


@given(HOSTILE)
def test_an_items_identity_and_errors_are_shown_as_they_are(words: str) -> None:
    stage = {"stage": "refile", "edition": None, "state": "dead", "attempts": 1, "done_at": None, "due_at": None, "error": words}
    item = {"uri": words, "version": 1, "state": "taken", "story": "s", "accepted_at": None, "stages": [stage], "feeds": [words]}
    assert printed(lambda console: show.timeline(console, item)).count(words) >= 3


def test_every_command_prints_by_the_one_screen() -> None:
    for module in Path(main.__file__).parent.rglob("*.py"):
        source = module.read_text(encoding="utf-8")
        assert "Console(" not in source or module.name == "screen.py", module
