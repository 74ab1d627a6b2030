"""What the editor's form says, as the wire item that is pushed for it; and the other way round. Values only."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, JsonValue

from services.desk.writing.act_form import DeskAct, FormError, ItemFields, carry_over, open_to_readers, read_moment
from shared.contracts.item import Concept, Provider, WireItem
from shared.language.markup import body_of, plain_text
from shared.language.tags import has_elements
from shared.wire.config import Wire


class StoryForm(BaseModel):
    """The editor's form as a browser holds it: everything is text, and lists are parted by commas."""

    model_config = ConfigDict(frozen=True)

    headline: str = ""
    slugline: str = ""
    byline: str = ""
    dateline: str = ""
    summary: str = ""
    body: str = ""  #: paragraphs with blank lines between, or HTML
    language: str = ""
    urgency: str = ""
    places: str = ""  #: names, or codes in capitals
    sections: tuple[str, ...] = ()  #: by their names in the wire file
    keywords: str = ""
    labels: str = ""
    provider: str = ""
    credit_line: str = ""
    ednote: str = ""
    embargoed_until: str = ""  #: this and the other times: `2026-11-30T08:50`, GMT
    scheduled_for: str = ""
    expires_at: str = ""
    correction_note: str = ""


_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_FLASH_URGENCY, _USUAL_URGENCY = 2, 5
_LOCAL_TIME = "%Y-%m-%dT%H:%M"

# ── From an item to its form ─────────────────────────────────────────────────────────────────────────────────────


def fill_form(item: WireItem | None, wire: Wire) -> StoryForm:
    """The editor's form for an item; for a new story the empty one."""
    if item is None:
        return StoryForm(language=wire.own_edition, urgency=str(_USUAL_URGENCY))
    codes = {subject.code for subject in item.subjects}
    return StoryForm(
        headline=item.headline,
        slugline=item.slugline,
        byline=item.byline,
        dateline=item.dateline,
        summary=item.summary,
        body=_text_of_body(item.body_html),
        language=item.language or wire.own_edition,
        urgency=str(item.urgency),
        places=", ".join(place.code or place.name for place in item.places),
        sections=tuple(name for name, row in wire.sections.items() if codes & set(row.subjects)),
        keywords=", ".join(item.keywords),
        labels=", ".join(item.labels),
        provider=item.provider.name or item.provider.code,
        credit_line=item.credit_line,
        ednote=item.ednote,
        embargoed_until=_local(item.embargoed_until),
        scheduled_for=_local(item.scheduled_for),
        expires_at=_local(item.expires_at),
    )


def _text_of_body(body_html: str) -> str:
    """A body of plain paragraphs as text with blank lines between; any other as the HTML that it is."""
    bare = _PARAGRAPH.sub("", body_html).strip()
    paragraphs = [match[1] for match in _PARAGRAPH.finditer(body_html)]
    text = "\n\n".join(" ".join(html.unescape(paragraph).split()) for paragraph in paragraphs)
    # what says `<b>` in words would come back as an element
    if bare or any("<" in paragraph for paragraph in paragraphs) or has_elements(text):
        return body_html
    return text


def _local(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime(_LOCAL_TIME) if moment else ""


# ── From a form to the item ──────────────────────────────────────────────────────────────────────────────────────


def build_item(act: DeskAct, form: StoryForm, *, uri: str, version: int, before: WireItem | None, wire: Wire) -> ItemFields:
    """The item that an editor wrote: what the form says over what stood before, as a new version of `uri`. Raises FormError."""
    urgency = _read_urgency(form.urgency)
    _check_text(form, urgency)
    return {
        **(open_to_readers(carry_over(before)) if before else {}),
        "headline": form.headline.strip(),
        "slugline": form.slugline.strip(),
        "byline": form.byline.strip(),
        "dateline": form.dateline.strip(),
        "summary": form.summary.strip(),
        "language": form.language.strip(),
        "credit_line": form.credit_line.strip(),
        "ednote": form.ednote.strip(),
        "body_html": form.body.strip(),
        "urgency": urgency,
        "keywords": [*_words(form.keywords)],
        "labels": [*_words(form.labels)],
        "places": [{"code": word} if word.isupper() else {"name": word} for word in _words(form.places)],
        "subjects": _subjects(form.sections, before, wire),
        "provider": _provider(form.provider.strip(), before),
        **_times(form),
        **_signal(act, form),
        "uri": uri,
        "version": version,
    }


def _read_urgency(value: str) -> int:
    try:
        return int(value or _USUAL_URGENCY)
    except ValueError as wrong:
        raise FormError("urgency", f"{value!r} is no urgency: it is a number from 1 to 9.") from wrong


def _check_text(form: StoryForm, urgency: int) -> None:
    if not form.headline.strip():
        raise FormError("headline", "A story needs a headline.")
    if not plain_text(body_of(form.body.strip())) and urgency > _FLASH_URGENCY:
        raise FormError("body", "A story needs a text; a flash of urgency 1 or 2 may be its headline alone.")


def _times(form: StoryForm) -> ItemFields:
    embargoed_until = read_moment(form.embargoed_until, "embargoed_until")
    return {
        "embargoed_until": embargoed_until,
        "scheduled_for": read_moment(form.scheduled_for, "scheduled_for"),
        "expires_at": read_moment(form.expires_at, "expires_at"),
        "embargo_cleared": embargoed_until is None,
    }


def _signal(act: DeskAct, form: StoryForm) -> ItemFields:
    """What kind of version it is; the first one is of none."""
    if act is DeskAct.CORRECTION:
        note = form.correction_note.strip()
        if not note:
            raise FormError("correction_note", "Say what was wrong: readers are told.")
        return {"signal": "correction", "correction_note": note}
    return {"signal": "update"} if act is DeskAct.UPDATE else {}


def _words(value: str) -> list[str]:
    return [word for part in re.split(r"[,،;\n]", value) if (word := part.strip())]


def _subjects(sections: Sequence[str], before: WireItem | None, wire: Wire) -> list[JsonValue]:
    """The subjects of the chosen sections, and those of the provider that belong to no section of ours."""
    had = before.subjects if before else ()
    of_sections = {code for row in wire.sections.values() for code in row.subjects}
    by_code = {subject.code: subject for subject in had}
    subjects = [subject for subject in had if subject.code not in of_sections]
    for name, row in wire.sections.items():
        if name in sections and row.subjects:
            known = [by_code[code] for code in row.subjects if code in by_code]
            subjects += known or [Concept(code=row.subjects[0])]
    return [subject.model_dump(mode="json") for subject in subjects]


def _provider(name: str, before: WireItem | None) -> JsonValue:
    """The provider as it was, with all that is known of it, or another one by its name."""
    if before and name in (before.provider.name, before.provider.code):
        return before.provider.model_dump(mode="json")
    return Provider(name=name).model_dump(mode="json")
