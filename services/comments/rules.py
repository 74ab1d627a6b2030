"""What may be sent as a comment, decided from values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Literal

from shared.language.characters import clean, clean_line

MOST_CHARACTERS = 2000
MOST_NAME = 80
MOST_LINKS = 1
#: one address may send so many within so long
MOST_AT_ONCE, AT_ONCE = 5, timedelta(minutes=10)
#: and under one story so many may wait to be read
MOST_WAITING = 200

_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


#: a comment waits for an editor, who shows or hides it
State = Literal["waiting", "shown", "hidden"]


class Outcome(StrEnum):
    """How it went; the page has a sentence for each."""

    TAKEN = "taken"
    EMPTY = "empty"
    LONG = "long"
    LINKS = "links"
    AGAIN = "again"
    OFTEN = "often"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Comment:
    """What somebody wrote, in characters that can be kept."""

    name: str
    text: str


def read(name: str, text: str) -> Comment | Outcome:
    """A comment, or why it is none."""
    comment = Comment(name=clean_line(name)[:MOST_NAME], text=clean(text))
    if not comment.name or len(comment.text) < 2:
        return Outcome.EMPTY
    if len(comment.text) > MOST_CHARACTERS:
        return Outcome.LONG
    if len(_LINK.findall(f"{comment.name} {comment.text}")) > MOST_LINKS or _LINK.search(comment.name):
        return Outcome.LINKS
    return comment
