"""Formats out, over the whole corpus of formats in: whatever came is written in each, and understood as the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import etree

from services.edge.outputs import Contributor, ExportedStory, Text, newsml_g2, ninjs, nitf, source_type_of
from services.ingest.acceptance import Candidate, read_items
from shared.contracts.item import WireItem
from shared.language.markup import plain_text
from tests.unit.ingest.test_corpus import FILES

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def export_story(item: WireItem) -> ExportedStory:
    return ExportedStory(
        uri="tag:barq.example,2024:BARQ25112026000000000001ID0000000001:en",
        version=7,
        story_id="BARQ25112026000000000001ID0000000001",
        edition="en",
        direction="ltr",
        pubstatus="usable",
        signal="",
        published_at=NOW,
        updated_at=NOW,
        url="https://wire.example/en/stories/BARQ25112026000000000001ID0000000001",
        agency="Barq",
        provider=item.provider.name,
        rights=item.copyright_notice,
        notice="",
        text=Text(
            item=item,
            headline=item.headline,
            summary=item.summary,
            body_html=item.body_html,
            byline=item.byline,
            byline_language="",
            dateline=item.dateline,
            contributor=None,
            source_type="",
            correction_note=item.correction_note,
            disclaimers=("It is as it is.",),
            topics=(),
        ),
    )


@pytest.mark.parametrize("output", [ninjs, newsml_g2, nitf], ids=lambda output: output.EXTENSION)
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_whatever_came_in_goes_out_and_is_understood(path: Any, output: Any) -> None:
    for result in read_items(path.read_bytes(), "", most=100):
        if not isinstance(result, Candidate) or not (result.item.headline and plain_text(result.item.body_html)):
            continue
        (again,) = read_items(output.write(export_story(result.item)), output.MEDIA_TYPE, most=10)
        assert isinstance(again, Candidate), again
        assert (again.item.version, again.item.headline) == (7, result.item.headline)
        assert plain_text(again.item.body_html).split() == plain_text(result.item.body_html).split()
        assert {subject.code for subject in again.item.subjects} >= {
            subject.code for subject in result.item.subjects if subject.code.startswith("medtop:")
        }


@pytest.mark.parametrize(
    ("method", "translator", "reviewed_by", "source_type"),
    [
        ("human", "Layla", "", ""),
        ("memory", "Layla", "", ""),
        ("machine", "apertium", "", "algorithmicMedia"),
        ("machine", "deepl", "", "trainedAlgorithmicMedia"),
        ("machine", "deepl", "Layla", "compositeWithTrainedAlgorithmicMedia"),
    ],
)
def test_a_machines_text_says_so_in_iptcs_words(method: str, translator: str, reviewed_by: str, source_type: str) -> None:
    uri = source_type_of(method=method, translator=translator, reviewed_by=reviewed_by)
    assert uri.rpartition("/")[2] == source_type


LAYLA = Contributor(name="Layla", role="translator", at=NOW)
RANA = Contributor(name="Rana", role="editor", at=NOW)
MACHINE = Contributor(name="", role="translator", at=NOW)


def translated(contributor: Contributor | None) -> ExportedStory:
    """A story whose reporter's name stands as it was written in another language."""
    story = export_story(WireItem(uri="urn:x", headline="H", body_html="<p>B</p>", byline="منى حداد"))
    assert story.text
    return replace(story, text=replace(story.text, byline_language="ar", contributor=contributor))


@pytest.mark.parametrize(
    ("contributor", "in_ninjs", "in_g2", "in_nitf"),
    [
        (LAYLA, [("Layla", "translator")], [("Layla", "trl")], [("Layla", "other", "translation")]),
        (RANA, [("Rana", "editor")], [("Rana", "edt")], [("Rana", "editor", "reviewed a machine translation")]),
        (MACHINE, [], [], [(None, "other", "machine translation")]),
        (None, [], [], []),
    ],
)
def test_a_translation_names_its_reporter_and_its_translator_in_every_format(
    contributor: Contributor | None, in_ninjs: list[Any], in_g2: list[Any], in_nitf: list[Any]
) -> None:
    story = translated(contributor)
    read = json.loads(ninjs.write(story))
    assert read["by"] == "منى حداد"
    assert [(one["name"], one["role"]) for one in read["infoSources"]] == [("Barq", "provider"), *in_ninjs]
    item = etree.fromstring(newsml_g2.write(story))
    (by,) = item.iter("{*}by")
    assert (by.text, by.get(XML_LANG)) == ("منى حداد", "ar")
    assert [(one[0].text, one.get("roleuri").rpartition("/")[2]) for one in item.iter("{*}contributor")] == in_g2
    assert [source[0].text for source in item.iter("{*}infoSource")] == ["Barq"]
    document = etree.fromstring(nitf.write(story))
    (byline,) = document.iter("byline")
    assert (byline.text, byline.get(XML_LANG)) == ("منى حداد", "ar")
    assert [(one.get("name"), one.get("function"), one.get("comment")) for one in document.iter("revision-history")] == in_nitf


@pytest.mark.parametrize("output", [ninjs, newsml_g2, nitf], ids=lambda output: output.EXTENSION)
def test_a_translator_is_not_taken_for_the_provider_or_the_reporter(output: Any) -> None:
    (again,) = read_items(output.write(translated(LAYLA)), output.MEDIA_TYPE, most=10)
    assert isinstance(again, Candidate)
    assert (again.item.provider.name, again.item.byline) == ("Barq", "منى حداد")
