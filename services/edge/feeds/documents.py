"""The feed documents in memory: loaded at start, replaced when rendering says so, checked in case it was not heard.

PostgreSQL's NOTIFY comes with the commit that wrote a document. It may be missed (a restart, a broken connection), so the
edge also asks now and then what was refreshed lately.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import psycopg

from services.edge.conditional import CODINGS, http_date
from services.edge.cross_origin import EXPOSED
from services.edge.feeds.deltas import History
from shared import log
from shared.archive.database import database_url
from shared.clock import utc_now
from shared.contracts.feeds import CONTENT_TYPES, DOCUMENTS_CHANNEL, FeedFormat
from shared.settings import settings
from shared.wire.config import Wire, wire

#: transactions that commit late are found by looking this far back
_OVERLAP = timedelta(seconds=60)

_log = log.get("edge")


Headers = list[tuple[bytes, bytes]]

#: what a 304 does not repeat
_ONLY_IN_200 = {
    b"content-type", b"content-length", b"content-encoding", b"content-language", b"link", b"x-content-type-options",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Representation:
    """One coding of a document, ready to be sent: body, validator and headers, made once."""

    body: bytes
    etag: bytes  #: quoted, as in HTTP: each representation has its own
    headers: Headers
    headers_304: Headers


@dataclass(frozen=True, kw_only=True)
class Served:
    """One document, ready to be sent."""

    path: str  #: where it is, on the wire's own host
    feed_format: FeedFormat
    modified_at: datetime
    modified_s: float  #: the same, since the epoch
    plain: Representation
    by_coding: Mapping[str, Representation]
    history: History | None = None  #: None: it has not changed since this process started

    @property
    def body(self) -> bytes:
        """The document's bytes, not compressed."""
        return self.plain.body

    def since(self, tags: str) -> bytes | None:
        """What is new since the version that an `If-None-Match` names; None if it names none that is remembered."""
        for tag in tags.split(",") if self.history else ():
            version = tag.strip().removeprefix("W/").strip('"')
            for coding in CODINGS:
                version = version.removesuffix(f"-{coding}")
            if self.history and (delta := self.history.since(version, self.body)) is not None:
                return delta
        return None


Name = tuple[str, str, str]  # edition, feed, format: as an address has them


class Documents:
    """Every feed document of the wire."""

    def __init__(self) -> None:
        self._served: dict[Name, Served] = {}
        self._by_path: dict[str, Served] = {}
        self._opened_for: Wire | None = None
        self._task: asyncio.Task[None] | None = None
        self._seen_until: datetime | None = None

    def get(self, name: Name) -> Served | None:
        """A document, or None if there is none of that name."""
        return self._served.get(name)

    def at(self, path: str) -> Served | None:
        """The document at a path; None if it is none, a private one, or that of searches, which is not served as it is."""
        return self._by_path.get(path)

    def keep(self, edition: str, feed: str, feed_format: str, served: Served) -> None:
        """Serve a document from now on."""
        before = self._served.get((edition, feed, feed_format))
        if before:
            served = replace(served, history=_history(before, served))
        self._served[edition, feed, feed_format] = served
        if wire().has_feed(feed) and not wire().is_private(feed):
            self._by_path[served.path] = served

    def open_and_close(self) -> None:
        """Serve to everyone what the wire says now is public, and nothing else: a feed may have been defined or closed."""
        if self._opened_for is not wire():
            self._opened_for = wire()
            served, self._served, self._by_path = self._served, {}, {}
            for name, document in served.items():
                self.keep(*name, document)

    def forget(self) -> None:
        """Serve nothing any more, until it is loaded again."""
        self._served.clear()
        self._by_path.clear()

    async def start(self) -> None:
        """Load everything and go on listening. A database that is away is waited for in the background."""
        self._task = asyncio.create_task(self._keep_up())

    async def stop(self) -> None:
        """Stop listening to the database, and wait until that has ended."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _keep_up(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    database_url(), autocommit=True, connect_timeout=5, application_name="barq edge"
                ) as connection:
                    await connection.execute(f"LISTEN {DOCUMENTS_CHANNEL}")
                    self._seen_until = None
                    await self._load_refreshed(connection)
                    while True:
                        changed = {
                            notice.payload async for notice in connection.notifies(timeout=settings().edge_poll_s, stop_after=1)
                        }
                        if changed:
                            await self._load(connection, [tuple(name.split("/", 1)) for name in changed])
                        else:
                            await self._load_refreshed(connection)
            except (psycopg.Error, OSError) as away:
                _log.warning("database.away", error=repr(away))
                await asyncio.sleep(0.5)

    async def _load_refreshed(self, connection: psycopg.AsyncConnection) -> None:
        """Everything at first, then what was refreshed since the last look and a little before."""
        self.open_and_close()
        now = utc_now()
        since = self._seen_until - _OVERLAP if self._seen_until else datetime.min.replace(tzinfo=now.tzinfo)
        rows = await connection.execute("SELECT edition, feed, format, etag FROM documents WHERE refreshed_at > %s", [since])
        missed = {
            (edition, feed)
            for edition, feed, feed_format, etag in await rows.fetchall()
            if (known := self._served.get((edition, feed, feed_format))) is None or known.plain.etag != f'"{etag}"'.encode()
        }
        await self._load(connection, sorted(missed))
        self._seen_until = now

    async def _load(self, connection: psycopg.AsyncConnection, names: Sequence[tuple[str, ...]]) -> None:
        for edition, feed in names:
            rows = await connection.execute(
                "SELECT format, etag, modified_at, body_gzip, body_br FROM documents WHERE edition = %s AND feed = %s",
                [edition, feed],
            )
            for extension, etag, modified_at, body_gzip, body_br in await rows.fetchall():
                feed_format = FeedFormat(extension)
                served = make_served(
                    edition, feed, feed_format, etag=etag, modified_at=modified_at, body_gzip=body_gzip, body_br=body_br
                )
                self.keep(edition, feed, feed_format, served)


#: this process's
documents = Documents()


def make_served(
    edition: str, feed: str, feed_format: FeedFormat, *, etag: str, modified_at: datetime, body_gzip: bytes, body_br: bytes | None
) -> Served:
    """A document with each of its representations; one that an older Barq put together has no `br`."""
    path = f"/{edition}/feeds/{feed}.{feed_format}"
    own = f"{settings().public_url}{path}"
    headers = {
        "cache-control": "public, max-age=1, stale-while-revalidate=30, stale-if-error=86400",
        "vary": "Accept-Encoding",
        "content-type": CONTENT_TYPES[feed_format],
        "content-language": edition,
        "link": f'<{settings().public_url}/hub>; rel="hub", <{own}>; rel="self"',
        "access-control-allow-origin": "*",
        "access-control-expose-headers": EXPOSED,
        "x-content-type-options": "nosniff",
        "last-modified": http_date(modified_at),
    }
    return Served(
        path=path,
        feed_format=feed_format,
        modified_at=modified_at,
        modified_s=modified_at.timestamp(),
        plain=_representation(gzip.decompress(body_gzip), f'"{etag}"', headers),
        by_coding={
            coding: _representation(body, f'"{etag}-{coding}"', {**headers, "content-encoding": coding})
            for coding, body in (("br", body_br), ("gzip", body_gzip))
            if body is not None
        },
    )


def _history(before: Served, served: Served) -> History | None:
    """The history of a document goes on with its next version, and stays when the same one is loaded again: a feed's formats are
    loaded together, and another one of them may be what has changed."""
    if before.plain.etag == served.plain.etag:
        return before.history
    history = before.history or History(served.feed_format, before.plain.etag.decode().strip('"'), before.body)
    history.goes_on(served.plain.etag.decode().strip('"'), served.body)
    return history


def _representation(body: bytes, etag: str, headers: Mapping[str, str]) -> Representation:
    whole = {"etag": etag, "content-length": str(len(body)), **headers}
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in whole.items()]
    return Representation(
        body=body,
        etag=etag.encode(),
        headers=encoded,
        headers_304=[header for header in encoded if header[0] not in _ONLY_IN_200],
    )
