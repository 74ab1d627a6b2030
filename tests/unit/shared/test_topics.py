"""Media Topics: what is narrower belongs to what is broader, and has a name in each language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.enrichment.sections import Text, sections_of_all
from shared.contracts.finding import values_of
from shared.contracts.item import Concept
from shared.errors import ConfigurationError
from shared.wire.config import DEFAULT_FILE, Section, read_wire
from shared.wire.matching import Filter, facts_of
from shared.wire.sections import NoSection
from shared.wire.topics import Topics, read_topics
from tests.support.factories import wire_item

CV = "http://cv.iptc.org/newscodes/mediatopic/"


def written(folder: Path) -> Path:
    """A file as IPTC gives it out: economy, above energy, above oil; and sport."""
    rows = [
        ("04000000", None, {"en-GB": "economy", "ar": "اقتصاد"}),
        ("20000256", ["04000000"], {"en-GB": "energy", "ar": "طاقة"}),
        ("20000262", ["20000256"], {"en-GB": "oil"}),
        ("15000000", None, {"en-GB": "sport"}),
    ]
    concepts = [
        {"uri": CV + code, "prefLabel": names} | ({"broader": [CV + above for above in broader]} if broader else {})
        for code, broader, names in rows
    ]
    path = folder / "topics.json"
    path.write_text(json.dumps({"uri": CV, "conceptSet": concepts}), encoding="utf-8")
    return path


def test_a_filter_for_a_topic_wants_stories_of_its_narrower_ones_and_not_of_broader_ones(tmp_path: Path) -> None:
    topics = read_topics(written(tmp_path))
    facts = facts_of(
        wire_item(subject=[{"code": "medtop:20000256"}]),
        language="en",
        regions=(),
        sections=(),
        tags=(),
        labels=(),
        topics=topics,
    )
    assert Filter(subject=("medtop:04000000",)).wants(facts)
    assert Filter(subject=("medtop:20000256",)).wants(facts)
    assert not Filter(subject=("medtop:20000262",)).wants(facts)
    assert not Filter(subject=("medtop:15000000",)).wants(facts)


def test_a_section_has_stories_of_narrower_topics(tmp_path: Path) -> None:
    topics = read_topics(written(tmp_path))
    sections = {"economy": Section(name={"en": "Economy"}, subjects=("medtop:04000000",))}
    subjects = (Concept(code="medtop:20000262"),)

    def found(topics: Topics) -> tuple[str, ...]:
        (one,) = sections_of_all([Text(headline="", subjects=subjects)], sections=sections, topics=topics, no_section=NoSection())
        return values_of(one.found)

    assert found(topics) == ("economy",)
    assert found(Topics()) == ()


def test_a_topic_has_its_name_in_an_editions_language_or_none(tmp_path: Path) -> None:
    topics = read_topics(written(tmp_path))
    assert topics.name("medtop:20000256", "ar") == "طاقة"
    assert topics.name("medtop:20000256", "en") == "energy"
    assert topics.name("medtop:20000262", "ar") == ""


def test_topics_that_name_each_other_in_a_circle_end(tmp_path: Path) -> None:
    assert Topics(broader={"a": ("b",), "b": ("a",)}).with_broader("a") == {"a", "b"}


def test_the_wires_file_names_the_topics_beside_it(tmp_path: Path) -> None:
    written(tmp_path)
    path = tmp_path / "wire.toml"
    source = DEFAULT_FILE.read_text(encoding="utf-8")
    path.write_text(f'{source}\n[vocabularies]\nmedia_topics = "topics.json"\n', encoding="utf-8")
    assert read_wire(path).topics.name("medtop:15000000", "en") == "sport"
    (tmp_path / "topics.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="not IPTC's file"):
        read_wire(path)
    (tmp_path / "topics.json").unlink()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_wire(path)
