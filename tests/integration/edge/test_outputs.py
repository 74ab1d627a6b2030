"""Stories in the formats of the trade: what another newsroom's ingest, our own for one, understands of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import etree
from NewsMLG2 import NewsMLG2Document

from services.edge.app import pages
from services.edge.outputs import newsml_g2, ninjs, nitf
from services.edge.outputs.ninjs import Ninjs
from services.ingest.acceptance import Candidate, read_items
from shared.contracts.item import PubStatus, Signal, WireItem
from shared.language.markup import plain_text
from tests.support.factories import sent
from tests.support.house import House

OUTPUTS = {"ninjs": ninjs, "newsml": newsml_g2, "nitf": nitf}
STORY: dict[str, Any] = {
    "headline": "Ministers agree on \"output\" & more",
    "body_html": "<p>Ministers <strong>agreed</strong> in <a href='https://opec.example/?a=1&amp;b=2'>Vienna</a>.</p>"
                 "<ul><li>one</li><li>two</li></ul><p>قال الوزير &amp; غادر.</p>",
    "body_text": None, "byline": "Rana Haddad", "located": "VIENNA", "urgency": 3, "slugline": "OPEC-OUTPUT",
    "description_text": "A summary.", "keywords": ["OPEC"], "subject": [{"code": "medtop:20000256", "name": "oil"}],
    "place": [{"name": "Saudi Arabia", "code": "SA"}], "person": [{"name": "Noura Salem"}],
    "copyrightholder": "Levant Press", "usageterms": "Not for resale.", "genre": [{"name": "Feature"}],
    "associations": {"main": {"type": "picture", "uri": "urn:picture:1", "headline": "The hall",
                     "renditions": {"big": {"href": "https://pictures.example/1.jpg", "width": 800, "height": 600,
                                            "mimetype": "image/jpeg"}}}},
}  # fmt: skip


def get(path: str, **headers: str) -> Any:
    return TestClient(pages, raise_server_exceptions=False).get(path, headers=headers)


def taken(body: bytes, media_type: str) -> list[WireItem]:
    """What our own ingest reads."""
    results = list(read_items(body, media_type, most=1000))
    for result in results:
        assert isinstance(result, Candidate), result
    return [result.item for result in results if isinstance(result, Candidate)]


@pytest.mark.parametrize("extension", OUTPUTS)
def test_another_newsroom_takes_a_story_with_all_that_matters(house: House, extension: str) -> None:
    story = house.pushes(**STORY)["story"]
    house.works()
    answer = get(f"/v1/stories/{story}.{extension}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == OUTPUTS[extension].MEDIA_TYPE
    (item,) = taken(answer.content, answer.headers["content-type"])
    assert item.uri == f"tag:barq.example,2024:{story}:en"
    assert (item.version, item.pubstatus, item.signal, item.urgency) == (1, PubStatus.USABLE, None, 3)
    assert (item.headline, item.byline, item.dateline) == (STORY["headline"], "Rana Haddad", "VIENNA")
    assert (item.slugline, item.summary, item.language) == ("OPEC-OUTPUT", "A summary.", "en")
    assert plain_text(item.body_html) == "Ministers agreed in Vienna. one two قال الوزير & غادر."
    assert 'href="https://opec.example/?a=1&amp;b=2"' in item.body_html
    assert ("medtop:20000256", "oil") in [(subject.code, subject.name) for subject in item.subjects]
    assert [person.name for person in item.people] == ["Noura Salem"]
    assert item.copyright_holder == "Levant Press"
    assert "Not for resale." in item.usage_terms
    assert item.provider.name == "Levant Press Agency"


@pytest.mark.parametrize("extension", OUTPUTS)
def test_a_correction_is_a_newer_version_that_says_so_and_a_kill_says_nothing_else(house: House, extension: str) -> None:
    story = house.pushes(headline="Abracadabra", slugline="Abracadabra", keywords=["Abracadabra"])["story"]
    house.works()
    house.pushes(version=2, headline="Abracadabra, right", correction={"note": "The number was wrong."})
    house.works()
    (corrected,) = taken(get(f"/v1/stories/{story}.{extension}").content, OUTPUTS[extension].MEDIA_TYPE)
    assert (corrected.version, corrected.headline) == (2, "Abracadabra, right")
    assert "The number was wrong." in corrected.ednote + corrected.correction_note
    if extension != "ninjs":  # which has no signals
        assert corrected.signal is Signal.CORRECTION
    house.pushes(version=3, pubstatus="canceled")
    house.works()
    answer = get(f"/v1/stories/{story}.{extension}")
    assert (answer.status_code, answer.headers["cache-control"]) == (410, "no-store")
    assert b"Abracadabra" not in answer.content
    (killed,) = taken(answer.content, OUTPUTS[extension].MEDIA_TYPE)
    assert (killed.uri, killed.version, killed.pubstatus) == (corrected.uri, 3, PubStatus.CANCELED)


def test_a_kill_that_is_not_rendered_yet_shows_no_word(house: House) -> None:
    story = house.pushes(headline="Abracadabra")["story"]
    house.works()
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE stories SET state = 'killed'")
    for extension in OUTPUTS:
        answer = get(f"/v1/stories/{story}.{extension}")
        assert answer.status_code == 410
        assert b"Abracadabra" not in answer.content


@pytest.mark.parametrize("extension", ["ninjs", "newsml"])
def test_a_list_is_taken_whole_page_by_page(house: House, extension: str) -> None:
    house.pushes_many([sent(uri=f"urn:{n}", headline=f"Number {n}") for n in range(7)])
    house.works()
    path, found = f"/v1/stories.{extension}?limit=3", []
    while path:
        answer = get(path)
        found += [item.headline for item in taken(answer.content, answer.headers["content-type"])]
        link = answer.headers.get("link", "")
        path = link.partition(">")[0].removeprefix("<https://wire.example")
    assert sorted(found) == [f"Number {n}" for n in range(7)]
    assert get(f"/v1/stories.{extension}?q=nothing").status_code == 200
    etag = get(f"/v1/stories.{extension}").headers["etag"]
    assert get(f"/v1/stories.{extension}", **{"if-none-match": etag}).status_code == 304


def test_an_accept_header_chooses_the_format(house: House) -> None:
    story = house.pushes()["story"]
    house.works()
    for output in OUTPUTS.values():
        answer = get(f"/v1/stories/{story}", accept=output.MEDIA_TYPE)
        assert answer.headers["content-type"].partition(";")[0] == output.MEDIA_TYPE
        assert "Accept" in answer.headers["vary"]
    assert get(f"/v1/stories/{story}", accept="*/*").headers["content-type"] == "application/json"
    assert get(f"/v1/stories/{story}.docx").status_code == 404
    assert get("/v1/stories.nitf").status_code == 404


def test_ninjs_has_only_what_the_schema_knows(house: House) -> None:
    story = house.pushes(**STORY)["story"]
    house.works()
    told = get(f"/v1/stories/{story}.ninjs").json()
    assert told["standard"]["schema"] == "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"
    assert set(told) <= {field.serialization_alias or name for name, field in Ninjs.model_fields.items()}
    assert {"uri": "tag:barq.example,2024:section:oil-energy", "name": "Oil & Energy"} in told["subjects"]
    assert told["associations"][0]["renditions"][0]["href"] == "https://pictures.example/1.jpg"


def test_newsml_g2_is_read_by_iptcs_own_library(house: House) -> None:
    story = house.pushes(**STORY)["story"]
    house.works()
    document = NewsMLG2Document(get(f"/v1/stories/{story}.newsml").content)
    item = document.get_item()
    assert (item.guid, item.version, item.standard) == (f"tag:barq.example,2024:{story}:en", "1", "NewsML-G2")
    assert str(item.itemmeta.pubstatus.qcode) == "stat:usable"
    assert str(item.contentmeta.headline[0]) == STORY["headline"]


def test_an_arabic_edition_is_told_from_right_to_left_and_says_what_a_machine_wrote(house: House) -> None:
    story = house.pushes()["story"]
    house.works()
    house.translates(story)
    house.works()
    (item,) = taken(get(f"/v1/stories/{story}.newsml?edition=ar").content, newsml_g2.MEDIA_TYPE)
    assert (item.headline, item.language) == ("اتفاق الوزراء على الإنتاج", "ar")
    root = etree.fromstring(get(f"/v1/stories/{story}.newsml?edition=ar").content)
    assert root.get("dir") == "rtl"
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE translations SET method = 'machine'")
    told = json.loads(get(f"/v1/stories/{story}.ninjs?edition=ar").content)
    assert told["digitalSourceType"]["uri"].endswith("/trainedAlgorithmicMedia")
    house.translates(story, headline="عنوان أفضل")
    house.works()
    assert json.loads(get(f"/v1/stories/{story}.ninjs?edition=ar").content)["version"] == "2"


@pytest.mark.parametrize(("glossary", "said", "language"), [(("منى حداد",), "منى حداد", None), ((), "Mona Haddad", "en")])
def test_the_reporter_stands_in_every_edition_as_its_glossary_has_the_name(
    house: House, glossary: tuple[str, ...], said: str, language: str | None
) -> None:
    from services.translation.app import app

    terms = [{"source": "Mona Haddad", "targets": list(glossary), "kind": "person"}] if glossary else []
    assert house.client(app).put("/v1/terms?edition=ar", json={"terms": terms}).status_code == 200
    story = house.pushes(byline="Mona Haddad", provider=None)["story"]
    house.translates(story, translator="Layla")
    house.works()
    told = get(f"/v1/stories/{story}.ninjs?edition=ar").json()
    assert (told["by"], told["infoSources"]) == (
        said, [{"name": "برق", "role": "provider"}, {"name": "Layla", "role": "translator"}],
    )  # fmt: skip
    for extension, element in (("newsml", "by"), ("nitf", "byline")):
        (by,) = etree.fromstring(get(f"/v1/stories/{story}.{extension}?edition=ar").content).iter(f"{{*}}{element}")
        assert (by.text, by.get("{http://www.w3.org/XML/1998/namespace}lang")) == (said, language)
    (entry,) = json.loads(house.document("all", "json", "ar"))["items"]
    (author,) = entry["authors"]
    assert (author["name"], author["_barq"].get("kind"), author["_barq"].get("language")) == (said, "person", language)
    for form in ("rss", "atom"):
        assert said.encode() in house.document("all", form, "ar")
