"""CTranslate2 with a model on this machine: OPUS-MT, NLLB and their like (https://opennmt.net/CTranslate2/).

A model is a folder: `model.bin` with its vocabulary, and SentencePiece's pieces as `source.spm` and `target.spm`, or one file for
both. It is loaded once in each worker, in eight bits. Such models know plain sentences only, so what stands between elements is
translated piece by piece.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import ctranslate2
import sentencepiece

from services.translation.engines.protocol import EngineError
from services.translation.glossary.terms import Term

_TAG = re.compile(r"(<[^<>]*+>)")
_SHARED = ("sentencepiece.bpe.model", "sentencepiece.model", "spm.model")
_BEAM = 4
_MAX_TOKENS = 512


class CTranslate2:
    """One local model, for one pair of languages or, with prefixes, for many."""

    def __init__(
        self,
        model: str,
        *,
        models: str,
        source_prefix: Sequence[str] = (),
        source_suffix: Sequence[str] = ("</s>",),
        target_prefix: Sequence[str] = (),
    ) -> None:
        self._folder = Path(models) / model  # an absolute path stays itself
        self._source_prefix, self._source_suffix = list(source_prefix), list(source_suffix)
        self._target_prefix = list(target_prefix)

    def translate(self, texts: Sequence[str], *, source: str, target: str, terms: Sequence[Term]) -> list[str]:
        """All runs of words of all texts in one batch."""
        pieces = [_TAG.split(text) for text in texts]
        runs = [(i, j) for i, parts in enumerate(pieces) for j, part in enumerate(parts) if j % 2 == 0 and part.strip()]
        translations = self._translate_sentences([html.unescape(pieces[i][j]).strip() for i, j in runs])
        for (i, j), sentence in zip(runs, translations, strict=True):
            before, _, after = pieces[i][j].partition(pieces[i][j].strip())
            pieces[i][j] = f"{before}{html.escape(sentence, quote=False)}{after}"
        return ["".join(parts) for parts in pieces]

    def _translate_sentences(self, sentences: Sequence[str]) -> list[str]:
        translator, encode, decode = _load(self._folder)
        tokens = [[*self._source_prefix, *encode(sentence), *self._source_suffix] for sentence in sentences]
        prefix = [self._target_prefix] * len(tokens) if self._target_prefix else None
        try:
            results = translator.translate_batch(
                tokens,
                target_prefix=prefix,
                beam_size=_BEAM,
                max_decoding_length=_MAX_TOKENS,
                max_batch_size=2048,
                batch_type="tokens",
            )
        except (RuntimeError, ValueError) as broken:
            raise EngineError(f"{self._folder} failed: {broken}") from broken
        return [decode(result.hypotheses[0][len(self._target_prefix) :]) for result in results]


_Encode = Callable[[str], list[str]]
_Decode = Callable[[list[str]], str]


@cache
def _load(folder: Path) -> tuple[ctranslate2.Translator, _Encode, _Decode]:
    """The model and its tokens, once in each process. Raises EngineError that says what is missing."""
    shared = next((folder / name for name in _SHARED if (folder / name).exists()), None)
    source, target = (shared, shared) if shared else (folder / "source.spm", folder / "target.spm")
    missing = [path.name for path in (folder / "model.bin", source, target) if not path.exists()]
    if missing:
        raise EngineError(f"the model {folder} has no {', '.join(missing)}: `barq model add` fetches one")
    try:
        translator = ctranslate2.Translator(str(folder), device="cpu", compute_type="int8", inter_threads=1)
        own, theirs = (sentencepiece.SentencePieceProcessor(model_file=str(path)) for path in (source, target))
    except (RuntimeError, OSError) as broken:
        raise EngineError(f"the model {folder} cannot be loaded: {broken}") from broken
    return translator, lambda text: own.encode(text, out_type=str), lambda pieces: str(theirs.decode(pieces))
