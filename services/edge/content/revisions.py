"""A story's revisions: what each of them was, and what a later one changed. Readers see those that were public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.edge.content.schema import Change, Passage, RevisionAnswer
from shared.contracts.item import KillReason, WireItem
from shared.contracts.story import Act, StoryState
from shared.language.difference import difference
from shared.language.markup import plain_text

#: what a person compares
_FIELDS = ("headline", "byline", "dateline", "summary", "body")

#: states under which a revision's text can have been public; an embargoed one became so when its embargo ended
_SHOWN = (StoryState.PUBLISHED, StoryState.EMBARGOED)

#: states under which nobody is to read what stood there before, and reasons for which nobody is to
_TAKES_BACK = (StoryState.WITHHELD, StoryState.KILLED, StoryState.EXPIRED)
_REASONS = (KillReason.LEGAL, KillReason.RIGHTS, KillReason.SOURCE_WITHDRAWN)


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One revision as publish made it, with the item behind it and who sent that."""

    revision: int
    act: Act
    state: StoryState
    made_at: datetime
    item: str
    version: int
    sent_by: str
    content: WireItem

    def text(self) -> dict[str, str]:
        """By field: the words that a person compares, without mark-up."""
        item = self.content
        return {
            "headline": item.headline,
            "byline": item.byline,
            "dateline": item.dateline,
            "summary": item.summary,
            "body": plain_text(item.body_html),
        }


def public(revisions: Sequence[Revision], published_at: datetime) -> list[Revision]:
    """Those that readers have seen: in force at some moment since the story became public, and not taken back.

    `revisions` are all of a story's, the first one first; a story has at least one.
    """
    ends = [*(later.made_at for later in revisions[1:]), datetime.max.replace(tzinfo=published_at.tzinfo)]
    return [revision for revision, end in zip(revisions, ends, strict=True) if revision.state in _SHOWN and end > published_at]


def readable(revisions: Sequence[Revision], published_at: datetime) -> list[Revision]:
    """Those whose words readers may have: what was taken back, or corrected for a reason of law, stays so when the story goes on.

    `revisions` are all of a story's, the first one first. A revision that says a reason has the mended text itself.
    """
    begins = max((r.revision for r in revisions if r.state in _TAKES_BACK or r.content.kill_reason in _REASONS), default=0)
    return [revision for revision in public(revisions, published_at) if revision.revision >= begins]


def as_response(revision: Revision, *, with_text: bool, for_newsroom: bool) -> RevisionAnswer:
    """A revision as the API answers it: what readers may have of it, and no field beside that."""
    answer = RevisionAnswer(revision=revision.revision, act=revision.act, state=revision.state, made_at=revision.made_at)
    item = revision.content
    sender = {"item": revision.item, "uri": item.uri, "version": revision.version, "sent_by": revision.sent_by}
    words = {**revision.text(), "body_html": item.body_html, "correction_note": item.correction_note}
    return answer.model_copy(update={**(sender if for_newsroom else {}), **(words if with_text else {})})


def changes(before: Revision, after: Revision) -> list[Change]:
    """Field by field, what is another: passages that are the same, removed or added."""
    old, new = before.text(), after.text()
    return [
        Change(field=field, passages=[Passage(kind=p.kind, text=p.text) for p in difference(old[field], new[field])])
        for field in _FIELDS
        if old[field] != new[field]
    ]
