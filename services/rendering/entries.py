"""What a story looks like to a reader of one edition, decided from values: its text, or a notice, or nothing at all."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TypedDict

from services.rendering.credits import Credit, credit_of, provider_name, without_tags
from services.rendering.datelines import place_name, place_of, with_dateline
from services.rendering.labels import label_name
from services.rendering.media import Media, media_of, picture_html
from services.rendering.notices import Words, words_of
from shared.contracts.entry import AuthorKind, Facts, StoryConcept
from shared.contracts.feeds import LONGEST_IN_FEEDS, facet
from shared.contracts.item import KillReason, WireItem
from shared.contracts.story import StoryState
from shared.language.characters import clean_line
from shared.language.markup import plain_text, shortened
from shared.wire.config import Policy, Wire, in_language

#: characters of a summary that is made of a text
_SHORTEST_LEAD, _LONGEST_LEAD = 40, 300
#: a sentence ends behind a word and not behind an initial or an abbreviation: `said.”`, not `U.S.`, `Mr.`, `No.`
_SENTENCE_ENDS = re.compile(r"(?:[^\W\d_]{4}|\d|[\u0600-\u06ff]{2})([.!?؟۔]+[\"'”’»)]{0,2})(?=\s+[\"'“‘«(]?[^\W\d_a-z])")
_FIGURE = re.compile(r"[\d$€£¥]")
#: where a paragraph begins, and how many are looked at for the first with words
_PARAGRAPH = re.compile(r"<p(?: [^<>]*)?>")
_MOST_LOOKED_AT = 5

#: IPTC's name for its Media Topics
MEDIA_TOPIC = "http://cv.iptc.org/newscodes/mediatopic/"


@dataclass(frozen=True, kw_only=True)
class TranslatedText:
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
    labels: tuple[str, ...]
    regions: tuple[str, ...]
    sections: tuple[str, ...]
    languages: tuple[str, ...]  #: the other editions that have an entry of it
    translated: TranslatedText | None  #: into the edition asked for
    comments_count: int = 0  #: shown in the edition asked for
    names: Mapping[str, str] = field(default_factory=dict)  #: tags and labels in the edition's language, as far as known
    byline: str = ""  #: as the edition's glossary says it; empty: it does not


@dataclass(frozen=True, kw_only=True)
class Category:
    """A word that a story is filed under."""

    scheme: str  #: `region`, `section`, `tag`, `label`; IPTC's own for a Media Topic
    term: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Translation:
    """Where an edition's text is from."""

    of_revision: int  #: the story's revision that it renders
    method: str  #: `human`, `machine`, or `memory`
    by: str
    reviewed_by: str  #: the person who signed a machine's text


#: what a reader sees of the facts stands in the text, its credit and its categories
_NOT_OF_ITS_CONTENT = (
    "published_at", "updated_at", "revision", "version", "alternates", "link", "has_left", "comments_count", "content_in_feeds",
    "is_advisory", "author_kind", "author_language", "provider_names", "facts",
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
    provider: str  #: who wrote the story, as its sender calls them; empty: nobody is named
    rights: str
    categories: tuple[Category, ...]
    media: tuple[Media, ...]
    alternates: tuple[tuple[str, str], ...]  #: other editions' tags and addresses
    is_notice: bool
    is_advisory: bool = False  #: of a story, and not that story's own entry
    has_left: bool  #: out of every list, without alarm; its address still says so
    revision: int
    published_at: datetime
    updated_at: datetime
    version: int = 1  #: grows with `updated_at`
    translation: Translation | None = None  #: None: in the story's own language
    comments_count: int | None = None  #: that readers may see; None: where nobody may write any
    content_in_feeds: str = ""  #: the same with less of a text that is too long for feeds; empty: all of it
    author_kind: AuthorKind = "organization"
    author_language: str = ""  #: that the author's name is written in, where that is not the edition's
    provider_names: tuple[str, ...] = ()  #: what its provider is asked for by
    facts: Facts = field(default_factory=Facts)

    @property
    def text_revision(self) -> int:
        """The story's revision that its text, or notice, is of: a translation may be of an earlier one than the story's."""
        return self.translation.of_revision if self.translation else self.revision

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
        terms = [(category.scheme, category.term) for category in self.categories]
        return list(dict.fromkeys(facet(*each) for each in (*terms, *(("provider", name) for name in self.provider_names))))

    def text(self) -> str:
        """All its words, without mark-up: what it is searched by."""
        return f"{self.title}\n{self.summary}\n{plain_text(self.content_html)}"


def is_news(entry: Entry, *, revision: int, text_revision: int | None, was_notice: bool) -> bool:
    """Is there something to tell receivers, where the entry before it had these revisions (`text_revision` None: not known)?

    Only another text is news, or a notice in its place or text in place of a notice: not a link, a comment, another rendering.
    """
    if entry.revision < revision:  # overtaken: not written either
        return False
    if text_revision is None:
        return entry.revision > revision
    return (entry.text_revision, entry.is_notice) != (text_revision, was_notice)


def build_entry(story: Story, edition: str, *, wire: Wire, public_url: str, has_entry: bool) -> Entry | None:
    """The story's entry in an edition; None if its readers see nothing of it, and should not.

    `has_entry` says that they saw it before: then what is taken back leaves a notice in its place.
    """
    if story.published_at is None:
        return None
    words = words_of(edition)
    frame = _frame(story, edition, wire=wire, public_url=public_url)
    is_own = edition == story.edition
    if story.state in (StoryState.KILLED, StoryState.WITHHELD):
        if not (is_own or has_entry):
            return None
        if story.state is StoryState.WITHHELD:
            return _notice(frame, story.updated_at, words.held_title, words.held_body, wire)
        reason = words.kill_reasons[story.kill_reason] if story.kill_reason else ""
        return _notice(frame, story.updated_at, words.killed_title, f"{words.killed_body} {reason}".strip(), wire)
    if story.state is StoryState.EXPIRED and has_entry:
        return replace(_notice(frame, story.updated_at, words.expired_title, words.expired_body, wire), has_left=True)
    if story.state is not StoryState.PUBLISHED:
        return None
    if is_own:
        return _full_entry(frame, story, None, wire)
    if story.translated is None:
        # readers of the edition that was the story's own until a version in another language corrected it
        is_stale = has_entry and story.corrected_at_revision > 0
        return _notice(frame, story.updated_at, words.stale_title, words.stale_body, wire) if is_stale else None
    if story.translated.revision < story.corrected_at_revision:
        # what was wrong must not stand until somebody has translated it again; who never saw it needs no notice
        return _notice(frame, story.updated_at, words.stale_title, words.stale_body, wire) if has_entry else None
    return _full_entry(frame, story, story.translated, wire)


class Frame(TypedDict):
    """What an entry says that has its text, and one that has none, all the same."""

    id: str
    story: str
    edition: str
    direction: str
    link: str
    alternates: tuple[tuple[str, str], ...]
    revision: int
    published_at: datetime


def _frame(story: Story, edition: str, *, wire: Wire, public_url: str) -> Frame:
    first_public_at = story.published_at or story.updated_at
    if story.translated:
        first_public_at = max(first_public_at, story.translated.made_at)
    return Frame(
        id=f"tag:{wire.agency.domain},2024:{story.id}:{edition}",
        story=story.id,
        edition=edition,
        direction=wire.editions[edition].direction,
        link=f"{public_url}/{edition}/stories/{story.id}",
        alternates=tuple((other, f"{public_url}/{other}/stories/{story.id}") for other in story.languages),
        revision=story.revision,
        published_at=first_public_at,
    )


def _notice(frame: Frame, updated_at: datetime, title: str, body: str, wire: Wire) -> Entry:
    """What stands in place of a text: templates in the edition's words, and not a word of the story."""
    content = f"<p>{html.escape(body)}</p>"
    return agency_entry(
        frame, updated_at, title.format(story=frame["story"]), summary=body, content=content, is_notice=True, wire=wire
    )


def agency_entry(
    frame: Frame, updated_at: datetime, title: str, *, summary: str, content: str, is_notice: bool, wire: Wire
) -> Entry:
    """What the agency itself says of a story: a notice in the place of its text, or an advisory beside it. `content` is HTML."""
    edition = frame["edition"]
    return Entry(
        **frame,
        title=title,
        summary=summary,
        content_html=_directed(content, frame),
        author=in_language(wire.agency.name, edition),
        provider="",
        rights=in_language(wire.agency.copyright, edition),
        categories=(),
        media=(),
        is_notice=is_notice,
        is_advisory=not is_notice,
        has_left=False,
        updated_at=updated_at,
    )


def _full_entry(frame: Frame, story: Story, translated: TranslatedText | None, wire: Wire) -> Entry:
    """The story's text in the edition, with the wire's notes around it. `translated` is None in its own language."""
    edition, item = frame["edition"], story.item
    language = story.edition or item.language
    credit = credit_of(item, edition, wire=wire, is_own=not translated, language=language, approved_byline=story.byline)
    media = media_of(item)
    body = translated.body_html if translated else item.body_html
    text = with_dateline(body, item, edition, is_own=not translated, wire=wire)
    before = _before_text(story, translated, words_of(edition), media)
    after = _after_text(story, translated, edition, wire)
    return Entry(
        **frame,
        title=translated.headline if translated else item.headline,
        summary=(translated.summary if translated else item.summary) or _lead(body),
        content_html=_directed("\n".join((*before, text, *after)), frame),
        content_in_feeds=_content_in_feeds(frame, before, text, after),
        author=credit.author,
        author_kind=credit.kind,
        author_language=credit.byline_language,
        provider=item.provider.name or item.provider.code,
        provider_names=credit.provider_names,
        facts=_facts(item, body, credit, edition, is_own=not translated, wire=wire),
        rights=item.copyright_notice or in_language(wire.agency.copyright, edition),
        categories=_categories(story, edition, wire),
        media=media,
        is_notice=False,
        has_left=False,
        translation=_origin_of(translated) if translated else None,
        comments_count=story.comments_count if wire.comments.open or story.comments_count else None,
        updated_at=translated.made_at if translated else story.updated_at,
    )


def _facts(item: WireItem, body: str, credit: Credit, edition: str, *, is_own: bool, wire: Wire) -> Facts:
    return Facts(
        byline=credit.byline,
        provider=credit.provider,
        credit=item.credit_line,
        dateline=place_of(item, edition, is_own=is_own),
        urgency=item.urgency,
        subjects=tuple(
            StoryConcept(name=wire.topics.name(s.code, edition) or without_tags(s.name), code=s.code, scheme=s.scheme)
            for s in item.subjects
        ),
        places=tuple(
            StoryConcept(name=place_name(place.name, edition) or place.name, code=place.code, scheme=place.scheme)
            for place in item.places
        ),
        word_count=len(plain_text(body).split()),
    )


def _before_text(story: Story, translated: TranslatedText | None, words: Words, media: tuple[Media, ...]) -> list[str]:
    """What stands in front of the text: notes of corrections, a second headline, the first picture."""
    item = story.item
    parts = []
    for note in story.correction_notes:
        # a note is in the language of its story; elsewhere the edition's own words stand for it
        shown = words.corrected if translated or not note else note
        parts.append(f'<p class="correction"><strong>{words.correction}</strong> {html.escape(shown, quote=False)}</p>')
    if item.subheadline and not translated:
        parts.append(f"<h2>{html.escape(item.subheadline, quote=False)}</h2>")
    parts += [picture_html(one) for one in media if one.medium == "image"][:1]
    return parts


def _after_text(story: Story, translated: TranslatedText | None, edition: str, wire: Wire) -> list[str]:
    """What stands behind the text: who translated it, its identifier, credit and disclaimers."""
    item, words = story.item, words_of(edition)
    provider = wire.provider(item.provider.name, item.provider.code)
    in_house = in_language(provider.disclaimer, edition) if provider else ""
    parts = []
    if translated and (translator := _translated_by(translated, words, wire.editions[edition].policy)):
        parts.append(f'<p class="translated"><em>{translator}</em></p>')
    parts.append(f'<p class="identifier"><span dir="ltr">{story.id}</span></p>')  # not <bdi>: feed validators know HTML 4 only
    if item.credit_line and item.credit_line != provider_name(item, edition, wire):
        parts.append(f'<p class="credit"><span dir="auto">{html.escape(item.credit_line, quote=False)}</span></p>')
    # the house's words in the edition's language, and the provider's own as they came
    disclaimers = [text for text in dict.fromkeys((in_house, item.disclaimer)) if text]
    if disclaimers:
        parts.append(f'<p class="disclaimer"><strong>{words.disclaimer}</strong></p>')
    parts += [f'<p class="disclaimer" dir="auto"><em>{html.escape(text, quote=False)}</em></p>' for text in disclaimers]
    return parts


def _content_in_feeds(frame: Frame, before: list[str], text: str, after: list[str]) -> str:
    """The same with less of a text that is too long for feeds, and a link to the whole; empty if it is not."""
    if len(text.encode()) <= LONGEST_IN_FEEDS:
        return ""
    rest = f'<p class="rest"><a href="{html.escape(frame["link"])}">{words_of(frame["edition"]).rest}</a></p>'
    return _directed("\n".join((*before, shortened(text, LONGEST_IN_FEEDS), rest, *after)), frame)


def _origin_of(translated: TranslatedText) -> Translation:
    return Translation(
        of_revision=translated.revision,
        method=translated.method,
        by=translated.translator,
        reviewed_by=translated.reviewed_by,
    )


def _translated_by(translated: TranslatedText, words: Words, policy: Policy) -> str:
    """Who translated a story, in the edition's words. A machine is named as one, unless the edition keeps that to itself."""
    if translated.reviewed_by:
        return words.machine_reviewed.format(reviewer=_name(translated.reviewed_by))
    if translated.method == "machine":
        return "" if policy is Policy.MACHINE else words.machine
    return words.translator.format(translator=_name(translated.translator))


def _name(name: str) -> str:
    return f'<span dir="auto">{html.escape(name)}</span>'


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
                label=wire.topics.name(subject.code, edition) or without_tags(subject.name) or subject.code,
            )
            for subject in story.item.subjects
            if subject.code.startswith("medtop:")
        ),
        *(_own_category("tag", tag, story.names.get(tag, tag)) for tag in story.tags if tag not in subjects),
        *(_own_category("label", label, story.names.get(label) or label_name(label, edition)) for label in story.labels),
    )


def _own_category(scheme: str, word: str, name: str) -> Category:
    return Category(scheme=scheme, term=word, label=without_tags(name) or word)


def _directed(body: str, frame: Frame) -> str:
    """The body under its language and direction: readers put it into pages of any direction."""
    return f'<div lang="{frame["edition"]}" dir="{frame["direction"]}">\n{body}\n</div>'


def _lead(body: str) -> str:
    """What a text opens with, cut between words: its first paragraph, and the next where that is a place and a day alone."""
    text = ""
    for before_its_end in body.split("</p>", _MOST_LOOKED_AT)[:_MOST_LOOKED_AT]:
        _, *begun = _PARAGRAPH.split(before_its_end)
        text = f"{text} {clean_line(plain_text(begun[-1]))}".strip() if begun else text
        if len(text) >= _SHORTEST_LEAD:
            break
    return _cut(text or clean_line(plain_text(body)))


def _cut(text: str) -> str:
    """As much of a text as a summary has room for: whole sentences if one ends in it, else words, and never half a figure."""
    if len(text) <= _LONGEST_LEAD:
        return text
    room = text[: _LONGEST_LEAD + 1]
    if ends := [end.end(1) for end in _SENTENCE_ENDS.finditer(room) if end.end(1) >= _SHORTEST_LEAD]:
        return room[: ends[-1]]
    words = room.rsplit(" ", 1)[0].split(" ")
    while len(words) > 1 and _FIGURE.search(words[-1]):  # `$1.5` of `$1.5 billion`
        words.pop()
    return " ".join(words)[:_LONGEST_LEAD] + "…"
