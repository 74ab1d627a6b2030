"""What must not be translated is not."""

from __future__ import annotations

import pytest

from services.translation.glossary.terms import Term
from services.translation.text.protection import mask


@pytest.mark.parametrize(
    "kept",
    [
        "https://x.example/a?b=1", "www.x.example", "desk@x.example", "NASDAQ: AAPL", "$AAPL", "@barq", "#COP31",
        "BARQ25112026000000000017ID0000000001", "SPX-500-2X",
    ],
)  # fmt: skip
def test_addresses_tickers_and_codes_come_through(kept: str) -> None:
    masked = mask(f"He said ({kept}) so.")
    assert kept not in masked.text
    assert masked.restore(masked.text) == f"He said ({kept}) so."
    assert masked.lost_parts(masked.text.replace('<img id="1">', "")) == [kept]


def test_reuters_codes_come_through() -> None:
    masked = mask("Shares of &lt;AAPL.O&gt; rose.")
    assert masked.text == 'Shares of <img id="1"> rose.'


@pytest.mark.parametrize("word", ["5.5 percent", "The U.S.", "G-7", "2026", "OPEC", "Kim Jong-un"])
def test_words_and_figures_are_left_to_the_engine(word: str) -> None:
    assert mask(f"It is {word} now.").text == f"It is {word} now."


def test_terms_stand_in_their_places_with_their_translations() -> None:
    terms = [Term("Security Council", ("مجلس الأمن",)), Term("Council", ("المجلس",))]
    masked = mask('The <em id="1">Security Council</em> met, the Council said.', terms)
    assert masked.text == 'The <em id="1"><img id="2"></em> met, the <img id="3"> said.'
    assert (
        masked.restore('اجتمع <em id="1"><img id="2"></em> وقال <img id="3">') == 'اجتمع <em id="1">مجلس الأمن</em> وقال المجلس'
    )
