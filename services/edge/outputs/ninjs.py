"""ninjs 3.1 out, strict: nothing that IPTC's schema does not know. https://iptc.org/std/ninjs/

What the schema has no place for goes where it allows free words: identifiers into `altIds`, notes into `edNote`, disclaimers into
`descriptions` with a role of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.edge.outputs import ExportedStory, Text
from shared.contracts.item import Association, Concept, ItemClass
from shared.language.markup import plain_text

EXTENSION = "ninjs"
MEDIA_TYPE = "application/ninjs+json"

_CODES = "http://cv.iptc.org/newscodes/"
_URI = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$")


class _Strict(BaseModel):
    """An object of the schema: it has these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Words(_Strict):
    """A headline, a description or a body."""

    role: str | None = None
    contentType: str | None = None
    charCount: int | None = None
    wordCount: int | None = None
    value: str


class Named(_Strict):
    """A subject, place, person, organisation, genre or source."""

    name: str | None = None
    rel: str | None = None
    role: str | None = None
    uri: str | None = Field(None, pattern=_URI)
    literal: str | None = None


class Rendition(_Strict):
    """Where a picture, sound or video is."""

    name: str
    href: str = Field(pattern=_URI)
    contentType: str | None = None
    width: int | None = None
    height: int | None = None
    sizeInBytes: int | None = None


class AltId(_Strict):
    """Another identifier."""

    role: str
    value: str


class Standard(_Strict):
    """What this is valid against."""

    name: Literal["ninjs"] = "ninjs"
    version: Literal["3.1"] = "3.1"
    schema_: str = Field("http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#", serialization_alias="schema")


class Associated(_Strict):
    """An item that belongs to this one."""

    name: str
    uri: str = Field(pattern=_URI)
    rel: str | None = None
    type: str | None = None
    by: str | None = None
    headlines: list[Words] | None = None
    descriptions: list[Words] | None = None
    renditions: list[Rendition] | None = None


class Ninjs(_Strict):
    """A story."""

    uri: str = Field(pattern=_URI)
    standard: Standard = Standard()
    type: Literal["text"] = "text"
    representationType: Literal["full"] = "full"
    version: str
    firstCreated: datetime
    versionCreated: datetime
    contentCreated: datetime | None = None
    expires: datetime | None = None
    pubStatus: Literal["usable", "withheld", "canceled"]
    urgency: int | None = Field(None, ge=1, le=9)
    language: str
    edNote: str | None = None
    slugline: str | None = None
    headlines: list[Words] | None = None
    descriptions: list[Words] | None = None
    bodies: list[Words] | None = None
    by: str | None = None
    located: str | None = None
    subjects: list[Named] | None = None
    places: list[Named] | None = None
    people: list[Named] | None = None
    organisations: list[Named] | None = None
    genres: list[Named] | None = None
    infoSources: list[Named] | None = None
    digitalSourceType: Named | None = None
    copyrightHolder: str | None = None
    copyrightNotice: str | None = None
    usageTerms: str | None = None
    altIds: list[AltId]
    associations: list[Associated] | None = None


def write(story: ExportedStory) -> bytes:
    """One story, as a JSON object."""
    content = _text(story, story.text) if story.text else {"edNote": story.notice or None}
    whole = Ninjs(
        uri=story.uri,
        version=str(story.version),
        firstCreated=story.published_at,
        versionCreated=story.updated_at,
        pubStatus=story.pubstatus,
        language=story.edition,
        infoSources=list(_info_sources(story)),
        copyrightNotice=story.rights or None,
        altIds=[AltId(role="story", value=story.story_id), AltId(role="web", value=story.url)],
        **content,
    )
    return whole.model_dump_json(exclude_none=True, by_alias=True).encode()


def _info_sources(story: ExportedStory) -> Iterator[Named]:
    """The schema's parties that `originated, modified, enhanced, … the content`; the provider first."""
    yield Named(name=story.provider or story.agency, role="provider")
    contributor = story.text.contributor if story.text else None
    if contributor and contributor.name:  # `digitalSourceType` names a machine
        yield Named(name=contributor.name, role=contributor.role)


def _text(story: ExportedStory, text: Text) -> dict[str, Any]:
    item = text.item
    plain = plain_text(text.body_html)
    notes = [f"{story.signal.capitalize()}." if story.signal else "", text.correction_note]
    topics = [Named(name=topic.name, uri=topic.uri) for topic in text.topics]
    descriptions = [Words(role="main", contentType="text/plain", value=text.summary)] if text.summary else []
    descriptions += [Words(role="disclaimer", contentType="text/plain", value=one) for one in text.disclaimers]
    source_type = text.source_type and Named(name=text.source_type.rpartition("/")[2], uri=text.source_type)
    return {
        "contentCreated": item.content_created_at,
        "expires": item.expires_at,
        "urgency": item.urgency,
        "edNote": " ".join(note for note in notes if note) or None,
        "slugline": item.slugline or None,
        "headlines": [Words(role="main", contentType="text/plain", value=text.headline)],
        "descriptions": descriptions or None,
        "bodies": [
            Words(
                role="main",
                contentType="text/html",
                charCount=len(plain),
                wordCount=len(plain.split()),
                value=text.body_html,
            )
        ],
        "by": text.byline or None,
        "located": text.dateline or None,
        "subjects": [*_named(item.subjects), *topics, *(Named(name=word) for word in item.keywords)] or None,
        "places": _named(item.places) or None,
        "people": _named(item.people) or None,
        "organisations": _named(item.organisations) or None,
        "genres": _named(item.genres) or None,
        "digitalSourceType": source_type or None,
        "copyrightHolder": item.copyright_holder or None,
        "usageTerms": item.usage_terms or None,
        "associations": list(_associated(item.associations)) or None,
    }


def _named(concepts: Iterable[Concept]) -> list[Named]:
    return [_concept(concept) for concept in concepts if concept.name or concept.code]


def _concept(concept: Concept) -> Named:
    """A code of IPTC's under its address, one that is a URI as it is, any other as a literal."""
    code = concept.code
    if code.startswith("medtop:"):
        uri: str | None = f"{_CODES}mediatopic/{code.removeprefix('medtop:')}"
    elif code.startswith("subj:"):
        uri = f"{_CODES}subjectcode/{code.removeprefix('subj:')}"
    else:
        uri = code if _URI.match(code) else None
    return Named(name=concept.name or None, uri=uri, literal=code if code and not uri else None)


def _associated(associations: Iterable[Association]) -> Iterable[Associated]:
    for number, one in enumerate(associations, start=1):
        uri = next((address for address in (one.uri, one.href) if _URI.match(address)), "")
        if not uri:
            continue
        rendition = Rendition(
            name="main",
            href=one.href,
            contentType=one.media_type or None,
            width=one.width_px,
            height=one.height_px,
            sizeInBytes=one.size_bytes,
        ) if _URI.match(one.href) else None  # fmt: skip
        yield Associated(
            name=f"{one.rel or 'associated'}-{number}",
            uri=uri,
            rel=one.rel or None,
            type=(one.item_class or ItemClass.PICTURE).value if one.item_class or rendition else None,
            by=one.credit or None,
            headlines=[Words(value=one.headline)] if one.headline else None,
            descriptions=[Words(value=one.caption)] if one.caption else None,
            renditions=[rendition] if rendition else None,
        )
