"""A person's translation as it comes in: which story and revision it is of, whether it can be taken, and keeping it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.translation.memory.align import align, lessons_of
from services.translation.memory.queries import remember
from services.translation.people.queries import KeptTranslation, Translatable
from services.translation.policy import is_machines, waits_for_text
from services.translation.queries import NewTranslation, write_translation
from services.translation.targets import Target, build_text, pair_segments, signature_of
from services.translation.text.segments import SegmentedText, StoryText, clean_sentence, split_text, tags_of
from shared.contracts.problem import Conflict, FieldError, Gone, InvalidRequest, NotFound
from shared.contracts.story import StoryState
from shared.contracts.work import Follow
from shared.language.characters import clean_line
from shared.pipeline import Stage
from shared.queue.unit_of_work import UnitOfWork

# ── What it is of ────────────────────────────────────────────────────────────────────────────────────────────────


def require_translatable(found: Translatable | None, story: str, edition: str) -> Translatable:
    """The story, if the edition may have a text of it. Raises Refused: there is none (404), it is the edition's own (409), or
    it was killed (410).
    """
    if found is None:
        raise NotFound(f"There is no story {story[:80]!r}.")
    if found.state is StoryState.KILLED:
        raise Gone(f"The story {story} was killed; no text of it is taken any more.")
    if edition == found.edition:
        raise Conflict(f"The story was written for the edition {edition!r}: push a new version of it instead.")
    return found


def require_revision(source: Translatable, revision: int | None) -> int:
    """The revision that a translation is of; the newest, if it says none. Raises InvalidRequest (422) for one to come."""
    revision = revision or source.newest_revision
    if revision > source.newest_revision:
        raise InvalidRequest(
            f"The story is at revision {source.newest_revision}.",
            errors=(FieldError.at("revision", f"at most {source.newest_revision}"),),
        )
    return revision


def segments_of(source: Translatable, edition: str) -> SegmentedText:
    """The story's sentences; of a language that nobody knows, they end where the edition's do."""
    return split_text(source.text, source.language or edition)


# ── What is kept of it ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class PersonsText:
    """A person's translation, and what the memory learns of it when readers have it."""

    translation: NewTranslation
    lessons: Mapping[str, str]


def build_from_whole(source: Translatable, edition: str, text: StoryText, *, translator: str, revision: int) -> PersonsText:
    """A text that was sent as a whole.

    It is kept sentence by sentence, and remembered so, if its paragraphs are those of the story's present text.
    """
    segments = segments_of(source, edition)
    by_index = align(segments, text, edition) if revision == source.revision else None
    targets = [
        Target(text=(by_index or {}).get(index, ""), origin="human", by=translator) for index in range(len(segments.segments))
    ]
    translation = NewTranslation(
        story=source.story,
        edition=edition,
        revision=revision,
        method="human",
        translator=translator,
        text=text,
        segments=pair_segments(segments, targets) if by_index else (),
    )
    return PersonsText(translation, lessons_of(segments, by_index or {}))


def build_from_sentences(
    source: Translatable,
    edition: str,
    typed: Sequence[str],
    *,
    kept: KeptTranslation | None,
    revision: int,
    translator: str,
    is_signed: bool,
) -> PersonsText:
    """A text that was sent sentence by sentence: one for each of the story's, in their order; empty: not yet.

    `kept` says whose each sentence was. Raises Refused: the sentences are of another revision (409), or not whole though they
    are signed (422).
    """
    text = segments_of(source, edition)
    if require_revision(source, revision) != source.revision or len(typed) != len(text.segments):
        raise Conflict(
            f"It is at revision {source.revision} with {len(text.segments)} sentences. Load it again: what you wrote of"
            " sentences that are the same is in the memory if it was signed.",
        )
    sentences = [clean_sentence(clean_line(sentence)) for sentence in typed]
    if is_signed:
        require_whole(text, sentences)
    targets = attribute(text, sentences, kept=kept, translator=translator)
    is_machines_text = is_signed and is_machines(targets)
    translation = NewTranslation(
        story=source.story,
        edition=edition,
        revision=source.revision,
        method="machine" if is_machines_text else "human",
        translator=signature_of(targets) if is_machines_text else translator,
        text=build_text(text, targets),
        segments=pair_segments(text, targets),
        is_ready=is_signed,
        reviewed_by=translator if is_machines_text else "",
    )
    return PersonsText(translation, lessons_of(text, dict(enumerate(sentences))))


def require_whole(text: SegmentedText, sentences: Sequence[str]) -> None:
    """Raises InvalidRequest (422) if a sentence is missing, or has other elements than its source.

    A sentence may be empty where the first of its paragraph is not. All else is a person's to judge.
    """
    first_of = {index: block[0] for block in text.blocks() for index in block}
    errors = [
        FieldError.at(f"targets.{index}", "is empty")
        for index in range(len(sentences))
        if not sentences[first_of[index]] and not sentences[index]
    ]
    errors += [
        FieldError.at(f"targets.{index}", f"needs these elements, each once: {' '.join(tags_of(segment.source)) or 'none'}")
        for index, segment in enumerate(text.segments)
        if sentences[index] and sorted(tags_of(segment.source)) != sorted(tags_of(sentences[index]))
    ]
    if errors:
        raise InvalidRequest("Some sentences are not ready to be signed.", errors=tuple(errors))


def attribute(text: SegmentedText, sentences: Sequence[str], *, kept: KeptTranslation | None, translator: str) -> list[Target]:
    """Who wrote each sentence: what stands as a machine left it is still the machine's."""
    before = {segment.sentence: segment.target for segment in (kept.segments if kept else ())}
    targets = []
    for segment, sentence in zip(text.segments, sentences, strict=True):
        target = before.get(segment.source)
        if target and target.text == sentence and target.origin != "none":
            targets.append(Target(text=sentence, origin=target.origin, by=target.by))
        else:
            targets.append(Target(text=sentence, origin="human" if sentence else "none", by=translator))
    return targets


# ── Keeping it ───────────────────────────────────────────────────────────────────────────────────────────────────


def keep(work: UnitOfWork, source: Translatable, text: PersonsText) -> None:
    """Keep a person's text. If it is for readers, remember what it teaches and have it shown: a story that waited for its first
    text becomes public with it.
    """
    translation = text.translation
    write_translation(work.connection, translation, work.now)
    if not translation.is_ready:
        return
    remember(
        work.connection,
        text.lessons,
        language=source.language,
        edition=translation.edition,
        method="human",
        translator=translation.reviewed_by or translation.translator,
        story=translation.story,
        now=work.now,
    )
    if waits_for_text(source.state, source.doubt):
        follow = Follow(stage=Stage.OPEN, item=source.item, revision=translation.revision)
    else:
        follow = Follow(stage=Stage.RENDER, item=source.item, revision=translation.revision, edition=translation.edition)
    work.follows([follow])
