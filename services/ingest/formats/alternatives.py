"""One of several: XML says the same thing in several languages side by side, and the item's own is the one that is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from services.ingest.formats.xml import Element, attribute, children, words

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def language_of(element: Element | None) -> str:
    """The language that an element is in: its own, else the nearest around it that says one; empty if none does."""
    while element is not None:
        if tag := element.get(_XML_LANG) or element.get("lang"):
            return str(tag).strip()
        element = element.getparent()
    return ""


def likeness(language: str, wanted: str) -> int:
    """How well a language answers to another: 3 the same tag, 2 the same language, 1 unsaid, 0 another."""
    if not language or not wanted:
        return 1
    language, wanted = language.replace("_", "-").lower(), wanted.replace("_", "-").lower()
    return 3 if language == wanted else 2 if language.partition("-")[0] == wanted.partition("-")[0] else 0


def in_language(alternatives: Iterable[Element], language: str, tongue: Callable[[Element], str] = language_of) -> list[Element]:
    """Those that are in this language, or best answer to it, in their order: all of them where nothing tells them apart.

    `tongue` says which language an element is in. What says no language of its own inherits the document's, and stands back
    only behind one that says the right one.
    """
    elements = list(alternatives)
    best = max((likeness(tongue(element), language) for element in elements), default=0)
    return [element for element in elements if likeness(tongue(element), language) == best]


def words_of(element: Element | None, name: str, language: str) -> str:
    """The words of the child of this name that is in this language."""
    return next((text for one in in_language(children(element, name), language) if (text := words(one))), "")


def languages_of(elements: Sequence[Element]) -> str:
    """The languages of these, as a note names them: `ar, fr`."""
    return ", ".join(dict.fromkeys(language_of(one) or attribute(one, "rendition") or "no language" for one in elements))
