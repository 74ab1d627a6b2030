"""Formats out, over the whole corpus of formats in: whatever came is written in each, and understood as the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from services.edge.outputs import ExportedStory, Text, newsml_g2, ninjs, nitf, source_type_of
from services.ingest.acceptance import Candidate, read_items
from shared.contracts.item import WireItem
from shared.language.markup import plain_text
from tests.unit.ingest.test_corpus import FILES

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
            dateline=item.dateline,
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
