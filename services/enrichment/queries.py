"""Enrichment's SQL: items in, what they are about and which texts are alike out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from services.enrichment.about import About
from services.enrichment.duplicates import Fingerprint, likeness
from services.enrichment.languages import RECENT, Evidence
from services.enrichment.tags import spelling_of, tag_key
from shared.contracts.finding import values_of
from shared.contracts.item import Provider, WireItem
from shared.wire.config import Wire


@dataclass(frozen=True, kw_only=True)
class Item:
    """A wire item, and where it came from."""

    id: UUID
    story: str
    sender: str  #: the key or the source by which it came
    provider: str
    version: int
    content: WireItem


def read_items(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Item]:
    """The wire items of a chunk."""
    rows = connection.execute(
        text("SELECT id, story, key_name AS sender, provider, version, content FROM items WHERE id = ANY(CAST(:ids AS uuid[]))"),
        {"ids": list(ids)},
    )
    return {row.id: Item(**row._asdict() | {"content": WireItem.model_validate(row.content)}) for row in rows}


class Evidences:
    """What is known of the languages of a chunk's stories and senders; it learns as the chunk is read."""

    def __init__(self, connection: Connection, items: Sequence[Item]) -> None:
        self._stories = _languages_of_stories(connection, items)
        self._recent = _recent_languages(connection, {(item.sender, item.provider) for item in items})
        self._known = dict(self._recent)

    def of(self, item: Item) -> Evidence:
        """What is known before an item is read."""
        return Evidence(story=self._stories.get(item.story, ""), recent=self._recent.get((item.sender, item.provider), ()))

    def learn(self, item: Item, about: About) -> None:
        """An item's language counts for its story, and, where it was said or is sure, for its sender."""
        if about.language_by != "guess" or item.story not in self._stories:
            self._stories[item.story] = about.language
        if about.language_by in ("said", "text"):
            sender = (item.sender, item.provider)
            self._recent[sender] = (*self._recent.get(sender, ()), about.language)[-RECENT:]

    def write(self, connection: Connection) -> None:
        """Keep what was learnt of senders, where it tells something new; a sender that writes one language costs no write."""
        learnt = {
            sender: recent
            for sender, recent in sorted(self._recent.items())
            if Counter(recent) != Counter(self._known.get(sender, ()))
        }
        rows = [{"sender": s, "provider": p, "recent": list(recent)} for (s, p), recent in learnt.items()]
        if new := [row for row in rows if (row["sender"], row["provider"]) not in self._known]:
            connection.execute(_WRITE_NEW_SENDER, new)
        if known := [row for row in rows if (row["sender"], row["provider"]) in self._known]:
            connection.execute(_WRITE_USUAL, known)


def _languages_of_stories(connection: Connection, items: Sequence[Item]) -> dict[str, str]:
    """The language of each story's newest version that was read before; a guess only where there is nothing better."""
    rows = connection.execute(
        text("""
            SELECT DISTINCT ON (items.story) items.story, enrichments.language
            FROM items JOIN enrichments ON enrichments.item = items.id
            WHERE items.story = ANY(CAST(:stories AS varchar[])) AND items.id <> ALL(CAST(:ids AS uuid[]))
            ORDER BY items.story, language_by = 'guess', items.version DESC
        """),
        {"stories": sorted({item.story for item in items}), "ids": [item.id for item in items]},
    )
    return {row.story: row.language for row in rows}


def _recent_languages(connection: Connection, senders: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
    rows = connection.execute(
        text("""
            SELECT usual_languages.sender, usual_languages.provider, recent FROM usual_languages
            JOIN unnest(CAST(:senders AS varchar[]), CAST(:providers AS varchar[])) AS wanted (sender, provider)
              ON wanted.sender = usual_languages.sender AND wanted.provider = usual_languages.provider
        """),
        {"senders": [one for one, _ in sorted(senders)], "providers": [one for _, one in sorted(senders)]},
    )
    return {(row.sender, row.provider): tuple(row.recent) for row in rows}


_WRITE_NEW_SENDER = text("""
    INSERT INTO usual_languages (sender, provider, recent) VALUES (:sender, :provider, CAST(:recent AS varchar[]))
    ON CONFLICT DO NOTHING
""")

# What another worker writes at this moment is not waited for: it is as good a word.
_WRITE_USUAL = text("""
    UPDATE usual_languages SET recent = CAST(:recent AS varchar[])
    WHERE (sender, provider) IN (SELECT sender, provider FROM usual_languages
                                 WHERE sender = :sender AND provider = :provider FOR UPDATE SKIP LOCKED)
""")


def learn_spellings(connection: Connection, tags: Iterable[str]) -> dict[str, str]:
    """How the wire spells some tags by their keys: as they came before, or better, as one of these spells it."""
    spelt: dict[str, list[str]] = {}
    for tag in tags:
        if len(key := tag_key(tag)) <= _LONGEST_KEY:
            spelt.setdefault(key, []).append(tag)
    rows = connection.execute(_SPELLINGS, {"keys": sorted(spelt)})
    known = {row.key: row.spelling for row in rows}
    best = {key: spelling_of([*([known[key]] if key in known else []), *spellings]) for key, spellings in spelt.items()}
    if new := [{"key": key, "spelling": spelling} for key, spelling in sorted(best.items()) if known.get(key) != spelling]:
        connection.execute(_WRITE_SPELLING, new)
    return best


#: of a tag's key that is kept; the index that it is found by has room for no more than 2,700 bytes
_LONGEST_KEY = 200

_SPELLINGS = text("SELECT key, spelling FROM tag_spellings WHERE key = ANY(CAST(:keys AS varchar[]))")

# Whatever another worker writes at this moment is as good a word.
_WRITE_SPELLING = text("""
    INSERT INTO tag_spellings (key, spelling) VALUES (:key, :spelling)
    ON CONFLICT (key) DO UPDATE SET spelling = excluded.spelling
""")


def write_abouts(connection: Connection, abouts: Mapping[UUID, About]) -> None:
    """Keep what each item is about; of an item that is read again the newer word stands."""
    if abouts:
        connection.execute(
            _WRITE,
            [
                {
                    "item": item,
                    "language": a.language,
                    "language_by": a.language_by,
                    "countries": list(values_of(a.countries)),
                    "regions": list(values_of(a.regions)),
                    "sections": list(values_of(a.sections)),
                    "tags": list(a.tags),
                    "labels": list(values_of(a.labels)),
                    "findings": a.findings.model_dump_json(),
                    "is_unsure": a.is_unsure,
                }
                for item, a in abouts.items()
            ],
        )


_WRITE = text("""
    INSERT INTO enrichments (item, language, language_by, countries, regions, sections, tags, labels, findings, is_unsure)
    VALUES (:item, :language, :language_by, :countries, :regions, :sections, :tags, :labels, CAST(:findings AS jsonb), :is_unsure)
    ON CONFLICT (item) DO UPDATE SET language = excluded.language, language_by = excluded.language_by,
        countries = excluded.countries, regions = excluded.regions, sections = excluded.sections, tags = excluded.tags,
        labels = excluded.labels, findings = excluded.findings, is_unsure = excluded.is_unsure
""")


def compare(
    connection: Connection, fingerprints: Mapping[UUID, Fingerprint], wire: Wire, *, within: timedelta, now: datetime
) -> None:
    """Keep what texts are known by, and which stories that came before say the same; also those of the same chunk."""
    if not fingerprints:
        return
    connection.execute(
        _WRITE_FINGERPRINT,
        [
            {
                "item": item,
                "headline": mark.headline,
                "text_hash": mark.text_hash,
                "keys": list(mark.keys),
                "sketch": list(mark.sketch),
                "now": now,
            }
            for item, mark in fingerprints.items()
        ],
    )
    likenesses = _find_likenesses(connection, fingerprints, wire, since=now - within)
    connection.execute(text("DELETE FROM likenesses WHERE item = ANY(CAST(:items AS uuid[]))"), {"items": list(fingerprints)})
    if likenesses:
        connection.execute(
            text("""
                INSERT INTO likenesses (item, story, likeness, is_same, is_anothers)
                VALUES (:item, :story, :likeness, :is_same, :is_anothers)
            """),
            [{"item": item, "story": story, **asdict(alike)} for (item, story), alike in likenesses.items()],
        )


def _find_likenesses(
    connection: Connection, fingerprints: Mapping[UUID, Fingerprint], wire: Wire, *, since: datetime
) -> dict[tuple[UUID, str], _Likeness]:
    """By item and story: how much an item's text has of those that came before it, as far as they are alike or the same."""
    parameters = {"items": list(fingerprints), "since": since}
    likenesses: dict[tuple[UUID, str], _Likeness] = {}
    for row in connection.execute(_ALIKE, parameters):
        alike = likeness(fingerprints[row.item].sketch, row.sketch)
        if alike is not None:
            likenesses[row.item, row.story] = likenesses.get((row.item, row.story), _Likeness()) | _Likeness(alike)
    for row in connection.execute(_EQUAL, parameters):
        is_anothers = _provider(row.own_provider, wire) != _provider(row.provider, wire)
        equal = _Likeness(1.0, is_same=True, is_anothers=is_anothers)
        likenesses[row.item, row.story] = likenesses.get((row.item, row.story), _Likeness()) | equal
    return likenesses


@dataclass(frozen=True)
class _Likeness:
    """How much a text has of a story's."""

    likeness: float = 0.0
    is_same: bool = False  #: word by word and figure by figure
    is_anothers: bool = False  #: so is an item of another provider

    def __or__(self, other: _Likeness) -> _Likeness:
        return _Likeness(max(self.likeness, other.likeness), self.is_same or other.is_same, self.is_anothers or other.is_anothers)


def _provider(content: Mapping[str, str] | None, wire: Wire) -> str:
    """Who wrote an item, under one name: the wire's own where its file has one."""
    provider = Provider.model_validate(content or {})
    row = wire.provider(provider.name, provider.code)
    return str(row.code) if row else (provider.name or provider.code).casefold()


_WRITE_FINGERPRINT = text("""
    INSERT INTO fingerprints (item, story, headline, text_hash, keys, sketch, made_at)
    SELECT id, story, :headline, :text_hash, CAST(:keys AS bigint[]), CAST(:sketch AS bigint[]), :now
    FROM items WHERE id = :item
    ON CONFLICT (item) DO UPDATE SET headline = excluded.headline, text_hash = excluded.text_hash, keys = excluded.keys,
        sketch = excluded.sketch
""")

# Of each item, some of those that came before it (identifiers grow with time) and share one of its keys. A text that more than
# fifty share is a form that is filled in, and no one's copy.
_ALIKE = text("""
    SELECT own.item, other.story, other.sketch FROM fingerprints AS own
    CROSS JOIN LATERAL (
        SELECT story, sketch FROM fingerprints
        WHERE keys && own.keys AND story <> own.story AND item < own.item AND made_at > :since
        LIMIT 50
    ) AS other
    WHERE own.item = ANY(CAST(:items AS uuid[]))
""")

# Of each item, the newest of those that came before it with the very same text.
_EQUAL = text("""
    SELECT own.item, other.story, own_item.content -> 'provider' AS own_provider, other.provider
    FROM fingerprints AS own JOIN items AS own_item ON own_item.id = own.item
    CROSS JOIN LATERAL (
        SELECT fingerprints.story, items.content -> 'provider' AS provider
        FROM fingerprints JOIN items ON items.id = fingerprints.item
        WHERE text_hash = own.text_hash AND fingerprints.story <> own.story AND item < own.item AND made_at > :since
        ORDER BY item DESC LIMIT 50
    ) AS other
    WHERE own.item = ANY(CAST(:items AS uuid[]))
""")
