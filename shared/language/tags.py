"""Which `<` begins an element, in text that may be HTML, half of it, or none: people write `x<y` and `<3` too.

A parser of HTML takes `<y then z>` for an element that it does not know, and `<!-- ` without an end for a comment of all the
rest: the words are gone. So what comes in is cut into pieces here before any parser sees it. What is no element is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: elements that are left out with their whole content
GONE = frozenset({"script", "style", "title", "head", "template", "noscript", "iframe", "object", "svg", "math"})

#: every name that is or was HTML's
_HTML = GONE | frozenset({
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base", "basefont", "bdi", "bdo",
    "bgsound", "big", "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col",
    "colgroup", "command", "content", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt",
    "em", "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "frame", "frameset", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hgroup", "hr", "html", "i", "image", "img", "input", "ins", "isindex", "kbd", "keygen",
    "label", "layer", "legend", "li", "link", "listing", "main", "map", "mark", "marquee", "menu", "menuitem", "meta",
    "meter", "multicol", "nav", "nextid", "nobr", "noembed", "noframes", "ol", "optgroup", "option", "output", "p", "param",
    "picture", "plaintext", "pre", "progress", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "search", "section",
    "select", "shadow", "slot", "small", "source", "spacer", "span", "strike", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "textarea", "tfoot", "th", "thead", "time", "tr", "track", "tt", "u", "ul", "var", "video", "wbr", "xmp",
})  # fmt: skip
#: attributes that may stand without a value
_BARE = frozenset({
    "allowfullscreen", "async", "autofocus", "autoplay", "checked", "compact", "controls", "declare", "default", "defer",
    "disabled", "download", "formnovalidate", "hidden", "inert", "ismap", "itemscope", "loop", "multiple", "muted",
    "nohref", "noresize", "noshade", "novalidate", "nowrap", "open", "playsinline", "readonly", "required", "reversed",
    "scoped", "seamless", "selected",
})  # fmt: skip

_BEGINS = re.compile(r"<(?=[A-Za-z/!?])")
_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:._-]*)(?=[\s/>])")
_ATTRIBUTE = re.compile(r"""([^\s=<>"'/]+)(\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?|[^\s/]""")
_QUOTE_OR_END = re.compile(r"""=\s*(["'])|>""")
_INSTRUCTION = re.compile(r"<\?(?:(xml)\b|[a-z])[^<>]*>|<!doctype\b[^<>]*>", re.IGNORECASE)
_END_OF_GONE = {name: re.compile(rf"</{name}(?:\s[^<>]*)?/?>", re.IGNORECASE) for name in GONE}
_COMMENT, _CDATA, _END_OF_CDATA = "<!--", "<![CDATA[", "]]>"


@dataclass(frozen=True, slots=True)
class Text:
    """Text, with HTML's character references and without any tag: a `<` in it is one that somebody wrote."""

    said: str


@dataclass(frozen=True, slots=True)
class Tag:
    """An element's start or end."""

    name: str  #: in lower case
    is_end: bool
    source: str

    def attributes(self) -> dict[str, str]:
        """Its attributes, as they are written, without their quotes."""
        said = self.source[len(self.name) + 1 + self.is_end : -1]
        found: dict[str, str] = {}
        for one in _ATTRIBUTE.finditer(said):
            if one[1]:
                found.setdefault(one[1].lower(), (one[2] or "").strip().removeprefix("=").strip().strip("\"'"))
        return found


@dataclass(frozen=True, slots=True)
class Gone:
    """What is left out with its content."""

    name: str
    content: str

    @property
    def has_words(self) -> bool:
        """Is there anything in it that one could read?"""
        return any(character.isalnum() for character in self.content)


Piece = Text | Tag | Gone


def pieces(source: str) -> Iterator[Piece]:
    """The pieces of a source, in order. What they were made of is looked at once, however it is broken."""
    source = _without_cdata(source)
    closed = _names_that_are_closed(source)
    without_end: set[str] = set()  # what has no end from here on need not be looked for again
    begun = at = 0
    while found := _BEGINS.search(source, at):
        at, piece = _read(source, found.start(), closed, without_end)
        if piece is None:
            continue
        if begun < found.start():
            yield Text(source[begun : found.start()])
        yield piece
        begun = at
    if begun < len(source):
        yield Text(source[begun:])


def has_elements(source: str) -> bool:
    """Is this HTML, if a poor one? Text may have any number of `<` in it."""
    return any(not isinstance(piece, Text) for piece in pieces(source))


def _read(source: str, start: int, closed: set[str], without_end: set[str]) -> tuple[int, Piece | None]:
    """What begins at a `<`, and where it ends; no piece if the `<` is text."""
    if source.startswith(_COMMENT, start):
        end = -1 if _COMMENT in without_end else source.find("-->", start + len(_COMMENT))
        if end >= 0:
            return end + 3, Gone("comment", source[start + len(_COMMENT) : end])
        without_end.add(_COMMENT)
    elif instruction := _INSTRUCTION.match(source, start):
        is_of_xml = instruction[1] or instruction[0].startswith("<!")
        return instruction.end(), Gone("processing instruction", "" if is_of_xml else instruction[0])
    elif (tag := _tag(source, start, closed)) is None:
        return start + 1, None
    elif tag.name not in GONE or tag.is_end:
        return start + len(tag.source), tag
    else:
        inside = start + len(tag.source)
        ended = None if tag.name in without_end else _END_OF_GONE[tag.name].search(source, inside)
        if ended:
            return ended.end(), Gone(tag.name, source[inside : ended.start()])
        without_end.add(tag.name)
        return inside, tag
    return start + 1, None


def _tag(source: str, start: int, closed: set[str]) -> Tag | None:
    name = _NAME.match(source, start)
    if not name:
        return None
    following = _BEGINS.search(source, name.end())
    end = _end_of_tag(source, name.end(), following.start() if following else len(source))
    if end is None:
        return None
    attributes, called = source[name.end() : end - 1], name[2].lower()
    is_html = called in _HTML
    if not _are_attributes(attributes):
        return None
    if not is_html and called not in closed and not attributes.endswith("/"):
        return None
    return Tag(called, bool(name[1]), source[start:end])


def _end_of_tag(source: str, at: int, limit: int) -> int | None:
    """Where a tag ends: at a `>` that stands in no quotes, before the next tag begins."""
    while found := _QUOTE_OR_END.search(source, at, limit):
        if not found[1]:
            return found.end()
        close = source.find(found[1], found.end(), limit)
        if close < 0:  # quotes that are never closed: the tag ends where it seems to
            end = source.find(">", found.end(), limit)
            return end + 1 if end >= 0 else None
        at = close + 1
    return None


def _are_attributes(said: str) -> bool:
    """Are these attributes, and not words? Those that stand before the first with a value may be without one by HTML's leave."""
    for found in _ATTRIBUTE.finditer(said):
        if found[2]:
            return True
        if (found[1] or "").lower() not in _BARE:
            return False
    return True


def _names_that_are_closed(source: str) -> set[str]:
    """Of what vocabulary ever: an element that is begun and ended somewhere is one."""
    begun: set[str] = set()
    ended: set[str] = set()
    for slash, name in _NAME.findall(source):
        (ended if slash else begun).add(name.lower())
    return begun & ended


def _without_cdata(source: str) -> str:
    """What stands in CDATA, without its marks."""
    kept, at = [], 0
    while (start := source.find(_CDATA, at)) >= 0 and (end := source.find(_END_OF_CDATA, start)) >= 0:
        kept += [source[at:start], source[start + len(_CDATA) : end]]
        at = end + len(_END_OF_CDATA)
    return "".join((*kept, source[at:])) if kept else source
