"""A draft: what a format's reader found in one item, on its way to the contract.

A reader fills fields and notes what it cannot use; whether that makes an item is decided here, for all formats alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from pydantic import ValidationError

from services.ingest.formats.languages import language_tag
from services.ingest.formats.members import read_kept
from services.ingest.formats.statuses import is_not_ready, says_embargoed, status_of, taken_back_by, words_of
from services.ingest.formats.words import asks_for_embargo, asks_for_kill
from services.ingest.identity import uri_from_content
from services.ingest.leads import Lead, lead_of
from services.ingest.times import moment_of
from shared.contracts.item import (
    LONGEST_KEPT,
    LONGEST_WORD,
    MEASURED,
    MOST_NOTES,
    MOST_UNPLACED,
    Concept,
    Doubt,
    ItemClass,
    PubStatus,
    WireItem,
)
from shared.contracts.problem import FieldError, InvalidItem, Refused
from shared.language.characters import clean_line
from shared.language.markup import SafeHtml, plain_text

#: the longest name of a member or an element that is kept, and the longest note
_LONGEST_NAME = 120
_LONGEST_NOTE = 300
_HELD = "held until somebody at the desk has looked"
_IPTC_CODE = re.compile(
    r"^(?:https?://cv\.iptc\.org/newscodes/(?:mediatopic|subjectcode)/|(?:medtop|subj|subject|iptc):)?(\d{8})$"
)
_IPTC_SCHEMES = ("", "medtop", "mediatopic", "subj", "subject", "subjectcode", "iptc", "iptc_subject_code")
#: they say who may read an item and when, so a guess could publish it
_TIMES_THAT_DECIDE = ("embargoed_until", "expires_at", "scheduled_for")
#: what a dateline carries over from a lead: the agency in brackets, and the dash
_AFTER_PLACE = re.compile(r"\s*(?:\([^)]{1,60}\))?\s*[-–—_]*$")
#: lists of which what cannot be used is left out, and told; the rest of the item is taken
_LISTS = (
    "subjects", "places", "people", "organisations", "genres", "keywords", "labels", "associations", "provider_chain",
)  # fmt: skip
#: and what a story can do without
_OPTIONAL = ("located", "dateline")
#: how often an item is measured again after something was left out
_MOST_ROUNDS = 3


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
    says_embargoed: bool = False  #: its status does; a field should say until when
    #: the format numbers its versions; where it has no number for one, the archive gives the next
    is_versioned: bool = True

    @property
    def retracts(self) -> bool:
        """Does it take back what was sent before?"""
        return bool(self.fields.get("pubstatus", PubStatus.USABLE) != PubStatus.USABLE)

    @property
    def needs_number(self) -> bool:
        """Has this item no version of its own, in a format that has none? What takes back may also have one that is broken."""
        return "version" not in self.fields and (not self.is_versioned or self.retracts)

    def put(self, ours: str, value: object, name: str | None = None) -> None:
        """Set a field, unless there is nothing to set."""
        if value is not None and value not in ("", (), []):
            self.fields[ours] = value
            self.names[ours] = name or ours
        if isinstance(value, SafeHtml) and value.dropped:
            self.note(f"left out of {name or ours} with its words: {', '.join(value.dropped)}")

    def wrong(self, at: str, say: str) -> None:
        """Note what is wrong with one of the sender's fields."""
        self.errors.append(FieldError.at(clean_line(at), clean_line(say)))

    def note(self, say: str) -> None:
        """Tell the sender what was left out of an item that is taken all the same, or changed in it."""
        self.notes.append(clean_line(say)[:_LONGEST_NOTE])

    def doubt(self, why: Doubt, say: str) -> None:
        """Hold the item until a person has looked, and tell the sender.

        The first doubt stands, but a kill in words before all: the story that it means is still public.
        """
        known = self.fields.get("doubt")
        if known is None or (why is Doubt.KILL_IN_WORDS and known is not why):
            self.put("doubt", why)
            self.put("doubt_note", say)
            self.note(f"{_HELD} ({why}): {say}")

    def keep(self, name: str, value: str) -> None:
        """Keep what the contract has no field for."""
        name = clean_line(name)[:_LONGEST_NAME]
        if not name or not (value := clean_line(value[: 2 * LONGEST_KEPT])[:LONGEST_KEPT]):
            return
        if name in self.unplaced:
            self.unplaced[name] = f"{self.unplaced[name]}; {value}"[:LONGEST_KEPT]
        elif len(self.unplaced) < MOST_UNPLACED:
            self.unplaced[name] = value
        else:
            self.note(f"of the names that mean nothing here only the first {MOST_UNPLACED} were kept")

    def moment(self, ours: str, value: object, name: str, *, zone: tzinfo = UTC) -> None:
        """Set a time from any of the spellings in use; without a zone of its own it is in `zone`.

        What is no time is kept aside, but an error where it would have said who may read the item.
        """
        if value is None or (isinstance(value, str) and not value.strip()):
            return
        said = (value if isinstance(value, str) else repr(value)).strip()
        if (parsed := moment_of(value, zone=zone)) is not None:
            self.put(ours, parsed, name)
        elif ours in _TIMES_THAT_DECIDE:
            self.wrong(name, f"{said[:60]!r} is no date and time that is understood: write 2026-11-25T10:00:00Z")
        else:
            self.keep(name, said)
            self.note(f"{name}: {said[:60]!r} is no date and time that is understood; it was kept aside")

    def language(self, said: object) -> None:
        """Set the language, however it is spelled; what nobody understands is told, and the text says it."""
        if (tag := language_tag(said)) is not None:
            self.put("language", tag)
        elif said not in (None, "", [], {}):
            spelled = said if isinstance(said, str) else repr(said)
            self.keep("language", spelled)
            self.note(f"language: {spelled[:60]!r} is no language that is known; the text will say it")

    def status(self, said: object, name: str) -> None:
        """Set the publishing status; of several the one that takes back most.

        An unknown one is refused: guessing could publish what was taken back.
        """
        if not any(words.strip() for words in words_of(said)):
            self._status_without_words(said, name)
            return
        spelled = (said if isinstance(said, str) else repr(said)).strip()[:60]
        if (status := status_of(said)) is None:
            hint = "send the item when it may be published" if is_not_ready(said) else "usable, withheld or canceled"
            self.wrong(name, f"{spelled!r} is no publishing status: {hint}")
            return
        if says_embargoed(said):
            self.says_embargoed = True
        known = self.fields.get("pubstatus")
        if known is None or known is PubStatus.USABLE or status is PubStatus.CANCELED:
            self.put("pubstatus", status, name)

    def _status_without_words(self, said: object, name: str) -> None:
        """1 and true are published, 0 and false are not, as systems for content have it; nothing else is a status."""
        if said is None or said in ("", [], {}) or (isinstance(said, str) and not said.strip()) or said in (1, [None], [""]):
            return
        if said == 0:
            self.note(f"{name}: {said!r} is read as pubstatus withheld")
            self.status(PubStatus.WITHHELD.value, name)
        else:
            self.wrong(name, f"{repr(said)[:60]} is no publishing status: usable, withheld or canceled")

    def signal(self, said: object) -> None:
        """Set the signal; those that mean nothing here are kept aside. A correction is never softened to an update."""
        if (status := taken_back_by(said)) is not None:
            self.status(status.value, "signal")
            return
        self.says_embargoed = self.says_embargoed or says_embargoed(said)
        value = next(words_of(said), "")
        word = re.split(r"[:/]", value.strip())[-1].lower()
        if word == "correction" or (word == "update" and "signal" not in self.fields):
            self.put("signal", word)
        elif word == "test":
            self.put("is_test", True)
        elif word != "update":
            self.keep("signal", value)

    def doubt_words(self) -> None:
        """Hold an item whose words say that it is embargoed, or that ask for another to be killed, until a desk has looked."""
        if self.retracts or self.fields.get("stands_alone"):
            return
        first, _, _ = self._text("body_html").partition("</p>")
        lines = (self._text("headline"), self._text("subheadline"), self._text("summary"), plain_text(first))
        slugline, note = self._text("slugline"), self._text("ednote")
        if line := asks_for_kill(*lines, slugline=slugline, note=note):
            self.doubt(Doubt.KILL_IN_WORDS, f"it asks in words for a story to be taken back ({line[:120]!r})")
        if self.fields.get("embargoed_until") or self.fields.get("embargo_open"):
            return
        if line := asks_for_embargo(*lines, slugline=slugline, note=note):
            self.doubt(Doubt.EMBARGO, f"its words say that it is embargoed, and no field says until when ({line[:120]!r})")
        elif self.says_embargoed:
            self.doubt(Doubt.EMBARGO, "its status says that it is embargoed, and no field says until when")

    def _text(self, name: str) -> str:
        """A field's text; nothing where a sender put something else."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    def item(self) -> WireItem:
        """The wire item. Raises Refused (422) that names every wrong field.

        What takes back is refused only if nobody can say what it takes back: all else that is wrong in it is left out.
        """
        self._complete()
        if self.retracts:
            self._take_back()
        for _ in range(_MOST_ROUNDS):
            if self.notes:
                self.fields["notes"] = tuple(dict.fromkeys(self.notes))[:MOST_NOTES]
            try:
                item = WireItem.model_validate(self.fields, context=MEASURED)
            except ValidationError as wrong:
                if left := self._leave_out(wrong):
                    raise invalid([*self.errors, *left]) from wrong
            else:
                if self.errors:
                    raise invalid(self.errors)
                return item
        raise invalid([FieldError.at("", "has too much in it that cannot be used")])

    def _take_back(self) -> None:
        """Only `uri` and status count: what a reader found wrong elsewhere is told and forgotten."""
        names = {"", "uri", self.names.get("uri", "uri")}
        for error in self.errors:
            if error.field not in names:
                self.note(f"{error.field}: {error.detail}; it was left out")
        self.errors = [error for error in self.errors if error.field in names]
        if self.fields.pop("doubt", None):  # what a reader doubted of its text holds up no kill
            self.fields.pop("doubt_note", None)
            self.notes = [note for note in self.notes if not note.startswith(_HELD)]

    def _leave_out(self, wrong: ValidationError) -> list[FieldError]:
        """Take out what is wrong and may be left out; what is wrong and may not."""
        errors: list[FieldError] = []
        entries: dict[str, set[int]] = {}
        for error in wrong.errors(include_url=False, include_input=False):
            field_, *rest = error["loc"]
            name = str(field_)
            told = FieldError.at(_place(self.names.get(name, name), rest), _sentence(error["msg"]))
            value = self.fields.get(name)
            if name in _LISTS and isinstance(value, list | tuple) and rest and isinstance(rest[0], int):
                entries.setdefault(name, set()).add(rest[0])
            elif name in _LISTS and isinstance(value, list | tuple) and error["type"] == "too_many":
                self.fields[name] = tuple(value[: error["ctx"]["most"]])
            elif (self.retracts and name not in ("uri", "pubstatus")) or name in _OPTIONAL:
                self.fields.pop(name, None)
            else:
                errors.append(told)
                continue
            self.note(f"{told.field}: {told.detail}; it was left out")
        for name, numbers in entries.items():
            self.fields[name] = tuple(row for number, row in enumerate(self.fields[name]) if number not in numbers)
        return errors

    def _complete(self) -> None:
        """What follows from the other fields: headline, dateline, who may read it, identity."""
        fields = self.fields
        fields.setdefault("body_html", "")
        body = self._text("body_html")
        words = plain_text(body)
        if self.needs_text:
            self._need_text(words)
        elif not clean_line(self._text("headline")) and not (self.retracts and "headline" in fields):
            fields["headline"] = _first_words(words[lead_of(words).length :]) or fields.get("slugline", "")
        # the lead opens the text, or stands below a line for the desk
        leads = (lead_of(plain_text(paragraph)) for paragraph in body.split("</p>", 3)[:3])
        lead = next((lead for lead in leads if lead.chain), Lead())
        dateline = _AFTER_PLACE.sub("", clean_line(self._text("dateline"))[: 2 * LONGEST_WORD])
        fields["dateline"] = dateline or lead.dateline
        fields.setdefault("provider_chain", lead.chain)
        if not self.retracts and not fields.get("stands_alone"):
            read_kept(self)
        self.doubt_words()
        if not self.retracts and self._is_for_desks(words):
            fields["is_publishable"] = False
        if self.unplaced:
            fields["unplaced"] = self.unplaced
        if self.retracts and not fields.get("uri") and not fields.get("replaces"):
            self.wrong(self.names.get("uri", "uri"), "missing: what takes a story back says which")
        if not fields.get("uri") and not self.needs_text:
            fields["uri"] = uri_from_content(fields)

    def _need_text(self, words: str) -> None:
        if self.retracts:
            return  # what is taken back needs no text; everything else is read by somebody
        said = {error.field for error in self.errors}
        if not clean_line(self._text("headline")) and self.names.get("headline", "headline") not in said:
            self.wrong("headline", "missing: a story needs a headline")
        if not words and self.names.get("body_html", "body_html") not in said:
            say = "no text: send body_text, body_html, body_xhtml or bodies[] with words in it"
            self.wrong(self.names.get("body_html", "body_html"), say)

    def _is_for_desks(self, words: str) -> bool:
        """A picture or a package without words, an advisory, or nothing to read at all. A headline alone is a flash."""
        if self.fields.get("item_class", ItemClass.TEXT) != ItemClass.TEXT and not words:
            return True
        if not words and not clean_line(self._text("headline")):
            return True
        genres = self.fields.get("genres", ())
        return any("advisory" in (genre.name or genre.code).lower() for genre in genres if isinstance(genre, Concept))


def invalid(errors: Iterable[FieldError]) -> Refused:
    """The refusal of an item for what is wrong with its fields."""
    errors = tuple(dict.fromkeys(errors))
    return InvalidItem(
        "The item was not taken: " + "; ".join(f"{e.field or 'item'}: {e.detail}" for e in errors[:3]) + ".",
        errors=errors,
    )


def field_errors(wrong: ValidationError, names: Mapping[str, str]) -> list[FieldError]:
    """What the contract says is wrong, under the names that the sender used."""
    errors = []
    for error in wrong.errors():
        first, *rest = error["loc"] or ("",)
        errors.append(FieldError.at(_place(names.get(str(first), str(first)), rest), _sentence(error["msg"])))
    return errors


def _place(first: str, rest: Sequence[int | str]) -> str:
    return clean_line(".".join([first, *(str(part) for part in rest)]))


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


def whole_number(value: str | None, *, low: int, high: int) -> int | None:
    """A whole number within bounds, else None: `"4"`, `" 4 "`."""
    text = (value or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 and low <= int(text) <= high else None


def _first_words(words: str, most: int = 100) -> str:
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"


def _sentence(message: str) -> str:
    return message[0].lower() + message[1:]
