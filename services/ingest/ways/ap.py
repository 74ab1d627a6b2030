"""AP's Media API: a feed that says where its next page is, and items whose text is fetched for them.

The address is the feed's first page, `ap+https://host/media/v/content/feed?…`; the secret is the key, sent as `x-api-key` to
that host and no other. Each page is taken whole before the next is remembered; what of a page was taken already is not
fetched again. An item whose text cannot be had comes without it, with the reason, and is held; a server that does not
answer is asked again at the next looks first.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from services.ingest.formats.ap_media import text_rendition
from services.ingest.ways import Found, Visit
from shared.web.outbound import Fetched, Unreachable, asked_to_wait, fetch

SCHEMES = ("ap+https", "ap+http")

#: pages taken at one look; the rest at the next
MOST_PAGES = 10
#: items of one page that are looked at; AP's have a hundred at the most
MOST_ITEMS = 1_000
#: an item is asked for at so many looks while its server does not answer; then it comes without its text
MOST_TRIES = 3
#: how long one item or text may take, so that one that hangs does not cost the others their look
ASKED_S = 10.0

_ENCODING = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_GONE = (404, 410)


class _NotYet(Unreachable):
    """What may be there at another time: nobody answered, or with a fault of the server's own."""


class _TimeIsUp(Exception):
    """The look has taken as long as one may; it goes on at the next."""


def look(visit: Visit) -> Iterator[Found]:
    """Every item of the pages since the last look that was not taken before."""
    feed = _Feed(visit)
    at = str(visit.memory.get("next_page") or feed.first_page)
    try:
        for _ in range(MOST_PAGES):
            page = feed.page(at)
            yield from feed.items(page)
            moved_to = feed.next_of(page, at)
            if not moved_to or moved_to == at:
                return
            visit.memory.update(next_page=moved_to, taken={})
            at = moved_to
            if not _rows(page):
                return  # AP names a next page also behind the last
    except _TimeIsUp:
        return


class _Feed:
    """One look at a feed."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._ends_s = time.monotonic() + visit.timeout_s
        at = visit.source.at
        self._home = at._replace(scheme=at.scheme.removeprefix("ap+"), netloc=at.netloc.rpartition("@")[2])
        self.first_page = urlunsplit(self._home._replace(path=at.path or "/", fragment=""))
        #: how often each item of the page was asked for in vain: 0 for one that was taken
        self._tries: dict[str, int] = {}

    def page(self, url: str) -> Mapping[str, Any]:
        """One page of the feed. Raises Unreachable."""
        answer = self._get(url)
        self._visit.asked_to_wait = asked_to_wait(answer.headers.get("retry-after"), self._visit.now)
        if answer.status in _GONE and self._visit.memory.pop("next_page", None):
            raise Unreachable("the page that was to be next is there no more: begins again at the feed's address")
        if answer.status != 200:
            raise Unreachable(f"{self._home.netloc} answered {answer.status}")
        page = _object(answer.body)
        if not isinstance(page.get("data"), Mapping):
            raise Unreachable(f"{self._home.netloc} answered with what is no feed of AP's Media API")
        return page

    def items(self, page: Mapping[str, Any]) -> Iterator[Found]:
        """What of a page was not taken yet, with its text. Raises Unreachable once all others came, if some must wait."""
        rows = {_name(row): row for row in _rows(page)[:MOST_ITEMS]}
        known = self._visit.memory.get("taken", {})
        self._tries = self._visit.memory["taken"] = {name: known[name] for name in rows if name in known}
        waiting = ""
        for name, row in rows.items():
            if self._tries.get(name) == 0:
                continue
            try:
                body = self._with_text(row, is_last=self._tries.get(name, 0) + 1 >= MOST_TRIES)
            except _NotYet as silent:
                self._tries[name] = self._tries.get(name, 0) + 1
                waiting = str(silent)
                continue
            yield Found(name=name, body=body, content_type="application/json", put_away=self._putting_away(name))
        if waiting:
            raise Unreachable(f"the text of some items is not to be had yet, the page is looked at again: {waiting}")

    def next_of(self, page: Mapping[str, Any], at: str) -> str:
        """Where the next page is. Raises Unreachable if that is on another host, which must not be shown the key."""
        link = page["data"].get("next_page")
        if not isinstance(link, str) or not link.strip():
            return ""
        following = urljoin(at, link.strip())
        if not self._is_home(following):
            raise Unreachable(f"the feed names a next page on another host, which is not asked: {following[:200]}")
        return following

    def _putting_away(self, name: str) -> Any:
        def put_away(_: list[str]) -> None:
            self._tries[name] = 0

        return put_away

    def _with_text(self, row: Mapping[str, Any], *, is_last: bool) -> bytes:
        """An item as the feed has it, or whole where that is linked; its text put in beside it."""
        if row["item"].get("type") != "text":
            return json.dumps(row, ensure_ascii=False).encode()
        whole = self._whole(row)
        holder = {**whole["data"], "item": whole["data"]["item"]} if whole else {**row}
        item = holder["item"]
        if link := text_rendition(item):
            text, fault = self._text(link, is_last=is_last)
            holder |= {"nitf": text} if text else {"nitf_fault": fault}
        return json.dumps(holder, ensure_ascii=False).encode()

    def _whole(self, row: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The item's own answer, which says more of it than the feed; None if it is not to be had."""
        link = row["item"].get("uri")
        if not isinstance(link, str) or not self._is_home(link):
            return None
        try:
            answer = self._get(link, most_s=ASKED_S)
            whole = _object(answer.body) if answer.status == 200 else {}
        except Unreachable:
            return None  # the feed's own entry will do
        data = whole.get("data")
        return whole if isinstance(data, Mapping) and isinstance(data.get("item"), Mapping) else None

    def _text(self, link: str, *, is_last: bool) -> tuple[str, str]:
        """The NITF document, or why there is none. Raises _NotYet while it may still come."""
        try:
            answer = self._get(link, most_s=ASKED_S)
        except Unreachable as silent:
            if is_last:
                return "", str(silent)
            raise _NotYet(str(silent)) from silent
        if answer.status == 200:
            return _decoded(answer.body), ""
        fault = f"{_host(link)} answered {answer.status}"
        if (answer.status >= 500 or answer.status == 429) and not is_last:
            self._visit.asked_to_wait = asked_to_wait(answer.headers.get("retry-after"), self._visit.now)
            raise _NotYet(fault)
        return "", fault

    def _get(self, url: str, *, most_s: float = math.inf) -> Fetched:
        """Ask, with the key if it is the feed's own host. Raises Unreachable, or _TimeIsUp where only this look has no more."""
        left_s = self._ends_s - time.monotonic()
        if left_s <= 0:
            raise _TimeIsUp
        if _parts(url) is None:
            raise Unreachable(f"{url[:200]!r} is no address")
        headers = {"user-agent": "Barq", "accept": "application/json, application/xml;q=0.9, */*;q=0.5"}
        if self._visit.secret and self._is_home(url):
            headers["x-api-key"] = self._visit.secret
        try:
            return fetch(url, headers=headers, timeout_s=min(left_s, most_s), most_bytes=self._visit.most_bytes)
        except Unreachable:
            if left_s < most_s < math.inf and time.monotonic() >= self._ends_s:
                raise _TimeIsUp from None  # it was given less than its time: no fault of its own
            raise

    def _is_home(self, url: str) -> bool:
        parts = _parts(url)
        return parts is not None and (parts.scheme, parts.netloc.lower()) == (self._home.scheme, self._home.netloc.lower())


def _rows(page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = page["data"].get("items")
    if not isinstance(rows, list):
        return []
    return [row for row in rows if isinstance(row, Mapping) and isinstance(row.get("item"), Mapping)]


def _name(row: Mapping[str, Any]) -> str:
    """What tells a version of an item from all others on its page."""
    item = row["item"]
    altids = item.get("altids")
    name = next((altids[key] for key in ("etag", "itemid") if altids.get(key)), "") if isinstance(altids, Mapping) else ""
    parts = (name or item.get("uri") or "", item.get("version", ""), item.get("versioncreated", ""))
    return " ".join(str(part) for part in parts)[:300]


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        decoded = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise Unreachable(f"the answer is no JSON: {str(broken)[:200]}") from broken
    return decoded if isinstance(decoded, Mapping) else {}


def _decoded(body: bytes) -> str:
    """An XML document as text, by what it says of itself."""
    declared = _ENCODING.match(body.lstrip())
    for encoding in (declared[1].decode() if declared else "utf-8-sig", "utf-8-sig"):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("cp1252", "replace")


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in ("https", "http") and parts.hostname else None


def _host(url: str) -> str:
    parts = _parts(url)
    return parts.netloc if parts else url[:100]
