"""What a reader parsed becomes an item: what follows from its fields, what is left out, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from services.ingest.completion import complete
from services.ingest.formats.parsed_item import ParsedItem
from shared.contracts.item import Concept, Doubt, ItemClass, PubStatus
from shared.contracts.problem import Refused

TEXT = "<p>The port of Tartus opens again.</p>"


def parsed_item(*, needs_text: bool = False, is_versioned: bool = True, **fields: Any) -> ParsedItem:
    return ParsedItem(
        fields={"uri": "urn:x:1", "headline": "Port opens", "body_html": TEXT, **fields},
        needs_text=needs_text,
        is_versioned=is_versioned,
    )


def errors_of(parsed: ParsedItem) -> list[str]:
    """The fields that it is refused for; none if it is an item."""
    try:
        complete(parsed)
    except Refused as refused:
        return [error.field for error in refused.problem.errors]
    return []


@pytest.mark.parametrize(
    ("fields", "headline"),
    [
        ({}, "Port opens"),
        ({"headline": ""}, "The port of Tartus opens again."),
        ({"headline": " ", "body_html": "<p>" + "word " * 50 + "</p>"}, ("word " * 20).strip() + "…"),
        ({"headline": "", "body_html": "<p>TARTUS (SANA) - The port opens.</p>"}, "The port opens."),
        ({"headline": "", "body_html": "", "slugline": "Port-Tartus"}, "Port-Tartus"),
        ({"headline": "", "body_html": "", "slugline": ""}, ""),
    ],
)
def test_a_headline_follows_from_the_text(fields: dict[str, Any], headline: str) -> None:
    assert complete(parsed_item(**fields)).headline == headline


@pytest.mark.parametrize(
    ("fields", "dateline", "chain"),
    [
        ({"dateline": "TARTUS"}, "TARTUS", ()),
        ({"dateline": "TARTUS (SANA) -"}, "TARTUS", ()),
        ({"body_html": "<p>TARTUS (SANA) - The port opens.</p>"}, "TARTUS", ("SANA",)),
        ({"dateline": "DAMASCUS", "body_html": "<p>TARTUS (SANA) - It opens.</p>"}, "DAMASCUS", ("SANA",)),
        ({"body_html": "<p>Eds: adds</p><p>TARTUS (SANA) - It opens.</p>"}, "TARTUS", ("SANA",)),
        ({"provider_chain": ("AFP",), "body_html": "<p>TARTUS (SANA) - It opens.</p>"}, "TARTUS", ("AFP",)),
        ({}, "", ()),
    ],
)
def test_dateline_and_chain_follow_from_the_lead(fields: dict[str, Any], dateline: str, chain: tuple[str, ...]) -> None:
    item = complete(parsed_item(**fields))
    assert (item.dateline, item.provider_chain) == (dateline, chain)


@pytest.mark.parametrize(
    ("fields", "is_publishable"),
    [
        ({}, True),
        ({"body_html": ""}, True),
        ({"headline": "", "body_html": ""}, False),
        ({"item_class": ItemClass.PICTURE, "body_html": ""}, False),
        ({"item_class": ItemClass.PICTURE}, True),
        ({"genres": (Concept(name="Advisory"),)}, False),
        ({"genres": (Concept(code="genre:advisory"),)}, False),
        ({"genres": (Concept(name="Feature"),)}, True),
        ({"is_publishable": False}, False),
    ],
)
def test_what_nobody_can_read_or_is_for_desks_is_not_published(fields: dict[str, Any], is_publishable: bool) -> None:
    assert complete(parsed_item(**fields)).is_publishable is is_publishable


def test_an_identity_is_made_from_the_content_where_there_is_none() -> None:
    first, again, other = (complete(parsed_item(uri="", headline=headline)) for headline in ("One", "One", "Other"))
    assert first.uri == again.uri != other.uri
    assert first.uri.startswith("urn:uuid:")


@pytest.mark.parametrize(
    ("fields", "doubt"),
    [
        ({"ednote": "EMBARGOED until 1000 GMT"}, Doubt.EMBARGO),
        ({"headline": "EMBARGOED UNTIL 1000 GMT: Port opens"}, Doubt.EMBARGO),
        ({"headline": "KILL: Port"}, Doubt.KILL_IN_WORDS),
        ({"ednote": "Embargoed. Mandatory kill of the story"}, Doubt.KILL_IN_WORDS),
        ({"ednote": "Embargoed until 10", "stands_alone": True}, None),
        ({"ednote": "Embargoed until 10", "embargo_open": True}, None),
        ({"ednote": "Embargoed until 10", "pubstatus": PubStatus.CANCELED}, None),
        ({"headline": "Arms embargo ends"}, None),
    ],
)
def test_words_for_the_desk_hold_an_item(fields: dict[str, Any], doubt: Doubt | None) -> None:
    assert complete(parsed_item(**fields)).doubt == doubt


def test_a_status_that_says_embargoed_holds_what_has_no_time() -> None:
    parsed = parsed_item()
    parsed.put_status("embargoed", "status")
    assert complete(parsed).doubt is Doubt.EMBARGO


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, []),
        ({"headline": ""}, ["headline"]),
        ({"body_html": ""}, ["body_html"]),
        ({"headline": " ", "body_html": "<p> </p>"}, ["headline", "body_html"]),
        ({"headline": "", "body_html": "", "pubstatus": PubStatus.WITHHELD}, []),
    ],
)
def test_a_format_that_needs_text_refuses_what_has_none(fields: dict[str, Any], wrong: list[str]) -> None:
    assert errors_of(parsed_item(needs_text=True, **fields)) == wrong


def test_what_a_story_can_do_without_is_left_out_with_a_note() -> None:
    parsed = parsed_item(keywords=("good", 7), located="nowhere")
    item = complete(parsed)
    assert (item.keywords, item.located) == (("good",), Concept())
    assert {note.partition(":")[0] for note in item.notes} == {"keywords.1", "located"}


def test_what_it_cannot_do_without_is_refused_under_the_senders_name() -> None:
    parsed = parsed_item()
    parsed.put("urgency", 12, "ed-urg")
    assert errors_of(parsed) == ["ed-urg"]


def test_what_takes_back_is_taken_without_what_is_wrong_in_it() -> None:
    parsed = parsed_item(pubstatus=PubStatus.CANCELED, urgency=12, version="x")
    parsed.add_error("expires", "is no time")
    parsed.doubt(Doubt.UNREADABLE_TEXT, "no text")
    item = complete(parsed)
    assert (item.pubstatus, item.doubt, parsed.needs_number) == (PubStatus.CANCELED, None, True)
    assert {note.partition(":")[0] for note in item.notes} == {"urgency", "version", "expires"}


def test_what_takes_back_and_does_not_say_what_is_refused() -> None:
    with pytest.raises(Refused, match="says which"):
        complete(parsed_item(uri="", needs_text=True, pubstatus=PubStatus.CANCELED))
