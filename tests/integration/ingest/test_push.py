"""Taking items in: what is answered, what is kept, what is not."""

from __future__ import annotations

import json
import secrets
import zlib
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from services.edge.app import pages
from services.ingest.routes import app as ingest
from shared.clock import utc_now
from shared.contracts.story import STORY_ID
from shared.settings import settings
from shared.web.keys import Role, revoke_key
from tests.support.factories import sent
from tests.support.house import House

OUTPUTS = ("", ".ninjs", ".newsml", ".nitf")


def nothing_is_stored(house: House) -> bool:
    return not house.rows("SELECT 1 FROM items UNION ALL SELECT 1 FROM identities UNION ALL SELECT 1 FROM work")


def test_an_accepted_item_is_safe_with_its_first_work(house: House) -> None:
    accepted = house.pushes()
    assert STORY_ID.match(accepted["story"])
    assert accepted["status"] == f"/v1/items/{accepted['item']}"
    assert (accepted["version"], accepted["duplicate"]) == (1, False)
    (item,) = house.rows("SELECT * FROM items JOIN payloads ON digest = payload")
    assert json.loads(zlib.decompress(item.body)) == sent()
    assert [(row.stage, str(row.item)) for row in house.work()] == [("enrich", accepted["item"])]


def test_the_same_again_is_a_duplicate_and_nothing_happens_twice(house: House) -> None:
    first = house.pushes()
    assert house.pushes() == {**first, "duplicate": True}
    assert len(house.work()) == 1


def test_the_same_version_with_other_content_is_refused(house: House) -> None:
    house.pushes()
    answer = house.newsroom().post("/v1/items", json=sent(headline="Another"))
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert "send the new content with a higher version" in answer.json()["detail"]
    assert answer.json()["rejected"][0]["problem"]["status"] == 409


def test_a_new_version_belongs_to_the_same_story(house: House) -> None:
    assert house.pushes()["story"] == house.pushes(version=2, headline="More")["story"]


def test_the_identifier_has_the_providers_code_and_the_day(house: House) -> None:
    story = house.pushes()["story"]
    assert story == f"BARQ{utc_now():%d%m%Y}000000000017ID{story[-10:]}"


def test_the_identifier_of_an_embargoed_story_has_the_day_when_it_will_be_public(house: House) -> None:
    assert house.pushes(embargoed="2099-12-31T23:00:00Z")["story"].startswith("BARQ31122099")


def test_many_are_taken_one_a_line_and_the_bad_ones_are_named(house: House) -> None:
    envelope = house.pushes_many([sent(uri="urn:1"), sent(uri="urn:2", headline=""), sent(uri="urn:3")])
    assert [row["index"] for row in envelope["accepted"]] == [0, 2]
    (refused,) = envelope["rejected"]
    assert (refused["index"], refused["problem"]["errors"][0]["pointer"]) == (1, "/headline")


def test_a_kill_does_not_wait_for_enrichment(house: House) -> None:
    house.pushes(pubstatus="canceled")
    assert [(row.stage, row.lane) for row in house.work()] == [("publish", 0)]


def test_who_takes_back_what_nobody_has_sent_is_told_so(house: House) -> None:
    """A name in another spelling reaches nothing, and its story stays public."""
    assert "no story is known" in house.pushes(uri="urn:mispelt", version=2, pubstatus="canceled")["notes"][0]
    assert "no story is known" in house.pushes(uri="urn:mispelt-too", version=2, pubstatus="withheld")["notes"][0]
    house.pushes()
    taken_back = house.pushes(version=2, pubstatus="canceled")  # also before anything was done with it
    together = house.pushes_many([sent(uri="urn:a"), sent(uri="urn:a", version=2, pubstatus="canceled")])
    assert [row["notes"] for row in (taken_back, *together["accepted"])] == [[], [], []]


def test_a_provider_that_marks_everything_urgent_uses_up_its_share(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARQ_EXPRESS_PER_MINUTE", "3")
    settings.cache_clear()
    house.pushes_many([sent(uri=f"urn:{n}", urgency=1) for n in range(5)])
    house.pushes(uri="urn:other", urgency=1, provider={"name": "Gulf Business Desk"})
    house.pushes(uri="urn:0", version=2, pubstatus="canceled")
    assert [row.lane for row in house.work()] == [0, 0, 0, 1, 1, 0, 0]


BAD: list[tuple[dict[str, Any], int, str]] = [
    ({"content": b'{"uri": ', "headers": {"content-type": "application/json"}}, 400, "not valid JSON"),
    ({"content": b"", "headers": {"content-type": "application/json"}}, 400, "nothing in it"),
    ({"json": ["a"]}, 422, "an item is a JSON object"),
    ({"json": sent(urgency="high")}, 422, "urgency"),
    ({"content": b'{"uri": "\x81\x8d\x90"}', "headers": {"content-type": "application/json"}}, 400, "UTF-8"),
    ({"content": b"<x/>", "headers": {"content-type": "text/xml"}}, 415, "application/json"),
    ({"content": b"x" * 20_000_000, "headers": {"content-type": "application/json"}}, 413, "larger than 10,000,000"),
    ({"json": sent(body_text="", body_html="<script>1</script>")}, 422, "no text"),
]


@pytest.mark.parametrize(("request_", "status", "says"), BAD, ids=[str(bad[2]) for bad in BAD])
def test_bad_input_has_the_right_status_a_sentence_that_helps_and_leaves_nothing(
    house: House, request_: dict[str, Any], status: int, says: str
) -> None:
    answer = house.newsroom().post("/v1/items", **request_)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]
    assert nothing_is_stored(house)


def test_a_body_that_hides_its_length_is_refused_too(house: House) -> None:
    parts = (b"x" * 1_000_000 for _ in range(20))
    answer = house.newsroom().post("/v1/items", content=parts, headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_scripts_in_html_are_gone_before_anything_is_kept(house: House) -> None:
    house.pushes(body_html="<p>Text</p><script>alert(1)</script><img src=x onerror=alert(1)>", body_text=None)
    assert house.rows("SELECT content FROM items")[0].content["body_html"] == "<p>Text</p>"


@pytest.mark.parametrize(
    ("authorization", "status", "kind"),
    [
        (None, 401, "no-key"),
        ("Bearer nonsense", 401, "unknown-key"),
        ("Bearer {revoked}", 401, "revoked-key"),
        ("Bearer {ops}", 403, "wrong-role"),
        ("Basic abc", 401, "no-key"),
    ],
)
def test_who_may_not_push_is_told_why(house: House, authorization: str | None, status: int, kind: str) -> None:
    keys = {"revoked": house.key(name="old"), "ops": house.key(Role.OPS, "ops")}
    with house.engine.begin() as connection:
        revoke_key(connection, "old", utc_now())
    client = house.newsroom()
    client.headers.pop("authorization")
    headers = {"authorization": authorization.format(**keys)} if authorization else {}
    answer = client.post("/v1/items", json=sent(), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:barq:problem:{kind}")
    assert nothing_is_stored(house)


def test_where_an_item_is_is_told_from_acceptance_to_the_feeds(house: House) -> None:
    accepted = house.pushes()
    client = house.newsroom()
    assert client.get(accepted["status"]).json()["state"] == "accepted"
    house.works()
    told = client.get(accepted["status"]).json()
    assert told["state"] == "published"
    assert [(s["stage"], s["edition"], s["state"]) for s in told["stages"]] == [
        ("enrich", None, "done"),
        ("publish", None, "done"),
        ("render", "en", "done"),
        ("translate", "ar", "done"),
        ("refresh", "en", "done"),
    ]
    assert "/en/feeds/arab.rss" in told["feeds"]
    assert "/en/feeds/all.json" in told["feeds"]


def test_an_older_version_is_superseded_and_a_killed_storys_items_are_killed(house: House) -> None:
    first, second = house.pushes(), house.pushes(version=2, headline="More")
    house.works()
    client = house.newsroom()
    states = [client.get(row["status"]).json()["state"] for row in (first, second)]
    assert states == ["superseded", "published"]
    house.pushes(version=3, pubstatus="canceled")
    house.works()
    assert client.get(first["status"]).json()["state"] == "killed"


@pytest.mark.parametrize("item", ["nonsense", "01a20c84-ba75-7319-acf4-25681ccf92c4"])
def test_an_item_that_is_not_there_is_a_404_with_advice(house: House, item: str) -> None:
    answer = house.newsroom().get(f"/v1/items/{item}")
    assert (answer.status_code, "use the `item`" in answer.json()["detail"]) == (404, True)


def test_every_format_comes_in_by_the_same_door(house: House) -> None:
    corpus = Path(__file__).parents[2] / "wire"
    for file, count in (("newsml_g2/message-of-two-items.xml", 2), ("rss/agency-full.xml", 2), ("mail/plain.eml", 1)):
        answer = house.newsroom().post("/v1/items", content=(corpus / file).read_bytes())
        assert (answer.status_code, len(answer.json()["accepted"])) == (202, count), file
    assert len(house.rows("SELECT 1 FROM payloads")) == 3  # a document of two items is kept once
    house.works()
    assert {"OPEC agrees to hold output", "Central bank holds rates"} < set(house.titles())


def test_what_was_sent_comes_back_byte_for_byte(house: House) -> None:
    sent_bytes = (Path(__file__).parents[2] / "wire" / "nitf" / "spanish-latin-1.xml").read_bytes()
    (accepted,) = house.newsroom().post("/v1/items", content=sent_bytes).json()["accepted"]
    answer = house.newsroom().get(f"{accepted['status']}/raw")
    assert answer.content == sent_bytes
    assert answer.headers["content-disposition"] == "attachment"
    assert house.newsroom().get(accepted["status"]).json()["content"]["headline"] == "Perú elige a su presidente"


def test_a_format_without_versions_is_numbered_by_the_wire(house: House) -> None:
    def entry(title: str, hour: int) -> bytes:
        return (
            f'<entry xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><id>tag:x.example,2026:1</id><title>{title}</title>'
            f"<updated>2026-03-01T{hour:02}:00:00Z</updated><summary>Ministers agreed on crude output.</summary></entry>"
        ).encode()

    def pushed(title: str, hour: int) -> tuple[int, bool]:
        (row,) = house.newsroom().post("/v1/items", content=entry(title, hour)).json()["accepted"]
        return row["version"], row["duplicate"]

    assert pushed("First", 9) == (1, False)
    assert pushed("First", 9) == (1, True)
    assert pushed("Second", 10) == (2, False)
    assert pushed("First", 9) == (1, True)  # an old copy is known for what it is
    assert pushed("Other", 8) == (3, False)  # a zone that was read wrong must not hide a correction
    house.works()
    assert house.titles() == ["Other"]


@pytest.mark.parametrize("status", ["canceled", "withheld"])
@pytest.mark.parametrize("version", [None, 0, "abc", 20261125101530, 1, 2])
def test_what_takes_back_gets_the_next_number_whatever_its_own(house: House, status: str, version: object) -> None:
    house.pushes()
    house.pushes(version=2, headline="More")
    house.works()
    answer = house.newsroom().post("/v1/items", json={"uri": "urn:newsroom:1", "version": version, "pubstatus": status})
    (accepted,) = answer.json()["accepted"]
    assert (answer.status_code, accepted["version"]) == (202, 3)
    house.works()
    told = house.newsroom().get(accepted["status"]).json()
    assert told["state"] == ("killed" if status == "canceled" else "withheld")


def test_an_address_that_no_index_holds_is_its_own_items_refusal(house: House) -> None:
    longest = "urn:" + "x" * 5000
    last = sent(uri="urn:3", headline="Storm closes port", body_text="A storm closed it.", keywords=["x" * 5000])
    envelope = house.pushes_many([sent(uri="urn:1"), sent(uri=longest), last])
    assert [row["index"] for row in envelope["accepted"]] == [0, 2]
    (refused,) = envelope["rejected"]
    assert (refused["index"], refused["problem"]["status"], refused["problem"]["errors"][0]["pointer"]) == (1, 422, "/uri")
    assert "keywords.0" in envelope["accepted"][1]["notes"][0]
    house.works()
    assert set(house.titles()) == {"Ministers agree on output", "Storm closes port"}


def test_what_the_archive_itself_refuses_of_an_item_leaves_the_others_of_its_batch(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.engine.begin() as connection:
        connection.execute(text("RESET ROLE"))  # the owner's alone
        connection.execute(text("CREATE INDEX too_narrow ON items ((content ->> 'ednote'))"))
    try:
        items = [sent(uri=f"urn:{n}", ednote=secrets.token_hex(5000) if n in (1, 4) else "") for n in range(6)]
        envelope = house.pushes_many(items)
    finally:
        with house.engine.begin() as connection:
            connection.execute(text("RESET ROLE"))
            connection.execute(text("DROP INDEX too_narrow"))
    assert [row["index"] for row in envelope["accepted"]] == [0, 2, 3, 5]
    assert [(row["index"], row["problem"]["status"]) for row in envelope["rejected"]] == [(1, 422), (4, 422)]


def test_what_is_left_out_held_or_means_nothing_is_told_in_the_answer(house: House) -> None:
    accepted = house.pushes(headline="MANDATORY KILL: storm", color="red", keywords=["oil", None])
    assert accepted["held"] == "kill-in-words"
    assert accepted["ignored"] == ["color"]
    assert any(note.startswith("keywords.1") for note in accepted["notes"])
    house.works()
    assert house.titles() == []


def test_without_a_provider_the_credit_is_the_agencys_and_never_the_keys(house: House) -> None:
    newsroom = TestClient(ingest, headers={"authorization": f"Bearer {house.key(name='zz-key')}"})
    story = newsroom.post("/v1/items", json=sent(provider=None, byline=None)).json()["accepted"][0]["story"]
    house.translates(story)
    house.works()
    for edition, agency in (("en", "Barq"), ("ar", "برق")):
        public = [house.document(form=form, edition=edition).decode() for form in ("rss", "atom", "json")]
        public.append(TestClient(pages).get(f"/{edition}/stories/{story}").text)
        public += [TestClient(pages).get(f"/v1/stories/{story}{form}?edition={edition}").text for form in OUTPUTS]
        assert "application/ld+json" in public[3]
        for document in public:
            assert agency in document
            assert "zz-key" not in document
    assert "zz-key" not in TestClient(pages).get(f"/v1/stories/{story}/revisions").text


def test_a_timeline_tells_a_newsroom_causes_and_no_code(house: House) -> None:
    accepted = house.pushes()
    error = "Traceback (most recent call last):\n  File\nsqlalchemy.exc.OperationalError: (x.Y) index row size\n[SQL: SELECT 1]"
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE work SET state = 'dead', error = :error"), {"error": error})
    (stage,) = house.newsroom().get(accepted["status"]).json()["stages"]
    assert stage["error"] == "a value in it is longer than the archive can search"


@pytest.mark.parametrize("name", ["ninjs", "rss"])
def test_the_same_bytes_again_change_nothing_also_after_a_reader_has_learned(house: House, name: str) -> None:
    entry = "<item><guid>tag:x,2026:1</guid><title>First</title><description>Words of it.</description></item>"
    feed = f'<rss version="2.0"><channel><title>Wire</title>{entry}</channel></rss>'
    body = feed if name == "rss" else json.dumps(sent())
    headers = {"content-type": "application/xml" if name == "rss" else "application/json"}
    newsroom = house.newsroom()
    assert newsroom.post("/v1/items", content=body, headers=headers).status_code == 202
    with house.engine.begin() as connection:  # as it was understood by an older reader
        connection.execute(text("UPDATE items SET content_hash = 'older'"))
    (again,) = newsroom.post("/v1/items", content=body, headers=headers).json()["accepted"]
    assert (again["duplicate"], again["version"]) == (True, 1)
