"""Completion: what a format's reader parsed becomes an item of the wire, or is refused. The same for all formats.

What follows from other fields is filled in (headline, dateline, provider chain, identity, who may read it), and what the
contract does not take is left out where the item can do without it.
"""

from __future__ import annotations

import re

from pydantic import ValidationError

from services.ingest.formats.members import read_unplaced
from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.refusals import field_error, invalid
from services.ingest.formats.words_for_the_desk import asks_for_embargo, asks_for_kill
from services.ingest.identity import uri_from_content
from services.ingest.opening_credit import OpeningCredit, opening_credit_of
from shared.contracts.item import LONGEST_WORD, MEASURED, MOST_NOTES, Concept, Doubt, ItemClass, WireItem
from shared.contracts.problem import FieldError
from shared.language.characters import clean_line
from shared.language.markup import plain_text

#: what a dateline carries over from an opening credit: the agency in brackets, and the dash
_AFTER_PLACE = re.compile(r"\s*(?:\([^)]{1,60}\))?\s*[-–—_]*$")
#: lists of which what cannot be used is left out with a note; the rest of the item is taken
_LISTS = (
    "subjects", "places", "people", "organisations", "genres", "keywords", "labels", "associations", "provider_chain",
)  # fmt: skip
#: and what a story can do without
_OPTIONAL = ("located", "dateline")
#: how often an item is measured again after something was left out
_MAX_ROUNDS = 3
#: paragraphs in which an opening credit is sought: it opens the text, or stands below a line for the desk
_PARAGRAPHS = 3
_MAX_HEADLINE = 100
_MAX_QUOTED = 120


def complete(parsed: ParsedItem) -> WireItem:
    """The wire item. Raises Refused (422) that names every wrong field.

    What takes back is refused only if nobody can say what it takes back: all else that is wrong in it is left out.
    `parsed` is completed in place: what was left out of the item has left it too, with a note.
    """
    _fill_in(parsed)
    if parsed.retracts:
        _forgive_what_takes_back(parsed)
    for _ in range(_MAX_ROUNDS):
        if parsed.notes:
            parsed.fields["notes"] = tuple(dict.fromkeys(parsed.notes))[:MOST_NOTES]
        try:
            item = WireItem.model_validate(parsed.fields, context=MEASURED)
        except ValidationError as wrong:
            if errors := _leave_out(parsed, wrong):
                raise invalid([*parsed.errors, *errors]) from wrong
        else:
            if parsed.errors:
                raise invalid(parsed.errors)
            return item
    raise invalid([FieldError.at("", "has too much in it that cannot be used")])


def _fill_in(parsed: ParsedItem) -> None:
    """What follows from the other fields: headline, dateline, who may read it, identity."""
    fields = parsed.fields
    fields.setdefault("body_html", "")
    words = plain_text(parsed.text("body_html"))
    if parsed.needs_text:
        _require_text(parsed, words)
    elif not clean_line(parsed.text("headline")) and not (parsed.retracts and "headline" in fields):
        fields["headline"] = _first_words(words[opening_credit_of(words).length :]) or fields.get("slugline", "")
    _fill_in_dateline(parsed)
    if not parsed.retracts and not fields.get("stands_alone"):
        read_unplaced(parsed)
    _doubt_words(parsed)
    if not parsed.retracts and _is_for_desks(parsed, words):
        fields["is_publishable"] = False
    if parsed.unplaced:
        fields["unplaced"] = parsed.unplaced
    if parsed.retracts and not fields.get("uri") and not fields.get("replaces"):
        parsed.add_error(parsed.names.get("uri", "uri"), "missing: what takes a story back says which")
    if not fields.get("uri") and not parsed.needs_text:
        fields["uri"] = uri_from_content(fields)


def _fill_in_dateline(parsed: ParsedItem) -> None:
    """The dateline, and the agencies that the text came through, as its opening credit has them where no field does."""
    paragraphs = parsed.text("body_html").split("</p>", _PARAGRAPHS)[:_PARAGRAPHS]
    openings = (opening_credit_of(plain_text(paragraph)) for paragraph in paragraphs)
    opening = next((opening for opening in openings if opening.chain), OpeningCredit())
    dateline = _AFTER_PLACE.sub("", clean_line(parsed.text("dateline"))[: 2 * LONGEST_WORD])
    parsed.fields["dateline"] = dateline or opening.dateline
    parsed.fields.setdefault("provider_chain", opening.chain)


def _require_text(parsed: ParsedItem, words: str) -> None:
    if parsed.retracts:
        return  # what is taken back needs no text; everything else is read by somebody
    wrong = {error.field for error in parsed.errors}
    if not clean_line(parsed.text("headline")) and parsed.names.get("headline", "headline") not in wrong:
        parsed.add_error("headline", "missing: a story needs a headline")
    if not words and parsed.names.get("body_html", "body_html") not in wrong:
        detail = "no text: send body_text, body_html, body_xhtml or bodies[] with words in it"
        parsed.add_error(parsed.names.get("body_html", "body_html"), detail)


def _doubt_words(parsed: ParsedItem) -> None:
    """Hold an item whose words say that it is embargoed, or that ask for another to be killed, until a desk has read it."""
    if parsed.retracts or parsed.fields.get("stands_alone"):
        return
    first, _, _ = parsed.text("body_html").partition("</p>")
    lines = (parsed.text("headline"), parsed.text("subheadline"), parsed.text("summary"), plain_text(first))
    slugline, note = parsed.text("slugline"), parsed.text("ednote")
    if line := asks_for_kill(*lines, slugline=slugline, note=note):
        parsed.doubt(Doubt.KILL_IN_WORDS, f"it asks in words for a story to be taken back ({line[:_MAX_QUOTED]!r})")
    if parsed.fields.get("embargoed_until") or parsed.fields.get("embargo_open"):
        return
    if line := asks_for_embargo(*lines, slugline=slugline, note=note):
        words = f"its words say that it is embargoed, and no field says until when ({line[:_MAX_QUOTED]!r})"
        parsed.doubt(Doubt.EMBARGO, words)
    elif parsed.says_embargoed:
        parsed.doubt(Doubt.EMBARGO, "its status says that it is embargoed, and no field says until when")


def _is_for_desks(parsed: ParsedItem, words: str) -> bool:
    """A picture or a package without words, an advisory, or nothing to read at all. A headline alone is a flash."""
    if parsed.fields.get("item_class", ItemClass.TEXT) != ItemClass.TEXT and not words:
        return True
    if not words and not clean_line(parsed.text("headline")):
        return True
    genres = parsed.fields.get("genres", ())
    return any("advisory" in (genre.name or genre.code).lower() for genre in genres if isinstance(genre, Concept))


def _forgive_what_takes_back(parsed: ParsedItem) -> None:
    """Only `uri` and status count: what a reader found wrong elsewhere is noted and forgotten."""
    names = {"", "uri", parsed.names.get("uri", "uri")}
    for error in parsed.errors:
        if error.field not in names:
            parsed.note(f"{error.field}: {error.detail}; it was left out")
    parsed.errors = [error for error in parsed.errors if error.field in names]
    parsed.drop_doubt()  # what a reader doubted of its text holds up no kill


def _leave_out(parsed: ParsedItem, wrong: ValidationError) -> list[FieldError]:
    """Take out what is wrong and may be left out, each with a note. Returns what is wrong and may not be."""
    errors: list[FieldError] = []
    entries: dict[str, set[int]] = {}
    for error in wrong.errors(include_url=False, include_input=False):
        first, *path = error["loc"]
        name = str(first)
        shown = field_error(parsed.names.get(name, name), path, error["msg"])
        value = parsed.fields.get(name)
        is_list = name in _LISTS and isinstance(value, list | tuple)
        if is_list and path and isinstance(path[0], int):
            entries.setdefault(name, set()).add(path[0])
        elif is_list and error["type"] == "too_many":
            parsed.fields[name] = tuple(parsed.fields[name][: error["ctx"]["most"]])
        elif (parsed.retracts and name not in ("uri", "pubstatus")) or name in _OPTIONAL:
            parsed.fields.pop(name, None)
        else:
            errors.append(shown)
            continue
        parsed.note(f"{shown.field}: {shown.detail}; it was left out")
    for name, numbers in entries.items():
        parsed.fields[name] = tuple(row for number, row in enumerate(parsed.fields[name]) if number not in numbers)
    return errors


def _first_words(words: str, limit: int = _MAX_HEADLINE) -> str:
    """Whole words, at most so many letters of them."""
    return words if len(words) <= limit else words[:limit].rsplit(" ", 1)[0] + "…"
