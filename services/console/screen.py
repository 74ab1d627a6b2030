"""Where commands print: words of senders, files and problems are shown as they are, and a `[` in them is no mark-up.

What the wire itself sets off in colour or bold is a `Text` with a style, put together by `Text.assemble`.
"""

from __future__ import annotations

from rich.console import Console


def screen(*, stderr: bool = False) -> Console:
    """A console that takes words as they are: no mark-up, no names of emojis, no colours for what looks like a number."""
    return Console(stderr=stderr, soft_wrap=True, markup=False, emoji=False, highlight=False)
