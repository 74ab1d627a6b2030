"""What a form says, as the wire item that is pushed for it; and the other way round. Values only."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from shared.contracts.item import Concept, KillReason, Provider, PubStatus, WireItem
from shared.language.markup import body_of, plain_text
from shared.language.tags import has_elements
from shared.web.keys import Right
from shared.wire.config import Wire


class DeskAct(StrEnum):
    """What somebody at the desk can do to a story."""

    NEW = "new"
    UPDATE = "update"
    CORRECTION = "correction"
    WITHHOLD = "withhold"
    RELEASE = "release"
    EMBARGO = "embargo"
    KILL = "kill"

    @property
    def right(self) -> Right:
        """What one must be allowed to do."""
        return Right.KILL if self is DeskAct.KILL else Right.EDIT

    @property
    def is_written(self) -> bool:
        """Has it a text, which is written and previewed before it is sent?"""
        return self in (DeskAct.NEW, DeskAct.UPDATE, DeskAct.CORRECTION)


@dataclass(frozen=True)
class FormError(Exception):
    """One field of a form that must be mended first."""

    field: str
    say: str


_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_FLASH_URGENCY = 2
_LOCAL_TIME = "%Y-%m-%dT%H:%M"


def form_of(item: WireItem | None, wire: Wire) -> dict[str, Any]:
    """The fields of the editor's form for an item; for a new story the empty ones."""
    if item is None:
        return {"language": wire.own_edition, "urgency": "5", "sections": []}
    codes = {subject.code for subject in item.subjects}
    return {
        "headline": item.headline,
        "slugline": item.slugline,
        "byline": item.byline,
        "dateline": item.dateline,
        "summary": item.summary,
        "body": _as_text(item.body_html),
        "language": item.language or wire.own_edition,
        "urgency": str(item.urgency),
        "places": ", ".join(place.code or place.name for place in item.places),
        "sections": [name for name, row in wire.sections.items() if codes & set(row.subjects)],
        "keywords": ", ".join(item.keywords),
        "labels": ", ".join(item.labels),
        "provider": item.provider.name or item.provider.code,
        "credit_line": item.credit_line,
        "ednote": item.ednote,
        "embargoed_until": _local(item.embargoed_until),
        "scheduled_for": _local(item.scheduled_for),
        "expires_at": _local(item.expires_at),
    }


def _as_text(body_html: str) -> str:
    """A body of plain paragraphs as text with blank lines between; any other as the HTML that it is."""
    bare = _PARAGRAPH.sub("", body_html).strip()
    paragraphs = [found[1] for found in _PARAGRAPH.finditer(body_html)]
    text = "\n\n".join(" ".join(html.unescape(paragraph).split()) for paragraph in paragraphs)
    # what says `<b>` in words would come back as an element
    if bare or any("<" in paragraph for paragraph in paragraphs) or has_elements(text):
        return body_html
    return text


def written(
    act: DeskAct, form: Mapping[str, Any], *, uri: str, version: int, before: WireItem | None, wire: Wire
) -> dict[str, Any]:
    """The item that an editor wrote: what the form says over what stood before. Raises FormError."""
    fields = _for_readers(_lasting(before)) if before else {}
    for name in ("headline", "slugline", "byline", "dateline", "summary", "language", "credit_line", "ednote"):
        fields[name] = str(form.get(name, "")).strip()
    if not fields["headline"]:
        raise FormError("headline", "A story needs a headline.")
    body = str(form.get("body", "")).strip()
    if not plain_text(body_of(body)) and int(form.get("urgency") or 5) > _FLASH_URGENCY:
        raise FormError("body", "A story needs a text; a flash of urgency 1 or 2 may be its headline alone.")
    fields["body_html"] = body
    fields["urgency"] = int(form.get("urgency") or 5)
    fields["keywords"], fields["labels"] = _words(form.get("keywords")), _words(form.get("labels"))
    fields["places"] = [{"code": word} if word.isupper() else {"name": word} for word in _words(form.get("places"))]
    fields["subjects"] = _subjects(form.get("sections", []), before, wire)
    fields["provider"] = _provider(str(form.get("provider", "")).strip(), before)
    for name in ("embargoed_until", "scheduled_for", "expires_at"):
        fields[name] = _moment(str(form.get(name, "")), name)
    fields["embargo_cleared"] = fields["embargoed_until"] is None
    if act is DeskAct.CORRECTION:
        note = str(form.get("correction_note", "")).strip()
        if not note:
            raise FormError("correction_note", "Say what was wrong: readers are told.")
        fields |= {"signal": "correction", "correction_note": note}
    elif act is DeskAct.UPDATE:
        fields["signal"] = "update"
    return fields | {"uri": uri, "version": version}


def decided(act: DeskAct, form: Mapping[str, Any], *, uri: str, version: int, before: WireItem) -> dict[str, Any]:
    """The item of an act that writes no text: hold, release, embargo, kill. Raises FormError."""
    if act is DeskAct.KILL:
        reason = str(form.get("reason", ""))
        if reason not in set(KillReason):
            raise FormError("reason", "Choose a reason: readers are told in a template's words.")
        if form.get("confirm") != "kill":
            raise FormError("confirm", "Confirm that this story is to be killed, for good.")
        note = str(form.get("ednote", "")).strip()
        status = {"pubstatus": PubStatus.CANCELED.value, "kill_reason": reason}
        return {"uri": uri, "version": version, "ednote": note, **status}
    if act is DeskAct.WITHHOLD:
        return {"uri": uri, "version": version, "pubstatus": PubStatus.WITHHELD.value}
    fields = _lasting(before)
    if act is DeskAct.RELEASE:
        fields = _released(_for_readers(fields), form)
    if act is DeskAct.EMBARGO:
        for name in ("embargoed_until", "scheduled_for"):
            fields[name] = _moment(str(form.get(name, "")), name)
        fields["embargo_cleared"] = fields["embargoed_until"] is None
    return {**fields, "uri": uri, "version": version}


def _released(fields: dict[str, Any], form: Mapping[str, Any]) -> dict[str, Any]:
    """A release says beside the text that somebody has looked, and answers for what stood in the way."""
    fields = {**fields, "stands_alone": True}
    if language := str(form.get("language", "")).strip():
        fields["language"] = language
    if "expires_at" in form:
        fields["expires_at"] = _moment(str(form["expires_at"]), "expires_at")
    return fields


def _for_readers(fields: dict[str, Any]) -> dict[str, Any]:
    """The same, and no advisory any more: somebody wrote it for readers, or lets them have it."""
    kept = {name: value for name, value in fields.items() if name != "is_publishable"}
    if genres := [row for row in fields.get("genres", ()) if "advisory" not in f"{row.get('name')} {row.get('code')}".lower()]:
        return {**kept, "genres": genres}
    return {name: value for name, value in kept.items() if name != "genres"}


#: said of one version, not of those that follow
_OF_ONE_VERSION = {
    "signal", "correction_note", "embargo_cleared", "embargo_open", "take", "pubstatus", "kill_reason",
    "doubt", "doubt_note", "stands_alone", "is_from_desk", "sent_version", "notes",
}  # fmt: skip


def _lasting(before: WireItem) -> dict[str, Any]:
    """What holds on from the version before."""
    return before.model_dump(mode="json", exclude_defaults=True, exclude=_OF_ONE_VERSION)


def _words(value: object) -> list[str]:
    return [word for part in re.split(r"[,،;\n]", str(value or "")) if (word := part.strip())]


def _subjects(sections: object, before: WireItem | None, wire: Wire) -> list[dict[str, Any]]:
    """The subjects of the chosen sections, and those of the provider that belong to no section of ours."""
    chosen = {sections} if isinstance(sections, str) else set(sections) if isinstance(sections, list) else set()
    ours = {code for row in wire.sections.values() for code in row.subjects}
    kept = [s for s in (before.subjects if before else ()) if s.code not in ours]
    had = {s.code: s for s in (before.subjects if before else ())}
    for name, row in wire.sections.items():
        if name in chosen and row.subjects:
            known = [had[code] for code in row.subjects if code in had]
            kept += known or [Concept(code=row.subjects[0])]
    return [subject.model_dump(mode="json") for subject in kept]


def _provider(name: str, before: WireItem | None) -> dict[str, Any]:
    if before and name in (before.provider.name, before.provider.code):
        return before.provider.model_dump(mode="json")
    return Provider(name=name).model_dump(mode="json")


def _moment(value: str, field: str) -> str | None:
    """What a browser's field for a date and time holds, as UTC: the desk's clock is GMT."""
    if not value.strip():
        return None
    try:
        return datetime.fromisoformat(value.strip()).replace(tzinfo=UTC).isoformat()
    except ValueError as wrong:
        raise FormError(field, f"{value!r} is no date and time.") from wrong


def _local(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime(_LOCAL_TIME) if moment else ""
