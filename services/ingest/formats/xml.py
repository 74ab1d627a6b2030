"""XML in: parsed without trust, mended where it is nearly XML, and read without caring for prefixes.

No entity is expanded and nothing is fetched: a document that declares entities of its own is refused, a DTD is never
loaded, and libxml2's own limits on depth and size stay on. Names of HTML's characters (`&nbsp;`), which NITF's DTD would
have declared, are understood.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from services.ingest.formats import encodings, mending
from shared.contracts.problem import NotXml, Refused, TooLarge

Element = etree._Element

#: what may stand in front of a root: a declaration or an instruction, a comment, a DOCTYPE, a complaint's tags
_BEFORE_ROOT = re.compile(rb"<\?.*?(?:\?>|\Z)|<!--.*?(?:-->|\Z)|<!|<(?P<tag>/?[A-Za-z_][\w.:-]{0,99})", re.DOTALL)
#: what a DOCTYPE is made of, in which a `>`, a `]` or a `<!ENTITY` may be only words
_OF_DOCTYPE = re.compile(
    rb"<\?.*?(?:\?>|\Z)|<!--.*?(?:-->|\Z)|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|(?P<entity><!ENTITY)|(?P<edge>[\[\]>])",
    re.DOTALL | re.IGNORECASE,
)
_NAMED_CHARACTER = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_XMLS_OWN = {b"amp", b"lt", b"gt", b"quot", b"apos"}
_MOST_TAGS = 500_000  # an element costs a hundred times its bytes; five thousand items have half of this
_MOST_ATTRIBUTES = 100  # of one element
_EDGE_OF_ENTRY = re.compile(rb"</?(?:item|entry|newsItem|NewsItem|packageItem)[ >]")
_CHARSET = re.compile(r"^[A-Za-z][A-Za-z0-9._:-]{1,39}$")


_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
#: how far into a payload its declaration and its root are looked for, behind what a server wrote in front
_MOST_JUNK = 20_000


@dataclass(frozen=True, kw_only=True)
class Document:
    """One XML document as it was read."""

    root: Element | None  #: None: nothing whole is in it
    notes: tuple[str, ...] = ()  #: what was done to it before it could be read
    is_cut: bool = False  #: it stops amid an item, which was left out
    refused: tuple[Refused, ...] = ()  #: entries that cannot be read even alone


def looks_like_xml(body: bytes) -> bool:
    """Is this XML, or does a document of the wire's stand behind a server's complaint in it?"""
    start = body[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<") or (b"\x01" not in body[:200] and has_root(body))  # a line's message is no XML's junk


def has_root(body: bytes) -> bool:
    """Does a document of a kind that the wire reads begin in this, whatever stands before it?"""
    return mending.begins(body[:_MOST_JUNK].replace(b"\0", b"").decode("latin-1")) >= 0


def parse_xml(body: bytes, charset: str = "") -> Element:
    """The root of an XML document. Raises Refused (400) with the place of what is wrong."""
    _refuse_hostile(body)
    root = _parsed(body, charset if _CHARSET.match(charset) else None)
    _refuse_entities(root)
    _bound_attributes(root)
    return root


def documents_of(body: bytes, charset: str = "") -> Sequence[Document]:
    """A payload's documents: the one that it should be, or what can be mended. Raises Refused (400) as `parse_xml`.

    `charset` is what a header says, and counts where the document itself says nothing.
    """
    _refuse_hostile(body)
    declared = _DECLARED.search(body[:_MOST_JUNK].replace(b"\0", b""))
    said = declared[1].decode("ascii") if declared else charset
    really = encodings.misnamed(body, said)
    if _swallows_an_entry(body) and (mended := _mended(body, said)):
        return mended
    try:
        root = _parsed(body, really or (charset if _CHARSET.match(charset) and not declared else None))
    except Refused as refused:
        if mended := _mended(body, said):
            return mended
        raise refused
    _refuse_entities(root)
    notes = [f"the document calls itself {said} and was read as {really}, which it is"] if really == "utf-8" else []
    return (Document(root=root, notes=(*notes, *_bound_attributes(root))),)


def _bound_attributes(root: Element) -> tuple[str, ...]:
    """Leave an element so many attributes as any format has, and some: feedparser and lxml look at each for every other."""
    laden = [element for element in root.iter() if len(element.attrib) > _MOST_ATTRIBUTES]
    for element in laden:
        kept = {name: element.attrib[name] for name in islice(element.attrib, _MOST_ATTRIBUTES)}
        element.attrib.clear()
        element.attrib.update(kept)
    return (f"of more than {_MOST_ATTRIBUTES} attributes of an element, the first {_MOST_ATTRIBUTES} were read",) if laden else ()


def _swallows_an_entry(body: bytes) -> bool:
    """Does a CDATA section whose own end is lost run into the next entry's? XML allows that, and the entry is gone."""
    at = body.find(b"<![CDATA[")
    while at >= 0:
        end = body.find(b"]]>", at)
        if end < 0:
            return False  # no XML at all, and a strict reader says so
        last = body.rfind(b"<![CDATA[", at + 9, end)
        if last >= 0 and _EDGE_OF_ENTRY.search(body, at, last):
            return True
        at = body.find(b"<![CDATA[", end)
    return False


def _mended(body: bytes, said: str) -> Sequence[Document]:
    decoded = encodings.decoded(body, said or "utf-8")
    try:
        mended = mending.mend(decoded.text)
        found = []
        for one in mended:
            root, refused = _whole_or_entrywise(one)
            notes = [*decoded.notes, *one.notes, *(_bound_attributes(root) if root is not None else ())]
            told = (mending.told(notes),) if notes else ()
            found.append(Document(root=root, notes=told, is_cut=one.is_cut, refused=refused))
    except (mending.BeyondMending, Refused):
        return ()
    return found


def _whole_or_entrywise(mended: mending.Mended) -> tuple[Element | None, tuple[Refused, ...]]:
    """A mended document; where it is still no XML, without the entries that are none when each is read alone."""
    if not mended.source:
        return None, ()
    try:
        return _parsed(mended.source.encode(), "utf-8"), ()
    except Refused:
        if not mended.units:
            raise
    left: list[tuple[int, int]] = []
    refused: list[Refused] = []
    for unit in mended.units:
        try:
            _parsed(mended.alone(unit).encode(), "utf-8")
        except Refused as why:
            left.append(unit)
            refused.append(why)
    return _parsed(mended.without(left).encode(), "utf-8"), tuple(refused)


def _refuse_hostile(body: bytes) -> None:
    if _declares_entities(body):
        raise _declared_entities()
    if (tags := body.count(b"<")) > _MOST_TAGS:
        raise TooLarge(f"The document has {tags:,} tags; {_MOST_TAGS:,} are the most that are read.")


def _declares_entities(body: bytes) -> bool:
    """Does a DOCTYPE in front of the root declare an entity? Behind the root's start `<!ENTITY` is only somebody's words."""
    bare = body.replace(b"\0", b"") if b"\0" in body else body  # UTF-16 and UTF-32, whose ASCII is that between zeros
    at = 0
    while found := _BEFORE_ROOT.search(bare, at):
        at = found.end()
        if found["tag"] and found["tag"].lstrip(b"/").lower().decode("latin-1") not in mending.COMPLAINTS:
            return False
        if found[0] == b"<!":
            at = _end_of_doctype(bare, found.start())
            if at < 0:
                return True
    return False


def _end_of_doctype(bare: bytes, start: int) -> int:
    """Where a DOCTYPE ends; -1 if an entity is declared in it."""
    depth = 0
    for found in _OF_DOCTYPE.finditer(bare, start):
        if found["entity"]:
            return -1
        if found["edge"] == b">" and depth <= 0:
            return found.end()
        depth += {b"[": 1, b"]": -1}.get(found["edge"] or b"", 0)
    return len(bare)


def _refuse_entities(root: Element) -> None:
    """In whatever encoding they are declared."""
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(iter(declared.iterentities()), None) is not None:
        raise _declared_entities()


def _declared_entities() -> Refused:
    return _not_xml("it declares entities of its own, which are never expanded here. Send the text itself")


def _parsed(body: bytes, encoding: str | None) -> Element:
    try:
        parser = etree.XMLParser(
            encoding=encoding,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        return etree.fromstring(_NAMED_CHARACTER.sub(_as_number, body.strip()), parser)
    except (etree.XMLSyntaxError, LookupError, ValueError) as wrong:
        raise _not_xml(str(wrong)[:300]) from wrong


def _as_number(found: re.Match[bytes]) -> bytes:
    character = html.entities.html5.get(found[1].decode() + ";")
    if found[1] in _XMLS_OWN or character is None:
        return found[0]
    return "".join(f"&#{ord(part)};" for part in character).encode()


def name_of(element: Element) -> str:
    """An element's name without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """An element's children of these names, whatever their namespace; all of them without a name."""
    for child in element if element is not None else ():
        if isinstance(child.tag, str) and (not names or name_of(child) in names):
            yield child


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down this path of names, or None."""
    for name in path:
        element = next(children(element, name), None)
    return element


def each(element: Element | None, *path: str) -> Iterator[Element]:
    """Every element down this path of names."""
    *way, last = path
    places = [element] if element is not None else []
    for name in way:
        places = [found for place in places for found in children(place, name)]
    for place in places:
        yield from children(place, last)


def descendants(element: Element | None, *names: str) -> Iterator[Element]:
    """Every element below, of these names, in document order."""
    for found in element.iterdescendants() if element is not None else ():
        if isinstance(found.tag, str) and name_of(found) in names:
            yield found


def words(element: Element | None) -> str:
    """All the text of an element, on one line; empty for None."""
    return " ".join("".join(str(part) for part in element.itertext()).split()) if element is not None else ""


def text_at(element: Element | None, *path: str) -> str:
    """The words of the first element down a path."""
    return words(child(element, *path))


def attribute(element: Element | None, name: str) -> str:
    """An attribute by its local name (`lang` finds `xml:lang`); empty if it is not there."""
    if element is None:
        return ""
    for key, value in element.attrib.items():
        if etree.QName(str(key)).localname == name:
            return str(value).strip()
    return ""


def inner_html(element: Element) -> str:
    """The content of an element as HTML source, its namespaces and prefixes dropped. Not yet sanitised."""
    parts = [html.escape(element.text or "", quote=False)]
    for child_ in element:
        if isinstance(child_.tag, str):
            parts.append(outer_html(child_))
        parts.append(html.escape(child_.tail or "", quote=False))
    return "".join(parts)


def outer_html(element: Element) -> str:
    """An element as HTML source."""
    name = name_of(element)
    attributes = "".join(
        f' {etree.QName(str(key)).localname}="{html.escape(str(value))}"' for key, value in element.attrib.items()
    )
    inner = inner_html(element)
    return f"<{name}{attributes}>" if name in ("br", "hr", "img") else f"<{name}{attributes}>{inner}</{name}>"


def cut_off(what: str) -> Refused:
    """The refusal of an item that its document stops amid: half of it is never taken for the whole."""
    return NotXml(
        f"The {what} is cut off: the item that it stops amid was not taken. Send the document again, whole.",
    )


def _not_xml(why: str) -> Refused:
    return NotXml(f"The item is no XML that can be read: {why}.")
