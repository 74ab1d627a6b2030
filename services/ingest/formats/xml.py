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
_MAX_TAGS = 500_000  # an element costs a hundred times its bytes; five thousand items have half of this
_MAX_ATTRIBUTES = 100  # of one element
_EDGE_OF_ENTRY = re.compile(rb"</?(?:item|entry|newsItem|NewsItem|packageItem)[ >]")
_CHARSET = re.compile(r"^[A-Za-z][A-Za-z0-9._:-]{1,39}$")


_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
#: how far into a payload its declaration and its root are sought, behind what a server wrote in front
_MAX_JUNK = 20_000


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
    return mending.find_start(body[:_MAX_JUNK].replace(b"\0", b"").decode("latin-1")) >= 0


def parse_xml(body: bytes, charset: str = "") -> Element:
    """The root of an XML document. Raises Refused (400) with the place of what is wrong."""
    _refuse_hostile(body)
    root = _parse(body, charset if _CHARSET.match(charset) else None)
    _refuse_entities(root)
    _bound_attributes(root)
    return root


def documents_of(body: bytes, charset: str = "") -> Sequence[Document]:
    """A payload's documents: the one that it should be, or what can be mended. Raises Refused (400) as `parse_xml`.

    `charset` is what a header says, and counts where the document itself says nothing. Several documents in one payload
    come in their order.
    """
    _refuse_hostile(body)
    declared = _DECLARED.search(body[:_MAX_JUNK].replace(b"\0", b""))
    named = declared[1].decode("ascii") if declared else charset
    real = encodings.real_encoding(body, named)
    if _swallows_an_entry(body) and (mended := _mend(body, named)):
        return mended
    try:
        root = _parse(body, real or (charset if _CHARSET.match(charset) and not declared else None))
    except Refused as refused:
        if mended := _mend(body, named):
            return mended
        raise refused
    _refuse_entities(root)
    notes = [f"the document calls itself {named} and was read as {real}, which it is"] if real == "utf-8" else []
    return (Document(root=root, notes=(*notes, *_bound_attributes(root))),)


def _bound_attributes(root: Element) -> tuple[str, ...]:
    """Leave an element so many attributes as any format has, and some: feedparser and lxml compare each with every other."""
    laden = [element for element in root.iter() if len(element.attrib) > _MAX_ATTRIBUTES]
    for element in laden:
        first = {name: element.attrib[name] for name in islice(element.attrib, _MAX_ATTRIBUTES)}
        element.attrib.clear()
        element.attrib.update(first)
    return (f"of more than {_MAX_ATTRIBUTES} attributes of an element, the first {_MAX_ATTRIBUTES} were read",) if laden else ()


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


def _mend(body: bytes, encoding: str) -> Sequence[Document]:
    """The documents that can be mended; none if that is beyond mending."""
    decoded = encodings.decode(body, encoding or "utf-8")
    try:
        return [_document_of(mended, decoded.notes) for mended in mending.mend(decoded.text)]
    except (mending.BeyondMending, Refused):
        return ()


def _document_of(mended: mending.MendedDocument, notes_on_text: Sequence[str]) -> Document:
    root, refused = _whole_or_entrywise(mended)
    notes = [*notes_on_text, *mended.notes, *(_bound_attributes(root) if root is not None else ())]
    summary = (mending.summary_of(notes),) if notes else ()
    return Document(root=root, notes=summary, is_cut=mended.is_cut, refused=refused)


def _whole_or_entrywise(mended: mending.MendedDocument) -> tuple[Element | None, tuple[Refused, ...]]:
    """A mended document; where it is still no XML, without the entries that are none when each is read alone."""
    if not mended.source:
        return None, ()
    try:
        return _parse(mended.source.encode(), "utf-8"), ()
    except Refused:
        if not mended.units:
            raise
    unreadable: list[tuple[int, int]] = []
    refused: list[Refused] = []
    for unit in mended.units:
        try:
            _parse(mended.only(unit).encode(), "utf-8")
        except Refused as why:
            unreadable.append(unit)
            refused.append(why)
    return _parse(mended.without(unreadable).encode(), "utf-8"), tuple(refused)


def _refuse_hostile(body: bytes) -> None:
    if _declares_entities(body):
        raise _entities_refusal()
    if (tags := body.count(b"<")) > _MAX_TAGS:
        raise TooLarge(f"The document has {tags:,} tags; {_MAX_TAGS:,} are the most that are read.")


def _declares_entities(body: bytes) -> bool:
    """Does a DOCTYPE in front of the root declare an entity? Behind the root's start `<!ENTITY` is only somebody's words."""
    bare = body.replace(b"\0", b"") if b"\0" in body else body  # UTF-16 and UTF-32, whose ASCII is that between zeros
    at = 0
    while match := _BEFORE_ROOT.search(bare, at):
        at = match.end()
        if match["tag"] and match["tag"].lstrip(b"/").lower().decode("latin-1") not in mending.COMPLAINTS:
            return False
        if match[0] == b"<!":
            at = _end_of_doctype(bare, match.start())
            if at < 0:
                return True
    return False


def _end_of_doctype(bare: bytes, start: int) -> int:
    """Where a DOCTYPE ends; -1 if an entity is declared in it."""
    depth = 0
    for match in _OF_DOCTYPE.finditer(bare, start):
        if match["entity"]:
            return -1
        if match["edge"] == b">" and depth <= 0:
            return match.end()
        depth += {b"[": 1, b"]": -1}.get(match["edge"] or b"", 0)
    return len(bare)


def _refuse_entities(root: Element) -> None:
    """In whatever encoding they are declared."""
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(iter(declared.iterentities()), None) is not None:
        raise _entities_refusal()


def _entities_refusal() -> Refused:
    return _not_xml("it declares entities of its own, which are never expanded here. Send the text itself")


def _parse(body: bytes, encoding: str | None) -> Element:
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


def _as_number(match: re.Match[bytes]) -> bytes:
    character = html.entities.html5.get(match[1].decode() + ";")
    if match[1] in _XMLS_OWN or character is None:
        return match[0]
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


def elements_at(element: Element | None, *path: str) -> Iterator[Element]:
    """Every element down this path of names, in document order."""
    *way, last = path
    places = [element] if element is not None else []
    for name in way:
        places = [element for place in places for element in children(place, name)]
    for place in places:
        yield from children(place, last)


def descendants(element: Element | None, *names: str) -> Iterator[Element]:
    """Every element below, of these names, in document order."""
    for below in element.iterdescendants() if element is not None else ():
        if isinstance(below.tag, str) and name_of(below) in names:
            yield below


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
    """The same with the element's own tag and attributes."""
    name = name_of(element)
    attributes = "".join(
        f' {etree.QName(str(key)).localname}="{html.escape(str(value))}"' for key, value in element.attrib.items()
    )
    inner = inner_html(element)
    return f"<{name}{attributes}>" if name in ("br", "hr", "img") else f"<{name}{attributes}>{inner}</{name}>"


def cut_off_refusal(what: str) -> Refused:
    """The refusal of an item that its document stops amid: half of it is never taken for the whole."""
    return NotXml(
        f"The {what} is cut off: the item that it stops amid was not taken. Send the document again, whole.",
    )


def _not_xml(why: str) -> Refused:
    return NotXml(f"The item is no XML that can be read: {why}.")
