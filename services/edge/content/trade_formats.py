"""Stories in the formats of the trade: ninjs, NewsML-G2 and NITF, by extension (`/v1/stories/STORY.newsml`) or by `Accept`.

Lists come as a newsMessage of NewsML-G2, or as ninjs, one a line: as another newsroom's ingest takes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection

from services.edge.content import queries
from services.edge.content.queries import Details, TranslatedText
from services.edge.etag import answer_with_etag
from services.edge.outputs import Contributor, ExportedStory, Output, Text, Topic, newsml_g2, ninjs, nitf, source_type_of
from services.edge.queries import Page
from shared.clock import utc_now
from shared.contracts.entry import StoredEntry
from shared.contracts.item import WireItem
from shared.contracts.problem import NotFound
from shared.contracts.story import Act
from shared.wire.config import Policy, in_language, wire

OUTPUTS: tuple[Output, ...] = (ninjs, newsml_g2, nitf)
EXTENSIONS = tuple(output.EXTENSION for output in OUTPUTS)

_SIGNALS = {Act.UPDATE: "update", Act.RELEASE: "update", Act.CORRECTION: "correction", Act.KILL: "update"}


def output_for(request: Request, extension: str) -> Output | None:
    """The format that an address or an `Accept` names; None for the API's own. Raises Refused (404) for an unknown extension."""
    if extension:
        for output in OUTPUTS:
            if extension == output.EXTENSION:
                return output
        raise NotFound(f"Stories come as {', '.join(EXTENSIONS)}.")
    accepted = request.headers.get("accept", "")
    return next((output for output in OUTPUTS if output.MEDIA_TYPE in accepted), None)


def one_story(request: Request, connection: Connection, page: Page, output: Output) -> Response:
    """A story in a format of the trade. Of one that was taken back what says so: status 410 if for good."""
    details = queries.read_details(connection, [page.story], page.edition)[page.story]
    body = output.write(export_story(page, details))
    headers = {"Cache-Control": "no-store" if page.is_notice else "public, max-age=1", "Vary": "Accept"}
    if page.is_gone:
        return Response(body, 410, media_type=output.MEDIA_TYPE, headers=headers)
    return answer_with_etag(request, body, media_type=output.MEDIA_TYPE, headers=headers)


def many_stories(
    request: Request, connection: Connection, pages: Sequence[Page], output: Output, following: str | None
) -> Response:
    """A list in a format of the trade; `Link: rel="next"` leads on. Raises Refused (404) for NITF, which has no lists."""
    edition = pages[0].edition if pages else ""
    details = queries.read_details(connection, [page.story for page in pages], edition)
    stories = [export_story(page, details[page.story]) for page in pages]
    if output is ninjs:
        body, media_type = b"".join(ninjs.write(story) + b"\n" for story in stories), "application/x-ndjson"
    elif output is newsml_g2:
        sent_at = max((page.updated_at for page in pages), default=utc_now())  # the same list is the same document
        body = newsml_g2.write_message(stories, sender=wire().agency.domain, now=sent_at)
        media_type = newsml_g2.MESSAGE_MEDIA_TYPE
    else:
        raise NotFound("A NITF document is one story: ask for each by its address.")
    headers = {"Cache-Control": "public, max-age=1", "Vary": "Accept"}
    if following:
        headers["Link"] = f'<{following}>; rel="next"'
    return answer_with_etag(request, body, media_type=media_type, headers=headers)


def export_story(page: Page, details: Details) -> ExportedStory:
    """All that a format may say of a story; of one that was taken back, that it was."""
    if details.item is None:  # taken back between two statements, perhaps
        page = replace(page, is_notice=True, body=page.body if page.is_notice else None)
    entry = page.entry
    agency = wire().agency
    item = None if page.is_notice else details.item
    signal = _SIGNALS.get(details.last_act, "") if details.version > 1 else ""
    return ExportedStory(
        uri=entry.id,
        version=details.version,
        story_id=page.story,
        edition=page.edition,
        direction=wire().editions[page.edition].direction,
        pubstatus=page.pubstatus,
        signal=signal,
        published_at=page.published_at,
        updated_at=page.updated_at,
        url=entry.url,
        agency=in_language(agency.name, page.edition),
        provider=(entry.barq.provider or _provider_name(item, page.edition)) if item else "",
        rights=entry.barq.rights,
        notice=entry.summary if page.is_notice else "",
        text=_text(entry, item, details) if item else None,
    )


def _provider_name(item: WireItem, edition: str) -> str:
    provider = wire().provider(item.provider.name, item.provider.code)
    return in_language(provider.name, edition) if provider else item.provider.name


def _text(entry: StoredEntry, item: WireItem, details: Details) -> Text:
    """The text of an entry with what it was made of. An entry that an older Barq rendered says less of itself."""
    edition, translation, the_wire = entry.language, details.translation, wire()
    provider = the_wire.provider(item.provider.name, item.provider.code)
    disclaimers = (in_language(provider.disclaimer, edition) if provider else "", item.disclaimer)
    return Text(
        item=item,
        headline=translation.headline if translation else item.headline,
        summary=translation.summary if translation else item.summary,
        body_html=translation.body_html if translation else item.body_html,
        byline=entry.barq.byline or item.byline,
        byline_language=next((author.barq.language for author in entry.authors), ""),
        dateline=entry.barq.dateline if translation else item.dateline,
        contributor=_contributor(translation, the_wire.editions[edition].policy) if translation else None,
        source_type=source_type_of(
            method=translation.method, translator=translation.translator, reviewed_by=translation.reviewed_by
        )
        if translation
        else "",
        correction_note=details.correction_notes[-1] if details.correction_notes and details.is_own else "",
        disclaimers=tuple(dict.fromkeys(text for text in disclaimers if text)),
        topics=tuple(_topics(entry.barq.categories, edition)),
    )


def _contributor(translation: TranslatedText, policy: Policy) -> Contributor | None:
    """Whom an edition's text is owed to, as the text itself says it: of a machine, unless the edition keeps that to itself."""
    if translation.reviewed_by:
        return Contributor(name=translation.reviewed_by, role="editor", at=translation.made_at)
    if translation.method == "machine":
        return None if policy is Policy.MACHINE else Contributor(name="", role="translator", at=translation.made_at)
    return Contributor(name=translation.translator, role="translator", at=translation.made_at)


def _topics(categories: Mapping[str, Sequence[str]], edition: str) -> Iterator[Topic]:
    the_wire = wire()
    for kind, rows in (("region", the_wire.regions), ("section", the_wire.sections)):
        for term in categories.get(kind, ()):
            if term in rows:
                uri = f"tag:{the_wire.agency.domain},2024:{kind}:{term}"
                yield Topic(uri=uri, name=in_language(rows[term].name, edition))
