"""What a translation of a whole text teaches: which sentence became which, if the two texts can be laid side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.translation.targets import Target
from services.translation.text.segments import SegmentedText, StoryText, split_text, tags_of

#: between the sentences of a paragraph that is remembered as a whole; no text has this character
_TOGETHER = "\u2029"


def align(source: SegmentedText, target: StoryText, language: str) -> dict[int, str] | None:
    """Lay a person's translation, written in `language`, beside its source.

    Returns the translation's sentences by the indexes of the source's segments, all of them; None if the two do not have the
    same paragraphs with the same elements. Where a paragraph has other sentences than its source, its first segment has all of it
    and the others nothing.
    """
    theirs = split_text(target, language)
    our_blocks, their_blocks = source.blocks(), theirs.blocks()
    if [source.segments[block[0]].part for block in our_blocks] != [theirs.segments[block[0]].part for block in their_blocks]:
        return None
    by_index: dict[int, str] = {}
    for our_block, their_block in zip(our_blocks, their_blocks, strict=True):
        texts = [theirs.segments[index].source for index in their_block]
        if len(our_block) == len(their_block):
            by_index |= dict(zip(our_block, texts, strict=True))
        else:
            by_index |= dict.fromkeys(our_block, "") | {our_block[0]: " ".join(texts)}
        if _elements([source.segments[index].source for index in our_block]) != _elements(texts):
            return None
    return by_index


def _elements(sentences: Sequence[str]) -> list[str]:
    """What a paragraph has of elements, by their names and in no order: a translation may number them in its own."""
    return sorted(tag.partition(" ")[0] for sentence in sentences for tag in tags_of(sentence))


def lessons_of(source: SegmentedText, targets: Mapping[int, str]) -> dict[str, str]:
    """What is remembered of targets by their segments' indexes: sentences, and as wholes the paragraphs whose sentences are not
    one for one. A paragraph that nobody has begun teaches nothing.
    """
    lessons: dict[str, str] = {}
    for block in source.blocks():
        if all(targets.get(index) for index in block):
            lessons |= {source.segments[index].source: targets[index] for index in block}
        elif targets.get(block[0]):
            lessons[join_block(source, block)] = targets[block[0]]
    return lessons


def join_block(source: SegmentedText, block: Sequence[int]) -> str:
    """Under which a paragraph is remembered as a whole."""
    return _TOGETHER.join(source.segments[index].source for index in block)


def keys_of(source: SegmentedText) -> list[str]:
    """What to look for in the memory: a text's sentences, and as wholes its paragraphs of several."""
    wholes = [join_block(source, block) for block in source.blocks() if len(block) > 1]
    return [*(segment.source for segment in source.segments), *wholes]


def spread(source: SegmentedText, remembered: Mapping[str, Target]) -> dict[str, Target]:
    """What is remembered under `keys_of`, sentence by sentence.

    A paragraph that is known as a whole, and not by all its sentences, stands in its first sentence's place.
    """
    known = {segment.source: remembered[segment.source] for segment in source.segments if segment.source in remembered}
    for block in source.blocks():
        whole = remembered.get(join_block(source, block)) if len(block) > 1 else None
        sentences = [source.segments[index].source for index in block]
        if whole and not all(sentence in known for sentence in sentences):
            rest = Target(text="", origin=whole.origin, by=whole.by, is_remembered=True)
            known |= dict.fromkeys(sentences, rest) | {sentences[0]: whole}
    return known
