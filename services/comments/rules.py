"""What may be sent as a comment, decided from values. Nothing here reads or keeps anything."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from shared.language.characters import clean, clean_line

MAX_CHARACTERS = 2000
MAX_NAME = 80
MAX_LINKS = 1
#: one address may send so many within so long
MAX_AT_ONCE, AT_ONCE = 5, timedelta(minutes=10)
#: and under one story so many may wait to be read
MAX_WAITING = 200

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


def read_comment(name: str, text: str) -> Comment | Outcome:
    """A comment from what somebody typed, or why it is none. A name that is too long is cut."""
    comment = Comment(name=clean_line(name)[:MAX_NAME], text=clean(text))
    if not comment.name or len(comment.text) < 2:
        return Outcome.EMPTY
    if len(comment.text) > MAX_CHARACTERS:
        return Outcome.LONG
    if len(_LINK.findall(f"{comment.name} {comment.text}")) > MAX_LINKS or _LINK.search(comment.name):
        return Outcome.LINKS
    return comment


def hash_sender(client: str, day: date) -> bytes:
    """What an address is counted by: enough for that day, and worth nothing later."""
    return hashlib.sha256(f"{client} {day:%Y-%m-%d}".encode()).digest()


@dataclass(frozen=True, kw_only=True)
class SentBefore:
    """What stands beside one more comment."""

    is_repeated: bool  #: Does the story have one with the same words?
    from_sender: int  #: so many came from the same address within `AT_ONCE`
    waiting: int  #: so many wait to be read under the same story


def find_objection(before: SentBefore) -> Outcome | None:
    """What speaks against one more comment: the same again, too many from one address, too many that wait."""
    if before.is_repeated:
        return Outcome.AGAIN
    return Outcome.OFTEN if before.from_sender >= MAX_AT_ONCE or before.waiting >= MAX_WAITING else None
