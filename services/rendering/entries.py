"""What a story looks like to a reader of one edition, decided from values: its text, or a notice, or nothing at all."""

from __future__ import annotations

import hashlib
import html
import json
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from urllib.parse import quote, urlsplit, urlunsplit

from services.rendering.datelines import with_dateline
from services.rendering.notices import Words, words_of
from shared.contracts.feeds import LONGEST_IN_FEEDS, facet
from shared.contracts.item import KillReason, WireItem
from shared.contracts.story import StoryState
from shared.language.characters import clean_line
from shared.language.markup import plain_text, safe_html, shortened
from shared.wire.config import Policy, Wire, in_language

#: IPTC's name for its Media Topics
MEDIA_TOPIC = "http://cv.iptc.org/newscodes/mediatopic/"


@dataclass(frozen=True, kw_only=True)
class Translated:
    """An edition's own text of a story."""

    revision: int
    method: str  #: `human`, `machine`, or `memory`: every sentence is remembered of people
    translator: str
    reviewed_by: str  #: who signed a machine's text
    headline: str
    summary: str
    body_html: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class Story:
    """A story as publish left it, with what rendering needs of its item and its translation into one edition."""

    id: str
    state: StoryState
    revision: int
    edition: str | None  #: the edition of its own language
    published_at: datetime | None
    updated_at: datetime
    kill_reason: KillReason | None
    correction_notes: tuple[str, ...]
    corrected_at_revision: int  #: the newest that was a correction, or a release with words that are not translated; 0: none
    item: WireItem
    tags: tuple[str, ...]
    regions: tuple[str, ...]
    sections: tuple[str, ...]
    languages: tuple[str, ...]  #: the other editions that have an entry of it
    translated: Translated | None  #: into the edition asked for
    comments_count: int = 0  #: shown in the edition asked for
    names: Mapping[str, str] = field(default_factory=dict)  #: tags and labels in the edition's language, as far as known


@dataclass(frozen=True, kw_only=True)
class Category:
    """A word that a story is filed under."""

    scheme: str  #: `region`, `section`, `tag`, `label`; IPTC's own for a Media Topic
    term: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Media:
    """A picture, sound or video that goes with a story."""

    url: str
    type: str  #: media type; guessed from the name where the sender gave none
    medium: str  #: `image`, `video`, `audio`
    width_px: int | None
    height_px: int | None
    size_bytes: int | None
    caption: str
    credit: str


@dataclass(frozen=True, kw_only=True)
class Translation:
    """Where an edition's text is from."""

    of_revision: int  #: the story's revision that it renders
    method: str  #: `human`, `machine`, or `memory`
    by: str
    reviewed_by: str  #: the person who signed a machine's text


_NOT_OF_ITS_CONTENT = (
    "published_at", "updated_at", "revision", "version", "alternates", "link", "has_left", "comments_count", "content_in_feeds",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A story as every format needs it. Everything that a reader sees, in the edition's language."""

    id: str  #: permanent, one for each edition, holds no headline and no link
    story: str
    edition: str
    direction: str
    link: str
    title: str
    summary: str
    content_html: str
    author: str
    provider: str  #: who wrote the story, as its sender calls them
    rights: str
    categories: tuple[Category, ...]
    media: tuple[Media, ...]
    alternates: tuple[tuple[str, str], ...]  #: other editions' tags and addresses
    is_notice: bool
    has_left: bool  #: out of every list, without alarm; its address still says so
    revision: int
    published_at: datetime
    updated_at: datetime
    version: int = 1  #: grows with `updated_at`
    translation: Translation | None = None  #: None: in the story's own language
    comments_count: int | None = None  #: that readers may see; None: where nobody may write any
    content_in_feeds: str = ""  #: the same with less of a text that is too long for feeds; empty: all of it

    def in_feeds(self) -> Entry:
        """The entry as it stands in documents."""
        return replace(self, content_html=self.content_in_feeds, content_in_feeds="") if self.content_in_feeds else self

    def content_hash(self) -> bytes:
        """Of all that a reader sees but times and addresses: tells a real change from a rendering again."""
        content = asdict(self)
        for volatile in _NOT_OF_ITS_CONTENT:
            del content[volatile]
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).digest()

    def facets(self) -> list[str]:
        """What it can be asked for by, beside its words: `tag:opec`, in lower case."""
        facets = [facet(category.scheme, category.term) for category in self.categories]
        return [*facets, facet("provider", self.provider)] if self.provider else facets

    def text(self) -> str:
        """All its words."""
        return f"{self.title}\n{self.summary}\n{plain_text(self.content_html)}"


def entry_of(story: Story, edition: str, *, wire: Wire, public_url: str, has_entry: bool) -> Entry | None:
    """The story's entry in an edition; None if its readers see nothing of it, and should not.

    `has_entry` says that they saw it before: then what is taken back leaves a notice in its place.
    """
    if story.published_at is None:
        return None
    words = words_of(edition)
    is_own = edition == story.edition
    if story.state in (StoryState.KILLED, StoryState.WITHHELD):
        if not (is_own or has_entry):
            return None
        if story.state is StoryState.WITHHELD:
            return _notice(story, edition, words.held_title, words.held_body, wire, public_url)
        reason = words.kill_reasons[story.kill_reason] if story.kill_reason else ""
        return _notice(story, edition, words.killed_title, f"{words.killed_body} {reason}".strip(), wire, public_url)
    if story.state is StoryState.EXPIRED and has_entry:
        gone = _notice(story, edition, words.expired_title, words.expired_body, wire, public_url)
        return replace(gone, has_left=True)
    if story.state is not StoryState.PUBLISHED:
        return None
    if is_own:
        return _told(story, edition, None, wire=wire, public_url=public_url)
    if story.translated is None:
        # readers of the edition that was the story's own until a version in another language corrected it
        is_stale = has_entry and story.corrected_at_revision > 0
        return _notice(story, edition, words.stale_title, words.stale_body, wire, public_url) if is_stale else None
    if story.translated.revision < story.corrected_at_revision:
        # what was wrong must not stand until somebody has translated it again
        return _notice(story, edition, words.stale_title, words.stale_body, wire, public_url)
    return _told(story, edition, story.translated, wire=wire, public_url=public_url)


def _told(story: Story, edition: str, translated: Translated | None, *, wire: Wire, public_url: str) -> Entry:
    item, words = story.item, words_of(edition)
    provider = wire.provider(item.provider.name, item.provider.code)
    provider_name = in_language(provider.name, edition) if provider else item.provider.name
    body = translated.body_html if translated else item.body_html
    media = media_of(item)
    parts = []
    for note in story.correction_notes:
        # a note is in the language of its story; elsewhere the edition's own words stand for it
        said = words.corrected if translated or not note else note
        parts.append(f'<p class="correction"><strong>{words.correction}</strong> {html.escape(said, quote=False)}</p>')
    if item.subheadline and not translated:
        parts.append(f"<h2>{html.escape(item.subheadline, quote=False)}</h2>")
    parts += [_picture(picture) for picture in media if picture.medium == "image"][:1]
    text = with_dateline(body, item, edition, is_own=not translated, wire=wire)
    before, parts = parts, []
    if translated and (said := _translated_by(translated, words, wire.editions[edition].policy)):
        parts.append(f'<p class="translated"><em>{said}</em></p>')
    parts.append(f'<p class="identifier"><span dir="ltr">{story.id}</span></p>')  # not <bdi>: feed validators know HTML 4 only
    if item.credit_line and item.credit_line != provider_name:
        parts.append(f'<p class="credit"><span dir="auto">{html.escape(item.credit_line, quote=False)}</span></p>')
    # the house's words in the edition's language, and the provider's own as they came
    disclaimer = in_language(provider.disclaimer, edition) if provider else ""
    said_in = [html.escape(said, quote=False) for said in dict.fromkeys((disclaimer, item.disclaimer)) if said]
    if said_in:
        parts.append(f'<p class="disclaimer"><strong>{words.disclaimer}</strong></p>')
    parts += [f'<p class="disclaimer" dir="auto"><em>{said}</em></p>' for said in said_in]
    notice = _notice(story, edition, "", "", wire, public_url)
    in_feeds = ""
    if len(text.encode()) > LONGEST_IN_FEEDS:
        rest = f'<p class="rest"><a href="{html.escape(notice.link)}">{words.rest}</a></p>'
        in_feeds = _directed("\n".join((*before, shortened(text, LONGEST_IN_FEEDS), rest, *parts)), edition, wire)
    return replace(
        notice,
        title=translated.headline if translated else item.headline,
        summary=(translated.summary if translated else item.summary) or _lead(body),
        content_html=_directed("\n".join((*before, text, *parts)), edition, wire),
        content_in_feeds=in_feeds,
        author=_without_tags("" if translated else item.byline) or provider_name or in_language(wire.agency.name, edition),
        provider=item.provider.name or item.provider.code,
        rights=item.copyright_notice or in_language(wire.agency.copyright, edition),
        categories=_categories(story, edition, wire),
        media=media,
        is_notice=False,
        translation=_where_from(translated) if translated else None,
        comments_count=story.comments_count if wire.comments.open or story.comments_count else None,
        updated_at=translated.made_at if translated else story.updated_at,
    )


def _where_from(translated: Translated) -> Translation:
    return Translation(
        of_revision=translated.revision,
        method=translated.method,
        by=translated.translator,
        reviewed_by=translated.reviewed_by,
    )


def _translated_by(translated: Translated, words: Words, policy: Policy) -> str:
    """Who translated a story, in the edition's words. A machine is named as one, unless the edition keeps that to itself."""
    if translated.reviewed_by:
        return words.machine_reviewed.format(reviewer=_name(translated.reviewed_by))
    if translated.method == "machine":
        return "" if policy is Policy.MACHINE else words.machine
    return words.translator.format(translator=_name(translated.translator))


def _name(name: str) -> str:
    return f'<span dir="auto">{html.escape(name)}</span>'


def _notice(story: Story, edition: str, title: str, body: str, wire: Wire, public_url: str) -> Entry:
    """An entry that says nothing of the story's text; what tells the text starts from it too."""
    first_public_at = story.published_at or story.updated_at
    if story.translated:
        first_public_at = max(first_public_at, story.translated.made_at)
    return Entry(
        id=f"tag:{wire.agency.domain},2024:{story.id}:{edition}",
        story=story.id,
        edition=edition,
        direction=wire.editions[edition].direction,
        link=f"{public_url}/{edition}/stories/{story.id}",
        title=title.format(story=story.id),
        summary=body,
        content_html=_directed(f"<p>{html.escape(body)}</p>", edition, wire),
        author=in_language(wire.agency.name, edition),
        provider="",
        rights=in_language(wire.agency.copyright, edition),
        categories=(),
        media=(),
        alternates=tuple((other, f"{public_url}/{other}/stories/{story.id}") for other in story.languages),
        is_notice=True,
        has_left=False,
        revision=story.revision,
        published_at=first_public_at,
        updated_at=story.updated_at,
    )


def media_of(item: WireItem) -> tuple[Media, ...]:
    """What can be shown with a story: associations with an address and a type that says what they are."""
    found = []
    for one in item.associations:
        address = web_address(one.href)
        kind = one.media_type or mimetypes.guess_type(urlsplit(address).path)[0] or ""
        medium = kind.partition("/")[0]
        if address and medium in ("image", "video", "audio"):
            found.append(
                Media(
                    url=address,
                    type=kind,
                    medium=medium,
                    width_px=one.width_px or None,  # nothing is nought wide, or long
                    height_px=one.height_px or None,
                    size_bytes=one.size_bytes or None,
                    caption=one.caption or one.headline,
                    credit=one.credit,
                )
            )
    return tuple(found)


#: what may stand in an address beside letters and digits (RFC 3986), a `%` among it
_IN_ADDRESSES = "%/:=&?~#+!$,;'@()*[]-._"
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def web_address(href: str) -> str:
    """A link as a URI: its host in ASCII, everything else that a URI cannot have escaped. Nothing if it is no address at all."""
    try:
        parts = urlsplit(href)
        host, port = parts.hostname or "", parts.port
        name = host if host.isascii() else host.encode("idna").decode()
    except ValueError:  # a UnicodeError is one too
        return ""
    if not host:
        return ""
    shown = f"[{name}]" if ":" in name else quote(name, safe="-._~")
    user = f"{quote(parts.netloc.rpartition('@')[0], safe=_IN_ADDRESSES)}@" if "@" in parts.netloc else ""
    rest = (_LONE_PERCENT.sub("%25", quote(part, safe=_IN_ADDRESSES)) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, f"{user}{shown}{f':{port}' if port is not None else ''}", *rest))


def _picture(picture: Media) -> str:
    """The first picture, in the text, with its caption and credit: readers show what stands in the text."""
    said = " ".join(filter(None, (picture.caption, f"({picture.credit})" if picture.credit else "")))
    alt = html.escape(clean_line(picture.caption))
    size = f' width="{picture.width_px}" height="{picture.height_px}"' if picture.width_px and picture.height_px else ""
    image = f'<img src="{html.escape(picture.url)}" alt="{alt}"{size}>'
    caption = f'<br><em dir="auto">{html.escape(clean_line(said), quote=False)}</em>' if said else ""
    return f"<p>{image}{caption}</p>"


def _categories(story: Story, edition: str, wire: Wire) -> tuple[Category, ...]:
    subjects = {subject.name for subject in story.item.subjects if subject.code.startswith("medtop:")}
    return (
        *(
            Category(scheme="region", term=name, label=in_language(wire.regions[name].name, edition))
            for name in story.regions
            if name in wire.regions
        ),
        *(
            Category(scheme="section", term=name, label=in_language(wire.sections[name].name, edition))
            for name in story.sections
            if name in wire.sections
        ),
        *(
            Category(
                scheme=MEDIA_TOPIC,
                term=subject.code.rpartition(":")[2],
                label=wire.topics.name(subject.code, edition) or _without_tags(subject.name) or subject.code,
            )
            for subject in story.item.subjects
            if subject.code.startswith("medtop:")
        ),
        *(_own_category("tag", tag, story.names) for tag in story.tags if tag not in subjects),
        *(_own_category("label", label, story.names) for label in story.item.labels),
    )


def _own_category(scheme: str, word: str, names: Mapping[str, str]) -> Category:
    return Category(scheme=scheme, term=word, label=names.get(word) or _without_tags(word) or word)


def _without_tags(line: str) -> str:
    """Some send a byline or a keyword with mark-up in it."""
    return plain_text(safe_html(line)) if "<" in line else line


def _directed(body: str, edition: str, wire: Wire) -> str:
    """The body under its language and direction: readers put it into pages of any direction."""
    return f'<div lang="{edition}" dir="{wire.editions[edition].direction}">\n{body}\n</div>'


def _lead(body: str, most_characters: int = 300) -> str:
    """The first words of a text, cut between words."""
    text = clean_line(plain_text(body))
    return text if len(text) <= most_characters else text[:most_characters].rsplit(" ", 1)[0] + "…"
