"""Sanitised HTML as trees of XML: for formats that hold a text as mark-up of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lxml import etree, html

XHTML = "http://www.w3.org/1999/xhtml"

#: HTML's elements under NITF's names; what NITF has no name for loses its tag
_NITF = {
    "p": "p", "h2": "hl2", "h3": "hl2", "h4": "hl2", "ul": "ul", "ol": "ol", "li": "li", "blockquote": "bq", "pre": "pre",
    "table": "table", "caption": "caption", "thead": "thead", "tbody": "tbody", "tfoot": "tfoot", "tr": "tr", "th": "th",
    "td": "td", "br": "br", "hr": "hr", "a": "a", "em": "em", "i": "em", "strong": "em", "b": "em", "u": "em", "sub": "sub",
    "sup": "sup", "q": "q", "dl": "dl", "dt": "dt", "dd": "dd",
}  # fmt: skip
_NITF_ATTRIBUTES = {"a": ("href",), "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan", "scope")}


def xhtml_body(body_html: str) -> etree._Element:
    """A text as an XHTML `body`."""
    body = etree.Element(f"{{{XHTML}}}body", nsmap={None: XHTML})
    _copy(_parsed(body_html), body, lambda tag: f"{{{XHTML}}}{tag}", None)
    return body


def nitf_body(body_html: str) -> etree._Element:
    """A text as NITF's `body.content`."""
    body = etree.Element("body.content")
    _copy(_parsed(body_html), body, _NITF.get, _NITF_ATTRIBUTES)
    return body


def _parsed(body_html: str) -> etree._Element:
    return html.fragment_fromstring(body_html, create_parent="div")


def _copy(
    source: etree._Element,
    target: etree._Element,
    name_of: Callable[[str], str | None],
    attributes: Mapping[str, tuple[str, ...]] | None,
) -> None:
    """The children and text of one element into another; where an element has no name there, its children take its place."""
    _append(target, source.text)
    for child in source:
        if not isinstance(child.tag, str):
            _append(target, child.tail)
            continue
        name = name_of(child.tag)
        if name is None:
            _copy(child, target, name_of, attributes)
        else:
            copied = etree.SubElement(target, name)
            for key, value in child.attrib.items():
                if attributes is None or key in attributes.get(child.tag, ()):
                    copied.set(f"{{http://www.w3.org/XML/1998/namespace}}{key}" if key == "lang" else key, value)
            _copy(child, copied, name_of, attributes)
        _append(target, child.tail)


def _append(target: etree._Element, text: str | None) -> None:
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text
