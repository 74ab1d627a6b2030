"""The feed documents in memory: loaded at start, replaced when rendering says so, checked in case it was not heard.

PostgreSQL's NOTIFY comes with the commit that wrote a document. It may be missed (a restart, a broken connection), so the
edge also asks now and then what was refreshed lately.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import psycopg

from services.edge.conditional import http_date
from shared import log
from shared.clock import utc_now
from shared.database import database_url
from shared.settings import settings

MEDIA_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}

#: transactions that commit late are found by looking this far back
_OVERLAP = timedelta(seconds=60)

_log = log.get("edge")


@dataclass(frozen=True, kw_only=True)
class Served:
    """One document, ready to be sent: bytes and headers for each coding, made once."""

    etag: str  #: unquoted; the gzip representation has its own
    modified_at: datetime
    body: bytes
    body_gzip: bytes
    headers: dict[bool, list[tuple[bytes, bytes]]] = field(default_factory=dict)  #: by: is it gzip?

    def quoted_etag(self, *, is_gzip: bool) -> str:
        """The strong validator of a representation."""
        return f'"{self.etag}-gzip"' if is_gzip else f'"{self.etag}"'


Name = tuple[str, str, str]  # edition, feed, format


class Documents:
    """Every feed document of the wire."""

    def __init__(self) -> None:
        self._served: dict[Name, Served] = {}
        self._task: asyncio.Task[None] | None = None
        self._seen_until: datetime | None = None

    def get(self, name: Name) -> Served | None:
        """A document, or None if there is none of that name."""
        return self._served.get(name)

    async def start(self) -> None:
        """Load everything and go on listening. A database that is away is waited for in the background."""
        self._task = asyncio.create_task(self._keep_up())

    async def stop(self) -> None:
        """End the listening."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _keep_up(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    database_url(), autocommit=True, connect_timeout=5, application_name="barq edge"
                ) as connection:
                    await connection.execute("LISTEN barq_documents")
                    self._seen_until = None
                    await self._load_refreshed(connection)
                    while True:
                        told = {
                            notice.payload
                            async for notice in connection.notifies(timeout=settings().edge_poll_s, stop_after=1)
                        }
                        if told:
                            await self._load(connection, [tuple(name.split("/", 1)) for name in told])
                        else:
                            await self._load_refreshed(connection)
            except (psycopg.Error, OSError) as away:
                _log.warning("database.away", error=repr(away))
                await asyncio.sleep(0.5)

    async def _load_refreshed(self, connection: psycopg.AsyncConnection) -> None:
        """Everything at first, then what was refreshed since the last look and a little before."""
        now = utc_now()
        since = self._seen_until - _OVERLAP if self._seen_until else datetime.min.replace(tzinfo=now.tzinfo)
        rows = await connection.execute(
            "SELECT edition, feed, format, etag FROM documents WHERE refreshed_at > %s", [since]
        )
        missed = {
            (edition, feed)
            for edition, feed, form, etag in await rows.fetchall()
            if (known := self._served.get((edition, feed, form))) is None or known.etag != etag
        }
        await self._load(connection, sorted(missed))
        self._seen_until = now

    async def _load(self, connection: psycopg.AsyncConnection, names: Sequence[tuple[str, ...]]) -> None:
        for edition, feed in names:
            rows = await connection.execute(
                "SELECT format, etag, modified_at, body_gzip FROM documents WHERE edition = %s AND feed = %s",
                [edition, feed],
            )
            for form, etag, modified_at, body_gzip in await rows.fetchall():
                self._served[edition, feed, form] = make_served(
                    edition, feed, form, etag=etag, modified_at=modified_at, body_gzip=body_gzip
                )


#: this process's
documents = Documents()


def make_served(edition: str, feed: str, form: str, *, etag: str, modified_at: datetime, body_gzip: bytes) -> Served:
    """A document with the headers of each of its representations."""
    served = Served(etag=etag, modified_at=modified_at, body=gzip.decompress(body_gzip), body_gzip=body_gzip)
    public_url = settings().public_url
    for is_gzip in (False, True):
        body = served.body_gzip if is_gzip else served.body
        headers = {
            "etag": served.quoted_etag(is_gzip=is_gzip),
            "cache-control": "public, max-age=1, stale-while-revalidate=30, stale-if-error=86400",
            "vary": "Accept-Encoding",
            "content-type": MEDIA_TYPES[form],
            "content-length": str(len(body)),
            "content-language": edition,
            "link": f'<{public_url}/hub>; rel="hub", <{public_url}/{edition}/feeds/{feed}.{form}>; rel="self"',
            "access-control-allow-origin": "*",
            "x-content-type-options": "nosniff",
            "last-modified": http_date(modified_at),
        }
        if is_gzip:
            headers["content-encoding"] = "gzip"
        served.headers[is_gzip] = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return served
