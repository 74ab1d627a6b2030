"""A teleprinter line's messages, for recognising and for splitting alike: one clean-up, one way to find where each begins.

Between its messages a line carries what keeps it busy (SYN, NUL, DEL), and in them what rang bells, moved carriages and laid
out tables. What means something to the reader of a format stays: SOH, STX, ETX, tabs and ends of lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SOH, STX, ETX, EOT = "\x01", "\x02", "\x03", "\x04"
_FAR_ENOUGH = 2_000  # characters before the first message: what is no message by then is none
#: of the line and of typesetting, without a word: fillers, form feeds, device controls
_FILLERS = re.compile("[\x00\x0c\x10\x16\x7f\ufeff]")
_SEPARATORS = re.compile("[\x11-\x14\x1c-\x1f]")
_TABLE_LINE = re.compile("(?<=\n)\x08")
_OTHERS = re.compile("[\x05-\x08\x0b\x0e\x0f\x15\x17-\x1b]")
_NAMES = {"\x05": "ENQ", "\x06": "ACK", "\x07": "BEL", "\x08": "BS", "\x0b": "VT", "\x0e": "SO", "\x0f": "SI", "\x15": "NAK",
          "\x17": "ETB", "\x18": "CAN", "\x19": "EM", "\x1a": "SUB", "\x1b": "ESC"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of a line, from its SOH or its header on."""

    text: str
    notes: tuple[str, ...] = ()  #: what was taken out of it
    is_open: bool = False  #: the last of its text, with a start (STX) and no end (ETX, EOT): without a trailer cut off


def clean(text: str) -> Message:
    """A text without what is only of the line; what else is taken out of it is in its notes. Lines end with \\n."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SEPARATORS.sub(" ", _FILLERS.sub("", text))
    text = _TABLE_LINE.sub("   ", text).rstrip("\x1a \n")  # an indented line is one of its own; SUB ends a DOS file
    controls = _OTHERS.findall(text)
    if not controls:
        return Message(text=text)
    kinds = ", ".join(dict.fromkeys(_NAMES[control] for control in controls))
    many = f"{len(controls)} control character{'s' * (len(controls) > 1)}"
    return Message(text=_OTHERS.sub("", text), notes=(f"{many} ({kinds}) {'were' if len(controls) > 1 else 'was'} taken out",))


def find_start(text: str, header_ends: Callable[[str, int], int]) -> int:
    """Where the first message begins: at a SOH with a header behind it, else at a header that opens the text; -1 if none.

    `header_ends` is a format's: where the header ends that begins at a place in the text, -1 if none does.
    """
    at = text.find(SOH)
    while 0 <= at < _FAR_ENOUGH:
        if header_ends(text, _skip_mark(text, at)) >= 0:
            return at
        at = text.find(SOH, at + 1)
    start = _skip_mark(text, 0)
    return start if header_ends(text, start) >= 0 else -1


def split_messages(text: str, header_ends: Callable[[str, int], int]) -> Sequence[Message]:
    """The messages of a line, each cleaned.

    One begins at a SOH with a header behind it, or at any SOH once the one before has ended, so that a broken header takes no
    other's text with it; without SOH one begins at a header behind an EOT. What stands in front of the first is no message.
    """
    cleaned = clean(text)
    text = cleaned.text
    first = find_start(text, header_ends)
    if first < 0:
        return [cleaned]
    starts = [first]
    has_ended = False
    for mark in _MARK.finditer(text, first + 1):
        if mark[0] == ETX:
            has_ended = True
            continue
        is_header = header_ends(text, _skip_mark(text, mark.start())) >= 0
        if is_header or (mark[0] == SOH and has_ended and _has_words(text, mark.end())):
            starts.append(mark.start())
            has_ended = False
    ends = [*starts[1:], len(text)]
    return [
        Message(
            text=text[start:end].replace(EOT, ""),
            notes=cleaned.notes,
            is_open=end == len(text) and _is_open(text[start:end]),
        )
        for start, end in zip(starts, ends, strict=True)
    ]


def _is_open(message: str) -> bool:
    return max(message.rfind(ETX), message.rfind(EOT)) < message.rfind(STX)


def is_cut(message: Message, trailer: re.Pattern[str]) -> bool:
    """Does a text stop before its end? One that ends with its format's trailer (the date line) has only lost its ETX."""
    return message.is_open and trailer.search(message.text[-_LONGEST_TRAILER:]) is None


_LONGEST_TRAILER = 80
_MARK = re.compile("[\x01\x03\x04]")
_BLANK = re.compile("[\x01\x04]?[\x04\\s]{0,40}+")


def _skip_mark(text: str, at: int) -> int:
    """The first character behind a mark and the white space around it."""
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _has_words(text: str, at: int) -> bool:
    end = text.find(SOH, at)
    return bool(text[at : end if end >= 0 else len(text)].strip(f"{EOT}{ETX}{STX} \n\t"))
