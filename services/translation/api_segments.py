"""The translators' desk by HTTP: what waits, a story sentence by sentence, saving and signing it, XLIFF out and in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from services.translation import memory, store, store_memory, xliff
from services.translation.api_keeping import Translator, keep, revision_of, translatable
from services.translation.gates import faults_of
from services.translation.glossary import Term, places, terms_in
from services.translation.segments import Cut, cut, inline, tags_of, words_of
from services.translation.store import Translatable, Translation
from services.translation.translating import Target, segments_json, signature_of, text_of
from shared import log
from shared.archive.database import engine
from shared.contracts.item import Line
from shared.contracts.problem import Conflict, FieldError, InvalidRequest
from shared.language.characters import clean_line
from shared.queue.unit_of_work import unit_of_work
from shared.web.keys import Key, Role
from shared.web.problems import must_be_edition, needs
from shared.wire.config import wire

router = APIRouter()

Reader = Annotated[Key, Depends(needs(Role.NEWSROOM))]

#: sentences of the memory that are shown beside one of a story: so much alike, and so many of them
_ALIKE, _MOST_MATCHES = 0.5, 3

_log = log.get("translation")


# ── What waits ───────────────────────────────────────────────────────────────────────────────────────────────────


class Waiting(BaseModel):
    """A story that an edition's readers do not have in its newest revision."""

    story: str
    headline: str
    urgency: int
    language: str
    revision: int
    shown_revision: int | None = Field(description="the older revision that readers see meanwhile")
    prepared_by: str | None = Field(description="whose text stands ready for a person: an engine's, or one that was begun")
    gates: list[str] = Field(description="which gates held it")


@router.get("/v1/translations")
def list_waiting(edition: str, _: Reader, count: Annotated[int, Query(ge=1, le=500)] = 100) -> dict[str, list[Waiting]]:
    """Stories that wait for a person, the newest first."""
    must_be_edition(edition)
    with engine().connect() as connection:
        rows = store.list_waiting(connection, edition, count=count)
    return {
        "waiting": [
            Waiting(
                story=row.story,
                headline=row.headline or "",
                urgency=row.urgency,
                language=row.language,
                revision=row.revision,
                shown_revision=row.shown_revision,
                prepared_by=row.translator,
                gates=sorted(row.gates or ()),
            )
            for row in rows
        ]
    }


# ── A story, sentence by sentence ────────────────────────────────────────────────────────────────────────────────


@router.get("/v1/stories/{story}/editions/{edition}/segments")
def read_segments(story: str, edition: str, _: Reader) -> dict[str, Any]:
    """A story's sentences, each with its translation as far as there is one, likenesses from the memory, terms, and faults."""
    with engine().begin() as connection:
        return _segments(connection, story, edition)


def _segments(connection: Connection, story: str, edition: str) -> dict[str, Any]:
    found = translatable(connection, story, edition)
    text = cut(found.text, found.language or edition)
    kept = store.read_translation(connection, story, edition)
    before = _before(kept)
    known = store_memory.remembered(connection, text, language=found.language, edition=edition)
    glossary = store_memory.read_terms(connection, language=found.language, edition=edition)
    known_places = places(found.language, edition) if found.language else ()
    told = []
    for place, segment in enumerate(text.segments):
        one = _now(segment.source, before.get(segment.source), known.get(segment.source))
        alike = store_memory.alike(
            connection, segment.source, language=found.language, edition=edition, at_least=_ALIKE, count=_MOST_MATCHES
        )
        told.append(
            {
                "place": place,
                "part": segment.part,
                "block": segment.block,
                "source": segment.source,
                **one,
                "is_changed": bool(kept) and bool(before) and segment.source not in before,
                "faults": _faults(segment.source, one["target"], found, edition, glossary),
                "matches": [
                    {"source": m.source, "target": m.target, "by": m.translator, "likeness": round(m.likeness, 2)} for m in alike
                ],
                "terms": [
                    {"source": t.source, "targets": list(t.targets), "kind": t.kind}
                    for t in terms_in(words_of(segment.source), [*glossary, *known_places])
                ],
            }
        )
    return {
        "story": story,
        "edition": edition,
        "language": found.language,
        "direction": wire().editions[edition].direction,
        "revision": found.revision,
        "translated_revision": kept.revision if kept else None,
        "state": kept.state if kept else None,
        "method": kept.method if kept else None,
        "translator": kept.translator if kept else "",
        "reviewed_by": kept.reviewed_by if kept else "",
        "as_a_whole": _as_a_whole(kept),
        "segments": told,
    }


def _before(kept: Any) -> dict[str, Mapping[str, Any]]:
    """What a translation that is kept has for each sentence."""
    return {one["source"]: one for one in (kept.segments if kept else ())}


def _now(source: str, before: Mapping[str, Any] | None, known: Target | None) -> dict[str, Any]:
    """What a sentence's translation is now: as it was kept with the text, else as it is remembered."""
    if before and before["target"]:
        return {"target": before["target"], "origin": before["origin"], "by": before["by"]}
    if known:
        return {"target": known.text, "origin": known.origin, "by": known.by}
    return {"target": "", "origin": "none", "by": ""}


def _as_a_whole(kept: Any) -> dict[str, str] | None:
    """A person's text that cannot be laid beside its source, to be taken over by hand."""
    if kept is None or kept.segments:
        return None
    return {"headline": kept.headline, "summary": kept.summary, "body_html": kept.body_html}


def _faults(source: str, target: str, found: Translatable, edition: str, glossary: Sequence[Term]) -> list[list[str]]:
    if not target:
        return []
    faults = faults_of(source, target, source_language=found.language, target_language=edition, terms=glossary)
    return [[fault.gate, fault.said] for fault in faults]


# ── Saving and signing ───────────────────────────────────────────────────────────────────────────────────────────


class SentSegments(BaseModel):
    """A translation sentence by sentence."""

    model_config = ConfigDict(extra="forbid")

    revision: int = Field(ge=1, description="the revision whose sentences these are")
    targets: list[str] = Field(max_length=5_000, description="one for each sentence, in their order; empty: not yet")
    translator: Line = Field(min_length=1, max_length=200)
    sign: bool = Field(False, description="publish it; else it is kept for later")


class TakenSegments(BaseModel):
    """The answer."""

    story: str
    edition: str
    revision: int
    state: str


@router.put("/v1/stories/{story}/editions/{edition}/segments", status_code=202)
def put_segments(story: str, edition: str, sent: SentSegments, key: Translator) -> TakenSegments:
    """Keep a person's work on a translation, or sign it: then readers have it, and its sentences are remembered."""
    return _take(story, edition, sent, key)


def _take(story: str, edition: str, sent: SentSegments, key: Key) -> TakenSegments:
    with unit_of_work() as work:
        found = translatable(work.connection, story, edition)
        text = cut(found.text, found.language or edition)
        if revision_of(found, sent.revision) != found.revision or len(sent.targets) != len(text.segments):
            raise Conflict(
                f"It is at revision {found.revision} with {len(text.segments)} sentences. Load it again: what you wrote of"
                " sentences that are the same is in the memory if it was signed.",
            )
        targets = [inline(clean_line(target)) for target in sent.targets]
        if sent.sign:
            _must_be_whole(text, targets)
        mine = _written(work.connection, story, edition, text, targets, sent.translator)
        translation = _translation(story, edition, found, text, mine, sent)
        keep(work, translation, found, memory.lessons(text, dict(enumerate(targets))))
    if translation.is_ready:
        _log.info("edition.translated", story=story, edition=edition, by=sent.translator, key=key.name)
    return TakenSegments(
        story=story, edition=edition, revision=found.revision, state="ready" if translation.is_ready else "waiting"
    )


def _must_be_whole(text: Cut, targets: Sequence[str]) -> None:
    """Raises Refused (422) if a sentence is missing, or has other elements than its source. All else is a person's to judge."""
    blocks = {place: block for block in text.blocks() for place in block}
    wrong = [
        FieldError.at(f"targets.{place}", "is empty")
        for place in range(len(targets))
        if not targets[blocks[place][0]] and not targets[place]
    ]
    wrong += [
        FieldError.at(f"targets.{place}", f"needs these elements, each once: {' '.join(tags_of(segment.source)) or 'none'}")
        for place, segment in enumerate(text.segments)
        if targets[place] and sorted(tags_of(segment.source)) != sorted(tags_of(targets[place]))
    ]
    if wrong:
        raise InvalidRequest("Some sentences are not ready to be signed.", errors=tuple(wrong))


def _written(
    connection: Connection, story: str, edition: str, text: Cut, targets: Sequence[str], translator: str
) -> list[Target]:
    """Who wrote each sentence: what stands as a machine left it is still the machine's."""
    before = _before(store.read_translation(connection, story, edition))
    mine = []
    for segment, target in zip(text.segments, targets, strict=True):
        one = before.get(segment.source)
        if one and one["target"] == target and one["origin"] != "none":
            mine.append(Target(text=target, origin=one["origin"], by=one["by"]))
        else:
            mine.append(Target(text=target, origin="human" if target else "none", by=translator))
    return mine


def _translation(
    story: str, edition: str, found: Translatable, text: Cut, mine: Sequence[Target], sent: SentSegments
) -> Translation:
    is_machines = sent.sign and any(target.origin == "machine" for target in mine)
    return Translation(
        story=story,
        edition=edition,
        revision=found.revision,
        method="machine" if is_machines else "human",
        translator=signature_of(mine) if is_machines else sent.translator,
        text=text_of(text, mine),
        segments=segments_json(text, mine),
        is_ready=sent.sign,
        reviewed_by=sent.translator if is_machines else "",
    )


# ── XLIFF ────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/v1/stories/{story}/editions/{edition}/xliff", response_class=Response)
def export_xliff(story: str, edition: str, _: Reader) -> Response:
    """The sentences as an XLIFF 2.1 document, for translators with tools of their own."""
    with engine().begin() as connection:
        told = _segments(connection, story, edition)
    return Response(
        xliff.write(told),
        media_type=xliff.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{story}.{edition}.xlf"'},
    )


@router.put("/v1/stories/{story}/editions/{edition}/xliff", status_code=202)
async def import_xliff(
    story: str, edition: str, request: Request, translator: str, key: Translator, sign: bool = False
) -> TakenSegments:
    """The same document with its targets filled in. Raises a problem (422) if it is not this story's, or not XLIFF 2."""
    try:
        document = xliff.read(await request.body())
    except xliff.NotXliff as wrong:
        raise InvalidRequest(str(wrong)) from wrong
    if document.story != story:
        raise InvalidRequest(f"The document is of {document.story or 'no story'}, not {story}.")
    sent = SentSegments(revision=document.revision, targets=document.targets, translator=translator, sign=sign)
    return await run_in_threadpool(_take, story, edition, sent, key)
