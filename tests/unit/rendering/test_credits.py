"""Who wrote a story, as each edition says it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.rendering.credits import credit_of
from services.rendering.entries import Entry, build_entry
from services.rendering.formats import atom, jsonfeed, rss
from shared.contracts.item import WireItem
from shared.wire.config import DEFAULT_FILE, read_wire
from tests.unit.rendering.test_entries import story, translated

_FILE = read_wire(DEFAULT_FILE)
WIRE = type(_FILE).model_validate({
    **_FILE.model_dump(),
    "providers": {"gulf": {"code": 7, "name": {"en": "Gulf Desk", "ar": "مكتب الخليج"}}},
})  # fmt: skip
BARQ, BARQ_AR = WIRE.agency.name["en"], WIRE.agency.name["ar"]
MONA, MONA_AR = "Mona Haddad", "منى حداد"
GULF = {"provider": {"name": "Gulf Desk"}}
OTHER = {"provider": {"name": "Levant"}}


@pytest.mark.parametrize(
    ("fields", "edition", "approved", "author", "kind", "language", "provider"),
    [
        # in its own edition: the reporter, else the provider, else the agency
        ({"byline": MONA, **GULF}, "en", "", MONA, "person", "", "Gulf Desk"),
        (GULF, "en", "", "Gulf Desk", "organization", "", "Gulf Desk"),
        ({"provider": {"code": "gulf"}}, "en", "", "Gulf Desk", "organization", "", "Gulf Desk"),
        ({"byline": MONA}, "en", "", MONA, "person", "", BARQ),
        ({}, "en", "", BARQ, "organization", "", BARQ),
        # in another: as its glossary has the name, else as it is written, and that is said
        ({"byline": MONA, **GULF}, "ar", MONA_AR, MONA_AR, "person", "", "مكتب الخليج"),
        ({"byline": MONA, **OTHER}, "ar", "", MONA, "person", "en", "Levant"),
        (GULF, "ar", "", "مكتب الخليج", "organization", "", "مكتب الخليج"),
        ({}, "ar", "", BARQ_AR, "organization", "", BARQ_AR),
        # a byline that is an organisation's name is no person, and said as the edition says it
        ({"byline": "gulf desk", **GULF}, "en", "", "gulf desk", "organization", "", "Gulf Desk"),
        ({"byline": "Gulf Desk", **GULF}, "ar", "", "مكتب الخليج", "organization", "", "مكتب الخليج"),
        ({"byline": BARQ, **GULF}, "ar", "", BARQ_AR, "organization", "", "مكتب الخليج"),
        ({"byline": "Levant", **OTHER}, "ar", "", "Levant", "organization", "", "Levant"),
        # with mark-up in it
        ({"byline": f"<b>{MONA}</b>"}, "en", "", MONA, "person", "", BARQ),
        ({"byline": "<br>"}, "en", "", BARQ, "organization", "", BARQ),
    ],
)
def test_a_story_is_credited_in_every_edition(
    fields: dict[str, Any], edition: str, approved: str, author: str, kind: str, language: str, provider: str
) -> None:
    item = WireItem.model_validate({"uri": "urn:x", **fields})
    credit = credit_of(item, edition, wire=WIRE, is_own=edition == "en", language="en", approved_byline=approved)
    assert (credit.author, credit.kind, credit.byline_language, credit.provider) == (author, kind, language, provider)
    assert credit.provider in credit.provider_names
    assert credit.byline in (credit.author, "")


def entry(edition: str, **item: Any) -> Entry:
    given = story(item={"byline": MONA, **item}, translated=translated() if edition != "en" else None)
    built = build_entry(given, edition, wire=WIRE, public_url="https://wire.example", has_entry=False)
    assert built is not None
    return built


def test_a_reporter_is_a_person_where_a_feed_can_say_so_and_the_language_of_a_name_stands_beside_it() -> None:
    own, other = (json.loads(jsonfeed.render_entry(entry(edition)))["authors"] for edition in ("en", "ar"))
    assert own == [{"name": MONA, "_barq": {"kind": "person"}}]
    assert other == [{"name": MONA, "_barq": {"kind": "person", "language": "en"}}]
    assert json.loads(jsonfeed.render_entry(entry("en", byline="")))["authors"] == [{"name": BARQ}]
    assert f'<author xml:lang="en"><name>{MONA}</name></author>'.encode() in atom.render_entry(entry("ar"))
    assert f"<author><name>{MONA}</name></author>".encode() in atom.render_entry(entry("en"))
    assert f"<dc:creator>{MONA}</dc:creator>".encode() in rss.render_entry(entry("ar"))


def test_programs_are_told_what_stands_beside_the_text_in_the_editions_words() -> None:
    facts = entry(
        "ar", urgency=2, credit_line="Gulf/Mona", located={"name": "Riyadh"},
        places=[{"name": "Riyadh", "code": "SA-01"}, {"name": "Nowhere"}], subjects=[{"name": "oil", "code": "x", "scheme": "y"}],
        **GULF,
    ).facts  # fmt: skip
    assert (facts.byline, facts.provider, facts.credit, facts.dateline) == (MONA, "مكتب الخليج", "Gulf/Mona", "الرياض")
    assert [(place.name, place.code) for place in facts.places] == [("الرياض", "SA-01"), ("Nowhere", "")]
    assert [(s.name, s.code, s.scheme) for s in facts.subjects] == [("oil", "x", "y")]
    assert (facts.urgency, facts.word_count) == (2, 1)


def test_what_is_told_beside_the_text_makes_no_entry_look_changed() -> None:
    """An entry that an older Barq rendered without it is the same for its readers."""
    assert entry("en", urgency=2).content_hash() == entry("en", urgency=3).content_hash()
    assert entry("en").content_hash() != entry("en", byline="Rana").content_hash()
