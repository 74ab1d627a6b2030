"""Whatever is sent, however often and in whatever order it arrives: readers see what the newest version says, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.publish import lifecycle
from services.publish.story import IncomingItem, Refusal, StoryRecord, Transition
from services.rendering.entries import Entry, Story, build_entry
from shared.contracts.item import PubStatus, Signal, WireItem
from shared.wire.config import DEFAULT_FILE, read_wire

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WIRE = read_wire(DEFAULT_FILE)


@dataclass(frozen=True)
class Message:
    """One version of the story, which says in so many words all that holds from then on. Minutes are counted from noon."""

    version: int
    kind: str  #: usable, correction, withheld, canceled
    embargo_min: int | None
    expiry_min: int | None

    @property
    def words(self) -> str:
        """Text that no other version has."""
        return f"words{self.version:03}"

    @property
    def note(self) -> str:
        """A correction's note, which no other version has."""
        return f"note{self.version:03}"

    def item(self) -> WireItem:
        return WireItem(
            uri="urn:x",
            version=self.version,
            headline=f"Headline {self.words}",
            body_html=f"<p>Body {self.words}</p>",
            language="en",
            pubstatus=PubStatus(self.kind) if self.kind in set(PubStatus) else PubStatus.USABLE,
            signal=Signal.CORRECTION if self.kind == "correction" else None,
            correction_note=self.note if self.kind == "correction" else "",
            embargoed_until=_at(self.embargo_min),
            embargo_cleared=self.embargo_min is None,
            expires_at=_at(self.expiry_min),
        )

    def shows_text(self, minute: int) -> bool:
        """Does this version, if it is the newest, let readers see its text then?"""
        is_embargoed = self.embargo_min is not None and self.embargo_min > minute
        is_over = self.expiry_min is not None and self.expiry_min <= minute
        return self.kind in ("usable", "correction") and not is_embargoed and not is_over


def _at(minute: int | None) -> datetime | None:
    return None if minute is None else NOON + timedelta(minutes=minute)


def _message(version: int) -> st.SearchStrategy[Message]:
    return st.builds(
        Message,
        version=st.just(version),
        kind=st.sampled_from(["usable"] * 5 + ["correction"] * 2 + ["withheld", "canceled"]),
        embargo_min=st.sampled_from([None, None, None, 3, 8, 15]),
        expiry_min=st.sampled_from([None, None, None, None, 5, 20]),
    )


@st.composite
def travels(draw: st.DrawFn) -> list[Message]:
    """Versions 1 to n in any order, some of them several times."""
    sent = [draw(_message(version)) for version in range(1, draw(st.integers(1, 7)) + 1)]
    return draw(st.permutations(sent * draw(st.integers(1, 3))))


@settings(max_examples=500, deadline=None)
@given(travels())
def test_what_is_visible_is_what_the_newest_version_says_and_never_what_is_embargoed_or_killed(
    travelling: list[Message],
) -> None:
    record: StoryRecord | None = None
    taken: dict[int, Message] = {}
    corrections: list[str] = []
    for minute, message in enumerate([*travelling, *([None] * 25)]):
        now = NOON + timedelta(minutes=minute)
        for by_the_clock in (lifecycle.lift, lifecycle.expire):
            if isinstance(step := by_the_clock(record, now=now), Transition):
                record = step.record
        if message is not None:
            incoming = IncomingItem(
                id=UUID(int=message.version), item=message.item(), content_hash=message.words.encode(), edition="en"
            )
            decision = lifecycle.arrive(record, incoming, now=now)
            if not isinstance(decision, Refusal):  # what is refused never was
                taken[message.version] = message
            if isinstance(decision, Transition):
                record = decision.record
                corrections += [message.note] if message.note in record.correction_notes else []
        if record is not None:
            _check(seen_by_readers(record, taken), taken, corrections, minute)


def _check(entry: Entry | None, taken: dict[int, Message], corrections: list[str], minute: int) -> None:
    seen = f"{entry.title} {entry.summary} {entry.content_html}" if entry else ""
    newest = taken[max(taken)]
    is_killed = any(message.kind == "canceled" for message in taken.values())
    may_show = newest.shows_text(minute) and not is_killed
    assert [m.words for m in taken.values() if m.words in seen] == ([newest.words] if may_show else [])
    if may_show:
        assert all(note in seen for note in corrections), "a correction was buried"


def seen_by_readers(record: StoryRecord, taken: dict[int, Message]) -> Entry | None:
    """The story's entry in its own edition, as rendering makes it of what publishing left."""
    story = Story(
        id="BARQ01032026000000000001ID0000000001",
        state=record.state,
        revision=record.revision,
        edition=record.edition,
        published_at=record.published_at,
        updated_at=record.updated_at,
        kill_reason=record.kill_reason,
        correction_notes=record.correction_notes,
        corrected_at_revision=0,
        item=taken[record.item.int].item(),
        tags=(),
        labels=(),
        regions=(),
        sections=(),
        languages=(),
        translated=None,
    )
    return build_entry(story, "en", wire=WIRE, public_url="https://wire.example", has_entry=record.published_at is not None)
