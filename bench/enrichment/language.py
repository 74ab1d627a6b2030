"""Languages: is a flash of three words in its edition, or held if it has none?

The texts are the bench's own: `texts/languages.txt`, by which the rules were set; others that were written afterwards and have
shown what kinds of words were missing; and English flashes that are nearly nothing but names from elsewhere. A line that begins
with `#` names the language of those below it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.enrichment.figures import calibration
from services.enrichment.languages import NOTHING_KNOWN, ItemLanguage, identify_language
from shared.wire.config import DEFAULT_FILE, Wire, read_wire

#: where the texts are
FOLDER = Path(__file__).parent / "texts"
_SETS = {
    "by which the rules were set": "languages.txt",
    "written afterwards": "languages_written_afterwards.txt",
    "English flashes of foreign names": "languages_foreign_names.txt",
}
#: other wires: editions by their tags, the first one first
_EDITIONS = (("en", "ar"), ("en", "ar", "es", "fr"), ("ar", "en"))
#: words of a flash, and of a headline; what is longer has a text
_FLASH, _HEADLINE = 6, 16
_MOST_SHOWN = 12


@dataclass(frozen=True)
class Text:
    """What stands in the headline of an item that says nothing of its language."""

    language: str
    words: str

    @property
    def kind(self) -> str:
        """A flash, perhaps in capitals; a headline; or some sentences."""
        size = len(self.words.split())
        if size <= _FLASH:
            return "flash in capitals" if self.words.isupper() and self.words.lower() != self.words else "flash"
        return "headline" if size <= _HEADLINE else "text"


@dataclass(frozen=True)
class Verdict:
    """What became of a text on a wire."""

    text: Text
    said: ItemLanguage
    edition: str | None  #: None: held, as no edition is in its language

    def is_right(self, wire: Wire) -> bool:
        """In its own edition; where it has none, held under its own language."""
        ours = wire.edition_of(self.text.language)
        return self.edition == ours and (ours is not None or self.said.language.split("-")[0] == self.text.language)


def measure() -> Iterator[str]:
    """Lines of the report."""
    for name, file in _SETS.items():
        texts = read(FOLDER / file)
        languages = len({text.language for text in texts})
        yield f"language of texts, {name}: {len(texts)} in {languages} languages"
        for editions in _EDITIONS:
            yield from _on(wire_of(editions), texts)


def read(file: Path) -> list[Text]:
    """A file's texts, in their order."""
    language = ""
    texts: list[Text] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            language = line.removeprefix("# ")
        elif line:
            texts.append(Text(language, line))
    return texts


def wire_of(editions: Sequence[str]) -> Wire:
    """The wire as it comes, with other editions."""
    wire = read_wire(DEFAULT_FILE)
    pattern = next(iter(wire.editions.values()))
    return wire.model_copy(update={"editions": {tag: wire.editions.get(tag, pattern) for tag in editions}})


def verdicts_on(wire: Wire, texts: Sequence[Text]) -> list[Verdict]:
    """What becomes of texts of which nothing else is known."""
    identified = [identify_language("", f"{text.words}. ", NOTHING_KNOWN, wire) for text in texts]
    return [Verdict(text, said, wire.edition_of(said.language)) for text, said in zip(texts, identified, strict=True)]


def _on(wire: Wire, texts: Sequence[Text]) -> Iterator[str]:
    began = time.process_time()
    verdicts = verdicts_on(wire, texts)
    took = time.process_time() - began
    wrong = [verdict for verdict in verdicts if not verdict.is_right(wire)]
    hidden = [one for one in wrong if one.edition is None and wire.edition_of(one.text.language)]
    shown = [one for one in wrong if one.edition and not wire.edition_of(one.text.language)]
    yield (
        f"  editions {', '.join(wire.editions)}: accuracy {1 - len(wrong) / len(texts):.4f}; of the wire's own in no edition"
        f" {len(hidden)}; of others in an edition {len(shown)}; {took / len(texts) * 1e6:.0f} µs each"
    )
    yield f"    wrong by kind: {_by_kind(wrong, texts)}"
    yield f"    {calibration([(one.said.confidence, one not in wrong) for one in verdicts])}"
    others = [one for one in wrong if one not in hidden and one not in shown]
    for one in (*hidden, *shown, *others)[:_MOST_SHOWN]:
        yield f"    {one.text.language} as {one.edition or one.said.language} ({one.said.by}): {one.text.words[:60]}"


def _by_kind(wrong: Sequence[Verdict], texts: Sequence[Text]) -> str:
    all_of, wrong_of = Counter(text.kind for text in texts), Counter(one.text.kind for one in wrong)
    return ", ".join(f"{kind} {wrong_of[kind]} of {times}" for kind, times in sorted(all_of.items()))
