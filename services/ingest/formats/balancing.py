"""Tags balanced: one pass over a document that is nearly XML, which closes every tag where it must be.

A fault of one entry ends with that entry, and what a feed's head left open ends before its first.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.ingest.formats.escaping import escape

#: the documents that are mended, and what in them stands on its own; where nothing does, the document is one item
UNITS: dict[str, tuple[str, ...]] = {
    "rss": ("item",),
    "RDF": ("item",),
    "feed": ("entry", "deleted-entry"),
    "newsMessage": ("newsItem", "packageItem"),
    "NewsML": ("NewsItem",),
    "entry": (),
    "newsItem": (),
    "packageItem": (),
    "nitf": (),
    "RBNews": (),
}
_CONTAINERS = frozenset(("rss", "channel", "RDF", "feed", "newsMessage", "itemSet", "NewsML"))
_MAY_NEST = frozenset(("NewsItem",))
#: an RSS entry's own fields hold text: where the next one begins, the one before has ended
_TEXT_FIELDS = frozenset(("title", "link", "guid", "pubDate", "description", "author", "category", "comments"))
_TOKEN = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z_][\w.-]*+(?::[A-Za-z_][\w.-]*+)?)(?P<rest>(?:\"[^\"<]*+\"|'[^'<]*+'|[^<>\"'])*+)>", re.ASCII
)
_TOKEN_WITH_A_LOST_QUOTE = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z_][\w.-]*+(?::[A-Za-z_][\w.-]*+)?)(?P<rest>[^<>]*+)>", re.ASCII
)
_ATTRIBUTE = re.compile(
    r"(?<![\w.:-])([A-Za-z_][\w.-]*+(?::[A-Za-z_][\w.-]*+)?)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'=]++))", re.ASCII
)
_MAX_DEPTH = 200  # libxml2 stops at 256; a tag below that is dropped, and its words are kept
#: tags that were dropped or closed by the next one, of what is no entry of a feed: beyond it nobody wrote this
_MAX_FLATTENED = 10_000
#: HTML's elements without an end; `link` and `source` hold text in RSS
_VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "param", "track", "wbr"))
_INLINE = frozenset(
    ("a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "u")
)
#: HTML's implied ends: what each of these ends where it begins, and what may be open in between
_IMPLIED_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "p": (frozenset(("p",)), _INLINE),
    "li": (frozenset(("li",)), _INLINE | {"p"}),
    "dt": (frozenset(("dt", "dd")), _INLINE | {"p"}),
    "dd": (frozenset(("dt", "dd")), _INLINE | {"p"}),
    "td": (frozenset(("td", "th")), _INLINE | {"p"}),
    "th": (frozenset(("td", "th")), _INLINE | {"p"}),
    "tr": (frozenset(("tr",)), _INLINE | {"p", "td", "th"}),
    "option": (frozenset(("option",)), frozenset()),
}
_LOOKS_BACK = 16  # open elements, for one that is ended so
#: namespaces that nobody may bind a prefix to
_RESERVED = ("http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/")
_MAX_ATTRIBUTES = 100
_MAX_PREFIXES = 100
#: prefixes that feeds use without declaring them, as everybody declares them
_PREFIXES = {
    "media": "http://search.yahoo.com/mrss/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "atom": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "georss": "http://www.georss.org/georss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "thr": "http://purl.org/syndication/thread/1.0",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


class BeyondMending(Exception):
    """What no reader should try: nested without end."""


@dataclass(kw_only=True)
class MendedDocument:
    """One document, made well-formed."""

    source: str = ""  #: without a declaration; empty if nothing whole was in it
    notes: list[str] = field(default_factory=list)
    is_cut: bool = False  #: it stops amid an entry, which was left out
    tags: list[str] = field(default_factory=list)  #: the source in pieces
    units: list[tuple[int, int]] = field(default_factory=list)  #: its entries, as slices of `tags`

    def only(self, unit: tuple[int, int]) -> str:
        """One entry within the root, and nothing else."""
        root = self.tags[0]
        return f"{root}{''.join(self.tags[slice(*unit)])}</{root[1:].split()[0].rstrip('>')}>"

    def without(self, units: Iterable[tuple[int, int]]) -> str:
        """The source without some of its entries, which are in its order."""
        pieces, at = [], 0
        for start, end in units:
            pieces += self.tags[at:start]
            at = end
        return "".join([*pieces, *self.tags[at:]])


class Balancer:
    """One pass over a document from its root's start: out comes the same with every tag closed where it must be."""

    def __init__(self, text: str, start: int, root: str) -> None:
        self.text = text
        self.at = start
        self._root = root
        self._out: list[str] = []
        self._open: list[str] = []
        self._places: dict[str, list[int]] = {}  # where in `_open` a name stands
        self._unit = -1  # where in `_open` the unit stands that is being read
        self._unit_in_out = 0
        self._used: dict[str, None] = {}
        self._declared: dict[str, str] = {}
        self._of_root: set[str] = set()
        self._counts: dict[str, int] = {}
        self._next: dict[str, int] = {}  # where a mark comes next; -1: no more
        self._dropped: dict[str, int] = {}  # tags too deep to be kept, whose ends are awaited
        self._flattened = 0  # of the unit that is being read
        self._units: list[tuple[int, int]] = []

    def run(self) -> MendedDocument:
        """The document; `at` is then where it ended. Raises BeyondMending."""
        while self.at < len(self.text):
            begin = self.text.find("<", self.at)
            if begin != self.at:
                end = begin if begin >= 0 else len(self.text)
                self._add_text(self.text[self.at : end])
                self.at = end
                continue
            self._read_markup(begin)
            if not self._open:
                return self._done(is_cut=False)
        return self._done(is_cut=self._cut())

    def _read_markup(self, begin: int) -> None:
        text = self.text
        if text.startswith("<![CDATA[", begin):
            self._section(begin)
        elif text.startswith("<!--", begin) and (end := self._end_within_unit("-->", begin)) >= 0:
            self.at = end + 3
        elif text.startswith("<?", begin) and (end := self._end_within_unit("?>", begin)) >= 0:
            self.at = end + 2
        elif token := _TOKEN.match(text, begin) or _TOKEN_WITH_A_LOST_QUOTE.match(text, begin):
            self.at = token.end()
            if token["end"]:
                self._end(token["name"])
            else:
                self._start(token["name"], token["rest"])
        elif self._find(">", begin) < 0:
            self.at = len(text)  # cut off within a tag
        else:
            self._out.append("&lt;")
            self.at = begin + 1
            self._count("lone < as text")

    def _section(self, begin: int) -> None:
        """A CDATA section; one whose end is lost ends with the element that it stands in."""
        end = after = self._end_within_unit("]]>", begin)
        after += 3
        if end < 0:
            self._count("section without an end")
            end = after = self._end_within_unit(f"</{self._open[-1]}>", begin)
        if end < 0:
            self.at = begin + 9
            return
        self._out.append(f"<![CDATA[{self.text[begin + 9 : end]}]]>")
        self.at = after

    def _end_within_unit(self, mark: str, start: int) -> int:
        """Where a closing mark comes next; -1 if the entry that is being read ends before, or the next begins."""
        place = self._find(mark, start)
        unit = self._open[self._unit] if self._unit >= 0 else ""
        if unit and any(-1 < self._find(edge, start) < place for edge in (f"</{unit}>", f"<{unit}>", f"<{unit} ")):
            return -1
        return place

    def _find(self, mark: str, start: int) -> int:
        """Where a mark comes next. Remembered: a text of openings and one far end would be walked for each of them."""
        known = self._next.get(mark)
        if known is None or -1 < known < start:
            known = self._next[mark] = self.text.find(mark, start)
        return known

    def _add_text(self, source: str) -> None:
        self._out.append(escape(source, self._counts))

    def _start(self, name: str, rest: str) -> None:
        local = name.rpartition(":")[2]
        if self._open and local in UNITS[self._root]:
            self._close_for_unit(local)
        elif self._root == "rss" and self._unit >= 0 and name in _TEXT_FIELDS and self._open[-1] in _TEXT_FIELDS:
            self._close(len(self._open) - 1)
            self._count("tag without an end")
        elif local in _IMPLIED_ENDS:
            self._close_implied(local)
        if len(self._open) >= _MAX_DEPTH and local not in UNITS[self._root]:
            self._drop(name, rest)
            return
        tag = f"{name}{self._attributes(rest, is_root=not self._open)}"
        self._note_prefix(name)
        if rest.rstrip().endswith("/") or (self._open and local.lower() in _VOID):
            self._out.append(f"<{tag}/>")
            if not self._open:  # a root without anything in it
                self._out = [f"<{tag}>", f"</{name}>"]
            return
        if local in UNITS[self._root] and self._unit < 0:
            self._unit, self._unit_in_out = len(self._open), len(self._out)
        self._out.append(f"<{tag}>")
        self._places.setdefault(name, []).append(len(self._open))
        self._open.append(name)

    def _close_implied(self, local: str) -> None:
        """A paragraph ends the one before, as in HTML."""
        ended, between = _IMPLIED_ENDS[local]
        lowest = max(self._unit + 1, len(self._open) - _LOOKS_BACK, 1)
        for place in range(len(self._open) - 1, lowest - 1, -1):
            name = self._open[place].rpartition(":")[2]
            if name in ended:
                self._count("tag without an end", len(self._open) - place)
                self._close(place)
                self._flatten()
                return
            if name not in between:
                return

    def _drop(self, name: str, rest: str) -> None:
        if not rest.rstrip().endswith("/") and name.rpartition(":")[2].lower() not in _VOID:
            self._dropped[name] = self._dropped.get(name, 0) + 1
        self._count("tag too deep")
        self._flatten()

    def _flatten(self) -> None:
        self._flattened += 1
        if self._unit < 0 and self._flattened > _MAX_FLATTENED:
            raise BeyondMending(f"more than {_MAX_FLATTENED} of its tags are nested without an end or too deep")

    def _close_for_unit(self, local: str) -> None:
        """A new entry ends the one before, and whatever its feed's head left open."""
        if self._unit >= 0:
            if local in _MAY_NEST:
                return
            self._count("entry without an end")
            self._close(self._unit)
        inner = len(self._open)
        while inner and self._open[inner - 1].rpartition(":")[2] not in _CONTAINERS:
            inner -= 1
        if 0 < inner < len(self._open):
            self._count("tag without an end", len(self._open) - inner)
            self._close(inner)

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if self._dropped.get(name):
            self._dropped[name] -= 1
            return
        places = self._places.get(name)
        if not places and local.lower() in _VOID:
            return
        if local in _CONTAINERS and self._is_amid_unit():
            self._count("end without a beginning")
            return
        # what an entry ends must be its own, or what holds all entries
        if not places or (places[-1] < self._unit and local not in _CONTAINERS):
            self._count("end without a beginning")
            return
        if unclosed := len(self._open) - 1 - places[-1]:
            self._count("tag without an end", unclosed)
        self._close(places[-1])

    def _is_amid_unit(self) -> bool:
        """Does the end of the entry that is being read come before the next one begins?"""
        if self._unit < 0:
            return False
        unit = self._open[self._unit]
        end = self._find(f"</{unit}>", self.at)
        return end >= 0 and not any(-1 < self._find(start, self.at) < end for start in (f"<{unit}>", f"<{unit} "))

    def _close(self, place: int) -> None:
        """Close what is open from this place on, and with it all that was too deep in it."""
        self._dropped.clear()
        while len(self._open) > place:
            name = self._open.pop()
            self._places[name].pop()
            self._out.append(f"</{name}>")
        if self._unit >= len(self._open):
            self._end_unit()

    def _end_unit(self) -> None:
        self._units.append((self._unit_in_out, len(self._out)))
        self._unit, self._flattened = -1, 0

    def _cut(self) -> bool:
        """The text has ended and the document has not: leave out the entry that was being read."""
        was_amid = self._unit >= 0 or not UNITS[self._root]
        if self._unit >= 0:
            del self._out[self._unit_in_out :]
            del self._open[self._unit :]
            self._unit = -1
        if not was_amid:
            self._count("tag without an end", len(self._open))
        while self._open:
            self._out.append(f"</{self._open.pop()}>")
        return was_amid

    def _attributes(self, rest: str, *, is_root: bool) -> str:
        attributes: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(rest):
            name = match[1]
            value = next(part for part in match.groups()[1:] if part is not None)
            if match[4] is not None:
                value = value.removesuffix("/")
            if name in attributes or _is_illegal(name, value) or len(attributes) >= _MAX_ATTRIBUTES:
                continue
            attributes[name] = value
            if name.startswith("xmlns:"):
                self._declared.setdefault(name[6:], value)
                if is_root:
                    self._of_root.add(name[6:])
            else:
                self._note_prefix(name)
        return "".join(f' {name}="{escape(value, self._counts, is_attribute=True)}"' for name, value in attributes.items())

    def _note_prefix(self, name: str) -> None:
        prefix, colon, _ = name.partition(":")
        if colon and prefix not in ("xml", "xmlns") and len(self._used) < _MAX_PREFIXES:
            self._used[prefix] = None

    def _count(self, what: str, number: int = 1) -> None:
        self._counts[what] = self._counts.get(what, 0) + number

    def _done(self, *, is_cut: bool) -> MendedDocument:
        if not self._out or (is_cut and not UNITS[self._root]):
            return MendedDocument(is_cut=True)
        missing = [prefix for prefix in self._used if prefix not in self._of_root]
        declarations = "".join(
            f' xmlns:{prefix}="{html.escape(self._declared.get(prefix) or _PREFIXES.get(prefix) or f"urn:undeclared:{prefix}")}"'
            for prefix in missing
        )
        root = self._out[0]
        self._out[0] = f"{root[:-1]}{declarations}>"
        notes = [f"{count_text(number, what)}" for what, number in self._counts.items() if number]
        unknown = [prefix for prefix in missing if prefix not in self._declared]
        if unknown:
            notes.append(f"prefixes that nobody declared: {', '.join(unknown[:10])}")
        if is_cut:
            notes.append("it is cut off amid an entry, which was left out")
        return MendedDocument(source="".join(self._out), notes=notes, is_cut=is_cut, tags=self._out, units=self._units)


def _is_illegal(name: str, value: str) -> bool:
    """Does an attribute declare what no document may: a prefix of nothing, or of XML's own namespaces?"""
    if name != "xmlns" and not name.startswith("xmlns:"):
        return False
    return name in ("xmlns:xml", "xmlns:xmlns") or value.strip() in _RESERVED or (name != "xmlns" and not value.strip())


def count_text(number: int, what: str) -> str:
    """How many of something, whose first word is what is counted: `2 tags without an end`."""
    first, _, rest = what.partition(" ")
    if number == 1:
        return f"1 {what}"
    if first == "lone":
        return f"{number} {what}"
    plural = {"entry": "entries"}.get(first, f"{first}s")
    return f"{number} {plural} {rest}".strip()
