"""Names in a text of Latin script: runs of words with capitals, known by what they end with and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from services.enrichment.names.found import Kind, Named
from services.enrichment.names.latin_words import (
    COMPANIES,
    COMPANY_TAILS,
    FIRST_NAMES,
    KINDS_ONLY,
    LEGAL_FORMS,
    LOWER_ROLES,
    NOT_OF_PEOPLE,
    OPENERS,
    ORGANISATION_HEADS,
    ORGANISATION_TAILS,
    ORGANISATIONS,
    PARTICLES,
    PLACES_LIKE_BODIES,
    PUBLIC_BANK_WORDS,
    PUBLIC_BANKS,
    ROLES,
    SAYS,
    TRADE_WORDS,
    VAGUE_ROLES,
    WEAK_FORMS,
)
from services.enrichment.names.lists import words

_CAPITALS = "A-ZÀ-ÖØ-ÞĀĆČĎĐĒĘĚĞĢĪİĶĹĻŁŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŹŻŽȘȚ"
#: abbreviations keep their dot: `U.S.`, `J.`, `Corp.`, `Sen.`; a word is read once, never back
_WORD = (
    rf"[{_CAPITALS}](?:\.(?:[{_CAPITALS}]\.){{0,4}}(?!\w)|[\w’'/-]{{0,40}}+"
    r"(?:\.(?:(?<=\b(?:Inc|Ltd|Rev|Sen|Rep|Gov|Gen|Col|Maj|Sgt|Adm|Mrs)\.)|(?<=\b(?:Corp|Capt|Prof)\.)"
    r"|(?<=\b(?:Co|Lt|Dr|Mr|Ms|St|Jr|Sr)\.)))?)"
)
_LINK = "of the|of|for the|for|and|de la|de los|de|del|da|di|du|van der|van|von|bin|al"
_FORM_NEXT = r"(?:Inc|Ltd|Limited|LLC|L\.P|LP|Corp|Co|PLC|S\.A|SA|N\.V|NV|AG)\b"
_RUN = re.compile(
    rf"{_WORD}(?:"
    rf"(?:,(?= {_FORM_NEXT})|,(?= [{_CAPITALS}]\w{{1,20}} (?:and|&) Co\b))? (?:& )?(?:(?:{_LINK}) )?(?:(?:al|el)-|d['’])?"
    rf"{_WORD}|&{_WORD}){{0,13}}"
)
#: what stands behind a name and a comma and says that it is a person's
_AGE = re.compile(r", (?:aged )?\d\d[,.]")
_WHO = re.compile(r",? who(?:se|m)?\b")
_SMALL = re.compile(r"[a-zà-ÿ-]+")
#: that far behind a comma, or in front of a name, its role is looked for
_ROLE_WITHIN = 45
_MOST_WORDS_OF_A_PERSON, _MOST_WORDS_OF_A_NAME = 4, 9
#: runs that are kept read: the same names stand in a day's stories again and again
_KEPT_RUNS = 4096


def names_in_latin(text: str, tickers: Mapping[int, str]) -> list[Named]:
    """The names of a text in sentence case, in its order; `tickers` by where their bracket opens."""
    found: list[Named] = []
    for match in _RUN.finditer(text):
        run = match[0]
        if run in OPENERS or run in ROLES:
            continue
        start, end = match.span()
        ticker = (tickers.get(end) or tickers.get(end + 1, "")) if tickers else ""
        if not ticker and " " not in run and "&" not in run:
            found += _alone(run, text, start)
            continue
        read = _read(run)
        found += read.before
        last = " ".join(read.part)
        if ticker and last and last in text and len(read.part) <= _MOST_WORDS_OF_A_TRADED:
            found.append(Named("companies", last, last, 0.95, ticker))
        elif ticker and read.last and read.last[-1].kind == "companies":
            found += (*read.last[:-1], read.last[-1]._replace(ticker=ticker))
        else:
            found += read.last
            if read.is_open:
                found += _by_surroundings(read.part, run, text, start, end)
    return found


def _alone(word: str, text: str, start: int) -> tuple[Named, ...]:
    """A word with a capital, alone: a body that is known, or who has a title in small letters."""
    word = _without_possessive(word)
    if word in ORGANISATIONS:
        return (Named("organisations", word, word, 0.97),)
    if word in COMPANIES:
        return (Named("companies", word, word, 0.9),)
    before = _role_in_front(text, start)
    if before and before not in _VAGUE_IN_FRONT and word not in FIRST_NAMES and _may_be_a_person((word,)):
        return (Named("people", word, f"{before} {word}", 0.85),)
    return ()


def _by_surroundings(part: tuple[str, ...], run: str, text: str, start: int, end: int) -> tuple[Named, ...]:
    """A person, by a role in front or behind, a verb of saying, an age; or by a first name alone."""
    name = " ".join(part)
    has_first_name = _has_first_name(part)
    if len(part) <= _MOST_WORDS_OF_A_PERSON and run == name and (before := _role_in_front(text, start)):
        return (Named("people", name, f"{before} {name}", 0.95 if has_first_name else 0.85),)
    if behind := _said_or_role_behind(text[end : end + _ROLE_WITHIN], has_first_name):
        return (Named("people", name, name + behind, 0.95 if has_first_name else 0.85),)
    return (Named("people", name, name, 0.85),) if has_first_name else ()


def _role_in_front(text: str, start: int) -> str:
    """The word in front of a run, if it is a role in small letters: `spokesman`."""
    if start < 2 or text[start - 1] != " " or not text[start - 2].islower():
        return ""
    word = text[max(0, start - _ROLE_WITHIN) : start - 1].rpartition(" ")[2].lstrip("(\"'“")
    return word if word in LOWER_ROLES else ""


def _said_or_role_behind(behind: str, has_first_name: bool) -> str:
    """What stands behind a name and says that it is a person's: a verb of saying, an age, `who`, a role behind a comma."""
    if (match := _AGE.match(behind) or _WHO.match(behind)) is not None:
        return match[0].rstrip(",. ")
    if behind.startswith(" "):
        verb = _SMALL.match(behind, 1)
        return f" {verb[0]}" if has_first_name and verb and verb[0] in SAYS else ""
    if behind.startswith(", "):
        clause = re.split("[,.;(]", behind[2:], maxsplit=1)[0]
        words = clause.split()[:5]
        role = next((word for word in words if word in LOWER_ROLES or word in ROLES), "")
        if role and words[0] not in ("and", "but", "said") and (has_first_name or _is_a_clause_of_office(words, role)):
            return f", {clause}"
    return ""


class _Read(NamedTuple):
    """What a run says by itself, wherever it stands."""

    before: tuple[Named, ...]  #: what its parts but the last name
    part: tuple[str, ...]  #: its last part; empty if it ends with a legal form
    last: tuple[Named, ...]  #: what that one names
    is_open: bool  #: or may name, as a person: what stands around it decides


@lru_cache(maxsize=_KEPT_RUNS)
def _read(run: str) -> _Read:
    reader = _Reader(run)
    reader.read()
    count = reader.before_last
    return _Read(tuple(reader.found[:count]), tuple(reader.last), tuple(reader.found[count:]), reader.is_open)


class _Reader:
    """A run of capitals, read from left to right: a part ends where a legal form, a role or another name begins."""

    def __init__(self, run: str) -> None:
        self.run = run
        self.found: list[Named] = []
        self.part: list[str] = []
        self.role: list[str] = []  #: titles in front of the part
        self.behind_office = False  #: `Minister of State for Finance` in front: its first name says where the name begins
        self.joined = ""  #: the part before an `and`, of which nobody knows whether it goes on
        self.is_behind_of = False  #: `Banca del` in front: what follows is an end of a name
        self.last: list[str] = []
        self.before_last, self.is_open = 0, False

    def read(self) -> None:
        words = self.run.replace("&", " & ").split() if "&" in self.run and self.run not in COMPANIES else self.run.split(" ")
        most = len(words) - 1
        for place, word in enumerate(words):
            behind = words[place + 1].rstrip(".,") if place < most else ""
            bare = word.rstrip(".,")
            if bare in LEGAL_FORMS and self.part and self.part[-1] != "of" and not (behind == "of" and bare in _FORMS_OF_PLACES):
                self._legal_form(word, behind)
            elif (word in ROLES or bare in ROLES) and behind not in LEGAL_FORMS:
                self._title(word)
            elif _is_small(word):
                self._link(word, behind, words[place - 1])
            elif word.endswith(("'s", "’s", "s'", "s’")) and not self._is_of_the_name(word, behind):
                self.part.append(_without_possessive(word))
                self._end_part()
                self.role = []
            else:
                self.part.append(word)
        ends_with_form = bool(self.found) and not self.part and words[-1].rstrip(".,") in LEGAL_FORMS
        self.before_last = len(self.found) - ends_with_form
        self._end_part(is_last=True)

    def _is_of_the_name(self, word: str, behind: str) -> bool:
        """`Moody's`; `Oakes's Inc`; or of a run that a legal form ends, a first name's: `Paul's Place Inc`."""
        bare = word[:-2]
        if word in _OWN_POSSESSIVES or (behind in LEGAL_FORMS and bare not in NOT_OF_PEOPLE):
            return True
        return bare in FIRST_NAMES and self.run.rpartition(" ")[2].rstrip(".,") in LEGAL_FORMS

    def _legal_form(self, word: str, behind: str) -> None:
        self.part = part = _without_openers([*self.part, word])
        if behind in LEGAL_FORMS:  # `Co Ltd`
            return
        joined, self.joined = self.joined, ""
        self.part, self.role = [], []
        names = [one for one in part if one.rstrip(".,") not in LEGAL_FORMS and one not in ("&", "and", "of")]
        is_weak = part[-1].rstrip(".") in WEAK_FORMS if part else True
        if joined and names:  # `Reynolds and Reynolds Co`; of `Smith Brown and Acme Oil Inc` nobody knows
            if " " in joined or len(names) > 1 or joined in COMPANIES:
                return
            part = [joined, "and", *part]
        elif not names or (len(names) == 1 and (names[0] in NOT_OF_PEOPLE or names[0] in KINDS_ONLY or self.is_behind_of)):
            return
        if len("".join(names)) > 1 and len(part) <= _MOST_WORDS_OF_A_NAME:
            self._add("companies", part, 0.85 if is_weak and len(names) == 1 else 0.97)

    def _title(self, word: str) -> None:
        if self.part and self.part[-1] not in ("and", "of"):
            self._end_part(is_before_role=True)
        self.part, self.joined = [], ""
        self.role.append(word)

    def _link(self, word: str, behind: str, before: str) -> None:
        """A small word between two with capitals: it goes on with the name, or ends it."""
        if not self.part:
            self.behind_office = bool(self.role) and word != "and"
            if word in PARTICLES and self.role and word not in ("de", "la"):
                self.part.append(word)
            return
        part = _without_openers(self.part)
        if _goes_on(word, behind, before, part):
            self.part.append(word)
            return
        if self.behind_office and not self._organisation(part):  # of Finance and Planning
            self.part = []
            return
        count = len(self.found)
        self._end_part()
        self.is_behind_of = word in ("de", "del", "di", "du", "da")
        self.joined = " ".join(part) if word == "and" and len(self.found) == count else ""
        self.role = []

    def _end_part(self, *, is_last: bool = False, is_before_role: bool = False) -> None:
        part = _without_openers(self.part)
        self.part = []
        while part and (_is_small(part[-1]) or part[-1] == "&" or (part[-1] in OPENERS and part[-1] not in NOT_OF_PEOPLE)):
            part.pop()
        if is_last and part:
            part[-1] = _without_possessive(part[-1])
        if not part or len(part) > _MOST_WORDS_OF_A_NAME:
            return
        if is_last:
            self.last = part
        if not self._organisation(part) and not is_before_role:
            self._person(part, is_last=is_last)

    def _organisation(self, part: list[str]) -> bool:
        """Is it a body or a company, or surely no person? Adds what it is."""
        named = organisation_or_company(part)
        if named is None:
            return len(part) == 1 and part[0] in NOT_OF_PEOPLE and not self.role
        kind, words, confidence = named
        if kind:
            self._add(kind, words, confidence)
        return True

    def _person(self, part: list[str], *, is_last: bool) -> None:
        if self.behind_office or (self.role and part[0] not in FIRST_NAMES):
            part = _from_first_name(part) or ([] if self.behind_office else part)
            self.behind_office = False
        role, self.role = self.role, []
        if not 0 < len(part) <= _MOST_WORDS_OF_A_PERSON + 1 or not _may_be_a_person(tuple(part)):
            return
        has_first_name = _has_first_name(part)
        if role and (len(part) > 1 or role[-1].rstrip(".") not in VAGUE_ROLES):
            confidence = 0.97 if has_first_name else 0.93 if len(part) > 1 else 0.9
            self._add("people", part, confidence, evidence=" ".join((*role, *part)))
        elif len(part) > 1 and is_last:
            self.is_open, self.last = True, part
        elif has_first_name:
            self._add("people", part, 0.85)

    def _add(self, kind: Kind, part: list[str], confidence: float, *, evidence: str = "") -> None:
        """With the name as the run has it, without the dot of a legal form; not what does not stand there side by side."""
        name = " ".join(part).rstrip(",")
        if any("/" in word and word not in LEGAL_FORMS for word in part) and name not in COMPANIES:  # two names
            return
        name = name if name in self.run else name.replace(" & ", "&")
        if name in self.run:
            name = name.removesuffix(".") if part[-1].rstrip(".") in LEGAL_FORMS and name.count(".") == 1 else name
            self.found.append(Named(kind, name, evidence if evidence in self.run and evidence else name, confidence))


def organisation_or_company(part: list[str]) -> tuple[Kind | None, list[str], float] | None:
    """What words with capitals name by themselves: the kind, which of the words, how sure; no kind: surely no person."""
    name = " ".join(part)
    if name in ORGANISATIONS:
        return "organisations", part, 0.97
    if name in COMPANIES:
        return "companies", part, 0.9
    if len(part) == 1:
        return None
    if name in PLACES_LIKE_BODIES:
        return None, part, 0.0
    first, last = part[0], part[-1]
    if any(part[at].rstrip(".") in _FORMS_OF_PLACES and part[at + 1] == "of" for at in range(1, len(part) - 1)):
        return "companies", part, 0.9
    is_of = any(word in ORGANISATION_HEADS and part[at + 1] in ("of", "for", "de", "del") for at, word in enumerate(part[:-1]))
    if (
        is_of
        and not _BANKS.isdisjoint(part)
        and (last not in PUBLIC_BANKS or first not in _BANKS)
        and first not in PUBLIC_BANK_WORDS
    ):
        return "companies", part, 0.9
    if is_of or last in ORGANISATION_TAILS:
        return (None if all(word in KINDS_ONLY for word in part[:-1]) else "organisations"), part, 0.92
    if last == "Bank" and not PUBLIC_BANK_WORDS.isdisjoint(part):
        return "organisations", part, 0.92
    if last in COMPANY_TAILS:
        is_none = all(word in KINDS_ONLY for word in part[:-1]) or (last == "Bank" and (first in _SIDES or "River" in part))
        return (None if is_none else "companies"), part, 0.85
    for most in range(len(part) - 1, 0, -1):  # `OPEC Gulf`, `General Motors Europe`
        front = " ".join(part[:most])
        if front in ORGANISATIONS and (front.isupper() or most > 1):
            return "organisations", part[:most], 0.9
        if most > 1 and front in COMPANIES:
            return "companies", part[:most], 0.85
    return None


def _goes_on(word: str, behind: str, before: str, part: list[str]) -> bool:
    """Does a small word belong to the name on both sides of it?"""
    if word == "and":
        if (before in TRADE_WORDS and (behind in TRADE_WORDS or behind in LEGAL_FORMS)) or behind == "Co":
            return True
        is_of_a_ministry = (
            bool(part) and part[0] in _OF_SEVERAL_MATTERS and ("of" in part or "for" in part)
        )  # of Posts and Railways
        return is_of_a_ministry and behind not in ORGANISATION_HEADS and behind not in PUBLIC_BANKS and behind not in OPENERS
    if not part:
        return False
    if word in ("of", "for", "de", "del"):
        heads = part[-1] in ORGANISATION_HEADS or (
            len(part) < _MOST_WORDS_OF_A_NAME - 2 and part.count("of") < 2 and not ORGANISATION_HEADS.isdisjoint(part)
        )
        return (
            heads
            or (len(part) > 1 and part[-1] in _FORMS_OF_PLACES and word == "of")
            or (word == "de" and part[0] in FIRST_NAMES)
        )
    if word in ("the", "la", "los") and part[-1] in ("of", "for", "de"):
        return True
    return word in PARTICLES and part[0] in FIRST_NAMES and len(part) < 3


def _without_openers(part: list[str]) -> list[str]:
    at = 0
    while (
        at < len(part)
        and (part[at].rstrip(",") in OPENERS or _is_small(part[at]) or part[at].endswith(_OWNED))
        and not (at + 1 < len(part) and part[at] in _KEPT)
    ):
        at += 1
    return part[at:]


#: openers that some names do begin with
_KEPT = frozenset(
    ("First", "Second", "Will", "May", "June", "April", "August", "Foreign", "Net", "General", "El", "Los", "Las", "La", "Le")
)
#: whose it is stands in front: `State-owned`, `London-based`
_OWNED = ("-owned", "-based", "-backed", "-led", "-controlled", "-run", "-listed")
#: heads of bodies that have more than one matter: `Organisation for Economic Cooperation and Development`
_OF_SEVERAL_MATTERS = words("Ministry Department Organisation Organization Commission Office")
#: words that end so and name one
_OWN_POSSESSIVES = words(
    "Moody's Poor's McDonald's Lloyd's Macy's Sotheby's Christie's Wendy's Levi's Kellogg's Sainsbury's Moody’s McDonald’s"
)
_BANKS = frozenset(("Bank", "Banque", "Banco"))
#: legal forms that a name goes on behind: `Financial Corporation of America`
_FORMS_OF_PLACES = frozenset(["Corporation", "Company", "Bancorp", "Bancorporation", "Bancshares", "Bankshares"])
#: sides of a river or a country in front of `Bank`
_SIDES = words("West East Left Right North South")
_MOST_WORDS_OF_A_TRADED = 6
#: titles that stand alone in front of a place or a club as well
_VAGUE_IN_FRONT = words("chief head leader champion coach manager captain director partner deputy general forward president")


def _is_small(word: str) -> bool:
    """A word without a capital; `al-Sisi` has one."""
    return word[0].islower() and not word.startswith(("al-", "el-", "d'", "d’"))


def _has_first_name(part: Sequence[str]) -> bool:
    """`Walter Brandt`, `J. Walter Brandt`."""
    return len(part) > 1 and (part[0] in FIRST_NAMES or (len(part) > 2 and part[0][1:] == "." and part[1] in FIRST_NAMES))


def _from_first_name(part: list[str]) -> list[str]:
    """The end of a part that begins with a first name: of `Finance Tom Hockin`, the last two."""
    for at, word in enumerate(part[:-1]):
        if word in FIRST_NAMES:
            return part[at:]
    return []


def _may_be_a_person(part: tuple[str, ...]) -> bool:
    """Are these a first name or initial and a last name, or one last name?"""
    last = part[-1]
    if _is_small(last) or (last in FIRST_NAMES and len(part) > 3) or len(last.rstrip(".")) < 2 or "/" in last:
        return False
    for word in part:
        if word in NOT_OF_PEOPLE or word == "&" or word in ("of", "for", "and"):
            return False
        if (len(word) > 3 and word.isupper()) or any(sign.isdigit() for sign in word):
            return False
    return len(last) > 2 or (last[0].isupper() and last[1:].islower())


def _is_a_clause_of_office(words: list[str], role: str) -> bool:
    """`president of X`, `Mexico's Undersecretary`, `the group's chairman`, `a senior analyst`: with no first name to go by."""
    at = words.index(role)
    return (
        at == 0 or words[0] in ("a", "an", "the", "its", "former", "senior", "vice", "deputy") or words[0].endswith(("'s", "’s"))
    )


def _without_possessive(word: str) -> str:
    return word[:-2] if word.endswith(("'s", "’s")) else word.rstrip("'’")
