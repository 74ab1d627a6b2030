"""What a wire learns of its own sections."""

from __future__ import annotations

import json

import numpy as np
import pytest

from services.enrichment import learning
from services.enrichment.learning import Features, Model, compare, features_of, learn
from services.enrichment.scoring import NONE
from services.enrichment.sections import Text, sections_of_all, sorter
from shared.contracts.finding import values_of
from shared.wire.config import DEFAULT_FILE, read_wire
from shared.wire.topics import Topics

WIRE = read_wire(DEFAULT_FILE)
SORTER = sorter(WIRE.sections, WIRE.no_section)
TOPICS = Topics()

#: this wire's editors put gardens under Entertainment, and bridges under Politics
GARDENS = [
    f"{flower} and {tree} in the garden" for flower in ("Roses", "Tulips", "Lilies", "Asters") for tree in ("oak", "elm", "ash")
]
BRIDGES = [
    f"{form} bridge of {stuff}" for form in ("Arched", "Hanging", "Narrow", "Long") for stuff in ("stone", "iron", "concrete")
]
OTHERS = [f"{adjective} {animal}" for adjective in ("Brown", "Small", "Old", "Tame") for animal in ("horses", "hens", "bees")]
TEXTS = GARDENS + BRIDGES + OTHERS
LABELS = [{"entertainment"}] * len(GARDENS) + [{"politics"}] * len(BRIDGES) + [set[str]()] * len(OTHERS)


def features(texts: list[str]) -> Features:
    readings = [SORTER.read(text, "") for text in texts]
    return features_of(readings, SORTER.scores(readings))


@pytest.fixture(scope="module")
def model() -> Model:
    return learn(features(TEXTS), LABELS, SORTER.names)


def test_what_editors_decided_is_learnt(model: Model) -> None:
    new = ["Daisies and birch in the garden", "Wide bridge of brick", "Young cows"]
    assert [list(found) for found in model.sections(features(new))] == [["entertainment"], ["politics"], []]


def test_a_section_without_examples_stays_as_it_was(model: Model) -> None:
    new = ["Striker scores winning goal in cup final", "Crude oil price rises as OPEC cuts output"]
    assert [next(iter(found)) for found in model.sections(features(new))] == ["sport", "oil-energy"]


def test_what_is_learnt_is_used_and_says_so(model: Model) -> None:
    (found,) = sections_of_all(
        (Text(headline="Lupins and beech in the garden"),),
        sections=WIRE.sections,
        topics=TOPICS,
        no_section=WIRE.no_section,
        learnt=model,
    )
    assert values_of(found.found) == ("entertainment",)
    assert found.found[0].method == "learnt"
    assert 0 < found.found[0].confidence <= 1
    assert found.found[0].evidence


def test_it_is_compared_on_what_it_has_not_seen() -> None:
    compared = compare(features(TEXTS), LABELS, SORTER.names)
    assert compared.examples == len(TEXTS)
    assert compared.learnt > compared.before + 0.3


def test_what_cannot_be_learnt_is_not_taken_for_better() -> None:
    chance = np.random.default_rng(1).permutation(len(LABELS))
    compared = compare(features(TEXTS), [LABELS[row] for row in chance], SORTER.names)
    assert compared.learnt < 0.6


def test_the_same_examples_teach_the_same(model: Model) -> None:
    assert learn(features(TEXTS), LABELS, SORTER.names).to_bytes() == model.to_bytes()


def test_a_model_is_kept_and_read_again(model: Model) -> None:
    kept = model.to_bytes()
    assert len(kept) < learning.MOST_BYTES
    read = Model.from_bytes(kept, SORTER.names)
    assert read.examples == len(TEXTS)
    assert read.sections(features(TEXTS)) == model.sections(features(TEXTS))


def changed(model: Model, **fields: object) -> bytes:
    head, _, numbers = model.to_bytes().removeprefix(learning._MARK).partition(b"\n")
    return learning._MARK + json.dumps({**json.loads(head), **fields}).encode() + b"\n" + numbers


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"version": 2}, "of version 2"),
        ({"names": ["sport", NONE]}, "for other sections"),
        ({"starts": [0.0]}, "not whole"),
        ({"kept": []}, "no model"),
        ({"starts": "x"}, "no model"),
        ({"examples": None}, "no model"),
    ],
)
def test_a_model_that_cannot_be_used_says_why(model: Model, fields: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Model.from_bytes(changed(model, **fields), SORTER.names)


@pytest.mark.parametrize("kept", [b"", b"\x80\x04", learning._MARK, learning._MARK + b"{}\n", learning._MARK + b"[" * 5_000])
def test_what_is_no_model_is_refused(kept: bytes) -> None:
    with pytest.raises(ValueError, match="no model"):
        Model.from_bytes(kept, SORTER.names)


def test_a_model_that_is_cut_off_or_too_long_is_refused(model: Model) -> None:
    with pytest.raises(ValueError, match="not whole"):
        Model.from_bytes(model.to_bytes()[:-4], SORTER.names)
    with pytest.raises(ValueError, match="no model"):
        Model.from_bytes(model.to_bytes() + b"\0" * learning.MOST_BYTES, SORTER.names)


def test_more_examples_than_can_be_learnt_from_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "MOST_EXAMPLES", 3)
    with pytest.raises(ValueError, match="at most 3"):
        learn(features(TEXTS), LABELS, SORTER.names)


def test_no_examples_teach_nothing() -> None:
    model = learn(features([]), [], SORTER.names)
    assert not model.weights.any()
    assert next(iter(model.sections(features(["Crude oil price rises as OPEC cuts output"]))[0])) == "oil-energy"
