"""What a person sees of a change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.language.difference import Passage, difference


def test_a_changed_word_is_removed_and_added_between_what_stayed() -> None:
    assert difference("It was 100 barrels.", "It was 10 barrels.") == [
        Passage(kind="same", text="It was "),
        Passage(kind="removed", text="100"),
        Passage(kind="added", text="10"),
        Passage(kind="same", text=" barrels."),
    ]


@given(st.text("ab \n", max_size=60), st.text("ab \n", max_size=60))
def test_both_texts_can_be_read_from_their_difference(before: str, after: str) -> None:
    passages = difference(before, after)
    assert "".join(p.text for p in passages if p.kind != "added") == before
    assert "".join(p.text for p in passages if p.kind != "removed") == after
