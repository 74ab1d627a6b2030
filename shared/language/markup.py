"""HTML made safe to publish: known block and inline elements, no scripts, no styles, absolute links only; and no word lost."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

import nh3

from shared.language.characters import clean
from shared.language.tags import Gone, Piece, Tag, Text, has_elements, pieces

_TABLE_PARTS = frozenset({"caption", "thead", "tbody", "tfoot", "tr", "th", "td"})
_BLOCKS = _TABLE_PARTS | {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "table", "dl", "dt", "dd", "figure", "figcaption", "hr",
}  # fmt: skip
_INLINE = frozenset({
    "a", "em", "strong", "b", "i", "u", "sub", "sup", "span", "bdi", "q", "cite", "code", "abbr", "time",
})  # fmt: skip
_ATTRIBUTES = {"*": {"dir", "lang"}, "a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
#: elements that are another's by another name
_SAME = {"h1": "h2", "dir": "ul", "menu": "ul"}
#: what loses its tag and stays a block of its own: words on two sides of it never run together
_BOUNDARIES = frozenset({
    "address", "article", "aside", "body", "center", "details", "dialog", "div", "fieldset", "footer", "form", "frameset",
    "h5", "h6", "header", "hgroup", "html", "legend", "listing", "main", "marquee", "multicol", "nav", "noframes",
    "optgroup", "option", "plaintext", "section", "select", "summary", "search", "textarea", "xmp",
})  # fmt: skip
_KNOWN = _BLOCKS | _INLINE | _BOUNDARIES
#: what loses its tag inside a word; every other tag that goes leaves a space between two words
_FORMATS = frozenset({
    "acronym", "bdo", "big", "blink", "comment", "data", "del", "dfn", "font", "ins", "kbd", "label", "mark", "nobr", "output",
    "rb", "ruby", "s", "samp", "small", "strike", "tt", "var", "wbr",
})  # fmt: skip
#: what can stand in itself, however deep
_CONTAINERS = _BOUNDARIES | {"ul", "ol", "dl", "blockquote", "pre", "table", "figure", "figcaption"}
_DEEPEST = 100
#: inline elements in each other, and how much longer a text may become because they go on in the next paragraph
_MOST_NESTED, _MOST_REOPENED = 50, 10_000

_TAG = re.compile(r"<[^<>]*>")
_INLINE_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_INLINE))})\b[^<>]*>")
_TAGS = re.compile(r"(<[^<>]*>)")
_NAME = re.compile(r"</?([a-z0-9]+)")
_EMPTY_PARAGRAPH = re.compile(r"<p(?: [^<>]*)?>(?:\s|&nbsp;|\u00a0|<br>)*</p>\s*")
#: elements without an end
_VOID = frozenset({"br", "hr", "img"})
_HALF_A_REFERENCE = re.compile(r"&[^;\s]{0,40}\Z")
_BLANK_LINES = re.compile(r"\n\s*\n")
_BLANK = re.compile(r"(?:\s|&nbsp;)*")


class SafeHtml(str):
    """HTML that is safe to publish, and knows what with words in it was left out."""

    __slots__ = ("dropped",)
    dropped: tuple[str, ...]  #: names of elements; `comment`, `processing instruction`

    def __new__(cls, source: str, dropped: tuple[str, ...] = ()) -> SafeHtml:
        """HTML as it is; only this module can say so."""
        made = super().__new__(cls, source)
        made.dropped = dropped
        return made


def joined(bodies: Sequence[str]) -> SafeHtml:
    """Pieces of one text, one behind the other; what was left out of each was left out of it."""
    dropped = [name for body in bodies if isinstance(body, SafeHtml) for name in body.dropped]
    return SafeHtml("\n".join(bodies), tuple(dict.fromkeys(dropped)))


def body_of(source: str) -> SafeHtml:
    """What somebody wrote, as HTML: as it is if it has elements in it, else as the text that it is."""
    return safe_html(source) if has_elements(source) else SafeHtml(paragraphs(source))


def safe_html(source: str) -> SafeHtml:
    """HTML as sent, sanitised; broken mark-up is mended. Text that stands in no block becomes paragraphs."""
    found = list(pieces(clean(source)))
    safe = nh3.clean(
        "".join(_known(found, len(source))),
        tags=_BLOCKS | _INLINE | {"br", "div"},
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener",
        strip_comments=True,
    )
    safe = _EMPTY_PARAGRAPH.sub("", _in_blocks(safe)).strip()
    return SafeHtml(_with_line_feeds(safe), _dropped(found))


def _with_line_feeds(safe: str) -> str:
    """The same with a line feed between blocks and behind breaks: many readers take tags out, and would join the words."""
    made: list[str] = []
    preformatted, is_at_edge, is_beginning = 0, False, True
    for token in filter(None, _TAGS.split(safe)):
        name, is_end = _name_of(token), token.startswith("</")
        is_block_begun = name in _BLOCKS and not is_end
        if (is_block_begun and not is_beginning) or (is_at_edge and not is_end and name != "br"):
            if not (made[-1][-1].isspace() or token[0].isspace()):
                made.append("\n")
            is_at_edge = False
        made.append(token)
        if name == "pre":
            preformatted += -1 if is_end else 1
        if (name in _BLOCKS and is_end) or name == "hr" or (name == "br" and not preformatted):
            is_at_edge = True
        is_beginning = is_block_begun and name != "hr"
    return "".join(made)


def _known(found: list[Piece], length: int) -> Iterator[str]:
    """The source with elements that are known, in which no inline element reaches over the edge of a block."""
    inline = _Inline(length + _MOST_REOPENED)
    tables: list[bool] = []  # open ones: is a cell open?
    depth = 0
    last, is_apart = "", False  # the character before, and whether something between stood for a space
    for piece in found:
        if isinstance(piece, Text):
            if not piece.said.isspace():
                is_astray = bool(tables) and not tables[-1]  # a table has text in its cells alone
                yield "<div>" if is_astray else " " if is_apart and last.isalnum() and piece.said[0].isalnum() else ""
                yield from inline.shown()
                yield piece.said.replace("<", "&lt;")
                if is_astray:
                    yield from inline.closed()
                    yield "</div>"
            else:
                yield piece.said
            last, is_apart = piece.said[-1], False
            continue
        name = _SAME.get(piece.name, piece.name)
        if isinstance(piece, Gone) or (name != "br" and name not in _KNOWN):
            is_apart = is_apart or name not in _FORMATS
        elif name == "br":
            yield "<br>"
            last = " "
        elif name in _INLINE:
            yield from inline.ended(name) if piece.is_end else inline.begun(piece)
        else:
            yield from inline.closed()
            last = " "
            if name in _CONTAINERS:
                depth = max(depth - 1, 0) if piece.is_end else depth + 1
                if depth + piece.is_end > _DEEPEST:
                    yield " "
                    continue
            yield _block(name, piece, is_in_table=bool(tables))
            _note_table(tables, name, is_end=piece.is_end)
    yield from inline.closed()


def _block(name: str, tag: Tag, *, is_in_table: bool) -> str:
    """A block's tag; where it keeps none, or a part of a table stands in none, the boundary that it is."""
    if name in _BOUNDARIES or (name in _TABLE_PARTS and not is_in_table):
        return "</div>" if tag.is_end else "<div>"
    return _written(tag, name)


def _written(tag: Tag, name: str = "") -> str:
    """A tag as every parser reads it, with the attributes that it may have."""
    name = name or tag.name
    if tag.is_end:
        return f"</{name}>"
    allowed = _ATTRIBUTES["*"] | _ATTRIBUTES.get(name, set())
    kept = [(key, value.replace('"', "&quot;")) for key, value in tag.attributes().items() if key in allowed]
    return "".join((f"<{name}", *(f' {key}="{value}"' for key, value in kept), ">"))


def _note_table(tables: list[bool], name: str, *, is_end: bool) -> None:
    if name == "table" and is_end:
        del tables[-1:]
    elif name == "table":
        tables.append(False)
    elif name in _TABLE_PARTS and tables:
        tables[-1] = name in ("td", "th", "caption") and not is_end


class _Inline:
    """The inline elements that are open in a source. Their tags are made where there is text, and again behind a block's edge."""

    def __init__(self, budget: int) -> None:
        self._open: list[tuple[str, str]] = []  # name and tag
        self._shown = 0  # as many of them are open in what is made
        self._budget = budget

    def begun(self, tag: Tag) -> Iterator[str]:
        if tag.name == "a":  # there is no link in a link
            yield from self.ended("a")
        if len(self._open) < _MOST_NESTED:
            self._open.append((tag.name, _written(tag)))

    def ended(self, name: str) -> Iterator[str]:
        at = next((at for at in range(len(self._open) - 1, -1, -1) if self._open[at][0] == name), None)
        if at is not None:
            yield from (f"</{inner}>" for inner, _ in reversed(self._open[at : self._shown]))
            del self._open[at]
            self._shown = min(self._shown, at)

    def shown(self) -> Iterator[str]:
        for _, tag in self._open[self._shown :]:
            self._budget -= len(tag)
            yield tag
        self._shown = len(self._open)

    def closed(self) -> Iterator[str]:
        yield from (f"</{name}>" for name, _ in reversed(self._open[: self._shown]))
        self._shown = 0
        if self._budget < 0:
            self._open.clear()


def _in_blocks(safe: str) -> str:
    """Well-formed HTML whose boundaries (`div`) are paragraphs' edges, and whose loose text stands in paragraphs."""
    flow, depth = _Flow(len(safe) + _MOST_REOPENED), 0
    for token in filter(None, _TAGS.split(safe)):
        name = found[1] if (found := _NAME.match(token)) else ""
        step = 0 if name not in _BLOCKS or name == "hr" else -1 if token.startswith("</") else 1
        if depth > 0:
            flow.passes(token, name)
            depth += step
        elif name in _BLOCKS or name == "div":
            flow.ends_paragraph()
            if name != "div":
                flow.passes(token, name)
            depth += step
        else:
            flow.says(token, name)
    flow.ends_paragraph()
    return "".join(flow.made)


class _Flow:
    """A text in the making: blocks as they are, and the paragraph of loose text that is being made."""

    def __init__(self, budget: int) -> None:
        self.made: list[str] = []
        self._loose: list[str] = []
        self._inline: list[str] = []  # tags that are open in the loose text
        self._has_words = self._is_after_break = False
        self._budget = budget
        self._is_behind_words = self._needs_break = False  # inside a block

    def passes(self, token: str, name: str) -> None:
        """Something inside a block, or its edge. Boundaries in it become breaks between words."""
        if name == "div":
            self._needs_break = self._is_behind_words
            return
        if name in _BLOCKS or name == "br":
            self._is_behind_words = self._needs_break = False
        elif not token.isspace() and not token.startswith("</"):  # words, or an inline element, which has some
            if self._needs_break:
                self.made.append("<br>")
            self._is_behind_words, self._needs_break = True, False
        self.made.append(token)

    def says(self, token: str, name: str) -> None:
        """Loose text, a break, an inline tag. Blank lines and two breaks end a paragraph."""
        if name == "br":
            if self._is_after_break:
                self.ends_paragraph("\n")
            elif self._has_words:
                self._loose.append(token)
                self._is_after_break = True
        elif name and token.startswith("</"):
            if not self._inline:
                return
            if self._inline.pop() == self._loose[-1]:  # it went on for nothing
                self._loose.pop()
            else:
                self._loose.append(token)
        elif name:
            self._inline.append(token)
            self._loose.append(token)
        else:
            self._says_text(token)

    def _says_text(self, text: str) -> None:
        for number, part in enumerate(_BLANK_LINES.split(text)):
            if number and self._has_words:
                self.ends_paragraph("\n")
            if _BLANK.fullmatch(part):
                (self._loose if self._has_words else self.made).extend(filter(None, [part]))
            else:
                self._loose.append(part if self._has_words else part.lstrip())
                self._has_words, self._is_after_break = True, False

    def ends_paragraph(self, end: str = "") -> None:
        """End it, if there is one; inline elements go on in the next."""
        if self._has_words:
            around = list(self._inline)
            while (last := self._loose[-1]).isspace() or (last.startswith("<") and not last.startswith("</")):
                self._loose.pop()
                if last != "<br>" and not last.isspace():  # it was begun behind the last word
                    around.pop()
            ends = (f"</{_name_of(tag)}>" for tag in reversed(around))
            self.made += ["<p>", *self._loose[:-1], self._loose[-1].rstrip(), *ends, "</p>", end]
            self._budget -= sum(map(len, self._inline))
            if self._budget < 0:
                self._inline.clear()
        self._loose = list(self._inline)
        self._has_words = self._is_after_break = False


def _name_of(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1] if found else ""


def paragraphs(source: str) -> str:
    """Plain text as HTML: a paragraph for each blank-line block, or for each indented line as old wires send it."""
    text = clean(source)
    blocks = re.split(r"\n\s*\n|\n(?=[ \t]{2,}\S)", text)
    lines = [" ".join(block.split()) for block in blocks]
    return "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)


def paragraphs_of_loose_text(source: str) -> SafeHtml:
    """What calls itself plain text and has tags in it now and then: they become paragraphs, its characters text."""
    found = list(pieces(source))
    said = "".join(piece.said if isinstance(piece, Text) else _edge_in_text(piece) for piece in found)
    return SafeHtml(paragraphs(html.unescape(said)), _dropped(found))


def _edge_in_text(piece: Tag | Gone) -> str:
    if isinstance(piece, Gone) or piece.name in _INLINE | _FORMATS:
        return ""
    return "\n\n" if piece.name == "br" or piece.name in _BLOCKS | _BOUNDARIES | {"h1"} else " "


def shortened(safe: str, most_bytes: int) -> str:
    """The beginning of sanitised HTML: as many of its blocks as fit, or of its first, if that alone does not, as many words."""
    made: list[str] = []
    inside: list[str] = []
    blocks, left = 0, most_bytes
    for token in filter(None, _TAGS.split(safe)):
        left -= len(token.encode())
        if left < 0:
            if blocks:
                return "".join(made[:blocks]).rstrip()
            made.append("…" if token.startswith("<") else _words_within(token, left + len(token.encode())))
            break
        made.append(token)
        if token.startswith("</"):
            inside.pop()
            blocks = blocks if inside else len(made)
        elif (name := _name_of(token)) and name not in _VOID:
            inside.append(name)
    return "".join((*made, *(f"</{name}>" for name in reversed(inside))))


def _words_within(text: str, most_bytes: int) -> str:
    """The words of a text that fit into so many bytes; never half a letter, nor half of one that is written by its name."""
    fitting = _HALF_A_REFERENCE.sub("", text.encode()[:most_bytes].decode(errors="ignore"))
    return (fitting.rsplit(" ", 1)[0] if " " in fitting else fitting) + "…"


def plain_text(safe: str) -> str:
    """The words of sanitised HTML, on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", _INLINE_TAG.sub("", safe))).split())


def _dropped(found: list[Piece]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.name for piece in found if isinstance(piece, Gone) and piece.has_words))
