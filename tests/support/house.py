"""A wire without processes: real PostgreSQL and Valkey, the services' own code, and work done when the test says so."""

from __future__ import annotations

import gzip
import json
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, Row, text

from services.delivery.webhooks.queries import MAY_BE_SENT, MAY_BE_SENT_PARAMETERS
from services.ingest.sources.stages import running_polls
from shared.clock import utc_now
from shared.contracts.work import Follow
from shared.pipeline import STAGES, Lane, Stage, StageSpec
from shared.queue import broker, ledger, operations
from shared.queue.bells import Bells
from shared.queue.worker import handler_of
from shared.web.keys import Role, create_key
from tests.support.factories import sent


@dataclass
class House:
    """The wire of one test."""

    engine: Engine
    home: Path

    # ── The newsroom ─────────────────────────────────────────────────────────────────────────────────────────────

    def key(self, role: Role = Role.NEWSROOM, name: str = "desk") -> str:
        """A key, made on first use."""
        kept: dict[str, str] = self.__dict__.setdefault("_keys", {})
        if name not in kept:
            with self.engine.begin() as connection:
                kept[name] = create_key(connection, role=role, name=name, now=utc_now())
        return kept[name]

    def client(self, app: FastAPI) -> TestClient:
        """An app of the newsroom's role with a newsroom's key."""
        return TestClient(app, headers={"authorization": f"Bearer {self.key()}"}, raise_server_exceptions=False)

    def newsroom(self) -> TestClient:
        """Ingest's API with a newsroom's key."""
        from services.ingest.routes import app

        return self.client(app)

    def pushes(self, **fields: Any) -> dict[str, Any]:
        """The newsroom pushes one item; what it is answered for it."""
        answer = self.newsroom().post(
            "/v1/items", content=json.dumps(sent(**fields)), headers={"content-type": "application/json"}
        )
        assert answer.status_code == 202, answer.text
        accepted: dict[str, Any] = answer.json()["accepted"][0]
        return accepted

    def pushes_many(self, items: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """The newsroom pushes many in one request."""
        body = "\n".join(json.dumps(item) for item in items)
        answer = self.newsroom().post("/v1/items", content=body, headers={"content-type": "application/x-ndjson"})
        envelope: dict[str, Any] = answer.json()
        return envelope

    def translates(self, story: str, edition: str = "ar", **fields: Any) -> Any:
        """A person sends a translation."""
        from services.translation.app import app

        body = {
            "headline": "اتفاق الوزراء على الإنتاج",
            "body_html": "<p>اتفق الوزراء على إنتاج الخام.</p>",
            "translator": "Layla",
            **fields,
        }
        return self.client(app).put(f"/v1/stories/{story}/editions/{edition}", json=body)

    # ── The workers ──────────────────────────────────────────────────────────────────────────────────────────────

    def works(self, *stages: Stage) -> int:
        """Do what is due, of the stages named or of all, until nothing is; how many chunks that took."""
        chunks = 0
        while True:
            before = chunks
            for spec, lane in self._due():
                while (not stages or spec.stage in stages) and ledger.do_chunk(
                    self.engine, spec, lane, handler_of(spec), lambda _: None
                ):
                    chunks += 1
            if not stages or Stage.POLL in stages:
                running_polls.join(90)  # those that take longer than a chunk waits
            if chunks == before:
                return chunks

    def _due(self) -> list[tuple[StageSpec, Lane]]:
        """The queues with work, in the pipeline's order; one question, as to look into each takes longer than most work."""
        with self.engine.connect() as connection:
            due = {(one.stage, one.lane) for one in operations.due_and_unheld(connection, ledger.utc_now(), bound=1)}
        return [(spec, lane) for spec in STAGES for lane in Lane if (spec.stage, lane) in due]

    def settles(self, patience_s: float = 60.0) -> None:
        """Work until nothing is due and nobody is being sent to."""
        ends_s = time.monotonic() + patience_s
        while True:
            # before as well: whoever came to rest since then may have left work that was not there yet
            was_at_rest = not self._under_way()
            if not self.works() and was_at_rest and not self._under_way():
                return
            assert time.monotonic() < ends_s, "receivers and subscribers never came to rest"
            time.sleep(0.02)

    def _under_way(self) -> int:
        """How many are being sent to, or will be at once, or are being asked."""
        (row,) = self.rows(
            f"""
            SELECT (SELECT count(*) FROM receivers WHERE held_until > now())
                 + (SELECT count(*) FROM receivers JOIN deliveries ON receiver = receivers.id
                    WHERE state = 'due' AND {MAY_BE_SENT} AND greatest(receivers.due_at, deliveries.due_at) <= now())
                 + (SELECT count(*) FROM subscriptions WHERE held_until > now())
                 + (SELECT count(*) FROM work WHERE state = 'due' AND error = 'being asked') AS under_way
            """,
            **MAY_BE_SENT_PARAMETERS,
        )
        return int(row.under_way)

    def asks(self, *follows: Follow, lane: Lane = Lane.REGULAR) -> Bells:
        """Record work, as a cause does."""
        with self.engine.begin() as connection:
            return ledger.record(connection, follows, lane=lane, now=utc_now())

    def time_passes(self, **duration: float) -> None:
        """Everything in the ledger was due, held or accepted that much earlier; embargoes too."""
        back = timedelta(**duration)
        with self.engine.begin() as connection:
            connection.execute(text("UPDATE work SET due_at = due_at - :b, held_until = held_until - :b"), {"b": back})
            connection.execute(text("UPDATE receivers SET due_at = due_at - :b, failing_since = failing_since - :b"), {"b": back})
            connection.execute(text("UPDATE deliveries SET due_at = due_at - :b"), {"b": back})
            connection.execute(
                text("""
                    UPDATE stories SET embargoed_until = embargoed_until - :b, scheduled_for = scheduled_for - :b,
                        expires_at = expires_at - :b
                """),
                {"b": back},
            )

    # ── What is there ────────────────────────────────────────────────────────────────────────────────────────────

    def rows(self, query: str, **parameters: Any) -> list[Row[Any]]:
        """Rows of the archive."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(query), parameters))

    def work(self) -> list[Row[Any]]:
        """The whole ledger."""
        return self.rows("SELECT * FROM work ORDER BY id")

    def document(self, feed: str = "all", form: str = "rss", edition: str = "en") -> bytes:
        """A feed document as rendering left it; nothing if it is not there."""
        rows = self.rows(
            "SELECT body_gzip FROM documents WHERE feed = :feed AND format = :form AND edition = :edition",
            feed=feed, form=form, edition=edition,
        )  # fmt: skip
        return gzip.decompress(rows[0].body_gzip) if rows else b""

    def titles(self, feed: str = "all", form: str = "rss", edition: str = "en") -> list[str]:
        """The titles of stories in a feed document, in its order, as a reader finds them; advisories are of none."""
        return [title for id_, title in self.entries(feed, form, edition) if ":advisory:" not in id_]

    def entries(self, feed: str = "all", form: str = "rss", edition: str = "en") -> list[tuple[str, str]]:
        """Ids and titles of everything in a feed document, in its order."""
        document = self.document(feed, form, edition)
        if form == "json":
            return [(item["id"], item["title"]) for item in json.loads(document)["items"]] if document else []
        if document:
            ET.fromstring(document)  # noqa: S314  our own bytes: well-formed or the test fails
        return [(entry.id, entry.title) for entry in feedparser.parse(document).entries]

    def bells_waiting(self) -> int:
        """Messages in all the broker's queues."""
        assert broker.all_rung()
        return sum(broker.waiting_messages().values())
