"""Text that is safe to keep, compare and put into XML: the one place that knows which characters cannot travel."""

from __future__ import annotations

import re
import unicodedata

# What XML 1.0 forbids, plus U+FEFF inside text and lone surrogates, which UTF-8 cannot carry.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_SPACES = re.compile(r"\s+")
_OPENS = {"\u2066", "\u2067", "\u2068"}  # LRI RLI FSI, closed by PDI
_EMBEDS = {"\u202a", "\u202b"}  # LRE RLE, closed by PDF
_OVERRIDES = {"\u202d", "\u202e"}  # LRO RLO, closed by PDF: they write the letters of a line backwards, which no copy needs
_PDI, _PDF = "\u2069", "\u202c"


def clean(text: str) -> str:
    """`text` in NFC, with line feeds only, without characters that XML cannot carry, and with bidi controls closed.

    Arabic copy carries bidi controls on purpose; one left open would turn the rest of a page around. Overrides are left out.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u0085", "\n")
    return _close_bidi(_FORBIDDEN.sub("", unicodedata.normalize("NFC", text))).strip()


def clean_line(text: str) -> str:
    """`clean`, on one line: headlines, names and labels."""
    return _SPACES.sub(" ", clean(text)).strip()


def clean_identity(text: str) -> str:
    """`clean_line`, without what nobody sees: an identity that looks like another is that one."""
    return clean_line(without_unseen(text))


def without_unseen(text: str) -> str:
    """`text` without characters that only format what is around them (Unicode's Cf): joiners, directions, soft hyphens."""
    return text if text.isascii() else "".join(character for character in text if unicodedata.category(character) != "Cf")


def _close_bidi(text: str) -> str:
    """`text` with each bidi isolate and embedding that it opens closed at its end, innermost first, and without overrides."""
    if not any(control in text for control in (*_OPENS, *_EMBEDS, *_OVERRIDES)):
        return text
    kept: list[str] = []
    open_controls: list[str] = []  # what closes each; nothing for an override
    for character in text:
        if character in _OVERRIDES:
            open_controls.append("")
            continue
        if character in _OPENS:
            open_controls.append(_PDI)
        elif character in _EMBEDS:
            open_controls.append(_PDF)
        elif character == _PDF and open_controls and open_controls[-1] == "":
            open_controls.pop()
            continue
        elif character in (_PDI, _PDF) and character in open_controls:
            # a PDI closes every embedding inside its isolate too
            while open_controls.pop() != character:
                pass
        kept.append(character)
    return "".join((*kept, *reversed(open_controls)))
