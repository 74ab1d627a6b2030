"""HTML made safe to publish: known block and inline elements, no scripts, no styles, absolute links only."""

from __future__ import annotations

import html
import re

import nh3

from shared.text import clean

_ELEMENTS = {
    "p",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "br",
    "hr",
    "a",
    "em",
    "strong",
    "b",
    "i",
    "u",
    "sub",
    "sup",
    "span",
    "bdi",
    "bdo",
    "q",
    "cite",
    "code",
    "dl",
    "dt",
    "dd",
    "figure",
    "figcaption",
    "abbr",
    "time",
}
_ATTRIBUTES = {"*": {"dir", "lang"}, "a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
# with their whole content; everything else that is unknown loses its tag and keeps its text
_GONE = {"script", "style", "title", "head", "template", "noscript", "iframe", "object", "svg", "math"}
_TAG = re.compile(r"<[^>]*>")
_INLINE_TAG = re.compile(r"</?(?:a|em|strong|b|i|u|sub|sup|span|bdi|bdo|q|cite|code|abbr|time)\b[^>]*>")
_EMPTY_PARAGRAPH = re.compile(r"<p(?: [^>]*)?>(?:\s|&nbsp;|\u00a0|<br>)*</p>\s*")
_BLOCK = re.compile(r"<(p|h[2-4]|ul|ol|blockquote|pre|table|dl|figure)\b")


def safe_html(source: str) -> str:
    """HTML as sent, sanitised; broken mark-up is mended. Text that stands in no block becomes a paragraph."""
    source = re.sub(r"<(/?)h1\b", r"<\1h2", clean(source), flags=re.IGNORECASE)
    safe = nh3.clean(
        source,
        tags=_ELEMENTS,
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener",
        strip_comments=True,
    )
    safe = _EMPTY_PARAGRAPH.sub("", safe).strip()
    if safe and not _BLOCK.search(safe):
        safe = f"<p>{safe}</p>"
    return safe


def paragraphs(source: str) -> str:
    """Plain text as HTML: a paragraph for each blank-line block, or for each indented line as old wires send it."""
    text = clean(source)
    blocks = re.split(r"\n\s*\n|\n(?=[ \t]{2,}\S)", text)
    lines = [" ".join(block.split()) for block in blocks]
    return "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)


def paragraphs_of_loose_text(source: str) -> str:
    """What calls itself plain text and has tags in it now and then: they become paragraphs, its characters text."""
    if not _TAG.search(source):
        return paragraphs(html.unescape(source))
    broken = re.sub(r"<(?:/p|/div|/h[1-6]|/li|/tr|br ?/?)\s*>", "\n\n", source, flags=re.IGNORECASE)
    return paragraphs(html.unescape(_TAG.sub("", broken)))


def plain_text(safe: str) -> str:
    """The words of sanitised HTML, on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", _INLINE_TAG.sub("", safe))).split())
