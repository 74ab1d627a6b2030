"""XML that is nearly XML, made well-formed: the second try, when a strict reader has refused a document of the wire's.

What stands around the document is cut off, what XML forbids is taken out, lone `&` and `<` become text, prefixes are
declared, and tags are balanced so that a fault of one entry ends with that entry: libxml2's own recovery closes the wrong
element at the first tag that is missing, and the entries behind it are lost in the one before. A document that stops amid
an entry loses that entry, never half of it. One pass; whatever cannot be made XML by this stays refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.ingest.formats.balancing import UNITS, Balancer, BeyondMending, MendedDocument, count_text

__all__ = ["COMPLAINTS", "BeyondMending", "MendedDocument", "find_start", "mend", "summary_of"]

_ROOT = re.compile(rf"<(?:[A-Za-z_][\w.-]*+:)?({'|'.join(UNITS)})(?=[\s/>])", re.ASCII)
#: what a server's complaint in front of a document is written with
COMPLAINTS = frozenset(
    ("b", "br", "p", "i", "em", "strong", "div", "span", "font", "pre", "tt", "code", "hr", "table", "tr", "th", "td", "u")
)
_TAG_NAME = re.compile(r"</?([A-Za-z][\w:.-]*)", re.ASCII)
_PROLOGUE = re.compile(r"<\?[^<>]*+>|<![^<>]*+>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_DOCUMENTS = 1000


def find_start(text: str) -> int:
    """Where the first document of a known kind begins, behind a declaration or a server's complaint; -1 if none does."""
    root = _ROOT.search(text)
    return root.start() if root and _is_junk(text[: root.start()]) else -1


def mend(text: str) -> list[MendedDocument]:
    """The documents in a text, one behind the other; none if it has none. Raises BeyondMending."""
    text, forbidden = _FORBIDDEN.subn("", text)
    documents: list[MendedDocument] = []
    end = 0
    while len(documents) < _MAX_DOCUMENTS and (root := _ROOT.search(text, end)):
        before = text[end : root.start()]
        if not _is_junk(before):
            break
        balancer = Balancer(text, root.start(), root[1])
        mended = balancer.run()
        documents.append(mended)
        if _visible(before):
            mended.notes.insert(0, "what stood in front of it was cut off")
        end = balancer.at
    if documents and _visible(text[end:]):
        documents[-1].notes.append("what stood behind its end was cut off")
    if forbidden:
        for mended in documents:
            mended.notes.insert(0, f"{count_text(forbidden, 'character')} that XML forbids {_were(forbidden)} taken out")
    return documents


def _is_junk(before: str) -> bool:
    return all(name.lower() in COMPLAINTS for name in _TAG_NAME.findall(_PROLOGUE.sub("", before)))


def _visible(around: str) -> bool:
    return bool(_PROLOGUE.sub("", around).strip("\ufeff \t\r\n"))


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def summary_of(notes: Iterable[str]) -> str:
    """The notes on a document as one, for each of its items."""
    return f"the document is no XML as it was sent, and was mended before it was read: {'; '.join(notes)}"
