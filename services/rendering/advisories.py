"""Kills and corrections as entries of their own, for readers that never look again at an entry whose id they know.

Some programs take an entry by its id and ignore it from then on, whatever `updated` says: a notice in the place of a killed text
is never seen there, and the text stays. So a kill also goes out as agencies have always sent it: as an item of its own, which
names the story and says no word of it. It stands in every feed that ever had the story as long as notices stay there.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial

from services.rendering.documents import FORMATS
from services.rendering.entries import Entry, Frame, agency_entry
from services.rendering.notices import words_of
from shared.contracts.feeds import FeedFormat
from shared.contracts.item import KillReason
from shared.wire.config import Wire

#: in one document, the newest
MOST_ADVISORIES = 100

#: that are kept rendered, those that were asked for last: a feed is put together far more often than something is killed
_MOST_RENDERED = 2_000


@dataclass(frozen=True, kw_only=True)
class Advised:
    """A story that was killed or corrected, as far as it may be spoken of."""

    story: str
    revision: int  #: that killed or corrected it
    at: datetime
    kill_reason: KillReason | None = None
    headline: str = ""  #: of the corrected text; of what was killed nothing is said
    note: str = ""  #: of a correction, in the edition's language if there is one


def build_advisory(advised: Advised, edition: str, *, wire: Wire, public_url: str) -> Entry:
    """The entry. Its id is one for each revision that killed or corrected the story, its link the story's own page."""
    words = words_of(edition)
    link = f"{public_url}/{edition}/stories/{advised.story}"
    if advised.headline:
        title = f"{words.correction} {advised.headline}"
        text = advised.note or words.corrected
    else:
        reason = words.kill_reasons[advised.kill_reason] if advised.kill_reason else ""
        title = words.advisory_title.format(story=advised.story)
        text = f"{words.advisory_text.format(story=advised.story)} {reason}".strip()
    frame = Frame(
        id=f"tag:{wire.agency.domain},2024:advisory:{advised.story}:{edition}:{advised.revision}",
        story=advised.story,
        edition=edition,
        direction=wire.editions[edition].direction,
        link=f"{link}#advisory-{advised.revision}",
        alternates=(),
        revision=advised.revision,
        published_at=advised.at,
    )
    content = f'<p><a href="{html.escape(link)}">{html.escape(text, quote=False)}</a></p>'
    return agency_entry(frame, advised.at, title, summary=text, content=content, is_notice=False, wire=wire)


class RenderedAdvisories:
    """Advisories in every format, each rendered once for one wire."""

    def __init__(self) -> None:
        self._wire: Wire | None = None

    def of(self, advised: Advised, edition: str, *, wire: Wire, public_url: str) -> Mapping[FeedFormat, bytes]:
        """One, by format."""
        if self._wire is not wire:
            self._wire = wire
            self._rendered = lru_cache(_MOST_RENDERED)(partial(_render, wire=wire, public_url=public_url))
        return self._rendered(advised, edition)


def _render(advised: Advised, edition: str, *, wire: Wire, public_url: str) -> Mapping[FeedFormat, bytes]:
    entry = build_advisory(advised, edition, wire=wire, public_url=public_url)
    return {feed_format.EXTENSION: feed_format.render_entry(entry) for feed_format in FORMATS}
