"""Text of a document that is nearly XML, as XML has it: references that everybody knows are resolved, all other `&` are text."""

from __future__ import annotations

import re
from html.entities import html5

_AMPERSAND = re.compile(
    r"&(?:(#[0-9]{1,7}+|#[xX][0-9A-Fa-f]{1,6}+);|([A-Za-z][A-Za-z0-9]{1,31}+);|(amp|lt|gt|quot|apos)(?![\w=]))?"
)
XMLS_OWN = ("amp", "lt", "gt", "quot", "apos")
_NUMBERS = "number of a character that XML forbids"


def escape(source: str, counts: dict[str, int], *, is_attribute: bool = False) -> str:
    """The source of a text, or of an attribute's value, well-formed. What was mended in it is counted in `counts` by its kind."""

    def as_xml(match: re.Match[str]) -> str:
        number, name, unfinished = match.groups()
        if number:
            code = int(number[2:], 16) if number[1] in "xX" else int(number[1:])
            if _is_allowed(code):
                return match[0]
            counts[_NUMBERS] = counts.get(_NUMBERS, 0) + 1
            return ""
        if unfinished or name in XMLS_OWN:
            return f"&{unfinished or name};"
        if name and (character := html5.get(name + ";")):
            return "".join(f"&#{ord(part)};" for part in character)
        counts["lone &"] = counts.get("lone &", 0) + 1
        return "&amp;" + match[0][1:]

    if "&" in source:
        source = _AMPERSAND.sub(as_xml, source)
    if is_attribute:
        return source.replace('"', "&quot;").replace("<", "&lt;")
    return source.replace("]]>", "]]&gt;")


def _is_allowed(code: int) -> bool:
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
