"""SQL of drafts: what is being written, and what waits for a second pair of eyes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import Connection, text

from services.desk.writing.act_form import ActForm, DeskAct
from services.desk.writing.story_form import StoryForm
from shared.contracts.problem import NotFound

#: being written; waiting for a second person; and the two ends of it
DraftState = Literal["open", "asked", "sent", "dropped"]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody has begun, or asks for."""

    id: UUID
    uri: str
    story: str | None  #: None: it is to be a new one
    act: DeskAct
    fields: Mapping[str, JsonValue]  #: what the form of its act holds
    state: DraftState
    author: str  #: who changed it last
    decided_by: str | None
    changed_at: datetime

    @property
    def is_over(self) -> bool:
        """Was it sent or dropped?"""
        return self.state in ("sent", "dropped")


def require_draft(connection: Connection, draft_id: UUID) -> Draft:
    """One draft, whatever has become of it. Raises NotFound."""
    row = connection.execute(_DRAFT, {"draft": draft_id}).one_or_none()
    if row is None:
        raise NotFound("This draft is not there.")
    return Draft(**{**row._mapping, "act": DeskAct(row.act)})


# by its own id
_DRAFT = text("SELECT id, uri, story, act, fields, state, author, decided_by, changed_at FROM drafts WHERE id = :draft")


@dataclass(frozen=True, kw_only=True)
class OpenDraft:
    """A draft in a list."""

    id: UUID
    story: str | None
    act: str
    state: DraftState
    author: str
    changed_at: datetime
    headline: str | None  #: as the form has it so far


def list_drafts(connection: Connection) -> list[OpenDraft]:
    """What waits for a second pair of eyes, then what is being written, the newest of each first."""
    return [OpenDraft(**row._mapping) for row in connection.execute(_OPEN)]


# by the index of those that are not over; no newsroom has more than so many
_OPEN = text("""
    SELECT id, story, act, state, author, changed_at, fields ->> 'headline' AS headline FROM drafts
    WHERE state IN ('open', 'asked') ORDER BY state, changed_at DESC LIMIT 200
""")


def list_drafts_of(connection: Connection, story: str) -> list[OpenDraft]:
    """What is being written or asked for about a story, the newest first."""
    return [OpenDraft(**row._mapping) for row in connection.execute(_OPEN_OF_STORY, {"story": story})]


# by the index of those that are not over, which are few
_OPEN_OF_STORY = text("""
    SELECT id, story, act, state, author, changed_at, fields ->> 'headline' AS headline FROM drafts
    WHERE story = :story AND state IN ('open', 'asked') ORDER BY changed_at DESC
""")


def insert_draft(
    connection: Connection,
    *,
    uri: str,
    story: str | None,
    act: DeskAct,
    form: StoryForm | ActForm,
    state: Literal["open", "asked"],
    author: str,
    now: datetime,
) -> UUID:
    """Keep a new draft. Returns its id."""
    values = {"uri": uri, "story": story, "act": act.value, "state": state, "author": author, "now": now}
    draft_id: UUID = connection.execute(_INSERT, {**values, "fields": form.model_dump_json(exclude_none=True)}).scalar_one()
    return draft_id


# it was made and changed in the same moment
_INSERT = text("""
    INSERT INTO drafts (uri, story, act, fields, state, author, made_at, changed_at)
    VALUES (:uri, :story, :act, CAST(:fields AS jsonb), :state, :author, :now, :now) RETURNING id
""")


def update_draft(
    connection: Connection, draft_id: UUID, *, form: StoryForm, state: Literal["open", "asked"], author: str, now: datetime
) -> None:
    """Keep a draft in place of what it was. What was sent or dropped already is not changed any more."""
    values = {"draft": draft_id, "fields": form.model_dump_json(), "state": state, "author": author, "now": now}
    connection.execute(_UPDATE, values)


# whoever was first with sending or dropping it has decided
_UPDATE = text("""
    UPDATE drafts SET fields = CAST(:fields AS jsonb), state = :state, author = :author, changed_at = :now
    WHERE id = :draft AND state IN ('open', 'asked')
""")


def close_draft(connection: Connection, draft_id: UUID, *, state: Literal["sent", "dropped"], by: str, now: datetime) -> bool:
    """A draft was sent or dropped. False if somebody was first."""
    return bool(connection.execute(_CLOSE, {"draft": draft_id, "state": state, "by": by, "now": now}).rowcount)


# whoever is first decides
_CLOSE = text("""
    UPDATE drafts SET state = :state, decided_by = :by, changed_at = :now
    WHERE id = :draft AND state IN ('open', 'asked')
""")
