"""The entry between rendering and the edge: kept as JSON feeds show it, read whoever wrote it, and silent where it must be."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.edge.content.routes import as_response
from services.edge.queries import Page
from services.rendering.entries import Category, Entry, Translation
from services.rendering.formats import jsonfeed
from services.rendering.media import Media
from shared.contracts import entry as contract
from shared.contracts.entry import Own, StoredEntry
from shared.contracts.story import StoryState
from tests.support.contract import fields_of, values_of

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MARK = "zyxwv"

#: as the first Barq wrote an entry, and what was added since, one after the other
FIRST: dict[str, Any] = {
    "id": "tag:barq.example,2024:S:en", "url": "https://wire.example/en/stories/S", "title": "Ministers agree",
    "summary": "They meet again.", "content_html": "<div>\n<p>Ministers.</p>\n</div>",
    "date_published": "2026-11-25T12:00:00.000Z", "date_modified": "2026-11-25T12:00:00.104Z",
    "authors": [{"name": "Rana"}], "language": "en", "tags": ["OPEC"],
    "_barq": {"story": "S", "revision": 1, "status": "usable", "rights": "©", "editions": {"ar": "https://wire.example/ar"},
              "categories": {"tag": ["OPEC"]}},
}  # fmt: skip
SINCE: tuple[dict[str, Any], ...] = (
    {"image": "https://a.example/1.jpg",
     "attachments": [{"url": "https://a.example/1.jpg", "mime_type": "image/jpeg", "title": "Ministers", "size_in_bytes": 9}]},
    {"_barq": {"pictures": [{"url": "https://a.example/1.jpg", "width": None, "height": 3, "caption": "", "credit": "R"}]}},
    {"_barq": {"names": {"OPEC": "OPEP"}}},
    {"_barq": {"translation": {"of_revision": 1, "method": "human", "by": "Layla", "reviewed_by": ""}}},
    {"authors": [{"name": "Rana", "_barq": {"kind": "person", "language": "en"}}],
     "_barq": {"byline": "Rana", "provider": "Levant", "credit": "Levant/Rana", "dateline": "BEIRUT", "urgency": 3,
               "subjects": [{"name": "oil", "code": "medtop:20000256"}], "places": [{"name": "Lebanon", "code": "LB"}],
               "word_count": 1}},
    {"a_field_to_come": 1, "_barq": {"another": {"x": []}}},
)  # fmt: skip


def written(versions: int) -> bytes:
    """An entry as a Barq wrote it that knew so many additions."""
    whole = FIRST
    for added in SINCE[:versions]:
        whole = {**whole, **added, "_barq": {**whole["_barq"], **added.get("_barq", {})}}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def entry(**fields: Any) -> Entry:
    return Entry(**{
        "id": "tag:barq.example,2024:S:en", "story": "S", "edition": "en", "direction": "ltr", "link": "https://wire.example/s",
        "title": 'A "quoted" \u2028 title\x7f', "summary": "ملخص", "content_html": "<p>😀 &amp; \t</p>", "author": "Rana",
        "provider": "Levant", "rights": "©", "categories": (Category(scheme="tag", term="OPEC", label="OPEP"),),
        "media": (Media(url="https://a.example/1.jpg", type="image/jpeg", medium="image", width_px=None, height_px=3,
                        size_bytes=None, caption="", credit="R"),),
        "alternates": (("ar", "https://wire.example/ar"),), "is_notice": False, "has_left": False, "revision": 2,
        "published_at": NOON, "updated_at": NOON.replace(microsecond=104_999),
        "translation": Translation(of_revision=1, method="human", by="Layla", reviewed_by=""), **fields,
    })  # fmt: skip


@pytest.mark.parametrize("versions", range(len(SINCE) + 1))
def test_an_entry_is_read_whichever_version_of_barq_wrote_it(versions: int) -> None:
    read = StoredEntry.read(written(versions))
    assert (read.title, read.barq.story, read.barq.categories) == ("Ministers agree", "S", {"tag": ("OPEC",)})
    assert bool(read.attachments) == (versions >= 1)
    assert bool(read.barq.pictures) == (versions >= 2)
    assert bool(read.barq.names) == (versions >= 3)
    assert bool(read.barq.translation) == (versions >= 4)
    assert (read.authors[0].barq.kind == "person") == (read.barq.byline == "Rana") == (versions >= 5)


def test_an_entry_from_before_times_had_milliseconds_says_the_same_moments() -> None:
    stored = written(4).replace(b"12:00:00.104Z", b"12:00:00.104104+00:00").replace(b"12:00:00.000Z", b"12:00:00+00:00")
    assert StoredEntry.read(stored).stored() == StoredEntry.read(written(4)).stored()


def test_an_entry_is_kept_byte_for_byte_as_the_version_before_kept_it() -> None:
    for versions in (4, 5):
        assert json.loads(StoredEntry.read(written(versions)).stored()) == json.loads(written(versions))
    bare = json.loads(jsonfeed.render_entry(entry(media=(), translation=None)))
    assert "image" not in bare
    assert "attachments" not in bare
    assert bare["_barq"]["translation"] is None
    assert (bare["date_published"], bare["date_modified"]) == (
        "2026-11-25T12:00:00.000Z", "2026-11-25T12:00:00.104Z",
    )  # fmt: skip


@pytest.mark.parametrize("fields", [{}, {"media": ()}, {"translation": None, "categories": ()}, {"is_notice": True}])
def test_what_rendering_writes_is_what_the_edge_reads(fields: dict[str, Any]) -> None:
    stored = jsonfeed.render_entry(entry(**fields))
    assert stored.startswith(b'{"id":')  # deltas of feeds cut entries out by it
    assert b"\n" not in stored
    assert StoredEntry.read(stored).stored() == stored


# ── What was taken back ──────────────────────────────────────────────────────────────────────────────────────────


def marked() -> StoredEntry:
    """An entry with a word of its own in every field that can hold one."""
    concept = contract.StoryConcept(name=f"{MARK}-name", code=f"{MARK}-code", scheme=f"{MARK}-scheme")
    return StoredEntry(
        id=f"{MARK}-id", url=f"{MARK}-url", title=f"{MARK}-title", summary=f"{MARK}-summary", content_html=f"{MARK}-content_html",
        date_published=NOON, date_modified=NOON, language=f"{MARK}-language",
        authors=(contract.Author(
            name=f"{MARK}-name", barq=contract.OwnOfAuthor(kind="person", language=f"{MARK}-language")),),
        tags=(f"{MARK}-tags",), image=f"{MARK}-image",
        attachments=(contract.Attachment(
            url=f"{MARK}-url", mime_type=f"{MARK}-type", title=f"{MARK}-title", size_in_bytes=76543),),
        barq=Own(
            story=f"{MARK}-story", revision=76543, status="usable", rights=f"{MARK}-rights",
            editions={f"{MARK}-tag": f"{MARK}-url"}, names={f"{MARK}-term": f"{MARK}-label"},
            translation=contract.Translation(of_revision=76543, method=f"{MARK}-m", by=f"{MARK}-by", reviewed_by=f"{MARK}-r"),
            pictures=(contract.Picture(
                url=f"{MARK}-url", width=76543, height=76543, caption=f"{MARK}-caption", credit=f"{MARK}-credit"),),
            categories={f"{MARK}-scheme": (f"{MARK}-term",)},
            byline=f"{MARK}-byline", provider=f"{MARK}-provider", credit=f"{MARK}-credit", dateline=f"{MARK}-dateline",
            urgency=76543, subjects=(concept,), places=(concept,), word_count=76543,
        ),
    )  # fmt: skip


def page(*, is_notice: bool, body: bytes | None, state: StoryState = StoryState.KILLED) -> Page:
    return Page(
        story="S", edition="en", state=state, is_notice=is_notice, revision=2, published_at=NOON, updated_at=NOON,
        body=body, editions=(),
    )  # fmt: skip


def test_the_marked_entry_has_something_in_every_field_of_the_contract() -> None:
    assert {path for path, _ in values_of(marked())} == set(fields_of(StoredEntry))


@pytest.mark.parametrize(
    ("body", "said"),
    [(None, set()), (marked().stored(), {"title", "summary", "content_html"})],  # of a notice, its own three texts
    ids=["its notice is not rendered", "its notice is rendered"],
)
def test_a_story_that_was_taken_back_says_nothing_whatever_else_is_stored(body: bytes | None, said: set[str]) -> None:
    shown = page(is_notice=True, body=body).entry
    assert {path for path, value in values_of(shown) if MARK in str(value) or "76543" in str(value)} == said
    filled = {path for path, value in values_of(shown) if value != ""}
    assert filled | {"title", "summary", "content_html"} == {
        "id", "url", "title", "summary", "content_html", "date_published", "date_modified", "authors.name",
        "authors.barq.kind", "language", "barq.story", "barq.revision", "barq.status", "barq.rights",
    }  # fmt: skip
    assert shown.barq.status == "notice"


@pytest.mark.parametrize("state", [state for state in StoryState if state is not StoryState.PUBLISHED])
def test_the_apis_answer_is_made_of_the_notice_whatever_the_story_has_become(state: StoryState) -> None:
    answer = as_response(page(is_notice=True, body=marked().stored(), state=state))
    assert {path for path, value in values_of(answer) if MARK in str(value) or "76543" in str(value)} == {"notice"}
    assert MARK in as_response(page(is_notice=False, body=marked().stored(), state=StoryState.PUBLISHED)).model_dump_json()
