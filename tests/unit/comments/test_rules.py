"""What may be sent as a comment: every case that has an outcome of its own."""

from __future__ import annotations

from datetime import date

import pytest

from services.comments.rules import (
    MAX_AT_ONCE,
    MAX_CHARACTERS,
    MAX_NAME,
    MAX_WAITING,
    Comment,
    Outcome,
    SentBefore,
    find_objection,
    hash_sender,
    read_comment,
)


@pytest.mark.parametrize(
    ("name", "text", "outcome"),
    [
        ("", "I was there.", Outcome.EMPTY),
        ("Huda", "", Outcome.EMPTY),
        ("Huda", " \n ", Outcome.EMPTY),
        ("Huda", "x", Outcome.EMPTY),
        ("Huda", "x" * (MAX_CHARACTERS + 1), Outcome.LONG),
        ("Huda", "http://a.example https://b.example", Outcome.LINKS),
        ("Huda", "WWW.a.example and Http://b.example", Outcome.LINKS),
        ("www.spam.example", "I was there.", Outcome.LINKS),
    ],
)
def test_what_cannot_be_taken_has_a_reason(name: str, text: str, outcome: Outcome) -> None:
    assert read_comment(name, text) is outcome


@pytest.mark.parametrize(
    ("name", "text", "comment"),
    [
        ("Huda", "OK", Comment(name="Huda", text="OK")),
        ("هدى", "كنت هناك", Comment(name="هدى", text="كنت هناك")),
        ("Huda", "See https://a.example", Comment(name="Huda", text="See https://a.example")),
        ("Huda", "x" * MAX_CHARACTERS, Comment(name="Huda", text="x" * MAX_CHARACTERS)),
        ("h" * (MAX_NAME + 1), "I was there.", Comment(name="h" * MAX_NAME, text="I was there.")),
        (" Huda\n ", "One.\nTwo.", Comment(name="Huda", text="One.\nTwo.")),
        ("Huda", "nul\x00", Comment(name="Huda", text="nul")),
    ],
)
def test_what_can_be_taken_is_kept_in_characters_that_can_be_kept(name: str, text: str, comment: Comment) -> None:
    assert read_comment(name, text) == comment


@pytest.mark.parametrize(
    ("is_repeated", "from_sender", "waiting", "outcome"),
    [
        (False, 0, 0, None),
        (False, MAX_AT_ONCE - 1, MAX_WAITING - 1, None),
        (False, MAX_AT_ONCE, 0, Outcome.OFTEN),
        (False, 0, MAX_WAITING, Outcome.OFTEN),
        (True, 0, 0, Outcome.AGAIN),
        (True, MAX_AT_ONCE, MAX_WAITING, Outcome.AGAIN),
    ],
)
def test_too_much_and_the_same_again_are_objected_to(
    is_repeated: bool, from_sender: int, waiting: int, outcome: Outcome | None
) -> None:
    assert find_objection(SentBefore(is_repeated=is_repeated, from_sender=from_sender, waiting=waiting)) is outcome


def test_an_address_is_known_again_on_the_same_day_alone() -> None:
    today, tomorrow = date(2026, 11, 30), date(2026, 12, 1)
    assert hash_sender("192.0.2.1", today) == hash_sender("192.0.2.1", today)
    assert len({hash_sender("192.0.2.1", today), hash_sender("192.0.2.1", tomorrow), hash_sender("192.0.2.2", today)}) == 3
    assert b"192" not in hash_sender("192.0.2.1", today)
