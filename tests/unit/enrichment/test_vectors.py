"""Vectors of words."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from services.enrichment import vectors
from services.enrichment.vectors import DIMENSIONS, LONGEST_WORD, Vectors, package_vectors
from shared.errors import ConfigurationError


def of(*words: str) -> vectors.Vector:
    return package_vectors().of_text(dict.fromkeys(words, 1.0))[0]


def test_a_text_has_a_vector_of_length_one_and_is_known_by_its_words() -> None:
    vector, known = package_vectors().of_text({"oil": 1.0, "refinery": 2.0})
    assert vector.shape == (DIMENSIONS,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert known > 1


@pytest.mark.parametrize("word", ["", "the", "1987", "<", "x" * (LONGEST_WORD + 1), "النفط", "石油"])
def test_what_says_nothing_has_no_vector(word: str) -> None:
    vector, known = package_vectors().of_text({word: 1.0})
    assert not vector.any()
    assert known == 0


@pytest.mark.parametrize("word", ["blair", "opec", "oil", "bbc", "naïve", "kenteris"])
def test_a_word_is_the_same_in_any_case(word: str) -> None:
    assert (
        package_vectors().pieces_of(word)
        == package_vectors().pieces_of(word.title())
        == package_vectors().pieces_of(word.upper())
    )


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [("oil", "petroleum", "striker"), ("goal", "football", "inflation"), ("minister", "parliament", "guitar")],
)
def test_words_that_mean_nearly_the_same_lie_near_each_other(word: str, near: str, far: str) -> None:
    assert of(word) @ of(near) > of(word) @ of(far) + 0.1


def test_shares_of_words_add_up_to_the_whole() -> None:
    words = {"oil": 1.0, "goal": 2.0, "the": 5.0}
    direction = of("petroleum")
    shares = package_vectors().shares(words, direction)
    whole = sum(np.array([so_often * (_sum(word) @ direction) for word, so_often in words.items()]))
    assert shares.keys() == {"oil", "goal"}
    assert sum(shares.values()) == pytest.approx(float(whole), rel=1e-3)


def _sum(word: str) -> vectors.Vector:
    vector, _ = package_vectors().of_text({word: 1.0})
    pieces = package_vectors().pieces_of(word)
    table = np.asarray(package_vectors()._table)
    return vector * np.linalg.norm(table[list(pieces)].astype(np.float32).sum(axis=0)) if pieces else vector


def test_more_pieces_than_are_kept_at_hand_are_read_from_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    table = (np.arange(320 * DIMENSIONS) % 7).astype(np.float16).reshape(320, DIMENSIONS)
    pieces = {f"▁w{number}": number for number in range(320)}
    monkeypatch.setattr(vectors, "_MOST_AT_HAND", 3)
    few = Vectors(table, pieces)
    monkeypatch.undo()
    assert (few._rows([300, 301]) == table[[300, 301]]).all()
    monkeypatch.setattr(vectors, "_MOST_AT_HAND", 3)
    assert (few._rows([310, 300, 311, 312, 319]) == table[[310, 300, 311, 312, 319]]).all()


def test_a_hostile_word_takes_no_longer_than_a_long_one() -> None:
    began = time.process_time()
    for letter in "abcdefghij":
        package_vectors().of_text({letter * LONGEST_WORD: 1.0, letter * 1_000_000: 1.0})
    assert time.process_time() - began < 0.5


def test_the_table_is_mapped_and_the_package_is_not_imported() -> None:
    code = "import sys; from services.enrichment.vectors import package_vectors; v = package_vectors()._table; \
print(type(v).__name__, 'wordllama' in sys.modules, v.flags.writeable)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["memmap", "False", "False"]


@pytest.mark.parametrize("content", [b"", b"\x00" * 8, b"\x02\x00\x00\x00\x00\x00\x00\x00{}", b"\xff" * 64])
def test_a_file_that_is_no_table_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    for name in (vectors._TABLE, vectors._PIECES):
        (tmp_path / name).parent.mkdir()
    (tmp_path / vectors._TABLE).write_bytes(content)
    (tmp_path / vectors._PIECES).write_text('{"model": {"vocab": {"a": 0}}}')
    (tmp_path / "__init__.py").write_text("")
    monkeypatch.setattr(vectors, "find_spec", lambda _: type("Spec", (), {"origin": str(tmp_path / "__init__.py")}))
    with pytest.raises(ConfigurationError, match="not as expected"):
        package_vectors.__wrapped__()


def test_a_package_that_is_not_there_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match="wordllama"):
        package_vectors.__wrapped__()
