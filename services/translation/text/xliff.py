"""XLIFF 2.1 out and in: a file for a story, a unit for a sentence.

https://docs.oasis-open.org/xliff/xliff-core/v2.1/xliff-core-v2.1.html

Inline elements of a sentence are `<pc>` with the element's name in `subType`; a translator's tool shows them as tags.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from services.translation.text.segments import INLINE

MEDIA_TYPE = "application/xliff+xml"

#: of revisions and units
_MAX_DIGITS = 9
#: which XML does not know
_HTML_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)[A-Za-z]\w*;")
_NS = "urn:oasis:names:tc:xliff:document:2.0"


class NotXliff(Exception):
    """The document cannot be read; the words say why."""


#: how far a segment is, in XLIFF's words
State = Literal["initial", "translated", "reviewed"]


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A sentence; `source` and `target` are HTML with numbered inline elements."""

    part: str
    source: str
    target: str  #: empty: not yet
    state: State


@dataclass(frozen=True, kw_only=True)
class Document:
    """A story for a translator's tool."""

    story: str
    revision: int
    source_language: str
    target_language: str
    units: Sequence[Unit]


@dataclass(frozen=True, kw_only=True)
class ReturnedDocument:
    """What a translator's tool sends back: a target for each unit, in the units' order, empty where there is none yet."""

    story: str
    revision: int
    targets: list[str]


def write(document: Document) -> bytes:
    """A document as XML in UTF-8."""
    root = etree.Element(f"{{{_NS}}}xliff", {"version": "2.1"}, nsmap={None: _NS})
    root.set("srcLang", document.source_language)
    root.set("trgLang", document.target_language)
    file = etree.SubElement(root, f"{{{_NS}}}file", {"id": document.story, "original": f"{document.story}/{document.revision}"})
    for number, unit in enumerate(document.units):
        outer = etree.SubElement(file, f"{{{_NS}}}unit", {"id": f"u{number}", "name": unit.part})
        inner = etree.SubElement(outer, f"{{{_NS}}}segment", {"state": unit.state})
        _fill(etree.SubElement(inner, f"{{{_NS}}}source"), unit.source)
        if unit.target:
            _fill(etree.SubElement(inner, f"{{{_NS}}}target"), unit.target)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=False)


def read(source: bytes) -> ReturnedDocument:
    """A document with its targets, which `write` made and a tool filled in. Raises NotXliff."""
    try:
        root = etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as broken:
        raise NotXliff(f"It is not well-formed: {broken.msg}") from broken
    file = root.find(f"{{{_NS}}}file")
    if root.tag != f"{{{_NS}}}xliff" or file is None:
        raise NotXliff("It has no file of XLIFF 2 in it.")
    story, _, revision = (file.get("original") or "").partition("/")
    if not _is_number(revision):
        raise NotXliff("Its file does not say which story and revision it is (`original`).")
    by_number = {}
    for unit in file.iter(f"{{{_NS}}}unit"):
        number = (unit.get("id") or "").removeprefix("u")
        if not _is_number(number):
            raise NotXliff(f"The unit {(unit.get('id') or '')[:80]!r} is none of ours.")
        # a tool may have divided a unit into several segments
        targets = [_text(target) for target in unit.iter(f"{{{_NS}}}target")]
        by_number[int(number)] = "".join(targets)
    if sorted(by_number) != list(range(len(by_number))):
        raise NotXliff("Units are missing, or there twice.")
    return ReturnedDocument(story=story, revision=int(revision), targets=[by_number[number] for number in range(len(by_number))])


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= _MAX_DIGITS


def _fill(element: etree._Element, text: str) -> None:
    """A sentence's elements as `<pc>`."""
    inner = re.sub(r'<(\w+) id="(\d+)">', r'<pc id="\2" type="fmt" subType="html:\1">', text)
    inner = re.sub(r"</(?!pc)\w+>", "</pc>", inner)
    inner = _HTML_ENTITY.sub(lambda entity: html.unescape(entity[0]), inner)
    whole = etree.fromstring(f'<x xmlns="{_NS}">{inner}</x>')
    element.text = whole.text
    element.extend(list(whole))


def _text(element: etree._Element) -> str:
    """A sentence's elements from `<pc>` again."""
    text = html.escape(element.text or "", quote=False)
    for child in element:
        if child.tag == f"{{{_NS}}}pc":
            name = (child.get("subType") or "").removeprefix("html:")
            text += f'<{name} id="{child.get("id")}">{_text(child)}</{name}>' if name in INLINE else _text(child)
        text += html.escape(child.tail or "", quote=False)
    return text
