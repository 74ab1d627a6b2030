"""The place and the agency in front of a story's text, in the edition's language."""

from __future__ import annotations

import pytest

from services.rendering.datelines import place_name, with_dateline
from shared.wire.config import wire
from tests.support.factories import wire_item


def first_words(edition: str, body: str = "<p>Ministers agreed.</p>", *, dateline: str = "", **fields: object) -> str:
    item = wire_item(**fields).model_copy(update={"dateline": dateline})
    return with_dateline(body, item, edition, is_own=edition == "en", wire=wire())


@pytest.mark.parametrize(
    ("edition", "located", "says"),
    [
        ("en", "RIYADH", "RIYADH (Barq) –"),
        ("ar", "RIYADH", "الرياض (برق) –"),
        ("en", None, "(Barq) –"),
        ("ar", "Nowhere", "(برق) –"),
    ],
)
def test_a_text_begins_with_where_and_who_in_its_edition_s_words(edition: str, located: str | None, says: str) -> None:
    assert first_words(edition, located=located) == f'<p><strong class="dateline">{says}</strong> Ministers agreed.</p>'


@pytest.mark.parametrize(
    "body", ["<p>(MENAFN) He said.</p>", "<p>RIYADH, Nov 25 (Reuters) - He said.</p>", "<p>القاهرة (رويترز) - قال.</p>"]
)
def test_a_text_that_brings_its_own_keeps_it(body: str) -> None:
    assert first_words("en", body, located="RIYADH") == body


def test_a_text_that_begins_with_the_place_does_not_say_it_twice() -> None:
    said = first_words("ar", "<p>مسقط – اتفق الوزراء.</p>", located="MUSCAT")
    assert said == '<p><strong class="dateline">مسقط (برق) –</strong> اتفق الوزراء.</p>'


def test_a_text_without_a_paragraph_gets_one() -> None:
    assert first_words("en", "<ul><li>x</li></ul>").startswith('<p><strong class="dateline">(Barq) –</strong></p>\n<ul>')


@pytest.mark.parametrize(
    ("edition", "dateline", "says"),
    [
        ("en", "RIYADH, Nov 25 (Levant) -", "RIYADH, Nov 25 (Levant) –"),  # a credit of its own stands
        ("en", "RIYADH, Nov 25 –", "RIYADH, Nov 25 (Barq) –"),
        ("ar", "RIYADH, Nov 25", "الرياض (برق) –"),  # elsewhere the place alone
        ("ar", "RIYADH 25 November", "الرياض (برق) –"),
        ("en", "A & B", "A &amp; B (Barq) –"),
    ],
)
def test_a_sender_s_dateline_is_kept_in_its_own_edition(edition: str, dateline: str, says: str) -> None:
    assert says in first_words(edition, dateline=dateline)


def test_a_text_that_begins_with_its_dateline_is_left_as_it_is() -> None:
    body = "<p>RIYADH, Nov 25 – Ministers agreed.</p>"
    assert first_words("en", body, dateline="RIYADH, Nov 25 –") == body


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("Cairo", "القاهرة"),
        ("TRIPOLI", "طرابلس"),
        ("New York", "نيويورك"),
        ("Doha", "الدوحة"),
        ("القاهرة", "القاهرة"),
        ("Nowhere", ""),
    ],
)
def test_cities_have_their_arabic_names(place: str, name: str) -> None:
    assert place_name(place, "ar") == name
    assert place_name(place, "en") == (place if place.isascii() else "")
