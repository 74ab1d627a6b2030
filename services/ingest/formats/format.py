"""What a format is: the names that its module has, for `payload` to find it and read with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from services.ingest.formats.parsed_item import ParsedItem


class Reader(Protocol):
    """What can read an item."""

    NAME: str  #: as people and error messages say it

    def read(self, item: Any, /) -> ParsedItem:
        """One item. Raises Refused (422) for what can be no item; what is wrong with a field is noted in what it returns."""
        ...


class Format(Reader, Protocol):
    """A module of `formats`. Its document is decoded JSON, the root of an XML document, or a text, as its family has it."""

    def recognises(self, document: Any, /) -> bool:
        """Is this document in the format, whatever its sender calls it? Must be cheap, and raise for nothing."""
        ...

    def split(self, document: Any, /) -> Sequence[Any]:
        """The items of a document in its order, not yet read; none if it has none. Raises for nothing."""
        ...


class TextFormat(Format, Protocol):
    """A format of teleprinter lines, where a text may end amid a message."""

    def is_cut(self, message: Any, /) -> bool:
        """Is this only the beginning of a message?"""
        ...
