"""What a reader of an edition sees of a story: its text, a notice, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.rendering.entries import Entry, Story, TranslatedText, build_entry, is_news
from services.rendering.labels import label_name
from shared.contracts.feeds import LONGEST_IN_FEEDS
from shared.contracts.item import KillReason, WireItem
from shared.contracts.story import StoryState
from shared.wire.config import DEFAULT_FILE, Policy, read_wire

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
WIRE = read_wire(DEFAULT_FILE)
URL = "https://wire.example"

TEXT, HELD, KILLED, STALE, EXPIRED, NOTHING = "text", "HELD", "KILLED", "STALE", "No longer available", "nothing"


def story(**fields: Any) -> Story:
    item = {"uri": "urn:x", "headline": "Zyxwv", "body_html": "<p>Zyxwv.</p>", **fields.pop("item", {})}
    return Story(
        **{"id": "S", "state": StoryState.PUBLISHED, "revision": 2, "edition": "en", "published_at": NOON, "updated_at": NOON,
           "kill_reason": None, "correction_notes": (), "corrected_at_revision": 0, "item": WireItem.model_validate(item),
           "tags": (), "labels": (), "regions": (), "sections": (), "languages": (), "translated": None, **fields}
    )  # fmt: skip


def translated(**fields: Any) -> TranslatedText:
    return TranslatedText(
        **{"revision": 2, "method": "human", "translator": "Layla", "reviewed_by": "", "headline": "Zyxwv", "summary": "",
           "body_html": "<p>Zyxwv.</p>", "made_at": NOON + timedelta(minutes=5), **fields}
    )  # fmt: skip


def entry(given: Story, edition: str = "en", *, has_entry: bool = False) -> Entry:
    built = build_entry(given, edition, wire=WIRE, public_url=URL, has_entry=has_entry)
    assert built is not None
    return built


def seen(given: Story, edition: str, *, has_entry: bool) -> str:
    built = build_entry(given, edition, wire=WIRE, public_url=URL, has_entry=has_entry)
    if built is None:
        return NOTHING
    has_text = "Zyxwv" in f"{built.title} {built.summary} {built.content_html} {built.content_in_feeds}"
    assert has_text != built.is_notice
    assert built.has_left == built.title.startswith(EXPIRED)
    if has_text:
        return TEXT
    return STALE if "corrected" in built.summary else built.title.partition(":")[0]


@pytest.mark.parametrize(
    ("fields", "edition", "has_entry", "sees"),
    [
        ({}, "en", False, TEXT),
        ({"published_at": None}, "en", False, NOTHING),
        ({"state": StoryState.EMBARGOED, "published_at": None}, "en", True, NOTHING),
        # taken back: in its own edition, and in those that had it
        ({"state": StoryState.WITHHELD}, "en", False, HELD),
        ({"state": StoryState.WITHHELD, "edition": "ar"}, "en", True, HELD),
        ({"state": StoryState.WITHHELD, "edition": "ar"}, "en", False, NOTHING),
        ({"state": StoryState.KILLED}, "en", False, KILLED),
        ({"state": StoryState.KILLED, "edition": "ar"}, "en", True, KILLED),
        ({"state": StoryState.KILLED, "edition": "ar", "translated": translated()}, "en", False, NOTHING),
        ({"state": StoryState.EXPIRED}, "en", True, EXPIRED),
        ({"state": StoryState.EXPIRED}, "en", False, NOTHING),
        # in another edition
        ({"edition": "ar"}, "en", False, NOTHING),
        ({"edition": "ar", "translated": translated()}, "en", False, TEXT),
        ({"edition": "ar", "translated": translated(revision=1)}, "en", True, TEXT),
        ({"edition": None, "translated": translated()}, "en", False, TEXT),
        # what was wrong waits for its translation
        ({"edition": "ar", "translated": translated(revision=1), "corrected_at_revision": 2}, "en", True, STALE),
        ({"edition": "ar", "translated": translated(revision=2), "corrected_at_revision": 2}, "en", True, TEXT),
        ({"edition": "ar", "corrected_at_revision": 2}, "en", True, STALE),
        ({"edition": "ar", "corrected_at_revision": 2}, "en", False, NOTHING),
        ({"edition": "ar"}, "en", True, NOTHING),
    ],
)
def test_who_sees_what(fields: dict[str, Any], edition: str, has_entry: bool, sees: str) -> None:
    assert seen(story(**fields), edition, has_entry=has_entry) == sees


def test_a_notice_and_a_text_have_the_same_frame() -> None:
    shown = entry(story(languages=("ar",)))
    notice = entry(story(state=StoryState.KILLED, languages=("ar",)), has_entry=True)
    for name in ("id", "story", "edition", "direction", "link", "alternates", "revision", "published_at"):
        assert getattr(shown, name) == getattr(notice, name)
    assert (shown.id, shown.link) == ("tag:barq.example,2024:S:en", f"{URL}/en/stories/S")
    assert shown.alternates == (("ar", f"{URL}/ar/stories/S"),)


def test_a_kill_says_why_if_its_sender_did() -> None:
    killed = story(state=StoryState.KILLED, kill_reason=KillReason.LEGAL)
    assert entry(killed).summary.endswith("It was withdrawn for legal reasons.")


def test_a_translation_is_dated_by_itself() -> None:
    shown = entry(story(edition="ar", translated=translated()))
    assert shown.published_at == shown.updated_at == NOON + timedelta(minutes=5)
    assert shown.translation is not None
    assert (shown.translation.of_revision, shown.translation.method, shown.translation.by) == (2, "human", "Layla")


def parts(given: Story, edition: str = "en") -> list[str]:
    """The classes of what stands in a text, in their order."""
    lines = entry(given, edition).content_html.splitlines()[1:-1]
    return [line.partition('class="')[2].partition('"')[0] or line[1:].partition(">")[0] for line in lines]


@pytest.mark.parametrize(
    ("fields", "has"),
    [
        ({}, ["dateline", "identifier"]),
        ({"correction_notes": ("It was 10.", "")}, ["correction", "correction", "dateline", "identifier"]),
        ({"item": {"subheadline": "And so on"}}, ["h2", "dateline", "identifier"]),
        ({"item": {"credit_line": "Levant"}}, ["dateline", "identifier", "credit"]),
        ({"item": {"credit_line": "A. N. Other", "provider": {"name": "A. N. Other"}}}, ["dateline", "identifier"]),
        ({"item": {"disclaimer": "As it is."}}, ["dateline", "identifier", "disclaimer", "disclaimer"]),
        ({"item": {"associations": [{"href": "https://a.example/1.jpg"}, {"href": "https://a.example/2.jpg"}]}},
         ["p", "dateline", "identifier"]),
        ({"edition": "ar", "translated": translated()}, ["dateline", "translated", "identifier"]),
        ({"edition": "ar", "translated": translated(), "item": {"subheadline": "And so on"}},
         ["dateline", "translated", "identifier"]),
    ],
)  # fmt: skip
def test_what_stands_around_a_text(fields: dict[str, Any], has: list[str]) -> None:
    assert parts(story(**fields)) == has


@pytest.mark.parametrize(
    ("method", "reviewed_by", "policy", "says"),
    [
        ("human", "", Policy.MACHINE_LABELLED, 'Translated by <span dir="auto">Layla</span>'),
        ("memory", "", Policy.MACHINE_LABELLED, 'Translated by <span dir="auto">Layla</span>'),
        ("machine", "", Policy.MACHINE_LABELLED, "Machine translation"),
        ("machine", "", Policy.MACHINE, ""),
        ("machine", "Rana", Policy.MACHINE, 'Machine translation, reviewed by <span dir="auto">Rana</span>'),
    ],
)
def test_who_translated_it_is_said(method: str, reviewed_by: str, policy: Policy, says: str) -> None:
    editions = {**WIRE.editions, "en": WIRE.editions["en"].model_copy(update={"policy": policy})}
    given = story(edition="ar", translated=translated(method=method, reviewed_by=reviewed_by))
    built = build_entry(given, "en", wire=WIRE.model_copy(update={"editions": editions}), public_url=URL, has_entry=False)
    assert built is not None
    assert ("translated" in built.content_html) == bool(says)
    assert f"<em>{says}</em>" in built.content_html or not says


def test_a_text_that_is_too_long_for_feeds_is_cut_there_with_a_link_to_the_whole() -> None:
    long = entry(story(item={"body_html": "<p>Zyxwv.</p>" * (LONGEST_IN_FEEDS // 10)}))
    in_feeds = long.in_feeds()
    assert len(in_feeds.content_html) < LONGEST_IN_FEEDS + 1000 < len(long.content_html)
    assert f'<p class="rest"><a href="{long.link}">' in in_feeds.content_html
    short = entry(story())
    assert short.in_feeds() is short


def test_times_and_addresses_are_no_change_for_a_reader() -> None:
    shown = entry(story())
    same = replace(
        shown, updated_at=NOON + timedelta(days=1), revision=9, version=9, link="https://else.example", comments_count=3
    )
    assert shown.content_hash() == same.content_hash()
    assert shown.content_hash() != replace(shown, title="Another").content_hash()


def test_an_entry_is_found_by_its_categories_and_its_provider() -> None:
    shown = entry(story(tags=("OPEC",), labels=("Oil",), item={"provider": {"name": "Levant Press"}}))
    assert shown.facets() == ["tag:opec", "label:oil", "provider:levant press"]
    assert "Zyxwv." in shown.text()


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ("<h2>Maps</h2>\n<p>Ministers agreed on output at night in Vienna.</p>\n<p>More.</p>",
         "Ministers agreed on output at night in Vienna."),
        ('<p dir="ltr">LONDON, March 3 -</p>\n<p>Ministers <b>agreed</b>.</p>\n<p>More.</p>',
         "LONDON, March 3 - Ministers agreed. More."),
        ("<ul><li>One</li>\n<li>two</li></ul>", "One two"),
        ("<p></p>\n<p>One.</p>", "One."),
        (f"<p>{'word ' * 100}</p>", f"{'word ' * 59}word…"),
        # whole sentences where one ends in what there is room for
        (f"<p>{'word ' * 20}ended. {'More ' * 60}</p>", f"{'word ' * 20}ended."),
        (f"<p>{'كلمة ' * 20}انتهت. {'كلمات ' * 60}</p>", f"{'كلمة ' * 20}انتهت."),
        (f"<p>{'word ' * 20}in the U.S. House said Mr. Jones {'word ' * 40}</p>",
         f"{'word ' * 20}in the U.S. House said Mr. Jones {'word ' * 32}word…"),
        # never half of a figure
        (f"<p>{'word ' * 57}cost $1.5 million {'word ' * 9}</p>", f"{'word ' * 57}cost…"),
        (f"<p>{'word ' * 57}cost 180,000 barrels {'word ' * 9}</p>", f"{'word ' * 57}cost…"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_summary_that_nobody_wrote_is_the_first_paragraph(body: str, summary: str) -> None:
    assert entry(story(item={"body_html": body})).summary == summary


# ── What is news ─────────────────────────────────────────────────────────────────────────────────────────────────

KILLED_NOW = {"state": StoryState.KILLED}


@pytest.mark.parametrize(
    ("fields", "edition", "before", "news"),
    [
        # rendered again: another link, comment, word of the wire
        ({"comments_count": 3, "languages": ("ar",)}, "en", (2, 2, False), False),
        ({"translated": translated(headline="Better")}, "ar", (2, 2, False), False),
        (KILLED_NOW, "en", (2, 2, True), False),
        # the story moved on, in its own edition; elsewhere as soon as that text is there
        ({}, "en", (1, 1, False), True),
        ({"translated": translated()}, "ar", (1, 1, False), True),
        ({"translated": translated()}, "ar", (2, 1, False), True),
        ({"translated": translated(revision=1)}, "ar", (1, 1, False), False),
        # a notice comes, and goes
        (KILLED_NOW, "en", (2, 2, False), True),
        ({**KILLED_NOW, "translated": translated(revision=1)}, "ar", (1, 1, False), True),
        ({"corrected_at_revision": 2, "translated": translated(revision=1)}, "ar", (1, 1, False), True),
        ({"corrected_at_revision": 2, "translated": translated()}, "ar", (2, 2, True), True),
        # overtaken by a newer one, which is kept
        (KILLED_NOW, "en", (3, 3, False), False),
        # rendered by an older Barq
        ({}, "en", (2, None, False), False),
        ({}, "en", (1, None, False), True),
    ],
)
def test_another_text_or_a_notice_in_its_place_is_news_and_nothing_else(
    fields: dict[str, Any], edition: str, before: tuple[int, int | None, bool], news: bool
) -> None:
    revision, text_revision, was_notice = before
    now = entry(story(**fields), edition, has_entry=True)
    assert is_news(now, revision=revision, text_revision=text_revision, was_notice=was_notice) == news


@pytest.mark.parametrize(
    ("label", "edition", "shown"),
    [
        ("BREAKING", "ar", "عاجل"),
        ("BREAKING", "en", "BREAKING"),
        ("عاجل", "en", "Breaking"),
        ("UPDATE 2", "ar", "تحديث 2"),
        ("UPDATE 2", "en", "UPDATE 2"),
        ("press release", "es-MX", "Nota de prensa"),
        ("Weather", "ar", "Weather"),
        ("BREAKING", "de", "BREAKING"),
    ],
)
def test_the_usual_labels_are_said_in_the_editions_language(label: str, edition: str, shown: str) -> None:
    assert label_name(label, edition) == shown
