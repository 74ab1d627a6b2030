"""Figures in the digits of an edition: CLDR's numbering systems, by their names there."""

from __future__ import annotations

import re

_DIGITS = {"latn": "0123456789", "arab": "٠١٢٣٤٥٦٧٨٩", "arabext": "۰۱۲۳۴۵۶۷۸۹", "deva": "०१२३४५६७८९"}
_DIGIT = re.compile(r"\d")


def with_digits(text: str, system: str) -> str:
    """A text's figures, whatever digits they are in, in those of a numbering system (`latn`, `arab`, `arabext`, `deva`)."""
    row = _DIGITS[system]
    return _DIGIT.sub(lambda digit: row[int(digit[0])], text)
