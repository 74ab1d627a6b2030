"""The desk: who may do what, and that what is pressed there is what readers see."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from services.desk.app import app
from shared.clock import utc_now
from shared.web.keys import Right
from shared.wire.config import DEFAULT_FILE
from tests.support.editor import EditorAtDesk
from tests.support.factories import sent
from tests.support.house import House
from tests.support.loopback import use_wire_file

SECRET = "Abracadabra"


@pytest.fixture
def editor(house: House) -> EditorAtDesk:
    return EditorAtDesk(house)


def story_of(answer: Any) -> str:
    """The story whose page an answer is."""
    assert answer.status_code == 200, answer.text
    assert "/desk/stories/" in str(answer.url), answer.text
    return str(answer.url.path).rpartition("/")[2]


# ── Who is there ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path", ["/desk", "/desk/live", "/desk/write", "/desk/drafts", "/desk/stories/x", "/desk/stories/x/live", "/desk/actions"]
)
def test_nothing_is_shown_to_who_has_not_signed_in(house: House, path: str) -> None:
    house.pushes(headline=SECRET)
    answer = TestClient(app).get(path)
    assert (answer.status_code, SECRET in answer.text) == (401, False)


def test_a_wrong_key_is_told_and_an_ops_key_is_not_a_newsrooms(house: House) -> None:
    from shared.web.keys import Role

    for key in ("barq_newsroom_nonsense", house.key(Role.OPS, "ops")):
        answer = TestClient(app).post("/desk/sign-in", data={"key": key})
        assert (answer.status_code, 'role="alert"' in answer.text) == (401, True)


def test_the_cookie_is_for_this_site_and_not_for_scripts(house: House) -> None:
    client = TestClient(app, base_url="https://desk.example")
    answer = client.post("/desk/sign-in", data={"key": house.key()}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "secure", "path=/desk"))
    assert house.key() not in cookie


def test_a_session_ends_with_its_key_and_with_signing_out(house: House, editor: EditorAtDesk) -> None:
    from shared.web.keys import revoke_key

    session = editor.client.cookies["barq_desk"]
    editor.client.post("/desk/sign-out", data={"token": editor.token()})
    editor.client.cookies.set("barq_desk", session, domain="desk.example", path="/desk")
    assert editor.opens("/desk").status_code == 401
    other = EditorAtDesk(house, name="omar")
    with house.engine.begin() as connection:
        revoke_key(connection, "omar", utc_now())
    assert other.opens("/desk").status_code == 401


@pytest.mark.parametrize("fault", ["no token", "another's token", "another site"])
def test_a_form_from_elsewhere_does_nothing(house: House, editor: EditorAtDesk, fault: str) -> None:
    story = house.pushes()["story"]
    house.works()
    token = {"no token": "", "another's token": EditorAtDesk(house, name="omar").token()}.get(fault, editor.token())
    answer = editor.client.post(
        f"/desk/stories/{story}/act",
        data={"token": token, "act": "withhold"},
        headers={"origin": "https://evil.example"} if fault == "another site" else {},
    )
    house.works()
    assert (answer.status_code, house.titles()) == (403, [sent()["headline"]])


@pytest.mark.parametrize(
    ("rights", "act", "status"),
    [
        ((Right.EDIT,), "kill", 403),
        ((Right.KILL,), "kill", 200),
        ((Right.KILL,), "withhold", 403),
        ((Right.TRANSLATE,), "withhold", 403),
        ((Right.EDIT,), "withhold", 200),
    ],
)
def test_a_key_does_only_what_it_may(house: House, rights: tuple[Right, ...], act: str, status: int) -> None:
    story = house.pushes()["story"]
    house.works()
    editor = EditorAtDesk(house, rights=rights)
    answer = editor.acts(story, act, reason="legal", confirm="kill")
    assert answer.status_code == status, answer.text


def test_a_key_that_may_only_edit_cannot_kill_by_the_api_either(house: House) -> None:
    from shared.web.keys import Role, create_key

    house.pushes()
    with house.engine.begin() as connection:
        key = create_key(connection, role=Role.NEWSROOM, name="edits", now=utc_now(), rights=[Right.EDIT])
    client = house.newsroom()
    answer = client.post(
        "/v1/items", json={"uri": "urn:newsroom:1", "version": 2, "pubstatus": "canceled"},
        headers={"authorization": f"Bearer {key}"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:barq:problem:missing-right")


# ── The wire ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_wire_is_shown_as_it_comes_with_what_became_of_it(house: House, editor: EditorAtDesk) -> None:
    house.pushes(headline="First")
    house.works()
    house.pushes(uri="urn:2", headline="Second <b>bold</b>")
    page = editor.opens("/desk").text
    assert page.index("Second") < page.index("First")
    assert 'class="state published"' in page
    assert 'class="state accepted"' in page
    assert "<b>bold" not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Beirut", "Tokyo", "Urgent"}),
        ("provider=Tokyo+Desk", {"Tokyo"}),
        ("region=asia", {"Tokyo"}),
        ("section=sport", {"Tokyo"}),
        ("urgency=3", {"Urgent"}),
        ("words=beir", {"Beirut"}),
        ("words=100%25", set()),
        ("state=embargoed", {"Urgent"}),
        ("state=internal", {"Heartbeat"}),
    ],
)
def test_the_wire_is_filtered(house: House, editor: EditorAtDesk, query: str, shown: set[str]) -> None:
    house.pushes(uri="urn:1", headline="Beirut", place=[{"code": "LB"}], subject=[{"code": "medtop:11000000"}])
    house.pushes(
        uri="urn:2", headline="Tokyo", place=[{"code": "JP"}], subject=[{"code": "medtop:15000000"}],
        provider={"name": "Tokyo Desk"},
    )  # fmt: skip
    later = (utc_now() + timedelta(hours=1)).isoformat()
    house.pushes(
        uri="urn:3", headline="Urgent", urgency=1, embargoed=later, place=[{"code": "US"}],
        subject=[{"code": "medtop:11000000"}],
    )  # fmt: skip
    house.pushes(uri="urn:4", headline="Heartbeat", test=True, place=[{"code": "FR"}], subject=[{"code": "medtop:04000000"}])
    house.works()
    page = editor.opens(f"/desk/live?{query}").text
    assert {name for name in ("Beirut", "Tokyo", "Urgent", "Heartbeat") if name in page} == shown


def test_older_items_are_on_further_pages(house: House, editor: EditorAtDesk) -> None:
    house.pushes_many([sent(uri=f"urn:{number}", headline=f"Number {number:03}") for number in range(70)])
    page = editor.opens("/desk")
    assert "Number 069" in page.text
    assert "Number 009" not in page.text
    older = page.text.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "Number 009" in editor.opens(older).text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/desk/stories/nope", 404),
        ("/desk/stories/nope/live", 404),
        ("/desk/write?story=nope&act=update", 404),
        ("/desk/drafts/00000000-0000-0000-0000-000000000000", 404),
        ("/desk/write?act=boil", 422),
    ],
)
def test_what_is_not_there_is_said(editor: EditorAtDesk, path: str, status: int) -> None:
    assert editor.opens(path).status_code == status


@pytest.mark.parametrize("fields", [{"draft": "nonsense"}, {"story": "nonsense"}])
def test_a_form_about_what_is_not_there_is_not_taken(house: House, editor: EditorAtDesk, fields: dict[str, str]) -> None:
    form = {"token": editor.token(), "act": "new", "headline": "H", "body": "B", "do": "save", **fields}
    assert editor.client.post("/desk/write", data=form).status_code == 404
    assert house.rows("SELECT FROM drafts") == []


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_story_written_at_the_desk_is_published_and_signed(house: House, editor: EditorAtDesk) -> None:
    story = story_of(editor.writes(sections=["economy"], places="AT, LB", keywords="oil, output"))
    house.works()
    assert house.titles() == house.titles("europe") == house.titles("arab") == house.titles("economy") == ["Ministers agree"]
    page = editor.opens(f"/desk/stories/{story}").text
    assert "nour" in page
    assert [row.action for row in house.rows("SELECT action FROM actions ORDER BY id")] == ["signed in", "new"]


def test_a_preview_shows_what_readers_would_see_and_keeps_nothing(house: House, editor: EditorAtDesk) -> None:
    answer = editor.writes("preview", places="LB", sections=["sport"], ednote="For desks only")
    assert answer.status_code == 200
    preview = answer.text[answer.text.index("<h2>Preview") :]
    assert "They agreed in Vienna." in preview
    assert "all, arab, sport" in preview
    assert "waits for a person" in preview
    assert "For desks only" not in preview
    assert house.rows("SELECT * FROM items") == []


@pytest.mark.parametrize(
    ("fields", "say"),
    [
        ({"headline": ""}, "needs a headline"),
        ({"body": " "}, "needs a text"),
        ({"expires_at": "soon"}, "no date and time"),
        ({"urgency": "high"}, "is no urgency"),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_stays(
    house: House, editor: EditorAtDesk, fields: dict[str, str], say: str
) -> None:
    answer = editor.writes(**{"slugline": "KEPT-WORDS", **fields})
    assert (answer.status_code, say in answer.text, "KEPT-WORDS" in answer.text) == (422, True, True)
    assert house.rows("SELECT * FROM items") == []


def test_an_update_keeps_what_the_form_does_not_know(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes(disclaimer="The provider's own words.", body_text="One.\n\nTwo.", keywords=["oil"])["story"]
    house.works()
    story_of(editor.fills(f"/desk/write?story={story}&act=update", "send", headline="Better"))
    house.works()
    assert house.titles() == ["Better"]
    document = house.document(form="json").decode()
    assert "The provider's own words." in document
    assert "One.</p>" in document
    assert '"oil"' in document


def test_a_correction_needs_its_note_and_readers_see_it(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes(body_text="It was 100.")["story"]
    house.works()
    address = f"/desk/write?story={story}&act=correction"
    assert editor.fills(address, "send", body="It was 10.").status_code == 422
    story_of(editor.fills(address, "send", body="It was 10.", correction_note="It was 10, not 100."))
    house.works()
    assert "It was 10, not 100." in house.document().decode()
    page = editor.opens(f"/desk/stories/{story}").text
    assert "<del>100.</del><ins>10.</ins>" in page


def test_who_edits_what_has_moved_meanwhile_is_told_first(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes()["story"]
    house.works()
    opened = {"token": editor.token(), "act": "update", "story": story, "version": "2", "draft": "",
              "headline": "Mine", "body": "My text.", "language": "en", "urgency": "5", "do": "send"}  # fmt: skip
    house.pushes(version=2, headline="Theirs")
    house.works()
    answer = editor.client.post("/desk/write", data=opened)
    assert (answer.status_code, "has moved since" in answer.text) == (422, True)
    story_of(editor.client.post("/desk/write", data={**opened, "version": "3"}))
    house.works()
    assert house.titles() == ["Mine"]


def test_a_draft_is_kept_gone_on_with_and_sent(house: House, editor: EditorAtDesk) -> None:
    kept = editor.writes("ask", headline="Not yet")
    assert kept.status_code == 200
    assert house.rows("SELECT * FROM items") == []
    second = EditorAtDesk(house, name="omar")
    assert "waits for a second person" in second.opens("/desk/drafts").text
    story = story_of(second.fills(kept.url.path, "send", headline="Now"))
    house.works()
    assert house.titles() == ["Now"]
    assert "Not yet" not in second.opens("/desk/drafts").text
    assert "omar" in second.opens(f"/desk/stories/{story}").text
    over = editor.opens(kept.url.path)
    assert (over.status_code, "It was sent by omar." in over.text) == (200, True)


def test_a_dropped_draft_is_gone(house: House, editor: EditorAtDesk) -> None:
    kept = editor.writes("save")
    editor.client.post(f"{kept.url.path}/drop", data={"token": editor.token()})
    assert "Nothing is being written" in editor.opens("/desk/drafts").text
    assert "It was dropped by nour." in editor.opens(kept.url.path).text


# ── Holding back, embargo, killing ───────────────────────────────────────────────────────────────────────────────


def test_a_story_is_held_back_and_released(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes(headline=SECRET)["story"]
    house.works()
    editor.acts(story, "withhold")
    house.works()
    assert house.titles()[0].startswith("HELD")
    editor.acts(story, "release")
    house.works()
    assert house.titles() == [SECRET]


def test_a_new_story_is_embargoed_the_embargo_is_moved_and_cleared(house: House, editor: EditorAtDesk) -> None:
    later = (utc_now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    story = story_of(editor.writes(headline=SECRET, embargoed_until=later))
    house.works()
    assert house.titles() == []
    editor.acts(story, "embargo", embargoed_until=(utc_now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M"))
    house.works()
    house.time_passes(hours=4)
    house.works()
    assert house.titles() == []
    editor.acts(story, "embargo", embargoed_until="", scheduled_for="")
    house.works()
    assert house.titles() == [SECRET]


@pytest.mark.parametrize(
    "fields", [{"reason": "", "confirm": "kill"}, {"reason": "legal"}, {"reason": "boredom", "confirm": "kill"}]
)
def test_a_kill_needs_a_reason_and_a_confirmation(house: House, editor: EditorAtDesk, fields: dict[str, str]) -> None:
    story = house.pushes()["story"]
    house.works()
    answer = editor.acts(story, "kill", **fields)
    house.works()
    assert (answer.status_code, house.titles()) == (422, [sent()["headline"]])


def test_a_kill_at_the_desk_takes_the_story_back_for_good(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes(headline=SECRET)["story"]
    house.works()
    editor.acts(story, "kill", reason="legal", confirm="kill", ednote="Lawyers called")
    house.works()
    assert house.titles()[0].startswith("KILLED")
    assert SECRET.encode() not in house.document()
    assert "Lawyers" not in house.document().decode()
    assert editor.opens(f"/desk/write?story={story}&act=update").status_code == 410


def test_where_the_wire_asks_for_two_persons_a_kill_waits_for_the_second(
    house: House, editor: EditorAtDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = DEFAULT_FILE.read_text(encoding="utf-8").replace("two_person_kills = false", "two_person_kills = true")
    use_wire_file(source, tmp_path, monkeypatch)
    story = house.pushes(headline=SECRET)["story"]
    house.works()
    editor.acts(story, "kill", reason="legal", confirm="kill")
    house.works()
    assert house.titles() == [SECRET]
    (draft,) = house.rows("SELECT id FROM drafts")
    agreed = editor.client.post(f"/desk/drafts/{draft.id}/agree", data={"token": editor.token()})
    assert agreed.status_code == 403
    second = EditorAtDesk(house, name="omar")
    second.client.post(f"/desk/drafts/{draft.id}/agree", data={"token": second.token()})
    house.works()
    assert house.titles()[0].startswith("KILLED")
    (revision,) = house.rows("SELECT key_name FROM items WHERE content ->> 'pubstatus' = 'canceled'")
    assert revision.key_name == "omar"


def test_a_senders_kill_is_never_refused_for_its_number(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes(headline=SECRET)["story"]
    house.works()
    story_of(editor.fills(f"/desk/write?story={story}&act=update", "send", headline=f"{SECRET}, mended at the desk"))
    house.works()
    killed = house.pushes(version=2, pubstatus="canceled")  # the sender knows nothing of the desk's second version
    house.works()
    assert SECRET.encode() not in house.document()
    assert house.pushes(version=2, pubstatus="canceled")["item"] == killed["item"]


def test_a_story_that_evolved_from_a_killed_one_says_so(house: House, editor: EditorAtDesk) -> None:
    first = house.pushes()["story"]
    house.works()
    lead = house.pushes(uri="urn:lead", evolvedfrom="urn:newsroom:1", headline="New lead")["story"]
    house.works()
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    assert "that this one evolved from was killed" in editor.opens(f"/desk/stories/{lead}").text
    assert "New lead" in editor.opens(f"/desk/stories/{first}").text


def test_everything_that_was_done_is_on_record_for_who_may_see_it(house: House, editor: EditorAtDesk) -> None:
    story = house.pushes()["story"]
    house.works()
    editor.acts(story, "withhold")
    assert "withhold" in editor.opens("/desk/actions").text
    assert EditorAtDesk(house, name="omar", rights=(Right.EDIT,)).opens("/desk/actions").status_code == 403


def test_what_another_source_sent_before_is_shown_as_such_and_can_be_released(house: House, editor: EditorAtDesk) -> None:
    text = "Ministers from eight countries agreed on Sunday to raise output from June, and will meet again. " * 3
    house.pushes(uri="urn:a", headline="Output rises", body_text=text)
    house.works()
    second = house.pushes(uri="urn:b", headline="Output rises", body_text=text, provider={"name": "Gulf"})["story"]
    house.works()
    page = editor.opens(f"/desk/stories/{second}").text
    assert "another story has the same headline and text" in page
    editor.acts(second, "release")
    house.works()
    assert house.titles() == ["Output rises", "Output rises"]
