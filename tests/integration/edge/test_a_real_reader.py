"""Newsboat, a reader that people use, reads the wire's feeds: every story once, in both directions, also after a correction."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path

import httpx
import pytest

from services.edge.feeds.documents import documents
from tests.support.house import House
from tests.support.loopback import edge_running
from tests.support.reading import eventually

pytestmark = pytest.mark.skipif(not shutil.which("newsboat"), reason="needs Newsboat: apt-get install newsboat")


def reads(folder: Path, *urls: str) -> list[tuple[str, str, str, str]]:
    """What the reader has of each entry after it has polled: title, author, id, text."""
    (folder / "urls").write_text("\n".join(urls) + "\n", encoding="utf-8")
    (folder / "config").write_text("suppress-first-reload yes\n", encoding="utf-8")
    own = ["-u", str(folder / "urls"), "-c", str(folder / "cache.db"), "-C", str(folder / "config")]
    environment = {"HOME": str(folder), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    subprocess.run(["newsboat", *own, "-x", "reload"], check=True, timeout=60, env=environment, capture_output=True)
    with sqlite3.connect(folder / "cache.db") as cache:
        return list(cache.execute("SELECT title, author, guid, content FROM rss_item ORDER BY id"))


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_reader_shows_every_story_once_in_both_languages_and_the_notice_after_a_kill(
    house: House, tmp_path: Path, form: str
) -> None:
    documents.forget()
    story = house.pushes(headline="Ministers & deputies agree", byline="Rana Haddad")["story"]
    house.pushes(uri="urn:2", headline="Second")
    house.works()
    house.translates(story)
    house.works()
    with edge_running() as port:
        urls = [f"http://127.0.0.1:{port}/{edition}/feeds/all.{form}" for edition in ("en", "ar")]
        eventually(lambda: all(httpx.get(url).status_code == 200 for url in urls))
        entries = reads(tmp_path, *urls)
        assert sorted(title for title, *_ in entries) == sorted(
            ["Ministers & deputies agree", "Second", "اتفاق الوزراء على الإنتاج"]
        )
        assert [author for title, author, *_ in entries if "Ministers" in title] == ["Rana Haddad"]
        assert all("Saudi Arabia" in text or "اتفق الوزراء" in text for *_, text in entries)
        house.pushes(version=2, pubstatus="canceled")
        house.works()
        eventually(lambda: all("deputies" not in httpx.get(url).text for url in urls))
        again = reads(tmp_path, *urls)
        assert len(again) == 3, "a reader that sees an id twice shows two stories"
