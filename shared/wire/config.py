"""The wire in the newsroom's own words: agency, editions, regions, sections, providers, feeds. Reads the TOML file.

What is wrong in the file is said with the line it stands on, all of it at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from shared import log
from shared.errors import ConfigurationError
from shared.settings import settings
from shared.wire.matching import Filter, Index
from shared.wire.sections import NoSection, Section
from shared.wire.topics import Topics, read_topics

_log = log.get("wire")

DEFAULT_FILE = Path(__file__).with_name("wire.toml")

#: the feed that every published story belongs to
ALL = "all"

#: the feed of whatever somebody searches for; no story belongs to it
SEARCH = "search"

UrlName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
EditionTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Names = dict[str, str]  #: a text in each edition's language


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Agency(_Row):
    """Whose wire this is."""

    code: str = Field(pattern=r"^[A-Z]{2,10}$")
    name: Names
    domain: str = Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")
    copyright: Names = {}
    logo: str = Field("", pattern=r"^$|^https?://")  #: a square PNG of at most 144 pixels; left out: Barq's own


class Policy(StrEnum):
    """What of a machine's text is published before a person has seen it."""

    MACHINE = "machine"  #: what passes the gates, without a word
    MACHINE_LABELLED = "machine-labelled"  #: what passes the gates, and is marked for readers
    REVIEWED_ONLY = "reviewed-only"  #: nothing


class Engine(_Row):
    """A machine that translates; its key is `BARQ_ENGINE_KEY_<NAME>`."""

    kind: Literal["apertium", "chat", "ctranslate2", "deepl", "libretranslate"]
    url: str = Field("", pattern=r"^$|^https?://")
    model: str = ""  #: `chat`: as its server calls it; `ctranslate2`: a folder, or a name that `barq model add` gave one
    timeout_s: float = Field(20.0, gt=0, le=120)  #: for one request
    characters_per_month: int = Field(0, ge=0)  #: what its contract has; 0: any number
    source_prefix: tuple[str, ...] = ()  #: `ctranslate2`: tokens that the model wants before a sentence
    source_suffix: tuple[str, ...] = ("</s>",)  #: and after it
    target_prefix: tuple[str, ...] = ()  #: and before its translation

    @property
    def title(self) -> str:
        """As it signs its translations."""
        return self.model.rstrip("/").rpartition("/")[2] or self.kind

    @model_validator(mode="after")
    def _says_where_it_is(self) -> Self:
        if self.kind in ("chat", "libretranslate") and not self.url:
            raise ValueError("url is missing: say where the engine answers")
        if self.kind in ("chat", "ctranslate2") and not self.model:
            raise ValueError("model is missing")
        return self


class Edition(_Row):
    """A language's wire."""

    title: str = Field(min_length=1)
    description: str = ""
    direction: Literal["ltr", "rtl"] = "ltr"  #: left out: as CLDR has it for the language
    digits: Literal["latn", "arab", "arabext", "deva"] = "latn"  #: CLDR's names of numbering systems
    calendar: Literal["gregorian", "islamic-umalqura"] = "gregorian"  #: the latter is shown beside the former
    zone: str = "UTC"  #: of the times on its pages
    feeds: tuple[str, ...] = ()  #: which stories are translated into it; none named: all
    policy: Policy = Policy.MACHINE_LABELLED
    engines: tuple[str, ...] = ()  #: in order of preference; none: the edition waits for people and what they wrote before

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise ValueError(f"{zone!r} is no time zone, as in Asia/Dubai") from unknown
        return zone


class Region(_Row):
    """A part of the world with a feed of its own."""

    name: Names
    countries: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")], ...] = ()


class ProviderRow(_Row):
    """Who writes for the wire, and what must stand under their stories."""

    name: Names
    code: int = Field(ge=0, lt=10**12)
    disclaimer: Names = {}


class FeedRow(_Row):
    """A feed of the newsroom's own, for stories that its filter wants."""

    name: Names
    description: Names = {}
    filter: Filter
    private: bool = False  #: for subscribers whose products have it


class Product(_Row):
    """Feeds that are sold together. A subscriber's key names its products."""

    name: Names
    feeds: tuple[str, ...] = Field(min_length=1)


class Webhook(_Row):
    """Who is notified of every story by a signed POST (Standard Webhooks); the secret is `BARQ_WEBHOOK_SECRET_<NAME>`."""

    url: str = Field(pattern=r"^https?://")
    editions: tuple[str, ...] = ()  #: none named: every edition
    feeds: tuple[str, ...] = ()  #: none named: every story


class Cache(_Row):
    """A cache in front of the wire, to be emptied when something is taken back; its token is `BARQ_CACHE_TOKEN_<NAME>`."""

    url: str = Field(pattern=r"^https?://")
    method: str = Field("PURGE", pattern=r"^[A-Z]{3,20}$")
    token_header: str = Field("Authorization", pattern=r"^[A-Za-z][A-Za-z0-9-]{0,60}$")
    body: str = ""  #: JSON, where a CDN's API asks for some: `{"purge_everything": true}`


class Vocabularies(_Row):
    """Files of other people's words."""

    media_topics: Path | None = None  #: IPTC's Media Topics as JSON; from where the wire file is


class Comments(_Row):
    """What readers may write under stories; an editor reads it before others do."""

    open: bool = True


class Desk(_Row):
    """How the newsroom works at its screens."""

    two_person_kills: bool = False  #: a kill at the desk needs a second person's yes; a sender's own kill never does


class Wire(_Row):
    """The whole file."""

    advisories: bool = True  #: a kill is also an entry of its own, for readers that never look again at one that they know
    correction_advisories: bool = False  #: a correction too
    agency: Agency
    editions: dict[EditionTag, Edition] = Field(min_length=1)
    engines: dict[UrlName, Engine] = {}
    regions: dict[UrlName, Region] = {}
    sections: dict[UrlName, Section] = {}
    no_section: NoSection = NoSection()
    providers: dict[UrlName, ProviderRow] = {}
    feeds: dict[UrlName, FeedRow] = {}
    products: dict[UrlName, Product] = {}
    webhooks: dict[UrlName, Webhook] = {}
    caches: dict[UrlName, Cache] = {}
    vocabularies: Vocabularies = Vocabularies()
    comments: Comments = Comments()
    desk: Desk = Desk()

    @model_validator(mode="before")
    @classmethod
    def _editions_say_what_they_need(cls, content: Any) -> Any:
        """A direction that is left out is its language's; `engine` and `engine_url` stand for one engine of the edition's own."""
        if isinstance(content, dict) and isinstance(editions := content.get("editions"), dict):
            engines = dict(content.get("engines", {}))
            whole = {tag: _whole_edition(tag, dict(row), engines) for tag, row in editions.items() if isinstance(row, dict)}
            return {**content, "editions": {**editions, **whole}, "engines": engines}
        return content

    @field_validator("editions")
    @classmethod
    def _editions_are_languages(cls, editions: dict[str, Edition]) -> dict[str, Edition]:
        for tag in editions:
            try:
                Locale.parse(tag, sep="-")
            except (UnknownLocaleError, ValueError) as unknown:
                raise ValueError(f"{tag!r} is no language tag that CLDR knows") from unknown
        return editions

    @model_validator(mode="after")
    def _feed_names_are_one_each(self) -> Self:
        taken = {ALL, SEARCH}
        for name in (*self.regions, *self.sections, *self.feeds):
            if name in taken:
                raise ValueError(f"the name {name!r} is taken: feeds, regions and sections share their names")
            taken.add(name)
        return self

    @model_validator(mode="after")
    def _filters_name_what_there_is(self) -> Self:
        for feed, row in self.feeds.items():
            self._check_filter(feed, row)
        return self

    def _check_filter(self, feed: str, row: FeedRow) -> None:
        for part in row.filter.parts():
            if unknown := {*part.region} - {*self.regions} | {*part.section} - {*self.sections}:
                raise ValueError(f"feed {feed!r} asks for {', '.join(sorted(unknown))}, which is no region or section")

    def check_feed(self, name: str, row: FeedRow) -> None:
        """Raises ValueError if a feed that is defined at the desk cannot stand beside those of the file."""
        TypeAdapter(UrlName).validate_python(name)
        if name == SEARCH or self.has_feed(name):
            raise ValueError(f"the name {name!r} is taken in the wire file")
        self._check_filter(name, row)

    def with_feeds(self, defined: Mapping[str, FeedRow]) -> Wire:
        """This wire with feeds of the desk too; those that cannot stand beside its own are left out."""
        standing = dict(self.feeds)
        for name, row in defined.items():
            try:
                self.check_feed(name, row)
            except ValueError as wrong:
                _log.warning("feed.left_out", feed=name, error=str(wrong))
                continue
            standing[name] = row
        fields = {field: getattr(self, field) for field in type(self).model_fields}
        return Wire.model_construct(**{**fields, "feeds": standing})

    @model_validator(mode="after")
    def _products_name_feeds_that_there_are(self) -> Self:
        for name, product in self.products.items():
            if unknown := {*product.feeds} - {*self.feed_names()}:
                raise ValueError(f"product {name!r} has {', '.join(sorted(unknown))}, which is no feed")
        return self

    @model_validator(mode="after")
    def _editions_name_what_there_is(self) -> Self:
        for tag, edition in self.editions.items():
            if unknown := {*edition.engines} - {*self.engines}:
                raise ValueError(f"edition {tag!r} asks for {', '.join(sorted(unknown))}, which is no engine")
            if unknown := {*edition.feeds} - {*self.feed_names()}:
                raise ValueError(f"edition {tag!r} asks for {', '.join(sorted(unknown))}, which is no feed")
        return self

    @property
    def own_edition(self) -> str:
        """The wire's own language: the first edition in the file."""
        return next(iter(self.editions))

    def feed_names(self) -> tuple[str, ...]:
        """Every feed of an edition: all, one per region, one per section, and the newsroom's own."""
        return (ALL, *self.regions, *self.sections, *self.feeds)

    def has_feed(self, feed: str) -> bool:
        """Is there such a feed? That of searches is none of its own."""
        return feed == ALL or feed in self.regions or feed in self.sections or feed in self.feeds

    def public_feeds(self) -> tuple[str, ...]:
        """The feeds that everyone may read."""
        return tuple(name for name in self.feed_names() if not self.is_private(name))

    def is_private(self, feed: str) -> bool:
        """Is this feed for subscribers alone?"""
        return feed in self.feeds and self.feeds[feed].private

    def private_feeds(self, products: Iterable[str]) -> tuple[str, ...]:
        """The private feeds that somebody with these products may read; a product that is no more has none."""
        held = {feed for name in products if name in self.products for feed in self.products[name].feeds}
        return tuple(name for name in self.feeds if name in held and self.is_private(name))

    @cached_property
    def feed_index(self) -> Index:
        """Every feed but `all`, by what it wants."""
        regions = {name: Filter(region=(name,)) for name in self.regions}
        sections = {name: Filter(section=(name,)) for name in self.sections}
        return Index({**regions, **sections, **{name: row.filter for name, row in self.feeds.items()}})

    @cached_property
    def topics(self) -> Topics:
        """IPTC's Media Topics, as far as there is a file of them."""
        return read_topics(self.vocabularies.media_topics) if self.vocabularies.media_topics else Topics()

    def feed_title(self, feed: str, edition: str) -> str:
        """A feed's name in an edition's language, as people read it."""
        if feed in (ALL, SEARCH):
            return self.editions[edition].title
        row = self.regions.get(feed) or self.sections.get(feed) or self.feeds[feed]
        return in_language(row.name, edition) or feed

    def feed_description(self, feed: str, edition: str) -> str:
        """What a feed says of itself in an edition's language: its own words, else the edition's."""
        own = in_language(self.feeds[feed].description, edition) if feed in self.feeds else ""
        return own or self.editions[edition].description

    def edition_of(self, language: str) -> str | None:
        """The edition that a text in `language` belongs to: `en-GB` is for `en`, and `en` for `en-GB`; None if there is none."""
        language = language.lower()
        by_tag = {tag.lower(): tag for tag in self.editions}
        by_language = {tag.split("-")[0]: by_tag[tag] for tag in reversed(by_tag)}
        return by_tag.get(language) or by_tag.get(language.split("-")[0]) or by_language.get(language.split("-")[0])

    def provider(self, name: str, code: str) -> ProviderRow | None:
        """The row of the provider that an item names, by its key, its code or its name in any language."""
        for key, row in self.providers.items():
            known = {key, str(row.code), *(text.casefold() for text in row.name.values())}
            if code.casefold() in known or name.casefold() in known:
                return row
        return None


def _whole_edition(tag: str, row: dict[str, Any], engines: dict[str, Any]) -> dict[str, Any]:
    """An edition's row with what it leaves out; an engine of its own is added to `engines` under the edition's name."""
    with suppress(UnknownLocaleError, ValueError):
        row.setdefault("direction", Locale.parse(tag, sep="-").text_direction)
    if kind := row.pop("engine", None):
        engines[tag.lower()] = {"kind": kind, "url": row.pop("engine_url", "")}
        row.setdefault("engines", [tag.lower()])
    for name in row.get("engines", ()):
        if name == "apertium":  # needs nothing said of it
            engines.setdefault(name, {"kind": name})
    return row


def in_language(texts: Names, edition: str) -> str:
    """The text for an edition: its own, else its base language's, else the first there is, else nothing."""
    return texts.get(edition) or texts.get(edition.split("-")[0]) or next(iter(texts.values()), "")


def read_wire(path: Path) -> Wire:
    """Read and check a wire file. Raises ConfigurationError that names the file, the line and the mend."""
    try:
        source = path.read_text(encoding="utf-8")
        content = tomllib.loads(source)
    except OSError as unreadable:
        raise ConfigurationError(f"the wire file {path} cannot be read: {unreadable.strerror}") from unreadable
    except UnicodeDecodeError as not_utf8:
        raise ConfigurationError(f"{path} is not UTF-8 (byte {not_utf8.start})") from not_utf8
    except tomllib.TOMLDecodeError as broken:
        raise ConfigurationError(f"{path} is not valid TOML: {broken}") from broken
    try:
        if isinstance(named := content.get("vocabularies", {}).get("media_topics"), str):
            content["vocabularies"]["media_topics"] = path.parent / named
        read = Wire.model_validate(content)
        _ = read.topics  # now, so that a file that is wrong is said at the start
        return read
    except ValidationError as wrong:
        complaints = [
            f"{path}:{line_of(source, tuple(str(part) for part in error['loc']))}: "
            f"{'.'.join(str(part) for part in error['loc']) or 'the file'}: {error['msg']}"
            for error in wrong.errors()
        ]
        raise ConfigurationError("\n".join(complaints)) from wrong


def line_of(source: str, location: tuple[str, ...]) -> int:
    """The line of a TOML file on which a value stands, or the nearest table that holds it; 1 if neither is found.

    `tomllib` keeps no positions. Newsrooms write plain tables and keys, so a look at headers and keys is enough.
    """
    best, depth = 1, 0
    table: tuple[str, ...] = ()
    for number, line in enumerate(source.splitlines(), start=1):
        if header := re.match(r"\s*\[([^\[\]]+)\]", line):
            table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            keys = table
        elif key := re.match(r"\s*([A-Za-z0-9_.\"'-]+)\s*=", line):
            keys = (*table, *(part.strip("\"'") for part in key[1].split(".")))
        else:
            continue
        if len(keys) > depth and location[: len(keys)] == keys:
            best, depth = number, len(keys)
    return best


@cache
def file_wire() -> Wire:
    """The wire as its file has it, read once."""
    return read_wire(settings().config or DEFAULT_FILE)


_defined: dict[str, FeedRow] = {}


def define_feeds(rows: Mapping[str, object]) -> None:
    """Let this process know the feeds that are defined at the desk, and no others (`defined_feeds.py` reads them)."""
    global _defined
    defined = {name: FeedRow.model_validate(row) for name, row in rows.items()}
    if defined != _defined:
        _defined = defined
        wire.cache_clear()


@cache
def wire() -> Wire:
    """The wire of this process: its file, and the feeds of the desk."""
    return file_wire().with_feeds(_defined) if _defined else file_wire()
