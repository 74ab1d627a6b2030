"""Tags for the reader: the sender's own, and where these are few what the story names; each once, in one spelling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from services.enrichment.entities import Entities, without_legal_form
from services.enrichment.names.arabic_words import folded, without_marks
from services.enrichment.names.latin_words import COMPANIES, ORGANISATIONS
from shared.contracts.item import WireItem

#: a story with fewer of its sender's gets others, up to so many in all
FEW, MOST = 5, 8
#: letters of a tag that was found; the sender's may be longer
LONGEST_TAG = 60
#: what is found less surely is no tag
_SURE = 0.8
_LONGEST_ACRONYM = 5
#: one body by two names; both by their keys
_SAME = {
    "un": "united nations", "eu": "european union", "imf": "international monetary fund", "who": "world health organization",
    "wto": "world trade organization", "sec": "securities and exchange commission", "ecb": "european central bank",
    "iea": "international energy agency", "ec": "european community",
    "oecd": "organisation for economic cooperation and development",
    "opec+": "opec", "u.n. security council": "security council", "united nations security council": "security council",
    "منظمه اوبك": "اوبك", "مجلس الامن الدولي": "مجلس الامن", "الجامعه العربيه": "جامعه الدول العربيه",
}  # fmt: skip
_KINDS = ("people", "organisations", "companies", "commodities")
_METHODS = ("said", "headline", "text")


def tags_of(item: WireItem, entities: Entities, *, never: Iterable[str] = ()) -> tuple[str, ...]:
    """An item's tags: its keywords and subjects in their order, then what it names, the surest first, up to `MOST` in all.

    `never` are names that are no tag unless the sender says so.
    """
    tags: dict[str, str] = {}
    for word in _own_words(item):
        if word:
            tags.setdefault(tag_key(word), word)
    if len(tags) >= FEW:
        return tuple(tags.values())
    taken = {_SAME.get(key, key) for key in tags}
    taken |= {tag_key(spoken) for name in (*_who_sent(item), *never) if name for spoken in (name, without_legal_form(name))}
    for word, kind in _found(entities):
        if len(tags) >= MOST:
            break
        key = tag_key(word)
        one = _SAME.get(key, key)
        if one not in taken and _may_be_a_tag(word, key) and not _is_said(key, kind, tags):
            taken.add(one)
            tags[key] = word
    return tuple(tags.values())


def respelt(tags: Iterable[str], item: WireItem, known: Mapping[str, str]) -> tuple[str, ...]:
    """An item's tags as the wire spells them, `known` by `tag_key`.

    A sender's own word is spelt otherwise only where no more than capitals differ: feeds ask for tags by their words.
    """
    own = set(_own_words(item))
    spelt = {tag: known.get(tag_key(tag), tag) for tag in tags}
    return tuple(tag if tag in own and new.casefold() != tag.casefold() else new for tag, new in spelt.items())


def _own_words(item: WireItem) -> tuple[str, ...]:
    return (*item.keywords, *(subject.name for subject in item.subjects))


def tag_key(word: str) -> str:
    """What is one tag, however it is spelt: without case, hyphens, dots at the end or of `U.N.`, and Arabic's variants."""
    key = word.casefold()
    if not key.isascii():
        key = folded(without_marks(key))
    key = " ".join(key.replace("-", " ").replace("‐", " ").replace("_", " ").split()).rstrip(". ")
    if "." in key and all(len(part) == 1 and part.isalpha() for part in key.split(".")):
        key = key.replace(".", "")
    return key or word


def spelling_of(spellings: Iterable[str]) -> str:
    """The best of several spellings of one tag: `OPEC`, `Saudi Aramco`, `OIL PRICES`, `oil prices`; the first of equals."""
    return min(spellings, key=_oddity)


def _oddity(word: str) -> int:
    """An acronym in capitals first, then what has both kinds of letters or none, then capitals, then small letters."""
    if word.isupper():
        is_acronym = len(word) <= _LONGEST_ACRONYM and (
            word in ORGANISATIONS or word in COMPANIES or set("AEIOU").isdisjoint(word)
        )
        return 0 if is_acronym else 2
    return 3 if word.islower() else 1


def _found(entities: Entities) -> Iterator[tuple[str, str]]:
    """What is named and of which kind, in the order in which it becomes a tag: the sender's, of the headline, of the text."""
    for method in _METHODS:
        for kind in _KINDS:
            for one in getattr(entities, kind):
                if one.method == method and one.confidence >= _SURE:
                    yield (without_legal_form(one.value) if kind == "companies" else one.value), kind


def _is_said(key: str, kind: str, tags: Iterable[str]) -> bool:
    """Does a tag name the same more shortly or fully: `oil` and `crude oil`, `Brandt` and `Walter Brandt`?"""
    if kind == "organisations":
        return False
    if kind == "companies":
        return any(f"{tag} ".startswith(f"{key} ") or f"{key} ".startswith(f"{tag} ") for tag in tags)
    return any(f" {tag}".endswith(f" {key}") or f" {key}".endswith(f" {tag}") for tag in tags)


def _who_sent(item: WireItem) -> tuple[str, ...]:
    return (item.provider.name, item.provider.code, *item.provider_chain, item.credit_line, item.copyright_holder)


def _may_be_a_tag(word: str, key: str) -> bool:
    return len(word) <= LONGEST_TAG and sum(sign.isalpha() for sign in key[:LONGEST_TAG]) > 1 and not key[0].isdigit()
