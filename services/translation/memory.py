"""What a translation of a whole text teaches: which sentence became which, if the two texts can be laid side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.translation.engines import Text
from services.translation.segments import Cut, cut, tags_of
from services.translation.translating import Target

#: between the sentences of a paragraph that is remembered as a whole; no text has this sign
_TOGETHER = "\u2029"


def aligned(source: Cut, target: Text, language: str) -> dict[int, str] | None:
    """The sentences of a person's translation by the places of the source's; None if the two do not have the same paragraphs.

    Where a paragraph has other sentences than its source, its first sentence has all of it and the others nothing.
    """
    theirs = cut(target, language)
    ours_by_block, theirs_by_block = source.blocks(), theirs.blocks()
    if [source.segments[b[0]].part for b in ours_by_block] != [theirs.segments[b[0]].part for b in theirs_by_block]:
        return None
    found: dict[int, str] = {}
    for ours, said in zip(ours_by_block, theirs_by_block, strict=True):
        texts = [theirs.segments[place].source for place in said]
        if len(ours) == len(said):
            found |= dict(zip(ours, texts, strict=True))
        else:
            found |= dict.fromkeys(ours, "") | {ours[0]: " ".join(texts)}
    if any(sorted(_all_tags([source.segments[p].source for p in ours])) != sorted(_all_tags([found[p] for p in ours]))
           for ours in ours_by_block):  # fmt: skip
        return None
    return found


def _all_tags(sources: Sequence[str]) -> list[str]:
    return [tag.partition(" ")[0] for source in sources for tag in tags_of(source)]


def lessons(source: Cut, targets: Mapping[int, str]) -> dict[str, str]:
    """What is remembered of it: sentences, and as wholes the paragraphs whose sentences are not one for one."""
    learnt: dict[str, str] = {}
    for block in source.blocks():
        if all(targets.get(place) for place in block):
            learnt |= {source.segments[place].source: targets[place] for place in block}
        elif targets.get(block[0]):
            learnt[together(source, block)] = targets[block[0]]
    return learnt


def together(source: Cut, block: Sequence[int]) -> str:
    """Under which a paragraph is remembered as a whole."""
    return _TOGETHER.join(source.segments[place].source for place in block)


def wholes(source: Cut) -> list[str]:
    """What else to look for in the memory: the paragraphs of several sentences, as wholes."""
    return [together(source, block) for block in source.blocks() if len(block) > 1]


def spread(source: Cut, remembered: Mapping[str, Target]) -> dict[str, Target]:
    """What is remembered, sentence by sentence: a paragraph that is known as a whole stands in its first sentence's place."""
    known = {segment.source: remembered[segment.source] for segment in source.segments if segment.source in remembered}
    for block in source.blocks():
        whole = remembered.get(together(source, block)) if len(block) > 1 else None
        sentences = [source.segments[place].source for place in block]
        if whole and not all(sentence in known for sentence in sentences):
            rest = Target(text="", origin=whole.origin, by=whole.by, is_remembered=True)
            known |= dict.fromkeys(sentences, rest) | {sentences[0]: whole}
    return known
