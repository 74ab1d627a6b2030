"""Whom and what a text names: people, organisations, companies with tickers, commodities, amounts.

Names are found by rules (`services.enrichment.names`); what the sender says stands in front of what is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from services.enrichment.names.amounts import amounts_in
from services.enrichment.names.arabic import names_in_arabic
from services.enrichment.names.arabic_words import without_marks
from services.enrichment.names.commodities import commodities_in, words_of
from services.enrichment.names.found import Kind, Named
from services.enrichment.names.latin import names_in_latin
from services.enrichment.names.latin_words import LEGAL_FORMS
from services.enrichment.names.tickers import tickers_in
from shared.contracts.finding import Finding, Method

#: that far into a text is looked, and so many of each kind are kept
READ_WITHIN, MOST_OF_A_KIND = 4_000, 20
_LONGEST_HEADLINE, _OPENING = 400, 600
_ARABIC, _LATIN = re.compile("[\u0620-\u064a]+"), re.compile("[A-Za-z]+")
_FORMS = frozenset(form.replace(".", "").casefold() for form in LEGAL_FORMS)
_WORD = re.compile(r"[^\W\d_]{2,}")
#: a headline in which so large a share of its longer words has a capital tells no names by their capitals
_CAPITALS_OF_A_TITLE = 0.7


@dataclass(frozen=True)
class Entities:
    """What is named, by kind: what the sender says first, then what the headline names, then in the text's order."""

    people: tuple[Finding, ...] = ()
    organisations: tuple[Finding, ...] = ()
    companies: tuple[Finding, ...] = ()  #: a ticker stands behind the name in the evidence
    commodities: tuple[Finding, ...] = ()
    read: tuple[str, str] = field(default=("", ""), repr=False, compare=False)  #: the headline and the text that was read

    @cached_property
    def amounts(self) -> tuple[Finding, ...]:
        """Amounts as the text has them: `180,000 barrels a day`; looked for when they are asked for."""
        found = dict.fromkeys(amount for text in self.read for amount in amounts_in(text, MOST_OF_A_KIND))
        headline = self.read[0].casefold()
        return tuple(Finding(amount, _where(amount, headline), 0.95, (amount,)) for amount in [*found][:MOST_OF_A_KIND])


def entities_of(headline: str, text: str, *, people: Iterable[str] = (), organisations: Iterable[str] = ()) -> Entities:
    """Whom and what a story names; `people` and `organisations` are the names that its sender gave."""
    headline, text = headline[:_LONGEST_HEADLINE], text[:READ_WITHIN]
    if _is_arabic(text or headline):
        headline, text = without_marks(headline), without_marks(text)
        (in_headline, first_words), (in_text, words) = names_in_arabic(headline), names_in_arabic(text)
        named = [*_with_tickers(in_headline, headline), *_with_tickers(in_text, text)]
        listed = [*first_words, *words]
    else:
        named, listed = _latin(headline, text), words_of(f"{headline} {text}")
        if headline and listed and not listed[0].isupper():  # a sentence begins with a capital
            listed[0] = listed[0].lower()
    plain_headline = headline.casefold()
    goods = commodities_in(f"{headline} {text}", listed)[:MOST_OF_A_KIND]
    return Entities(
        people=_with_said(people, _people(named, plain_headline)),
        organisations=_with_said(organisations, _others(named, "organisations", plain_headline)),
        companies=tuple(_others(named, "companies", plain_headline)),
        commodities=tuple(Finding(good, _where(words, plain_headline), 0.93, (words,)) for good, words in goods),
        read=(headline, text),
    )


def _is_arabic(text: str) -> bool:
    if text.isascii():
        return False
    opening = text[:_OPENING]
    return sum(map(len, _ARABIC.findall(opening))) > sum(map(len, _LATIN.findall(opening)))


def _latin(headline: str, text: str) -> list[Named]:
    """Names of the headline, if its capitals say anything, and of the text; a headline's tickers go to their companies."""
    in_headline, in_text = tickers_in(headline), tickers_in(text)
    found = [] if _is_all_capitals(headline) else names_in_latin(headline, in_headline)
    if text[:_OPENING] != text[:_OPENING].upper():
        found += names_in_latin(text, in_text)
    for at, ticker in in_headline.items():
        if not any(one.ticker == ticker for one in found):
            _give_ticker(found, headline[:at].split(), ticker)
    return found


def _is_all_capitals(text: str) -> bool:
    """Do so many words have capitals that these tell no names: `OIL PRICES RISE`, `Oil Prices Rise`?"""
    words = [word for word in _WORD.findall(text) if len(word) > 3] or _WORD.findall(text)
    return bool(words) and sum(word[0].isupper() for word in words) >= _CAPITALS_OF_A_TITLE * len(words)


def _with_tickers(found: list[Named], text: str) -> list[Named]:
    """Each company with the ticker whose bracket opens behind it."""
    before = {text[:at].rstrip(): ticker for at, ticker in tickers_in(text).items()}
    if not before:
        return found
    return [
        one._replace(ticker=next((before[words] for words in before if words.endswith(one.name)), ""))
        if one.kind == "companies"
        else one
        for one in found
    ]


def _give_ticker(found: list[Named], before: list[str], ticker: str) -> None:
    """To the company whose name begins as the headline's words before the ticker: `AMERICAN INTERNATIONAL <AIPN> IN SUIT`."""
    for count in range(min(5, len(before)), 0, -1):
        words = " ".join(before[-count:]).casefold()
        for at, one in enumerate(found):
            if one.kind == "companies" and not one.ticker and (one.name.casefold() + " ").startswith(words + " "):
                found[at] = one._replace(ticker=ticker)
                return


def _where(words: str, plain_headline: str) -> Method:
    return "headline" if words.casefold() in plain_headline else "text"


def _people(named: list[Named], plain_headline: str) -> list[Finding]:
    """Each once, by the fullest name; a last name alone is the one person's that has it."""
    people = [one for one in named if one.kind == "people"]
    by_ends: dict[tuple[str, str], list[Named]] = {}
    for one in people:
        if " " in one.name:
            words = one.name.casefold().split()
            by_ends.setdefault((words[0], words[-1]), []).append(one)
    of_last: dict[str, list[tuple[str, str]]] = {}
    for ends in by_ends:
        of_last.setdefault(ends[1], []).append(ends)
    for one in people:
        if " " not in one.name:
            last = one.name.casefold()
            bearers = of_last.get(last, [("", last)])
            if len(bearers) == 1 and one not in (group := by_ends.setdefault(bearers[0], [])):
                group.append(one)
    return _surest_first(_finding(group, last, plain_headline) for (_, last), group in by_ends.items())


def _key(name: str) -> str:
    """Whatever its legal form and dots: `GTE Corp.` and `GTE`."""
    words = name.replace(".", "").casefold().split()
    while len(words) > 1 and (words[-1] in _FORMS or words[-1] in ("and", "&")):
        words.pop()
    return " ".join(words)


def _others(named: list[Named], kind: Kind, plain_headline: str) -> list[Finding]:
    """Organisations or companies, each once, whatever its legal form and dots."""
    groups: dict[str, list[Named]] = {}
    for one in named:
        if one.kind == kind:
            groups.setdefault(_key(one.name), []).append(one)
    if kind == "organisations":  # `Budget Committee` is the `House Budget Committee` of the same text
        for key in [key for key in groups if any(other.endswith(f" {key}") for other in groups)]:
            del groups[key]
    return _surest_first(_finding(group, key, plain_headline) for key, group in groups.items())


def _finding(group: list[Named], in_headline: str, plain_headline: str) -> Finding:
    name = max((one.name for one in group), key=len)
    tickers = [one.ticker for one in group if one.ticker][:1]
    evidence = tuple(dict.fromkeys((group[0].evidence, *tickers, *(one.evidence for one in group[1:]))))
    method: Method = "headline" if tickers and tickers[0].casefold() in plain_headline else _where(in_headline, plain_headline)
    return Finding(name, method, max(one.confidence for one in group), evidence)


def _surest_first(found: Iterable[Finding]) -> list[Finding]:
    """What the headline names first; else in the text's order."""
    return sorted(found, key=lambda one: one.method != "headline")[:MOST_OF_A_KIND]


def _with_said(said: Iterable[str], found: list[Finding]) -> tuple[Finding, ...]:
    """What the sender says, and then what was found and is none of these."""
    own = [Finding(name, "said") for name in dict.fromkeys(said) if name]
    known = {one.value.casefold() for one in own}
    return (*own, *(one for one in found if one.value.casefold() not in known))[:MOST_OF_A_KIND]


def without_legal_form(name: str) -> str:
    """A company's name as it is spoken of: `Acme` of `Acme Co Ltd`; unchanged where too little would remain."""
    words = name.split(" ")
    while len(words) > 1 and words[-1].rstrip(".,") in LEGAL_FORMS:
        words.pop()
    short = " ".join(words).rstrip(",& ")
    return short if len(short) > 3 else name
