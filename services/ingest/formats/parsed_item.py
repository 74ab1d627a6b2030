"""What a format's reader parses one item into: the fields that it found, and notes on what it could not use.

Whether that makes an item of the wire is decided behind it, for all formats alike (`services/ingest/completion.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from services.ingest.formats.languages import language_tag
from services.ingest.formats.statuses import is_not_ready, says_embargoed, status_of, status_of_signal, words_of
from services.ingest.times import moment_of
from shared.contracts.item import LONGEST_KEPT, MOST_UNPLACED, Doubt, PubStatus
from shared.contracts.problem import FieldError
from shared.language.characters import clean_line
from shared.language.markup import SafeHtml

#: the longest name of a member or an element that is kept, and the longest note
_LONGEST_NAME = 120
_LONGEST_NOTE = 300
_HELD = "held until somebody at the desk has looked"
#: they say who may read an item and when, so a guess could publish it
_TIMES_THAT_DECIDE = ("embargoed_until", "expires_at", "scheduled_for")


@dataclass(kw_only=True)
class ParsedItem:
    """The fields of a `WireItem` as far as a reader found them, not yet validated."""

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

    def text(self, name: str) -> str:
        """A field's text; empty where a sender put something else."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    def put(self, ours: str, value: object, name: str | None = None) -> None:
        """Set a field under the sender's `name` for it, unless the value is empty: then what was set before stays."""
        if value is not None and value not in ("", (), []):
            self.fields[ours] = value
            self.names[ours] = name or ours
        if isinstance(value, SafeHtml) and value.dropped:
            self.note(f"left out of {name or ours} with its words: {', '.join(value.dropped)}")

    def add_error(self, name: str, detail: str) -> None:
        """Note what is wrong with one of the sender's fields. The item is refused for it, unless it takes back."""
        self.errors.append(FieldError.at(clean_line(name), clean_line(detail)))

    def note(self, words: str) -> None:
        """Tell the sender what was left out of an item that is taken all the same, or changed in it."""
        self.notes.append(clean_line(words)[:_LONGEST_NOTE])

    def doubt(self, why: Doubt, words: str) -> None:
        """Hold the item until a person has looked, and tell the sender.

        The first doubt stands, but a kill in words before all: the story that it means is still public.
        """
        known = self.fields.get("doubt")
        if known is None or (why is Doubt.KILL_IN_WORDS and known is not why):
            self.put("doubt", why)
            self.put("doubt_note", words)
            self.note(f"{_HELD} ({why}): {words}")

    def drop_doubt(self) -> None:
        """Hold it no longer, and tell nobody that it was held."""
        if self.fields.pop("doubt", None):
            self.fields.pop("doubt_note", None)
            self.notes = [note for note in self.notes if not note.startswith(_HELD)]

    def keep(self, name: str, value: str) -> None:
        """Keep what the contract has no field for; what has the same name is joined with `; `."""
        name = clean_line(name)[:_LONGEST_NAME]
        if not name or not (value := clean_line(value[: 2 * LONGEST_KEPT])[:LONGEST_KEPT]):
            return
        if name in self.unplaced:
            self.unplaced[name] = f"{self.unplaced[name]}; {value}"[:LONGEST_KEPT]
        elif len(self.unplaced) < MOST_UNPLACED:
            self.unplaced[name] = value
        else:
            self.note(f"of the names that mean nothing here only the first {MOST_UNPLACED} were kept")

    def put_moment(self, ours: str, value: object, name: str, *, zone: tzinfo = UTC) -> None:
        """Set a time from any of the spellings in use; without a zone of its own it is in `zone`.

        What is no time is kept aside, but an error where it would have said who may read the item.
        """
        if value is None or (isinstance(value, str) and not value.strip()):
            return
        spelled = (value if isinstance(value, str) else repr(value)).strip()
        if (moment := moment_of(value, zone=zone)) is not None:
            self.put(ours, moment, name)
        elif ours in _TIMES_THAT_DECIDE:
            self.add_error(name, f"{spelled[:60]!r} is no date and time that is understood: write 2026-11-25T10:00:00Z")
        else:
            self.keep(name, spelled)
            self.note(f"{name}: {spelled[:60]!r} is no date and time that is understood; it was kept aside")

    def put_language(self, value: object) -> None:
        """Set the language, however it is spelled. What nobody understands is kept aside with a note, and the text says it."""
        if (tag := language_tag(value)) is not None:
            self.put("language", tag)
        elif value not in (None, "", [], {}):
            spelled = value if isinstance(value, str) else repr(value)
            self.keep("language", spelled)
            self.note(f"language: {spelled[:60]!r} is no language that is known; the text will say it")

    def put_status(self, value: object, name: str) -> None:
        """Set the publishing status; of several, said one after the other, the one that takes back most.

        An unknown one is an error: guessing could publish what was taken back.
        """
        if not any(words.strip() for words in words_of(value)):
            self._put_status_without_words(value, name)
            return
        spelled = (value if isinstance(value, str) else repr(value)).strip()[:60]
        if (status := status_of(value)) is None:
            hint = "send the item when it may be published" if is_not_ready(value) else "usable, withheld or canceled"
            self.add_error(name, f"{spelled!r} is no publishing status: {hint}")
            return
        if says_embargoed(value):
            self.says_embargoed = True
        known = self.fields.get("pubstatus")
        if known is None or known is PubStatus.USABLE or status is PubStatus.CANCELED:
            self.put("pubstatus", status, name)

    def _put_status_without_words(self, value: object, name: str) -> None:
        """1 and true are published, 0 and false are not, as systems for content have it; nothing else is a status."""
        if value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip()) or value in (1, [None], [""]):
            return
        if value == 0:
            self.note(f"{name}: {value!r} is read as pubstatus withheld")
            self.put_status(PubStatus.WITHHELD.value, name)
        else:
            self.add_error(name, f"{repr(value)[:60]} is no publishing status: usable, withheld or canceled")

    def put_signal(self, value: object) -> None:
        """Set the signal; those that mean nothing here are kept aside. A correction is never softened to an update."""
        if (status := status_of_signal(value)) is not None:
            self.put_status(status.value, "signal")
            return
        self.says_embargoed = self.says_embargoed or says_embargoed(value)
        words = next(words_of(value), "")
        word = re.split(r"[:/]", words.strip())[-1].lower()
        if word == "correction" or (word == "update" and "signal" not in self.fields):
            self.put("signal", word)
        elif word == "test":
            self.put("is_test", True)
        elif word != "update":
            self.keep("signal", words)
