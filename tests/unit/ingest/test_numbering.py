"""Numbers in formats without versions: what is newest is what came last, and copies of what was before undo nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.acceptance import Candidate, Rejection
from services.ingest.formats.payload import Payload
from services.ingest.numbering.numbers import Known, assign_numbers
from shared.contracts.item import PubStatus
from tests.support.factories import wire_item

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 8, tzinfo=UTC)


def entry(text: str, *, at: datetime | None = MORNING, index: int = 0, payload: bytes = b"one", **fields: object) -> Candidate:
    item = wire_item(headline=text, body_text=text, version=1, **fields)
    return Candidate(
        index=index,
        item=item.model_copy(update={"version_created_at": at}),
        payload=Payload(raw=payload, media_type="application/rss+xml"),
        position=index,
        needs_number=True,
    )


class Archive:
    """One story as it grows."""

    def __init__(self) -> None:
        self.known: list[Known] = []
        self.texts: dict[int, str] = {}

    def comes(self, *entries: Candidate, source: str = "site", is_old_copy: bool = False) -> list[int]:
        """What numbers the entries of a document get; 0: refused."""
        results = assign_numbers(entries, {"urn:newsroom:1": self.known}, source=source, is_old_copy=is_old_copy, now=NOW)
        for result in results:
            if isinstance(result, Candidate) and result.item.version not in self.texts:
                self.texts[result.item.version] = result.item.headline
                date = result.item.version_created_at
                self.known.append(
                    Known(
                        version=result.item.version,
                        content_hash=result.content_hash,
                        written_at=min(date, NOW) if date else None,
                        source=source,
                    )
                )
        return [result.item.version if isinstance(result, Candidate) else 0 for result in results]

    @property
    def newest(self) -> str:
        return self.texts[max(self.texts)]


def test_an_edit_that_is_taken_back_is_a_version_of_its_own() -> None:
    story = Archive()
    assert [story.comes(entry(text)) for text in ("five", "fifty", "five", "five", "fifty")] == [[1], [2], [3], [3], [4]]


def test_an_older_copy_undoes_nothing() -> None:
    story = Archive()
    story.comes(entry("five"))
    story.comes(entry("fifty", at=MORNING + timedelta(hours=1)))
    assert story.comes(entry("five")) == [1], "its own date says that it was before"
    assert story.comes(entry("six", at=MORNING)) == [3], "no copy: nobody has said it before, whatever it is dated"
    assert story.comes(entry("fifty", at=MORNING + timedelta(hours=1)), is_old_copy=True) == [2]
    assert story.comes(entry("between"), is_old_copy=True) == [0]
    assert story.newest == "six"


def test_what_another_source_brings_late_undoes_nothing() -> None:
    story = Archive()
    for text in ("five", "fifty"):
        story.comes(entry(text))
    assert story.comes(entry("five"), source="mirror") == [1]
    assert story.comes(entry("corrected at the desk"), source="desk") == [3]
    assert story.comes(entry("fifty")) == [2], "the source says what it said before the desk's correction"
    assert story.comes(entry("sixty")) == [4]


def test_dates_ahead_freeze_nothing() -> None:
    story = Archive()
    ahead = datetime(2099, 1, 1, tzinfo=UTC)
    assert [story.comes(entry(text, at=at)) for text, at in (("five", ahead), ("fifty", MORNING), ("five", ahead))] == [
        [1],
        [2],
        [3],
    ]


def test_of_two_entries_with_one_name_the_later_is_the_newer() -> None:
    story = Archive()
    undated = [entry("first", at=None, index=0), entry("second", at=None, index=1)]
    assert story.comes(*undated) == [1, 2]
    assert story.newest == "second"
    assert story.comes(*undated) == [1, 2], "the same document again changes nothing"
    assert story.comes(*undated, entry("third", at=None, index=2)) == [1, 2, 3]
    dated = Archive()
    dated.comes(entry("new", at=MORNING + timedelta(hours=1), index=0), entry("old", index=1))
    assert dated.newest == "new", "where both have dates, these say which is newer"


def test_what_takes_back_is_never_refused_for_its_number() -> None:
    story = Archive()
    story.comes(entry("five"))
    for status, number in ((PubStatus.WITHHELD, 2), (PubStatus.CANCELED, 3)):
        kill = entry("five", pubstatus=status.value)
        assert story.comes(Candidate(index=0, item=kill.item, payload=kill.payload, position=0)) == [number]
        assert story.comes(Candidate(index=0, item=kill.item, payload=kill.payload, position=0)) == [number]


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4), max_size=12))
def test_readers_end_with_what_was_said_last(documents: Sequence[Sequence[str]]) -> None:
    """Undated entries of one name: after each document the newest version is its last entry, and twice is as once."""
    story = Archive()
    for document in documents:
        entries = [entry(text, at=None, index=index) for index, text in enumerate(document)]
        story.comes(*entries)
        assert story.newest == document[-1]
        before = dict(story.texts)
        story.comes(*entries)
        assert story.texts == before


def test_a_refusal_of_an_older_copy_says_so() -> None:
    story = Archive()
    story.comes(entry("five"))
    (refused,) = assign_numbers([entry("four")], {"urn:newsroom:1": story.known}, source="site", is_old_copy=True, now=NOW)
    assert isinstance(refused, Rejection)
    assert "older copy" in refused.problem.detail
    assert "version" not in refused.problem.detail


# ── Versions that their senders number, beside the desk's ────────────────────────────────────────────────────────


def version(number: int, text: str = "", *, is_from_desk: bool = False, pubstatus: str = "usable") -> Candidate:
    item = wire_item(version=number, headline=text or f"version {number}", pubstatus=pubstatus)
    candidate = Candidate(index=0, item=item, payload=Payload(raw=f"{item}".encode(), media_type="application/json"), position=0)
    return candidate.from_desk() if is_from_desk else candidate


class Numbers:
    """The numbers of one story that its sender numbers, and in which the desk acts."""

    def __init__(self) -> None:
        self.known: list[Known] = []

    def comes(self, *candidates: Candidate) -> list[int]:
        """What number each has here; 0: refused."""
        results = assign_numbers(candidates, {"urn:newsroom:1": self.known}, source="cms", is_old_copy=False, now=NOW)
        for result in results:
            if isinstance(result, Candidate) and all(row.version != result.item.version for row in self.known):
                self.known.append(
                    Known(
                        version=result.item.version,
                        content_hash=result.content_hash,
                        written_at=None,
                        source="cms",
                        is_from_desk=result.item.is_from_desk,
                        sent_version=result.sent_version,
                    )
                )
        self.known.sort(key=lambda row: row.version)
        return [result.item.version if isinstance(result, Candidate) else 0 for result in results]

    def desk(self) -> list[int]:
        """The desk's next act."""
        return self.comes(version(self.known[-1].version + 1, is_from_desk=True))


def test_the_desk_takes_no_number_of_a_senders() -> None:
    story = Numbers()
    assert story.comes(version(1)) + story.desk() == [1, 2]
    assert story.comes(version(2)) + story.desk() == [3, 4]
    assert [story.comes(version(number)) for number in (3, 4, 5)] == [[5], [6], [7]]
    assert [story.comes(version(number)) for number in (1, 2, 3, 4, 5)] == [[1], [3], [5], [6], [7]], "each is a duplicate"
    assert [story.comes(version(number, "changed")) for number in (1, 2, 3, 4, 5)] == [[0]] * 5, "a version never changes"
    assert story.comes(version(20)) == [20], "where its own number is the newest it keeps it"


def test_a_late_version_of_a_senders_stays_behind_its_newer_ones() -> None:
    story = Numbers()
    story.comes(version(1))
    story.desk()
    assert story.comes(version(5)) == [5]
    assert [story.comes(version(number)) for number in (3, 2, 4)] == [[3], [0], [4]], "the desk has the second's"


def test_versions_of_one_request_are_numbered_in_their_own_order() -> None:
    story = Numbers()
    story.comes(version(1))
    story.desk()
    assert sorted(story.comes(version(3), version(2))) == [3, 4]
    assert [(row.version, row.senders_number) for row in story.known if not row.is_from_desk] == [(1, 1), (3, 2), (4, 3)]


def test_a_senders_hold_has_its_place_in_its_sequence_too() -> None:
    story = Numbers()
    story.comes(version(1))
    story.desk()
    hold = version(2, pubstatus="withheld")
    assert story.comes(hold) + story.desk() + story.comes(version(3)) == [3, 4, 5]
    assert story.comes(hold) == [3], "delivered a second time, after the release"
    assert story.comes(version(3, pubstatus="withheld")) == [6], "what takes back is never refused for its number"
    assert story.comes(version(4)) == [7]


@given(
    st.lists(
        st.one_of(st.just("desk"), st.tuples(st.just("new"), st.integers(1, 4)), st.tuples(st.just("old"), st.integers(0, 30))),
        max_size=25,
    )
)
def test_whatever_the_desk_does_a_senders_newer_version_is_the_newest_and_the_same_again_is_known(steps: list[object]) -> None:
    story = Numbers()
    story.comes(version(1))
    last, numbers = 1, {1: 1}
    for step in steps:
        match step:
            case "desk":
                story.desk()
            case ("new", int(more)):
                last += more
                newest = story.known[-1].version
                (numbers[last],) = story.comes(version(last))
                assert numbers[last] > newest
            case ("old", int(back)):
                number = max(1, last - back)
                (given_number,) = story.comes(version(number))
                if number in numbers:
                    assert given_number == numbers[number]
                elif given_number:
                    numbers[number] = given_number
                assert given_number <= numbers[last]
    assert [numbers[number] for number in sorted(numbers) if numbers[number]] == sorted(
        numbers[number] for number in numbers if numbers[number]
    )
