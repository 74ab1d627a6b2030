"""Which sections a text belongs to."""

from __future__ import annotations

import time

import pytest

from services.enrichment.sections import Sections, Text, sections_of_all, sorter
from shared.contracts.finding import values_of
from shared.contracts.item import Concept
from shared.wire.config import DEFAULT_FILE, read_wire
from shared.wire.sections import NoSection, Section
from shared.wire.topics import Topics

WIRE = read_wire(DEFAULT_FILE)

ENGLISH = [
    ("Brent crude settles above $90 a barrel", "oil-energy"),
    ("OPEC+ delays output increase", "oil-energy"),
    ("QatarEnergy signs LNG supply deal with Sinopec", "oil-energy"),
    ("Central bank holds interest rates", "economy"),
    ("Retailer's shares fall after profit warning", "economy"),
    ("Palm oil futures slip in Kuala Lumpur", "economy"),
    ("Parliament rejects immigration bill", "politics"),
    ("Foreign ministers meet for ceasefire talks", "politics"),
    ("Striker's late goal sends club into cup final", "sport"),
    ("Sprinter banned after missed drugs test", "sport"),
    ("Actress wins best film award at festival", "entertainment"),
    ("Singer's new album tops the charts", "entertainment"),
    ("Final 1986 Crop U.S. Cotton Ginnings", "economy"),
]
NONE = [
    "Earthquake of magnitude 6 strikes off Chile",
    "New smartphone has a better camera, users say",
    "Scientists find fossil of unknown dinosaur",
    "Police arrest suspect after murder of student",
    "Heavy rain and floods close schools",
    "Doctors test vaccine against malaria",
    "Hello",
    "",
]
ARABIC = [
    ("أوبك ترفع إنتاج النفط", "oil-energy"),
    ("المصرف المركزي يرفع أسعار الفائدة", "economy"),
    ("انتخاب رئيس جديد للبرلمان", "politics"),
    ("والمنتخب يفوز بكأس آسيا لكرة القدم", "sport"),
    ("الفيلم يفوز بجائزة في مهرجان سينمائي", "entertainment"),
]


def sort(headline: str, text: str = "", *, subjects: tuple[Concept, ...] = ()) -> Sections:
    (one,) = sections_of_all(
        (Text(headline=headline, text=text, subjects=subjects),),
        sections=WIRE.sections,
        topics=WIRE.topics,
        no_section=WIRE.no_section,
    )
    return one


@pytest.mark.parametrize(("headline", "section"), ENGLISH + ARABIC)
def test_a_headline_alone_is_sorted(headline: str, section: str) -> None:
    assert values_of(sort(headline).found)[:1] == (section,)


@pytest.mark.parametrize("headline", NONE)
def test_what_is_in_none_of_the_wires_sections_stays_out(headline: str) -> None:
    assert sort(headline).found == ()


@pytest.mark.parametrize(("headline", "section"), ENGLISH)
def test_capitals_change_nothing(headline: str, section: str) -> None:
    as_it_is, loud, quiet = (sort(text).found for text in (headline, headline.upper(), headline.lower()))
    assert [(f.value, f.confidence) for f in as_it_is] == [(f.value, f.confidence) for f in loud]
    assert [(f.value, f.confidence) for f in as_it_is] == [(f.value, f.confidence) for f in quiet]
    assert as_it_is[0].value == section


@pytest.mark.parametrize(("headline", "section"), ENGLISH + ARABIC)
def test_a_headline_that_is_repeated_in_the_text_says_the_same(headline: str, section: str) -> None:
    assert values_of(sort(headline, f"{headline}. {headline}.").found)[:1] == (section,)


@pytest.mark.parametrize(("headline", "section"), ENGLISH + ARABIC)
def test_evidence_is_words_of_the_text(headline: str, section: str) -> None:
    evidence = sort(headline).found[0].evidence
    assert evidence
    for words in evidence:
        assert all(word in headline for word in words.split())


def test_the_strongest_words_come_first() -> None:
    found = sort("Oil falls", "Traders said a barrel of crude oil and natural gas cost less, the refinery said.").found[0]
    assert found.evidence[0] == "Oil"
    assert {"crude oil", "natural gas"} < set(found.evidence)


def test_a_story_may_belong_to_two_sections() -> None:
    text = (
        "The oil minister said OPEC ministers would cut crude output by a million barrels a day. The central bank and the stock "
        "market expect inflation, lower growth, a budget deficit and higher interest rates; shares fell. Crude exports rose."
    )
    found = values_of(sort("Oil price lifts inflation, central bank says", text).found)
    assert set(found) == {"oil-energy", "economy"}


def test_what_is_not_clear_is_left_to_the_desk_with_choices() -> None:
    sorted_ = sort("A quiet day", "Oil.")
    assert sorted_.found == ()
    assert values_of(sorted_.likeliest)[:1] == ("oil-energy",)
    assert all(0 < finding.confidence < 1 and finding.evidence for finding in sorted_.likeliest)


def test_a_text_of_nothing_known_has_no_choices() -> None:
    assert sort("1234 :", "ظغثذ خقشه " * 50) == Sections()


def test_subjects_outrank_words() -> None:
    sorted_ = sort("Oil price rises", subjects=(Concept(code="medtop:15000000", name="sport"),))
    assert [(f.value, f.method, f.confidence) for f in sorted_.found] == [("sport", "subject", 1.0)]
    assert sorted_.likeliest == ()


def test_several_at_once_are_sorted_as_one_by_one() -> None:
    texts = [Text(headline=headline) for headline, _ in ENGLISH + ARABIC]
    texts.insert(3, Text(headline="x", subjects=(Concept(name="Sport"),)))
    together = sections_of_all(texts, sections=WIRE.sections, topics=WIRE.topics, no_section=WIRE.no_section)
    for text, one in zip(texts, together, strict=True):
        alone = sort(text.headline, subjects=text.subjects)
        assert values_of(one.found) == values_of(alone.found)
        assert [f.confidence for f in one.found] == pytest.approx([f.confidence for f in alone.found], abs=1e-3)
    assert sections_of_all((), sections=WIRE.sections, topics=WIRE.topics, no_section=WIRE.no_section) == []


def test_a_section_of_three_sentences_works_without_words() -> None:
    sections = {
        "health": Section(
            name={"en": "Health"},
            descriptions=(
                "Doctors treat patients in hospital for cancer, diabetes and heart disease",
                "A vaccine protects against the virus; an outbreak of the disease spreads",
                "Medical researchers test a new drug; nurses and surgeons in clinics",
            ),
        ),
        "motoring": Section(
            name={"en": "Motoring"},
            descriptions=(
                "The new car has an electric engine and a range of miles",
                "Drivers, motorways, traffic and petrol",
                "The sports car, the truck and the motorcycle were tested on the road",
            ),
        ),
    }
    nothing = NoSection(descriptions=("The government and parliament", "Football match and goals", "Shares, banks and profits"))
    texts = (
        "Hospitals postpone surgery as flu infections rise, doctors say; patients wait for medicine and nurses are ill.",
        "The carmaker shows a hybrid saloon with four doors; drivers praise its brakes, gearbox and steering wheel.",
        "The prime minister won a vote in parliament as the government and the opposition argued over the election law.",
    )
    found = sections_of_all(
        [Text(headline="", text=text) for text in texts], sections=sections, topics=Topics(), no_section=nothing
    )
    assert [values_of(one.found) for one in found] == [("health",), ("motoring",), ()]


def test_a_wire_of_no_sections_has_none() -> None:
    assert sections_of_all((Text(headline="Oil"),), sections={}, topics=Topics(), no_section=NoSection()) == [Sections()]


def test_the_sorter_is_made_once_for_a_wire() -> None:
    assert sorter(WIRE.sections, WIRE.no_section) is sorter(WIRE.sections, WIRE.no_section)
    assert sorter(WIRE.sections, WIRE.no_section) is not sorter(dict(WIRE.sections), WIRE.no_section)


@pytest.mark.parametrize("part", ["oil ", "x", "a b c ", "Corp <", "النفط ", ". ", "crude oil price "])
def test_a_long_text_costs_no_more_than_its_beginning(part: str) -> None:
    sort(part, part * 1_000)
    began = time.process_time()
    sort(part * 1_000_000, part * 1_000_000)
    assert time.process_time() - began < 0.25
