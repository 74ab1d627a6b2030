"""A model that the tests make: a whole transformer whose weights are written by hand so that it translates word for word.

Its encoder keeps word and place apart, its decoder looks from each place to the same place of the source, and what it finds there
is mapped through a dictionary. Everything that loads and runs it is what loads and runs a real one.
"""

from __future__ import annotations

import io
from pathlib import Path

import ctranslate2
import numpy as np
import sentencepiece

#: word for word; the last word carries its full stop
DICTIONARY = {
    "Ministers": "الوزراء", "agree": "اتفقوا", "on": "على", "output": "الإنتاج", "They": "إنهم", "met": "اجتمعوا", "in": "في",
    "Riyadh.": "الرياض.", "the": "هذه", "city.": "المدينة.", "agreed": "موافقون", "today.": "اليوم.", "left": "غادروا",
}  # fmt: skip
_SPECIAL = ("<unk>", "<s>", "</s>")
_PLACES = 32
_LOUD = 200.0


def make(folder: Path) -> None:
    """Write the model and its pieces."""
    folder.mkdir(parents=True)
    for name, words in (("source", list(DICTIONARY)), ("target", list(DICTIONARY.values()))):
        (folder / f"{name}.spm").write_bytes(_pieces(words))
    spec = _spec()
    spec.register_source_vocabulary([*_SPECIAL, *(f"▁{word}" for word in DICTIONARY)])
    spec.register_target_vocabulary([*_SPECIAL, *(f"▁{word}" for word in DICTIONARY.values())])
    spec.validate()
    spec.save(str(folder))


def _pieces(words: list[str]) -> bytes:
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([" ".join(words)] * 3), model_writer=written, model_type="word",
        vocab_size=len(set(words)) + 3, hard_vocab_limit=False, minloglevel=2,
    )  # fmt: skip
    return written.getvalue()


def _spec() -> ctranslate2.specs.TransformerSpec:
    words = len(_SPECIAL) + len(DICTIONARY)
    width = words + _PLACES
    spec = ctranslate2.specs.TransformerSpec.from_config((1, 1), 1, pre_norm=True)
    zeros = np.zeros((width, width), np.float32)
    nothing = np.zeros(width, np.float32)
    word = np.eye(words, width, dtype=np.float32)
    place = np.eye(_PLACES, width, words, dtype=np.float32)
    of_words, of_places = zeros.copy(), zeros.copy()
    of_words[:words, :words] = np.eye(words)
    of_places[words:, words:] = np.eye(_PLACES)
    for side, embedding in ((spec.encoder, word), (spec.decoder, np.zeros_like(word))):
        embeddings = side.embeddings[0] if isinstance(side.embeddings, list) else side.embeddings
        embeddings.weight = embedding
        side.scale_embeddings = np.dtype("int8").type(0)
        side.position_encodings.encodings = place
        _norm(side.layer_norm, width)
        (layer,) = side.layer
        _norm(layer.self_attention.layer_norm, width)
        _linear(layer.self_attention.linear[0], np.vstack([zeros] * 3), np.zeros(width * 3, np.float32))
        _linear(layer.self_attention.linear[1], zeros, nothing)
        _norm(layer.ffn.layer_norm, width)
        _linear(layer.ffn.linear_0, zeros, nothing)
        _linear(layer.ffn.linear_1, zeros, nothing)
    look = spec.decoder.layer[0].attention
    _norm(look.layer_norm, width)
    _linear(look.linear[0], of_places * _LOUD, nothing)
    _linear(look.linear[1], np.vstack([of_places, of_words]), np.zeros(width * 2, np.float32))
    _linear(look.linear[2], of_words * _LOUD, nothing)
    _linear(spec.decoder.projection, word, np.zeros(words, np.float32))
    return spec


def _norm(norm: object, width: int) -> None:
    norm.gamma, norm.beta = np.ones(width, np.float32), np.zeros(width, np.float32)  # type: ignore[attr-defined]


def _linear(linear: object, weight: np.ndarray, bias: np.ndarray) -> None:
    linear.weight, linear.bias = weight.astype(np.float32), bias  # type: ignore[attr-defined]
