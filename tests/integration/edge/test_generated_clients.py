"""Programs made with other people's generators, from nothing but the API's description, read the real edge."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from shared.settings import settings
from shared.web.openapi import description
from shared.web.origin import Origin
from tests.support import generated_clients as generated
from tests.support.factories import sent
from tests.support.house import House
from tests.support.loopback import edge_running, free_port

HEADLINE, SECRET = "Ministers agree on output", "Abracadabra"
#: with two more, one more than the page that is answered to who names no length
MANY = 49
NUMBERED = [f"Number {number}" for number in range(MANY)]

#: what openapi-python-client cannot take, whatever a description says of it; all else of ours it must
LEFT_OUT = {
    *((f"POST {path}", media_type) for path in ("/v1/items", "/v1/items/check")
      for media_type in ("application/x-ndjson", "application/xml", "text/plain")),
    *(("GET /v1/stories.{extension}", media_type)
      for media_type in ("application/x-ndjson", "application/vnd.iptc.g2.newsmessage+xml")),
    *((f"{method} /v1/stories/{{story}}/editions/{{edition}}/xliff", "application/xliff+xml") for method in ("GET", "PUT")),
}  # fmt: skip


class Served(NamedTuple):
    """An edge, and two of its stories."""

    url: str
    story: str  #: corrected once
    killed: str


@pytest.fixture
def served(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Stories at an address that a program can open."""
    port = free_port()
    monkeypatch.setenv("BARQ_PUBLIC_URL", f"http://127.0.0.1:{port}")
    settings.cache_clear()
    house.pushes_many([sent(uri=f"urn:{headline}", headline=headline) for headline in NUMBERED])
    known: dict[str, Any] = {"uri": "urn:1", "byline": "Mona Haddad", "provider": {"name": "Tokyo Desk"}, "located": "Riyadh",
                             "urgency": 2, "keywords": ["OPEC"], "place": [{"code": "SA", "name": "Saudi Arabia"}]}  # fmt: skip
    story = house.pushes(headline="Ministers agree", **known)["story"]
    killed = house.pushes(uri="urn:2", headline=SECRET, body_text=f"{SECRET} text of it.")["story"]
    house.works()
    house.pushes(version=2, headline=HEADLINE, signal="correction", **known)
    house.pushes(uri="urn:2", version=2, pubstatus="canceled")
    house.works()
    description()  # who asks first waits for every app to be loaded; a generator waits for five seconds
    with edge_running(port, Origin(["edge"])):
        yield Served(f"http://127.0.0.1:{port}", story, killed)
    settings.cache_clear()


def is_every_story_once(printed: list[str]) -> None:
    """The headlines of all that are public, and a notice."""
    assert len(printed) == MANY + 2
    assert sorted({*printed} & {HEADLINE, *NUMBERED}) == sorted([HEADLINE, *NUMBERED])
    assert SECRET not in str(printed)


def test_a_python_client_reads_all_that_everyone_may(served: Served, tmp_path: Path, subtests: pytest.Subtests) -> None:
    if lacking := generated.lacks_python():
        pytest.skip(f"needs {lacking}")
    left_out = generated.make_python(tmp_path, served.url)
    with subtests.test("its generator leaves out only what it cannot take"):
        assert left_out == LEFT_OUT
    with subtests.test("the page's program prints every story once"):
        is_every_story_once(generated.run_pages_python(tmp_path, served.url))
    with generated.imported(tmp_path) as made, made.Client(base_url=served.url) as client:
        with subtests.test("pages"):
            assert len(python_pages(made, client)) == len({*python_pages(made, client)}) == MANY + 2
        with subtests.test("a story"):
            check_python_story(made, client, served.story)
        with subtests.test("revisions"):
            check_python_revisions(made, client, served)
        with subtests.test("a killed story"):
            check_python_kill(made, client, served.killed)
        with subtests.test("errors"):
            check_python_errors(made, client)


def python_pages(made: ModuleType, client: Any) -> list[str]:
    """The stories of all pages of a list."""
    found, cursor = [], ""
    while True:
        page = made.api.stories.get_v1_stories.sync(client=client, limit=20, cursor=cursor)
        assert isinstance(page, made.models.StoryList)
        found += [story.story for story in page.stories]
        if page.next_ is None:
            return found
        cursor = page.next_.partition("cursor=")[2].partition("&")[0]


def check_python_story(made: ModuleType, client: Any, story: str) -> None:
    """It has what the description says, as types of its own."""
    answer = made.api.stories.get_v1_stories_story.sync(story, client=client)
    assert isinstance(answer, made.models.StoryAnswer)
    assert (answer.headline, answer.byline, answer.provider) == (HEADLINE, "Mona Haddad", "Tokyo Desk")
    assert (answer.dateline, answer.urgency, answer.tags, answer.revision) == ("Riyadh", 2, ["OPEC", "crude oil"], 2)
    assert [place.code for place in answer.places] == ["SA"]
    assert answer.published.tzinfo is not None
    assert answer.pubstatus is made.models.StoryAnswerPubstatus.USABLE


def check_python_revisions(made: ModuleType, client: Any, served: Served) -> None:
    """Of the corrected story with their text, of the killed one what was done."""
    ask = made.api.stories.get_v1_stories_story_revisions.sync_detailed
    listed = ask(served.story, client=client).parsed.revisions
    assert [revision.headline for revision in listed] == ["Ministers agree", HEADLINE]
    assert listed[1].act is made.models.Act.CORRECTION
    gone = ask(served.killed, client=client)
    assert gone.status_code == 410
    assert gone.parsed.state is made.models.StoryState.KILLED
    assert not any(revision.headline or revision.body for revision in gone.parsed.revisions)


def check_python_kill(made: ModuleType, client: Any, killed: str) -> None:
    """Its 410 is a story that says so, and not nothing."""
    gone = made.api.stories.get_v1_stories_story.sync_detailed(killed, client=client)
    assert gone.status_code == 410
    assert isinstance(gone.parsed, made.models.StoryAnswer)
    assert gone.parsed.state is made.models.StoryState.KILLED
    assert gone.parsed.pubstatus is made.models.StoryAnswerPubstatus.CANCELED
    assert gone.parsed.notice
    assert SECRET not in str(gone)


def check_python_errors(made: ModuleType, client: Any) -> None:
    """Each is a problem that says what to do."""
    stories = made.api.stories
    nowhere = stories.get_v1_stories_story.sync_detailed("BARQ-nowhere", client=client)
    wrong = stories.get_v1_stories.sync_detailed(client=client, limit=0)
    for answer, status in ((nowhere, 404), (wrong, 422)):
        assert isinstance(answer.parsed, made.models.Problem)
        assert (answer.status_code, answer.parsed.status) == (status, status)
        assert answer.parsed.detail
    assert [error.pointer for error in wrong.parsed.errors]


def test_a_typescript_client_reads_all_that_everyone_may(served: Served, tmp_path: Path, subtests: pytest.Subtests) -> None:
    if lacking := generated.lacks_typescript():
        pytest.skip(f"needs {lacking}")
    generated.make_typescript(tmp_path, served.url)
    with subtests.test("the page's program prints every story once"):
        is_every_story_once(generated.run(tmp_path, "node", "page.mjs").splitlines())
    read = json.loads(generated.run(tmp_path, "node", "read_stories.mjs", *served))
    with subtests.test("pages"):
        assert len(read["all"]) == len({*read["all"]}) == MANY + 2
    with subtests.test("a story"):
        assert read["one"]["status"] == 200
        assert read["one"]["data"]["byline"] == "Mona Haddad"
        assert read["revisions"] == [[1, "Ministers agree"], [2, HEADLINE]]
    with subtests.test("a killed story"):
        assert read["killed"]["status"] == 410
        assert (read["killed"]["error"]["state"], read["killed"]["error"]["pubstatus"]) == ("killed", "canceled")
        assert read["killed"]["error"]["notice"]
        assert SECRET not in str(read)
    with subtests.test("errors"):
        assert (read["nowhere"]["status"], read["nowhere"]["error"]["status"]) == (404, 404)
        assert read["wrong"]["detail"]
