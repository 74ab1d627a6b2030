"""Programs that other people wrote, which read feeds: each is given addresses once, polls, and says what its user sees then."""

from __future__ import annotations

import email.header
import email.message
import json
import mailbox
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import feedparser

#: how long one may take for all its feeds
_PATIENCE_S = 90
#: where `.ci/run` puts npm's parsers
NPM_MODULES = Path(__file__).parents[2] / ".venv/npm/node_modules"


class Shown(NamedTuple):
    """An entry as its user sees it."""

    title: str
    link: str  #: where it opens
    author: str
    text: str  #: or mark-up


@dataclass(frozen=True, kw_only=True)
class RealReader:
    """One program. `look` polls the feeds, by name, with a folder for what it keeps, and returns all that its user then sees."""

    name: str
    look: Callable[[Path, Mapping[str, str]], dict[str, list[Shown]]] = field(repr=False)
    forms: tuple[str, ...] = ("rss", "atom")
    keeps_what_it_has: bool = False  #: it knows an entry by its id, and looks at none again
    needs: tuple[str, ...] = ()  #: commands
    needs_path: Path | None = None

    def lacks(self) -> str:
        """What is not here that it needs; nothing if it can run."""
        missing = [command for command in self.needs if not shutil.which(command)]
        if self.needs_path and not self.needs_path.exists():
            missing.append(str(self.needs_path.name))
        return ", ".join(missing)


def _run(folder: Path, *command: str, **environment: str) -> str:
    own = {"HOME": str(folder), "LANG": "C.UTF-8", "PATH": os.environ["PATH"], **environment}
    done = subprocess.run(command, check=True, timeout=_PATIENCE_S, env=own, capture_output=True, text=True, cwd=folder)
    return done.stdout


# ── Readers with a screen ────────────────────────────────────────────────────────────────────────────────────────


def _newsboat(folder: Path, feeds: Mapping[str, str]) -> dict[str, list[Shown]]:
    shown: dict[str, list[Shown]] = {}
    for name, url in feeds.items():  # each its own: an id that stands in two feeds is shown in one
        own = folder / name
        own.mkdir(exist_ok=True)
        (own / "urls").write_text(f"{url}\n", encoding="utf-8")
        (own / "config").write_text("suppress-first-reload yes\n", encoding="utf-8")
        files = ("-u", str(own / "urls"), "-c", str(own / "cache.db"), "-C", str(own / "config"))
        _run(own, "newsboat", *files, "-x", "reload")
        with sqlite3.connect(own / "cache.db") as cache:
            shown[name] = [Shown(*row) for row in cache.execute("SELECT title, url, author, content FROM rss_item")]
    return shown


def _sfeed(folder: Path, feeds: Mapping[str, str]) -> dict[str, list[Shown]]:
    lines = "".join(f'feed "{name}" "{url}"\n' for name, url in feeds.items())
    (folder / "sfeedrc").write_text(f'sfeedpath="{folder}/feeds"\nfeeds() {{\n{lines}}}\n', encoding="utf-8")
    _run(folder, "sfeed_update", str(folder / "sfeedrc"))
    shown: dict[str, list[Shown]] = {}
    for name in feeds:
        rows = [line.split("\t") for line in (folder / "feeds" / name).read_text(encoding="utf-8").splitlines()]
        shown[name] = [Shown(row[1], row[2], row[6], row[3]) for row in rows]
    return shown


# ── Readers that write mail ──────────────────────────────────────────────────────────────────────────────────────


def _rss2email(folder: Path, feeds: Mapping[str, str]) -> dict[str, list[Shown]]:
    own = ("r2e", "-c", str(folder / "r2e.cfg"), "-d", str(folder / "r2e.json"))
    if not (folder / "r2e.cfg").exists():
        _run(folder, *own, "new", "reader@reader.example")
        config = (folder / "r2e.cfg").read_text(encoding="utf-8")
        config = re.sub(r"(?m)^email-protocol = .*", "email-protocol = maildir", config)
        config = re.sub(r"(?m)^maildir-path = .*", f"maildir-path = {folder}", config)
        config = re.sub(r"(?m)^html-mail = .*", "html-mail = True", config)
        (folder / "r2e.cfg").write_text(config, encoding="utf-8")
        for name, url in feeds.items():
            (folder / f"mail-{name}").mkdir()
            _run(folder, *own, "add", name, url)
        config = (folder / "r2e.cfg").read_text(encoding="utf-8")
        for name in feeds:
            config = config.replace(f"[feed.{name}]\n", f"[feed.{name}]\nmaildir-mailbox = mail-{name}\n")
        (folder / "r2e.cfg").write_text(config, encoding="utf-8")
        for name in feeds:
            shutil.rmtree(folder / f"mail-{name}")
            mailbox.Maildir(str(folder / f"mail-{name}"), create=True)
    _run(folder, *own, "run")
    return {name: list(_mails(folder / f"mail-{name}")) for name in feeds}


def _feed2exec(folder: Path, feeds: Mapping[str, str]) -> dict[str, list[Shown]]:
    sections = [
        f"[{name}]\nurl = {url}\noutput = feed2exec.plugins.maildir\nmailbox = {folder}\nfolder = mail-{name}\n"
        for name, url in feeds.items()
    ]
    (folder / "feed2exec.ini").write_text("\n".join(sections), encoding="utf-8")
    _run(folder, "feed2exec", "--config", str(folder / "feed2exec.ini"), "--database", str(folder / "f.db"), "fetch")
    return {name: list(_mails(folder / f"mail-{name}")) for name in feeds}


def _mails(folder: Path) -> Iterator[Shown]:
    for mail in mailbox.Maildir(str(folder), create=True):
        parts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
        text = "\n".join(_decoded(part) for part in parts)
        links = re.findall(r"https?://[^\s\"'<>)]+/stories/[^\s\"'<>)]+", text)
        yield Shown(_header(mail["Subject"]), links[0] if links else "", _header(mail["From"]), text)


def _decoded(part: email.message.Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode(part.get_content_charset() or "utf-8", "replace") if isinstance(payload, bytes) else ""


def _header(said: str | None) -> str:
    return str(email.header.make_header(email.header.decode_header(said or "")))


# ── Libraries ────────────────────────────────────────────────────────────────────────────────────────────────────


def _feedparser(_: Path, feeds: Mapping[str, str]) -> dict[str, list[Shown]]:
    read = {name: feedparser.parse(url) for name, url in feeds.items()}
    return {
        name: [Shown(e.title, e.link, e.get("author", ""), e.get("summary", "")) for e in found.entries]
        for name, found in read.items()
    }


def _reader(folder: Path, feeds: Mapping[str, str]) -> dict[str, list[Shown]]:
    from reader import make_reader  # loads for a second

    kept = make_reader(str(folder / "reader.db"))
    try:
        for url in feeds.values():
            kept.add_feed(url, exist_ok=True)
        kept.update_feeds(scheduled=False)
        return {
            name: [
                Shown(e.title or "", e.link or "", e.authors_str or "", e.content[0].value if e.content else e.summary or "")
                for e in kept.get_entries(feed=url)
            ]
            for name, url in feeds.items()
        }
    finally:
        kept.close()


def _fastfeedparser(_: Path, feeds: Mapping[str, str]) -> dict[str, list[Shown]]:
    import fastfeedparser

    return {
        name: [
            Shown(e.get("title", ""), e.get("link", ""), e.get("author", ""), e.get("description", ""))
            for e in fastfeedparser.parse(url).entries
        ]
        for name, url in feeds.items()
    }


def _npm(parser: str) -> Callable[[Path, Mapping[str, str]], dict[str, list[Shown]]]:
    def look(folder: Path, feeds: Mapping[str, str]) -> dict[str, list[Shown]]:
        script = str(Path(__file__).with_name("read_feed.mjs"))
        return {
            name: [Shown(*entry) for entry in json.loads(_run(folder, "node", script, parser, str(NPM_MODULES), url))["entries"]]
            for name, url in feeds.items()
        }

    return look


READERS = (
    RealReader(name="newsboat", look=_newsboat, needs=("newsboat",)),
    RealReader(name="rss2email", look=_rss2email, needs=("r2e",), keeps_what_it_has=True),
    RealReader(name="feed2exec", look=_feed2exec, needs=("feed2exec",), keeps_what_it_has=True),
    RealReader(name="sfeed", look=_sfeed, needs=("sfeed_update", "curl"), keeps_what_it_has=True),
    RealReader(name="feedparser", look=_feedparser),
    RealReader(name="reader", look=_reader, forms=("rss", "atom", "json")),
    RealReader(name="fastfeedparser", look=_fastfeedparser),
    RealReader(name="npm rss-parser", look=_npm("rss-parser"), needs=("node",), needs_path=NPM_MODULES / "rss-parser"),
    RealReader(name="npm feedparser", look=_npm("feedparser"), needs=("node",), needs_path=NPM_MODULES / "feedparser"),
)
