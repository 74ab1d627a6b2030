"""ninjs in, by the names of every version."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from services.ingest.completion import complete
from services.ingest.formats import ninjs
from shared.contracts.item import PubStatus, Signal
from shared.contracts.problem import Refused
from shared.pipeline import Lane
from tests.support.factories import sent, wire_item

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def errors_of(**fields: Any) -> dict[str, str]:
    """What is said of a wrong item, by field."""
    with pytest.raises(Refused) as refused:
        wire_item(**fields)
    assert refused.value.problem.status == 422
    return {error.field: error.detail for error in refused.value.problem.errors}


def test_an_item_needs_only_uri_headline_and_a_body() -> None:
    item = complete(ninjs.read({"uri": "urn:x:1", "headline": "H", "body_text": "One.\n\nTwo."}))
    assert (item.version, item.urgency, item.pubstatus) == (1, 5, PubStatus.USABLE)
    assert item.body_html == "<p>One.</p>\n<p>Two.</p>"


@pytest.mark.parametrize(
    ("field", "ours", "value", "kept"),
    [
        ("versioncreated", "version_created_at", "2026-03-01T14:00:00+02:00", NOON),
        ("versionCreated", "version_created_at", "2026-03-01T12:00:00Z", NOON),
        ("embargoed", "embargoed_until", "2026-03-01T12:00:00Z", NOON),
        ("embargoedUntil", "embargoed_until", "2026-03-01T12:00:00Z", NOON),
        ("expires", "expires_at", "2026-03-01T12:00:00Z", NOON),
        ("pubStatus", "pubstatus", "withheld", PubStatus.WITHHELD),
        ("pubstatus", "pubstatus", "canceled", PubStatus.CANCELED),
        ("version", "version", "3", 3),
        ("edNote", "ednote", "For desks.", "For desks."),
        ("copyrightnotice", "copyright_notice", "© X", "© X"),
        ("usageTerms", "usage_terms", "None", "None"),
        ("signal", "signal", "sig:correction", Signal.CORRECTION),
        ("signals", "signal", [{"uri": "http://cv.iptc.org/newscodes/signal/update"}], Signal.UPDATE),
        ("located", "dateline", "BEIRUT", "BEIRUT"),
        ("keywords", "keywords", "OPEC, oil", ("OPEC", "oil")),
        ("label", "labels", "BREAKING", ("BREAKING",)),
    ],
)
def test_every_versions_names_are_understood(field: str, ours: str, value: object, kept: object) -> None:
    assert getattr(wire_item(**{field: value}), ours) == kept


def test_the_arrays_of_later_versions_give_headline_summary_and_body() -> None:
    item = complete(
        ninjs.read(
            {
                "uri": "urn:x:1",
                "headlines": [{"role": "short", "value": "Short"}, {"role": "main", "value": "Main"}],
                "descriptions": [{"contentType": "text/plain", "value": "Summary"}],
                "bodies": [
                    {"contentType": "text/plain", "value": "Plain"},
                    {"contentType": "text/html", "value": "<p>Rich</p>"},
                ],
            }
        )
    )
    assert (item.headline, item.summary, item.body_html) == ("Main", "Summary", "<p>Rich</p>")


def test_subjects_carry_media_topics_in_one_spelling() -> None:
    codes = ["http://cv.iptc.org/newscodes/mediatopic/15000000", "medtop:15000000"]
    item = wire_item(subject=[{"name": "sport", "code": code} for code in codes])
    assert {subject.code for subject in item.subjects} == {"medtop:15000000"}


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("provider", "AFP", "AFP"),
        ("provider", {"name": "AFP", "code": "12"}, "AFP"),
        ("source", "AFP", "AFP"),
        ("infosources", [{"name": "AFP"}], "AFP"),
    ],
)
def test_a_provider_is_found_under_its_several_names(field: str, value: object, name: str) -> None:
    content = sent()
    del content["provider"]
    assert complete(ninjs.read({**content, field: value})).provider.name == name


def test_an_embargo_of_null_is_cleared_in_so_many_words_and_a_missing_one_is_not() -> None:
    assert wire_item(embargoed=None).embargo_cleared
    assert not wire_item().embargo_cleared


def test_a_kill_needs_neither_headline_nor_body() -> None:
    item = complete(ninjs.read({"uri": "urn:x:1", "version": 2, "pubstatus": "canceled"}))
    assert (item.retracts, item.lane) == (True, Lane.EXPRESS)


@pytest.mark.parametrize(
    ("fields", "at", "says"),
    [
        ({"headline": ""}, "headline", "a story needs a headline"),
        ({"headline": " \x00 "}, "headline", "a story needs a headline"),
        ({"headline": 7}, "headline", "should be a string, not a number"),
        ({"body_text": ""}, "body_text", "no text"),
        ({"body_html": "<script>alert(1)</script>", "body_text": ""}, "body_html", "no text"),
        ({"urgency": 12}, "urgency", "less than or equal to 9"),
        ({"urgency": "high"}, "urgency", "valid integer"),
        ({"version": 0}, "version", "greater than or equal to 1"),
        ({"version": "one"}, "version", "valid integer"),
        ({"pubstatus": "dead"}, "pubstatus", "usable, withheld or canceled"),
        ({"embargoed": "tomorrow"}, "embargoed", "no date and time that is understood"),
        ({"expires": "3/4/2026"}, "expires", "no date and time that is understood"),
        ({"status": "scheduled"}, "status", "send the item when it may be published"),
        ({"embargo_until": "soon"}, "embargo_until", "no date and time that is understood"),
        ({"publish-at": "tomorrow"}, "publish-at", "no date and time that is understood"),
        ({"uri": ""}, "uri", "field required"),
    ],
)
def test_a_wrong_field_is_named_as_the_sender_named_it(fields: dict[str, Any], at: str, says: str) -> None:
    assert says in errors_of(**fields)[at]


def test_every_wrong_field_is_told_at_once() -> None:
    assert set(errors_of(headline="", urgency=0, version=-1)) == {"headline", "urgency", "version"}


@pytest.mark.parametrize("value", [[], "text", 7, None, True])
def test_what_is_no_object_is_no_item(value: object) -> None:
    with pytest.raises(Refused, match="an item is a JSON object"):
        ninjs.read(value)
