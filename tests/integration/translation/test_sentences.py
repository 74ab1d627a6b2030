"""A person's work on a translation, sentence by sentence, over HTTP and through a tool of their own."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from lxml import etree

from services.translation.app import app
from tests.support.house import House

FIRST = "Ministers agreed on crude output in Riyadh."
PRICE = 'The price <em>rose</em> by 5 percent.'  # fmt: skip
LAST = "They will meet again in June."
_XLIFF = "urn:oasis:names:tc:xliff:document:2.0"


def story(house: House, *sentences: str, **fields: Any) -> str:
    body = "".join(f"<p>{sentence}</p>" for sentence in sentences or (FIRST, PRICE, LAST))
    return str(house.pushes(body_text=None, body_html=body, **fields)["story"])


def segments(client: TestClient, of: str) -> dict[str, Any]:
    answer = client.get(f"/v1/stories/{of}/editions/ar/segments")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


TARGETS = ["الوزراء يتفقون", "اتفق الوزراء في الرياض.", '<em id="1">صعد</em> السعر 5 في المئة.', "موعدهم في يونيو."]


def signed(client: TestClient, of: str, targets: list[str], *, sign: bool = True, revision: int = 1) -> Any:
    body = {"revision": revision, "targets": targets, "translator": "Layla", "sign": sign}
    return client.put(f"/v1/stories/{of}/editions/ar/segments", json=body)


def test_what_waits_is_listed_with_what_readers_see_meanwhile(house: House) -> None:
    client = house.client(app)
    one = story(house)
    house.works()
    (row,) = client.get("/v1/translations?edition=ar").json()["waiting"]
    assert (row["story"], row["shown_revision"], row["prepared_by"], row["gates"]) == (one, None, None, [])
    signed(client, one, TARGETS)
    house.works()
    assert client.get("/v1/translations?edition=ar").json()["waiting"] == []
    story(house, FIRST, "Nobody has translated this.", version=2)
    house.works()
    (row,) = client.get("/v1/translations?edition=ar").json()["waiting"]
    assert (row["revision"], row["shown_revision"]) == (2, 1)


def test_sentences_are_saved_for_later_and_published_when_they_are_signed(house: House) -> None:
    client = house.client(app)
    one = story(house)
    house.works()
    assert [segment["target"] for segment in segments(client, one)["segments"]] == ["", "", "", ""]
    assert signed(client, one, [TARGETS[0], "", "", ""], sign=False).json()["state"] == "waiting"
    house.works()
    assert house.titles(edition="ar") == []
    told = segments(client, one)
    assert (told["segments"][0]["target"], told["segments"][0]["by"]) == (TARGETS[0], "Layla")
    assert signed(client, one, TARGETS).json()["state"] == "ready"
    house.works()
    assert house.titles(edition="ar") == ["الوزراء يتفقون"]
    assert "<em>صعد</em> السعر 5 في المئة." in house.document(edition="ar", form="json").decode()


def test_what_is_not_whole_cannot_be_signed(house: House) -> None:
    client = house.client(app)
    one = story(house)
    house.works()
    answer = signed(client, one, [TARGETS[0], "", "صعد السعر.", TARGETS[3]])
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/targets/1", "/targets/2"]
    assert signed(client, one, TARGETS[:2]).status_code == 409


def test_sentences_that_changed_are_marked_and_the_others_stand(house: House) -> None:
    client = house.client(app)
    one = story(house)
    house.works()
    signed(client, one, TARGETS)
    story(house, FIRST, "The price fell sharply.", LAST, version=2)
    house.works()
    told = segments(client, one)
    assert [segment["is_changed"] for segment in told["segments"]] == [False, False, True, False]
    assert [bool(segment["target"]) for segment in told["segments"]] == [True, True, False, True]
    assert (told["revision"], told["translated_revision"]) == (2, 1)


def test_the_memory_shows_what_is_alike_and_the_glossary_its_terms(house: House) -> None:
    client = house.client(app)
    one = story(house)
    house.works()
    signed(client, one, TARGETS)
    client.put("/v1/terms?edition=ar", json={"terms": [{"source": "crude output", "targets": ["إنتاج الخام"]}]})
    other = story(house, "Ministers agreed on crude output in Egypt.", uri="urn:newsroom:2", headline="Another one")
    house.works()
    told = segments(client, other)["segments"][1]
    assert (told["matches"][0]["target"], told["matches"][0]["by"]) == ("اتفق الوزراء في الرياض.", "Layla")
    assert 0.5 < told["matches"][0]["likeness"] < 1
    assert [term["source"] for term in told["terms"]] == ["crude output", "Egypt"]


def test_nothing_is_remembered_of_a_story_that_was_killed(house: House) -> None:
    client = house.client(app)
    one = story(house)
    house.works()
    signed(client, one, TARGETS)
    house.pushes(version=2, pubstatus="canceled")
    other = story(house, FIRST, "Something else.", uri="urn:newsroom:2", headline="Another one")
    house.works()
    told = segments(client, other)["segments"]
    assert [(segment["target"], segment["matches"]) for segment in told] == [("", [])] * 3


def test_a_person_is_told_what_a_gate_says_and_may_know_better(house: House) -> None:
    client = house.client(app)
    one = story(house)
    house.works()
    wrong = [*TARGETS[:2], '<em id="1">صعد</em> السعر خمسة بالمئة تقريباً 7.', TARGETS[3]]
    signed(client, one, wrong, sign=False)
    assert [fault[0] for fault in segments(client, one)["segments"][2]["faults"]] == ["numbers"]
    assert signed(client, one, wrong).status_code == 202
    house.works()
    assert len(house.titles(edition="ar")) == 1


def test_a_tool_of_the_translators_own_brings_the_same_sentences(house: House) -> None:
    client = house.client(app)
    one = story(house)
    house.works()
    answer = client.get(f"/v1/stories/{one}/editions/ar/xliff")
    assert answer.headers["content-type"] == "application/xliff+xml"
    root = etree.fromstring(answer.content)
    assert (root.get("version"), root.get("srcLang"), root.get("trgLang")) == ("2.1", "en", "ar")
    emphasised = root.find(f".//{{{_XLIFF}}}pc")
    assert emphasised is not None
    assert (emphasised.text, emphasised.get("subType")) == ("rose", "html:em")
    for unit, target in zip(root.iter(f"{{{_XLIFF}}}unit"), TARGETS, strict=True):
        inner = target.replace('<em id="1">', '<pc id="1" type="fmt" subType="html:em">').replace("</em>", "</pc>")
        unit[0].append(etree.fromstring(f'<target xmlns="{_XLIFF}">{inner}</target>'))
    path = f"/v1/stories/{one}/editions/ar/xliff?translator=Layla&sign=true"
    assert client.put(path, content=etree.tostring(root)).status_code == 202
    house.works()
    assert house.titles(edition="ar") == ["الوزراء يتفقون"]
    assert "<em>صعد</em>" in house.document(edition="ar", form="json").decode()


def test_a_document_that_is_another_storys_or_no_xliff_is_refused(house: House) -> None:
    client = house.client(app)
    one = story(house)
    other = story(house, uri="urn:newsroom:2", headline="Another one")
    house.works()
    document = client.get(f"/v1/stories/{other}/editions/ar/xliff").content
    path = f"/v1/stories/{one}/editions/ar/xliff?translator=Layla"
    for content, says in ((document, "is of"), (b"<x/>", "no file of XLIFF 2"), (b"nonsense", "not well-formed")):
        answer = client.put(path, content=content)
        assert (answer.status_code, says in answer.json()["detail"]) == (422, True)


def test_a_document_without_a_translator_is_refused(house: House) -> None:
    client = house.client(app)
    one = story(house)
    house.works()
    document = client.get(f"/v1/stories/{one}/editions/ar/xliff").content
    answer = client.put(f"/v1/stories/{one}/editions/ar/xliff?translator=", content=document)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, ["/translator"])


def test_a_version_that_is_not_public_is_shown_to_no_translator_under_the_public_ones_number(house: House) -> None:
    client = house.client(app)
    one = story(house)
    house.works()
    story(house, FIRST, "Nobody has seen this.", version=2)
    worksheet = segments(client, one)
    assert (worksheet["revision"], worksheet["segments"][-1]["source"]) == (1, LAST)
    house.works()
    worksheet = segments(client, one)
    assert (worksheet["revision"], worksheet["segments"][-1]["source"]) == (2, "Nobody has seen this.")


def test_a_machines_text_that_a_person_signs_says_both(house: House) -> None:
    client = house.client(app)
    one = story(house)
    house.works()
    with house.engine.begin() as connection:
        from services.translation.memory.queries import remember

        sources = [segment["source"] for segment in segments(client, one)["segments"]]
        remember(
            connection, dict(zip(sources, TARGETS, strict=True)), language="en", edition="ar", method="machine",
            translator="apertium", story=one, now=house.rows("SELECT now() AS now")[0].now,
        )  # fmt: skip
    house.pushes(version=2, signal="update", body_text=None, body_html=f"<p>{FIRST}</p><p>{PRICE}</p><p>{LAST}</p>", slugline="x")
    house.works()
    assert "ترجمة آلية" in house.document(edition="ar", form="json").decode()
    assert signed(client, one, TARGETS, revision=2).status_code == 202
    house.works()
    assert "ترجمة آلية راجعها" in house.document(edition="ar", form="json").decode()
    newest = house.rows("SELECT * FROM translations ORDER BY revision DESC, made_at DESC LIMIT 1")[0]
    assert (newest.method, newest.translator, newest.reviewed_by) == ("machine", "apertium", "Layla")
