"""One name as it was found in a text."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["people", "organisations", "companies"]


class Named(NamedTuple):
    """A name, what decided that it is one, and how sure that is."""

    kind: Kind
    name: str  #: as the text has it
    evidence: str  #: the words that decided: with its title, its legal form
    confidence: float
    ticker: str = ""
