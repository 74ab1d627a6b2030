"""What an editor writes, as the item that is pushed for it, and finds in the form the next time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.desk.writing.act_form import DeskAct, FormError, ItemFields
from services.desk.writing.story_form import StoryForm, build_item, fill_form
from shared.contracts.item import Concept, Provider, WireItem
from shared.language.markup import body_of
from shared.wire.config import wire
from tests.support.factories import wire_item

_TOKENS = [
    "<", ">", "<b>", "</b>", "<p>", "</p>", "<y then z>",
    "&", "&lt;", "&amp;", "word", "كلمة", " ", "\n", "\n\n", "<br>", "<!-- x -->",
]  # fmt: skip

ECONOMY, SPORT, OTHER = "medtop:04000000", "medtop:15000000", "provider:77"


def edited(body: str) -> str:
    """What stands in the form of a story whose text was written so."""
    return fill_form(wire_item().model_copy(update={"body_html": str(body_of(body))}), wire()).body


@pytest.mark.parametrize("body", ["x<y then z>w", "profit <3, AT&amp;T & others", "one\n\ntwo < three", "he wrote &lt;b&gt;"])
def test_text_comes_back_as_the_text_that_it_is(body: str) -> None:
    assert edited(body) == body


def test_words_that_look_like_an_element_come_back_as_words() -> None:
    sent = "<p>he wrote &lt;b&gt; here</p>"
    assert body_of(edited(sent)) == sent


@given(st.lists(st.sampled_from(_TOKENS), max_size=20).map("".join))
def test_a_story_that_is_saved_unchanged_is_unchanged(body: str) -> None:
    # which white space stands between two words is nobody's
    assert "".join(body_of(edited(body)).split()) == "".join(body_of(body).split())


# ── From an item to its form ─────────────────────────────────────────────────────────────────────────────────────


def test_the_form_of_a_new_story_has_the_newsrooms_language_and_the_usual_urgency() -> None:
    assert fill_form(None, wire()) == StoryForm(language=wire().own_edition, urgency="5")


@pytest.mark.parametrize(
    ("item", "name", "value"),
    [
        ({"language": ""}, "language", "en"),
        ({"language": "fr"}, "language", "fr"),
        ({"urgency": 2}, "urgency", "2"),
        ({"keywords": ("oil", "output")}, "keywords", "oil, output"),
        ({"places": (Concept(code="LB", name="Lebanon"), Concept(name="Vienna"))}, "places", "LB, Vienna"),
        ({"subjects": (Concept(code=ECONOMY), Concept(code=OTHER))}, "sections", ("economy",)),
        ({"subjects": ()}, "sections", ()),
        ({"provider": Provider(name="Gulf", code="g")}, "provider", "Gulf"),
        ({"provider": Provider(code="g")}, "provider", "g"),
        ({"embargoed_until": datetime(2026, 11, 30, 8, 50, 59, tzinfo=UTC)}, "embargoed_until", "2026-11-30T08:50"),
        ({"expires_at": None}, "expires_at", ""),
        ({"body_html": "<p>One.</p><p>Two &amp; three.</p>"}, "body", "One.\n\nTwo & three."),
        ({"body_html": "<p>One <em>two</em>.</p>"}, "body", "<p>One <em>two</em>.</p>"),
    ],
)
def test_a_field_of_the_form_says_what_the_item_has(item: dict[str, Any], name: str, value: str) -> None:
    assert getattr(fill_form(wire_item().model_copy(update=item), wire()), name) == value


# ── From a form to the item ──────────────────────────────────────────────────────────────────────────────────────


def built(before: WireItem | None = None, act: DeskAct = DeskAct.NEW, **fields: Any) -> ItemFields:
    """The item of a form that is in order but for these fields."""
    form = StoryForm.model_validate({"headline": "Ministers agree", "body": "They agreed.", "urgency": "5", **fields})
    return build_item(act, form, uri="urn:x", version=3, before=before, wire=wire())


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ({"headline": "  Agreed \n"}, "headline", "Agreed"),
        ({"urgency": ""}, "urgency", 5),
        ({"urgency": "1"}, "urgency", 1),
        ({"keywords": " oil ,, output; gas،نفط\nlast "}, "keywords", ["oil", "output", "gas", "نفط", "last"]),
        ({"labels": ""}, "labels", []),
        ({"places": "LB, Vienna, بيروت"}, "places", [{"code": "LB"}, {"name": "Vienna"}, {"name": "بيروت"}]),
        ({"scheduled_for": "2026-11-30T08:50"}, "scheduled_for", "2026-11-30T08:50:00+00:00"),
        ({"expires_at": " "}, "expires_at", None),
        ({"embargoed_until": "2026-11-30T08:50"}, "embargo_cleared", False),
        ({"embargoed_until": ""}, "embargo_cleared", True),
        ({}, "uri", "urn:x"),
        ({}, "version", 3),
    ],
)
def test_a_field_of_the_item_says_what_was_typed(typed: dict[str, str], name: str, value: object) -> None:
    assert built(**typed)[name] == value


@pytest.mark.parametrize(
    ("act", "typed", "field"),
    [
        (DeskAct.NEW, {"headline": " "}, "headline"),
        (DeskAct.NEW, {"body": " "}, "body"),
        (DeskAct.NEW, {"body": "<p> </p>"}, "body"),
        (DeskAct.NEW, {"body": "", "urgency": "3"}, "body"),
        (DeskAct.NEW, {"urgency": "high"}, "urgency"),
        (DeskAct.NEW, {"expires_at": "soon"}, "expires_at"),
        (DeskAct.UPDATE, {"embargoed_until": "2026-13-01T00:00"}, "embargoed_until"),
        (DeskAct.CORRECTION, {}, "correction_note"),
        (DeskAct.CORRECTION, {"correction_note": " "}, "correction_note"),
    ],
)
def test_what_must_be_mended_first_is_named(act: DeskAct, typed: dict[str, str], field: str) -> None:
    with pytest.raises(FormError) as error:
        built(act=act, **typed)
    assert error.value.field == field


@pytest.mark.parametrize("urgency", ["1", "2"])
def test_a_flash_may_be_its_headline_alone(urgency: str) -> None:
    assert built(body="", urgency=urgency)["body_html"] == ""


@pytest.mark.parametrize(
    ("act", "signal"),
    [(DeskAct.NEW, (None, None)), (DeskAct.UPDATE, ("update", None)), (DeskAct.CORRECTION, ("correction", "It was five."))],
)
def test_each_act_says_what_kind_of_version_it_is(act: DeskAct, signal: tuple[str | None, str | None]) -> None:
    fields = built(act=act, correction_note="It was five.")
    assert (fields.get("signal"), fields.get("correction_note")) == signal


@pytest.mark.parametrize(
    ("before", "name", "value"),
    [
        ({"disclaimer": "Theirs."}, "disclaimer", "Theirs."),
        ({"evolved_from": "urn:first"}, "evolved_from", "urn:first"),
        ({"correction_note": "Old."}, "correction_note", None),
        ({"doubt_note": "look"}, "doubt_note", None),
        ({"is_publishable": False}, "is_publishable", None),
        ({"genres": (Concept(name="Advisory"),)}, "genres", None),
        ({"keywords": ("oil",)}, "keywords", []),
    ],
)
def test_what_the_form_does_not_know_holds_on_and_what_was_of_one_version_does_not(
    before: dict[str, Any], name: str, value: object
) -> None:
    assert built(wire_item().model_copy(update=before)).get(name) == value


@pytest.mark.parametrize(
    ("had", "sections", "codes"),
    [
        ((), (), []),
        ((), ("economy",), [ECONOMY]),
        ((ECONOMY,), (), []),
        ((ECONOMY, OTHER), ("sport",), [OTHER, SPORT]),
        ((OTHER, ECONOMY), ("economy",), [OTHER, ECONOMY]),
        ((), ("no-such-section",), []),
    ],
)
def test_sections_are_subjects_and_the_providers_own_stay(
    had: tuple[str, ...], sections: tuple[str, ...], codes: list[str]
) -> None:
    before = wire_item().model_copy(update={"subjects": tuple(Concept(code=code) for code in had)})
    subjects = built(before, sections=sections)["subjects"]
    assert isinstance(subjects, list)
    assert [subject["code"] for subject in subjects if isinstance(subject, dict)] == codes


@pytest.mark.parametrize(("typed", "code"), [("Gulf", "g"), ("g", "g"), ("Another", "")])
def test_a_provider_that_is_not_changed_keeps_its_code(typed: str, code: str) -> None:
    before = wire_item().model_copy(update={"provider": Provider(name="Gulf", code="g")})
    provider = built(before, provider=typed)["provider"]
    assert isinstance(provider, dict)
    assert provider.get("code", "") == code
