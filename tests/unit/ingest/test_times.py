"""Times as wires write them: the right moment, or none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.ingest.times import FIRST_YEAR, moment_in_zone, moment_of
from shared.contracts.item import PubStatus
from tests.support.factories import wire_item

TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "hours_from_utc"),
    [
        # ISO 8601
        ("2026-11-24T10:00:00Z", 0), ("2026-11-24t10:00:00z", 0), ("2026-11-24T10:00:00+03:00", 3), ("2026-11-24 10:00:00", 0),
        ("2026-11-24T10:00", 0), ("20261124T100000Z", 0), ("20261124T100000-0500", -5), ("2026-11-24 10:00:00 +0300", 3),
        ("2026-11-24T10:00:00.000Z", 0), ("2026-11-24T10:00:00 UTC+03:00", 3), ("2026-11-24T10:00:00GMT+3", 3),
        ("2026-11-24T10:00:00+03:00[Asia/Riyadh]", 3), ("2026-11-24T10:00:00 Europe/Paris", 1), ("20261124100000", 0),
        # RFC 822, asctime, and what is written like them
        ("Tue, 24 Nov 2026 10:00:00 +0300", 3), ("Tue, 24 Nov 26 10:00:00 EST", -5), ("Tue, 24 Nov 2026 10:00:00 CEST", 2),
        ("Tue, 24 Nov 2026 10:00:00 JST", 9), ("Tue, 24 Nov 2026 10:00:00 IST", 5.5), ("Tue, 24 Nov 2026 10:00:00 UT", 0),
        ("Tue, 24 Nov 2026 10:00:00 GMT+3", 3), ("Tue, 24 Nov 2026 10:00 +0300", 3), ("Tue Nov 24 10:00:00 2026", 0),
        ("Tue Nov 24 10:00:00 CET 2026", 1), ("Tue, Nov 24 2026 10:00:00 +0000", 0), ("Nov 24, 2026 10:00 AM", 0),
        ("Tue Nov 24 2026 10:00:00 GMT+0300 (Arabian Standard Time)", 3), ("Tue, 24 Nov 2026 10:00:00 (CEST)", 2),
        # other languages and digits
        ("الثلاثاء, 24 نوفمبر 2026 10:00:00 +0000", 0), ("٢٤ نوفمبر ٢٠٢٦، ١٠:٠٠ ص", 0), ("24 تشرين الثاني 2026 10:00", 0),
        ("Tue, ٢٤ Nov ٢٠٢٦ 10:00:00 +0000", 0), ("Di, 24 Nov 2026 10:00:00 +0100", 1), ("24. November 2026 um 10.00 Uhr", 0),
        ("mar., 24 nov. 2026 10:00:00 +0100", 1), ("mardi 24 novembre 2026 à 10h00", 0), ("24 de noviembre de 2026 10:00", 0),
        # numbers that are no riddle
        ("24/11/2026 10:00", 0), ("11/24/2026 10:00", 0), ("24.11.2026 10:00", 0), ("2026/11/24 10:00", 0),
        # since 1970
        ("1795514400", 0), (1795514400, 0), (1795514400000, 0), (1795514400.0, 0), ("1795514400000", 0),
    ],
)  # fmt: skip
def test_every_spelling_of_a_moment_is_that_moment(said: object, hours_from_utc: float) -> None:
    assert moment_of(said) == TEN - timedelta(hours=hours_from_utc)


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("Tue, 24 Nov 2026 24:00:00 +0000", datetime(2026, 11, 25, tzinfo=UTC)),
        ("2026-11-24T24:00Z", datetime(2026, 11, 25, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("Mon, May 25 2020 04:45:26 +0000", datetime(2020, 5, 25, 4, 45, 26, tzinfo=UTC)),
        ("Wed, 01 Jul 15 00:00:00 +0200", datetime(2015, 6, 30, 22, tzinfo=UTC)),
        ("Thu, 24 Sept 2026 10:00:00 +0000", datetime(2026, 9, 24, 10, tzinfo=UTC)),
        ("mar., 24 mar. 2026 10:00", datetime(2026, 3, 24, 10, tzinfo=UTC)),
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC)),
        ("03.04.2026", datetime(2026, 4, 3, tzinfo=UTC)),
        ("4/4/2026", datetime(2026, 4, 4, tzinfo=UTC)),
        ("Nov 24, 2026 10:00 PM", datetime(2026, 11, 24, 22, tzinfo=UTC)),
        ("24 de noviembre de 2026 10:00 p. m.", datetime(2026, 11, 24, 22, tzinfo=UTC)),
    ],
)
def test_ends_of_days_short_years_and_halves_of_days_are_what_their_writers_meant(said: str, moment: datetime) -> None:
    assert moment_of(said) == moment


@pytest.mark.parametrize(
    "said",
    [
        "", "soon", "yesterday", "never", "10:00", "24 Nov", "Nov 2026", "2026", "Tue, 24 Nov 10:00:00 +0000", "31 Feb 2026",
        "2026-11-24T25:00:00Z", "3/4/2026", "03/04/26", "10-11-12", "2026-11-24 10:00 AST", "2026-11-24 10:00 (XST)",
        "noon 24 Nov 2026", "2026-11-24T10:00:00+99:00", "24 جمادى الأولى 1448", "1448-05-04",
        True, None, [], {}, 7, -1795514400, float("nan"), float("inf"), 10**40, "9" * 5000,
    ],
)  # fmt: skip
def test_what_cannot_be_known_is_no_time(said: object) -> None:
    assert moment_of(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "0001-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 +0000", "Mon, 30 Nov -0001 00:00:00 +0000", "0000-00-00 00:00:00",
        "1795-11-24T10:00:00Z", "24 Nov 1795", "9999-12-31T23:59:59-14:00",
    ],
)  # fmt: skip
def test_nothing_before_1900_and_nothing_outside_the_calendar_is_believed(said: str) -> None:
    assert moment_of(said) is None
    item = wire_item(versioncreated=said, firstcreated=said)
    assert (item.version_created_at, item.first_created_at) == (None, None)
    assert item.unplaced == {"versioncreated": said, "firstcreated": said}
    assert any(said in note for note in item.notes)


def test_a_time_without_a_zone_is_in_the_zone_that_its_sender_has() -> None:
    assert moment_of("2026-07-01T12:00:00", zone=ZoneInfo("Europe/Copenhagen")) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert moment_of("2026-07-01T12:00:00Z", zone=ZoneInfo("Europe/Copenhagen")) == datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "ours", "said"),
    [
        ("versioncreated", "version_created_at", "2026-11-24T10:00:00"),
        ("firstcreated", "first_created_at", "Tue, 24 Nov 2026 10:00:00 GMT"),
        ("contentcreated", "content_created_at", 1795514400),
        ("expires", "expires_at", "2026-11-24T10:00:00"),
        ("embargoed", "embargoed_until", "24 November 2026, 10:00 Uhr"),
    ],
)
def test_ninjs_has_the_same_reader_of_times_as_every_format(name: str, ours: str, said: object) -> None:
    item = wire_item(**{name: said})
    assert getattr(item, ours) == TEN
    assert item.pubstatus is PubStatus.USABLE


@given(st.text(max_size=200) | st.integers() | st.floats() | st.datetimes().map(str) | st.from_regex(r"[0-9 :./+-]{1,40}"))
@example("1/1/1/1")
@example("00:00:00 +99")
def test_whatever_is_said_is_a_moment_since_1900_in_utc_or_none(said: object) -> None:
    found = moment_of(said)
    assert found is None or (found.year >= FIRST_YEAR and found.utcoffset() == timedelta())


def test_letters_of_zones_are_the_same_for_text_formats() -> None:
    assert moment_in_zone("CEST", year=2026, month=11, day=24, hour=10, minute=0) == TEN - timedelta(hours=2)
    assert moment_in_zone(None, year=2026, month=11, day=23, hour=24, minute=0) == datetime(2026, 11, 24, tzinfo=UTC)
    assert moment_in_zone("XYZ", year=2026, month=11, day=24, hour=10, minute=0) is None
