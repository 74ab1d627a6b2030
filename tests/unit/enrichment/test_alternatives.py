"""One pattern for many words."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from services.enrichment.alternatives import one_of

_words = st.sets(st.text("ab -.", min_size=1, max_size=6), min_size=1, max_size=8)


@given(_words, st.text("ab -.", max_size=40))
def test_it_finds_what_an_alternation_of_the_longest_first_finds(words: set[str], text: str) -> None:
    plain = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    found = [re.findall(rf"(?<![ab])({pattern})(?![ab])", text) for pattern in (plain, one_of(words))]
    assert found[0] == found[1]
