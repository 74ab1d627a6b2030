"""What somebody at the desk can do to a story, and what the form of an act without a text says as the item that is pushed for it.

Values only. What holds on from the version before, and what does not, is said here for every act.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, JsonValue

from shared.contracts.item import KillReason, PubStatus, WireItem
from shared.contracts.problem import InvalidRequest
from shared.language.detection import names_a_language
from shared.web.keys import Right

#: an item as it is pushed: the fields of a `WireItem`, in JSON's own values
ItemFields = dict[str, JsonValue]


class DeskAct(StrEnum):
    """What somebody at the desk can do to a story."""

    NEW = "new"
    UPDATE = "update"
    CORRECTION = "correction"
    WITHHOLD = "withhold"
    RELEASE = "release"
    EMBARGO = "embargo"
    LANGUAGE = "language"
    KILL = "kill"

    @property
    def right(self) -> Right:
        """What one must be allowed to do."""
        return Right.KILL if self is DeskAct.KILL else Right.EDIT

    @property
    def is_written(self) -> bool:
        """Has it a text, which is written and previewed before it is sent?"""
        return self in (DeskAct.NEW, DeskAct.UPDATE, DeskAct.CORRECTION)


def read_act(word: str) -> DeskAct:
    """The act that a form or an address names. Raises InvalidRequest."""
    try:
        return DeskAct(word)
    except ValueError:
        raise InvalidRequest(f"The desk cannot {word[:40]!r} a story.") from None


@dataclass(frozen=True)
class FormError(Exception):
    """One field of a form that must be mended first."""

    field: str
    say: str


class ActForm(BaseModel):
    """The form of an act without a text, as a browser sends it; a field that the page did not show is empty."""

    model_config = ConfigDict(frozen=True)

    item: str = ""  #: the version of the story that is meant; empty: the one that the story has
    reason: str = ""  #: of a kill
    confirm: str = ""
    ednote: str = ""
    language: str = ""
    embargoed_until: str = ""
    scheduled_for: str = ""
    expires_at: str | None = None  #: empty: never; None: the page did not ask
    headline: str = ""  #: of the story, for who reads what is asked of them


def build_act(act: DeskAct, form: ActForm, *, uri: str, version: int, before: WireItem) -> ItemFields:
    """The item of an act that writes no text: hold, release, embargo, its language, kill.

    `before` is the version whose text it lets out or keeps; `version` is the new one's number. Raises FormError.
    """
    if act is DeskAct.KILL:
        return {"uri": uri, "version": version, **_kill(form)}
    if act is DeskAct.WITHHOLD:
        return {"uri": uri, "version": version, "pubstatus": PubStatus.WITHHELD.value}
    fields = carry_over(before)
    if act is DeskAct.RELEASE:
        fields = _release(open_to_readers(fields), form)
    if act is DeskAct.EMBARGO:
        fields["embargoed_until"] = read_moment(form.embargoed_until, "embargoed_until")
        fields["scheduled_for"] = read_moment(form.scheduled_for, "scheduled_for")
        fields["embargo_cleared"] = fields["embargoed_until"] is None
    if act is DeskAct.LANGUAGE:
        fields["language"] = _language(form)
    return {**fields, "uri": uri, "version": version}


def _language(form: ActForm) -> str:
    if not names_a_language(form.language.strip()):
        raise FormError("language", "Say which language it is in.")
    return form.language.strip()


def _kill(form: ActForm) -> ItemFields:
    if form.reason not in set(KillReason):
        raise FormError("reason", "Choose a reason: readers get a template's words.")
    if form.confirm != "kill":
        raise FormError("confirm", "Confirm that this story is to be killed, for good.")
    return {"ednote": form.ednote.strip(), "pubstatus": PubStatus.CANCELED.value, "kill_reason": form.reason}


def _release(fields: ItemFields, form: ActForm) -> ItemFields:
    """A release says beside the text that somebody has looked, and answers for what stood in the way."""
    fields = {**fields, "stands_alone": True}
    if language := form.language.strip():
        fields["language"] = language
    if form.expires_at is not None:
        fields["expires_at"] = read_moment(form.expires_at, "expires_at")
    return fields


#: said of one version, not of those that follow
_OF_ONE_VERSION = {
    "signal", "correction_note", "embargo_cleared", "embargo_open", "take", "pubstatus", "kill_reason",
    "doubt", "doubt_note", "stands_alone", "is_from_desk", "sent_version", "notes",
}  # fmt: skip


def carry_over(before: WireItem) -> ItemFields:
    """What holds on from the version before."""
    return before.model_dump(mode="json", exclude_defaults=True, exclude=_OF_ONE_VERSION)


def open_to_readers(fields: Mapping[str, JsonValue]) -> ItemFields:
    """The same, and no advisory any more: somebody wrote it for readers, or lets them have it."""
    kept = {name: value for name, value in fields.items() if name not in ("is_publishable", "genres")}
    genres = fields.get("genres")
    others: list[JsonValue] = [genre for genre in genres if not _is_advisory(genre)] if isinstance(genres, list) else []
    return {**kept, "genres": others} if others else kept


def _is_advisory(genre: JsonValue) -> bool:
    return isinstance(genre, dict) and "advisory" in f"{genre.get('name')} {genre.get('code')}".lower()


def read_moment(value: str, field: str) -> str | None:
    """What a browser's field for a date and time holds, as ISO 8601 in UTC: the desk's clock is GMT. None if it is empty.

    Raises FormError, for `field`.
    """
    if not value.strip():
        return None
    try:
        return datetime.fromisoformat(value.strip()).replace(tzinfo=UTC).isoformat()
    except ValueError as wrong:
        raise FormError(field, f"{value!r} is no date and time.") from wrong
