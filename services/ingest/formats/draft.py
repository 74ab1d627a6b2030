"""A draft: what a format's reader found in one item, on its way to the contract.

A reader fills fields and notes what it cannot use; whether that makes an item is decided here, for all formats alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from services.ingest.identity import uri_from_content
from services.ingest.leads import Lead, lead_of
from shared.contracts.item import Concept, Doubt, ItemClass, PubStatus, WireItem
from shared.contracts.problem import FieldError, ProblemType, Refused
from shared.markup import SafeHtml, plain_text
from shared.text import clean_line

#: what an unknown element may say before it is cut: a field that was forgotten, not a second copy of the text
_LONGEST_UNPLACED = 2_000
_IPTC_CODE = re.compile(
    r"^(?:https?://cv\.iptc\.org/newscodes/(?:mediatopic|subjectcode)/|(?:medtop|subj|subject|iptc):)?(\d{8})$"
)
_IPTC_SCHEMES = ("", "medtop", "mediatopic", "subj", "subject", "subjectcode", "iptc", "iptc_subject_code")
#: what a dateline carries over from a lead: the agency in brackets, and the dash
_AFTER_PLACE = re.compile(r"\s*(?:\([^)]{1,60}\))?\s*[-–—_]*$")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")
_WORDS_OF_EMBARGO = re.compile(
    r"\bembargo(?:ed)?\s*(?::|until\b|till\b|to\b(?=\s*\d))|\bunder embargo\b(?=.{0,40}\d)"
    r"|\bnot for (?:publication|release|broadcast)[\w ,]{0,40}\b(?:before|until)\b",
    re.IGNORECASE,
)
_STATUSES = {
    "usable": PubStatus.USABLE,
    "embargoed": PubStatus.USABLE,  # AP's, NITF's and NewsML 1's: usable, and the embargo says from when
    "withheld": PubStatus.WITHHELD,
    "canceled": PubStatus.CANCELED,
    "cancelled": PubStatus.CANCELED,
    "killed": PubStatus.CANCELED,
    "withdrawn": PubStatus.CANCELED,
    "recalled": PubStatus.CANCELED,
}


@dataclass(kw_only=True)
class Draft:
    """The fields of a `WireItem` as far as a reader found them."""

    fields: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  #: our field -> the name that the sender used
    errors: list[FieldError] = field(default_factory=list)
    unplaced: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  #: what was left out or changed, for who sent it
    #: a usable item without a headline or a body is refused, not just kept from readers
    needs_text: bool = False
    #: the format numbers its versions; where it has no number for one, the archive gives the next
    is_versioned: bool = True

    @property
    def needs_number(self) -> bool:
        """Has this item no version of its own, in a format that has none?"""
        return not self.is_versioned and "version" not in self.fields

    def put(self, ours: str, value: object, name: str | None = None) -> None:
        """Set a field, unless there is nothing to set."""
        if value is not None and value not in ("", (), []):
            self.fields[ours] = value
            self.names[ours] = name or ours
        if isinstance(value, SafeHtml) and value.dropped:
            self.note(f"left out of {name or ours} with its words: {', '.join(value.dropped)}")

    def wrong(self, at: str, say: str) -> None:
        """Note what is wrong with one of the sender's fields."""
        self.errors.append(FieldError(at=at, say=say))

    def note(self, say: str) -> None:
        """Tell the sender what was left out of an item that is taken all the same, or changed in it."""
        self.notes.append(say)

    def doubt(self, why: Doubt, say: str) -> None:
        """Hold the item until a person has looked, and tell the sender; the first doubt stands."""
        if "doubt" not in self.fields:
            self.put("doubt", why)
            self.put("doubt_note", say)
            self.note(f"held until somebody at the desk has looked ({why}): {say}")

    def keep(self, name: str, value: str) -> None:
        """Keep what the contract has no field for."""
        if value := clean_line(value)[:_LONGEST_UNPLACED]:
            self.unplaced[name] = f"{self.unplaced[name]}; {value}" if name in self.unplaced else value

    def moment(self, ours: str, value: str | None, name: str) -> None:
        """Set a time from any of the spellings in use; without a zone it is UTC.

        What is no time is kept aside, but an error where it would have said who may read the item.
        """
        if not value or not value.strip():
            return
        if (parsed := moment_of(value)) is not None:
            self.put(ours, parsed, name)
        elif ours in ("embargoed_until", "expires_at", "scheduled_for"):
            self.wrong(name, f"{value.strip()[:60]!r} is no date and time")
        else:
            self.keep(name, value)

    def language(self, tag: str | None) -> None:
        """Set the language, if it is a tag that anyone understands."""
        spelled = (tag or "").strip().replace("_", "-")
        if _LANGUAGE.match(spelled):
            self.put("language", spelled)
        else:
            self.keep("language", spelled)

    def status(self, value: str | None, name: str) -> None:
        """Set the publishing status. An unknown one is refused: guessing could publish what was taken back."""
        if value is None or not value.strip():
            return
        word = re.split(r"[:/]", value.strip())[-1].lower()
        if word not in _STATUSES:
            self.wrong(name, f"{value.strip()[:60]!r} is no publishing status: usable, withheld or canceled")
        else:
            self.put("pubstatus", _STATUSES[word], name)

    def signal(self, value: str | None) -> None:
        """Set the signal; those that mean nothing here are kept aside. A correction is never softened to an update."""
        word = re.split(r"[:/]", (value or "").strip())[-1].lower()
        if word == "correction" or (word == "update" and "signal" not in self.fields):
            self.put("signal", word)
        elif word == "test":
            self.put("is_test", True)
        elif word != "update":
            self.keep("signal", value or "")

    def hold_if_words_say_embargo(self) -> None:
        """Hold an item whose format has no field for an embargo and whose words ask for one, until a desk says when."""
        opening = plain_text(str(self.fields.get("body_html", "")))[:300]
        said = (*(str(self.fields.get(name, "")) for name in ("headline", "slugline", "ednote")), opening)
        if any(_WORDS_OF_EMBARGO.search(words) for words in said):
            self.put("embargo_open", True)

    def item(self) -> WireItem:
        """The wire item. Raises Refused (422) that names every wrong field."""
        self._complete()
        try:
            item = WireItem.model_validate(self.fields)
        except ValidationError as wrong:
            raise invalid([*self.errors, *field_errors(wrong, self.names)]) from wrong
        if self.errors:
            raise invalid(self.errors)
        return item

    def _complete(self) -> None:
        """What follows from the other fields: headline, dateline, who may read it, identity."""
        fields = self.fields
        body = fields.setdefault("body_html", "")
        words = plain_text(body)
        if self.needs_text:
            self._need_text(words)
        elif not clean_line(fields.get("headline", "")):
            fields["headline"] = _first_words(words[lead_of(words).length :]) or fields.get("slugline", "")
        # the lead opens the text, or stands below a line for the desk
        leads = (lead_of(plain_text(paragraph)) for paragraph in body.split("</p>", 3)[:3])
        lead = next((lead for lead in leads if lead.chain), Lead())
        dateline = _AFTER_PLACE.sub("", clean_line(str(fields.get("dateline", ""))))
        fields["dateline"] = dateline or lead.dateline
        fields.setdefault("provider_chain", lead.chain)
        if fields.get("pubstatus", PubStatus.USABLE) is PubStatus.USABLE and self._is_for_desks(words):
            fields["is_publishable"] = False
        if self.unplaced:
            fields["unplaced"] = self.unplaced
        if self.notes:
            fields["notes"] = tuple(dict.fromkeys(self.notes))
        if not fields.get("uri") and not self.needs_text:
            fields["uri"] = uri_from_content(fields)

    def _need_text(self, words: str) -> None:
        if self.fields.get("pubstatus", PubStatus.USABLE) is not PubStatus.USABLE:
            return  # what is taken back needs no text; everything else is read by somebody
        said = {error.at for error in self.errors}
        if not clean_line(self.fields.get("headline", "")) and self.names.get("headline", "headline") not in said:
            self.wrong("headline", "missing: a story needs a headline")
        if not words and self.names.get("body_html", "body_html") not in said:
            say = "no text: send body_text, body_html, body_xhtml or bodies[] with words in it"
            self.wrong(self.names.get("body_html", "body_html"), say)

    def _is_for_desks(self, words: str) -> bool:
        """A picture or a package without words, an advisory, or nothing to read at all. A headline alone is a flash."""
        if self.fields.get("item_class", ItemClass.TEXT) is not ItemClass.TEXT and not words:
            return True
        if not words and not clean_line(self.fields.get("headline", "")):
            return True
        genres = self.fields.get("genres", ())
        return any("advisory" in (genre.name or genre.code).lower() for genre in genres)


def invalid(errors: Iterable[FieldError]) -> Refused:
    """The refusal of an item for what is wrong with its fields."""
    errors = tuple(dict.fromkeys(errors))
    return Refused(
        ProblemType.INVALID_ITEM,
        422,
        "Invalid item",
        "The item was not taken: " + "; ".join(f"{e.at or 'item'}: {e.say}" for e in errors[:3]) + ".",
        errors=errors,
    )


def field_errors(wrong: ValidationError, names: Mapping[str, str]) -> list[FieldError]:
    """What the contract says is wrong, under the names that the sender used."""
    errors = []
    for error in wrong.errors():
        first, *rest = (str(part) for part in error["loc"])
        errors.append(FieldError(at=".".join([names.get(first, first), *rest]), say=_sentence(error["msg"])))
    return errors


def concept(name: str | None = "", code: str | None = "", scheme: str | None = "") -> Concept:
    """A concept with its code in one spelling: `medtop:` or `subj:` and eight digits for IPTC's two vocabularies.

    The seventeen topics at the top are the same in both; below, media topics begin with 20.
    """
    code = clean_line(code or "")
    found = _IPTC_CODE.match(code) if (scheme or "") in _IPTC_SCHEMES else None
    if not found:
        return Concept(name=name or "", code=code, scheme=scheme or "")
    is_topic = found[1].startswith("20") or found[1].endswith("000000")
    return Concept(name=name or "", code=f"{'medtop' if is_topic else 'subj'}:{found[1]}")


def unique(concepts: Iterable[Concept]) -> tuple[Concept, ...]:
    """Each concept once, without those that say nothing."""
    return tuple(dict.fromkeys(each for each in concepts if each.name or each.code))


_BASIC = re.compile(
    r"^(\d{4})-?(\d\d)-?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?$",
    re.IGNORECASE,
)


def moment_of(value: str) -> datetime | None:
    """A time in ISO 8601, extended or basic (NITF and NewsML 1 write `20020225T143000-0500`); None if it is none.

    A date alone is its first instant; a time without a zone is UTC.
    """
    value = value.strip()
    try:
        if re.match(r"^\d{4}-\d\d-\d\dT", value):  # keeps fractions of a second
            parsed = datetime.fromisoformat(value)
            return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except ValueError:
        pass
    if not (found := _BASIC.match(value)):
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    zone = "+00:00" if not zone or zone.upper() in ("Z", "UTC", "GMT") else zone
    if len(zone) == 3:
        zone += ":00"
    try:
        return datetime.fromisoformat(
            f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone[:3]}:{zone[-2:]}"
        )
    except ValueError:
        return None


def whole_number(value: str | None, *, low: int, high: int) -> int | None:
    """A whole number within bounds, else None: `"4"`, `" 4 "`."""
    text = (value or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 and low <= int(text) <= high else None


def _first_words(words: str, most: int = 100) -> str:
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"


def _sentence(message: str) -> str:
    return message[0].lower() + message[1:]
