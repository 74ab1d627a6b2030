"""Which label an item's wording gives it."""

from __future__ import annotations

import pytest

from services.enrichment.labels import labels_of
from shared.contracts.finding import values_of


@pytest.mark.parametrize(
    ("headline", "labels"),
    [
        ("BREAKING: Ministers agree", ("BREAKING",)),
        ("BREAKING - Ministers agree", ("BREAKING",)),
        ("Urgent | Ministers agree", ("BREAKING",)),
        ("عاجل: اتفاق الوزراء", ("BREAKING",)),
        ("عاجل | اتفاق الوزراء", ("BREAKING",)),
        ("UPDATE 2-Ministers agree", ("UPDATE 2",)),
        ("UPDATE 12-Ministers agree", ("UPDATE 12",)),
        ("تحديث 3: اتفاق الوزراء", ("UPDATE 3",)),
        ("UPDATED: Ministers agree", ("UPDATE",)),
        ("CORRECTED-Ministers agree", ("CORRECTION",)),
        ("تصحيح - اتفاق الوزراء", ("CORRECTION",)),
        ("[EXCLUSIVE] Ministers agree", ("EXCLUSIVE",)),
        ("EXCLUSIVE-Ministers agree", ("EXCLUSIVE",)),
        ("ANALYSIS-What ministers agreed", ("ANALYSIS",)),
        ("Analysis: what ministers agreed", ("ANALYSIS",)),
        ("بيان صحفي: اتفاق", ("PRESS RELEASE",)),
        # what only begins so
        ("Breaking the ice in Vienna", ()),
        ("Urgent talks in Vienna", ()),
        ("Flash floods kill two", ()),
        ("Update on the talks", ()),
        ("Exclusive club opens its doors", ()),
        ("خاص بالوزراء", ()),
        ("Correction officers strike", ()),
        ("Analysis of water shows lead", ()),
        ("", ()),
    ],
)
def test_a_headline_says_what_kind_of_news_it_is(headline: str, labels: tuple[str, ...]) -> None:
    assert values_of(labels_of(headline, "Ministers agreed in Vienna.")) == labels


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("VIENNA, Nov. 30, 2026 /PRNewswire/ -- Example Corp. said", ("PRESS RELEASE",)),
        ("VIENNA--(BUSINESS WIRE)--Example Corp. said", ("PRESS RELEASE",)),
        ("VIENNA--(Business Wire)--Example Corp. said", ("PRESS RELEASE",)),
        ("VIENNA, Nov. 30, 2026 (GLOBE NEWSWIRE) -- Example Corp. said", ("PRESS RELEASE",)),
        ("Example Corp. bought PR Newswire in Vienna.", ()),
        ("x " * 200 + "/PRNewswire/ --", ()),
    ],
)
def test_a_text_says_who_distributes_it(text: str, labels: tuple[str, ...]) -> None:
    assert values_of(labels_of("Example buys", text)) == labels


def test_a_release_that_is_corrected_is_both() -> None:
    assert values_of(labels_of("CORRECTION: Example buys", "VIENNA /PRNewswire/ -- Example")) == ("CORRECTION", "PRESS RELEASE")
