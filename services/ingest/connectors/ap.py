"""AP's Media API: a feed that says where its next page is, and items whose text is fetched for them.

The address is the feed's first page, `ap+https://host/media/v/content/feed?…`; the secret is the key, sent as `x-api-key` to
that host and no other. Each page is taken whole before the next is remembered; what of a page was taken already is not
fetched again. An item whose text cannot be had comes without it, with the reason, and is held; a server that does not
answer is asked again at the next polls first.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from services.ingest.connectors.connector import PollContext, PutAway, SourceDocument
from services.ingest.connectors.names import decode_name, encode_name
from services.ingest.formats.ap_media import text_rendition
from services.ingest.formats.json_text import text_of, value_of
from services.ingest.formats.twice import Members, Repeats
from shared.web.outbound import Fetched, Unreachable, asked_to_wait, fetch

SCHEMES = ("ap+https", "ap+http")

#: pages taken at one poll; the rest at the next
MAX_PAGES = 10
#: items that are taken of one page; AP's have a hundred at the most
MAX_ITEMS = 1_000
#: an item is asked for at so many polls while its server does not answer; then it comes without its text
MAX_TRIES = 3
#: how long one item or text may take, so that one that hangs does not cost the others their poll
ASK_TIMEOUT_S = 10.0

_ENCODING = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_GONE = (404, 410)


#: a byte that is no character of UTF-8, as it is written in UTF-8
_REPLACED = "\ufffd".encode()

_Object = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """An answer in JSON."""

    value: _Object
    rows: list[_Object]  #: of a page: what holds an item each
    says_twice: bool
    broken_bytes: str  #: why what was written with bytes that are no UTF-8 cannot be taken; empty: all of it is UTF-8

    def fault_of(self, part: _Object) -> str:
        """Why a part of it cannot be taken; empty for what can."""
        try:
            return self.broken_bytes if _REPLACED in _encode(part) else ""
        except RecursionError:
            return "it is nested too deeply to be read"

    @property
    def is_unclear(self) -> bool:
        """Does it say in two ways which items it has, or where the next are?"""
        return self.says_twice and not {"data", "items", "next_page"}.isdisjoint(
            path[-1] for path in Repeats(self.value, self.rows).around
        )


class _NotYet(Unreachable):
    """What may be there at another time: nobody answered, or with a fault of the server's own."""


class _TimeIsUp(Exception):
    """The poll has taken as long as one may; it goes on at the next."""


def poll(context: PollContext) -> Iterator[SourceDocument]:
    """Every item of the pages since the last poll that was not taken before."""
    feed = _Feed(context)
    at = str(context.memory.get("next_page") or feed.first_page)
    try:
        for _ in range(MAX_PAGES):
            page = feed.page(at)
            yield from feed.items(page)
            moved_to = feed.next_of(page, at)
            if not moved_to or moved_to == at:
                return
            context.memory.update(next_page=moved_to, taken={})
            at = moved_to
            if not page.rows:
                return  # AP names a next page also behind the last
    except _TimeIsUp:
        return


class _Feed:
    """One poll of a feed."""

    def __init__(self, context: PollContext) -> None:
        self._context = context
        self._ends_s = time.monotonic() + context.timeout_s
        at = context.source.at
        self._home = at._replace(scheme=at.scheme.removeprefix("ap+"), netloc=at.netloc.rpartition("@")[2])
        self.first_page = urlunsplit(self._home._replace(path=at.path or "/", fragment=""))
        #: how often each item of the page was asked for in vain: 0 for one that was taken
        self._tries: dict[str, int] = {}

    def page(self, url: str) -> _Answer:
        """One page of the feed. Raises Unreachable."""
        answer = self._get(url)
        self._context.asked_to_wait = asked_to_wait(answer.headers.get("retry-after"), self._context.now)
        if answer.status in _GONE and self._context.memory.pop("next_page", None):
            raise Unreachable("the page that was to be next is there no more: begins again at the feed's address")
        if answer.status != 200:
            raise Unreachable(f"{self._home.netloc} answered {answer.status}")
        page = _decode(answer.body)
        if not isinstance(page.value.get("data"), Mapping):
            raise Unreachable(f"{self._home.netloc} answered with what is no feed of AP's Media API")
        if page.is_unclear:
            raise Unreachable(f"{self._home.netloc} says its items or its next page twice, and nobody knows which are meant")
        return page

    def items(self, page: _Answer) -> Iterator[SourceDocument]:
        """What of a page was not taken yet, with its text. Raises Unreachable once all others came, if some must wait."""
        rows = {_name(row): row for row in page.rows[:MAX_ITEMS]}
        known = self._context.memory.get("taken", {})
        self._tries = self._context.memory["taken"] = {name: known[name] for name in rows if name in known}
        waiting = ""
        for name, row in rows.items():
            if self._tries.get(name) == 0:
                continue
            body, fault = b"", page.fault_of(row)
            try:
                if not fault:
                    body = self._with_text(row, is_last=self._tries.get(name, 0) + 1 >= MAX_TRIES)
            except _NotYet as silent:
                self._tries[name] = self._tries.get(name, 0) + 1
                waiting = str(silent)
                continue
            yield SourceDocument(
                name=decode_name(name),
                body=body,
                content_type="application/json",
                fault=fault,
                put_away=self._putting_away(name),
            )
        if waiting:
            raise Unreachable(f"the text of some items is not to be had yet, the page is polled again: {waiting}")

    def next_of(self, page: _Answer, at: str) -> str:
        """Where the next page is. Raises Unreachable if that is on another host, which must not be shown the key."""
        link = page.value["data"].get("next_page")
        if not isinstance(link, str) or not link.strip():
            return ""
        following = urljoin(at, link.strip())
        if not self._is_home(following):
            raise Unreachable(f"the feed names a next page on another host, which is not asked: {following[:200]}")
        return following

    def _putting_away(self, name: str) -> PutAway:
        def put_away(_: list[str]) -> None:
            self._tries[name] = 0

        return put_away

    def _with_text(self, row: _Object, *, is_last: bool) -> bytes:
        """An item as the feed has it, or whole where that is linked; its text put in beside it."""
        if row["item"].get("type") != "text":
            return _encode(row)
        holder = self._whole(row) or row
        if link := text_rendition(holder["item"]):
            text, fault = self._text(link, is_last=is_last)
            holder = _with_members(holder, {"nitf": text} if text else {"nitf_fault": fault})
        return _encode(holder)

    def _whole(self, row: _Object) -> _Object | None:
        """What holds the item in its own answer, which says more of it than the feed; None if it is not to be had."""
        link = row["item"].get("uri")
        if not isinstance(link, str) or not self._is_home(link):
            return None
        try:
            answer = self._get(link, timeout_s=ASK_TIMEOUT_S)
            whole = _decode(answer.body if answer.status == 200 else b"{}")
        except Unreachable:
            return None  # the feed's own entry will do
        data = whole.value.get("data")
        if not isinstance(data, dict) or not isinstance(data.get("item"), Mapping) or whole.fault_of(data):
            return None
        return data

    def _text(self, link: str, *, is_last: bool) -> tuple[str, str]:
        """The NITF document, or why there is none. Raises _NotYet while it may still come."""
        try:
            answer = self._get(link, timeout_s=ASK_TIMEOUT_S)
        except Unreachable as silent:
            if is_last:
                return "", str(silent)
            raise _NotYet(str(silent)) from silent
        if answer.status == 200:
            return _decode_xml(answer.body), ""
        fault = f"{_host(link)} answered {answer.status}"
        if (answer.status >= 500 or answer.status == 429) and not is_last:
            self._context.asked_to_wait = asked_to_wait(answer.headers.get("retry-after"), self._context.now)
            raise _NotYet(fault)
        return "", fault

    def _get(self, url: str, *, timeout_s: float = math.inf) -> Fetched:
        """Ask, with the key if it is the feed's own host. Raises Unreachable, or _TimeIsUp where only this poll has no more."""
        left_s = self._ends_s - time.monotonic()
        if left_s <= 0:
            raise _TimeIsUp
        if _parts(url) is None:
            raise Unreachable(f"{url[:200]!r} is no address")
        headers = {"user-agent": "Barq", "accept": "application/json, application/xml;q=0.9, */*;q=0.5"}
        if self._context.secret and self._is_home(url):
            headers["x-api-key"] = self._context.secret
        try:
            return fetch(url, headers=headers, timeout_s=min(left_s, timeout_s), most_bytes=self._context.max_bytes)
        except Unreachable:
            if left_s < timeout_s < math.inf and time.monotonic() >= self._ends_s:
                raise _TimeIsUp from None  # it was given less than its time: no fault of its own
            raise

    def _is_home(self, url: str) -> bool:
        parts = _parts(url)
        return parts is not None and (parts.scheme, parts.netloc.lower()) == (self._home.scheme, self._home.netloc.lower())


def _name(row: _Object) -> str:
    """What tells a version of an item from all others on its page, as it is remembered."""
    item = row["item"]
    altids = item.get("altids")
    name = next((altids[key] for key in ("etag", "itemid") if altids.get(key)), "") if isinstance(altids, Mapping) else ""
    parts = (name or item.get("uri") or "", item.get("version", ""), item.get("versioncreated", ""))
    return encode_name(" ".join(str(part) for part in parts)[:300])


def _decode(body: bytes) -> _Answer:
    """An answer in JSON, by the rules by which its items are read. Raises Unreachable for what is none."""
    text = text_of(body)
    try:
        decoded = value_of(text.text)
    except (ValueError, RecursionError) as broken:
        raise Unreachable(f"the answer is no JSON: {str(broken)[:200]}") from broken
    value = decoded.value if isinstance(decoded.value, dict) else {}
    return _Answer(
        value=value,
        rows=_rows(value),
        says_twice=decoded.says_twice,
        broken_bytes=text.not_utf8.problem.detail if text.wrong_at >= 0 else "",
    )


def _rows(page: _Object) -> list[_Object]:
    data = page.get("data")
    rows = data.get("items") if isinstance(data, Mapping) else None
    if not isinstance(rows, list):
        return []
    return [row for row in rows if isinstance(row, dict) and isinstance(row.get("item"), Mapping)]


def _with_members(holder: _Object, more: _Object) -> _Object:
    """The same object with more in it, and with what it said twice."""
    if not isinstance(holder, Members):
        return {**holder, **more}
    made = Members([*holder.items(), *more.items()])
    made.again = list(holder.again)
    return made


def _encode(value: _Object) -> bytes:
    """JSON as it was, with each member that was said twice; a surrogate that is no character is escaped."""
    try:
        return _json(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return _json(value, ensure_ascii=True).encode()


def _json(value: object, *, ensure_ascii: bool) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_json(each, ensure_ascii=ensure_ascii) for each in value)}]"
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=ensure_ascii)
    again = value.again if isinstance(value, Members) else []
    members = (
        f"{json.dumps(name, ensure_ascii=ensure_ascii)}: {_json(inner, ensure_ascii=ensure_ascii)}"
        for name, inner in [*again, *value.items()]
    )
    return f"{{{', '.join(members)}}}"


def _decode_xml(body: bytes) -> str:
    """An XML document as text, by what it says of itself."""
    declared = _ENCODING.match(body.lstrip())
    for encoding in (declared[1].decode() if declared else "utf-8-sig", "utf-8-sig"):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("cp1252", "replace")


def _parts(url: str) -> SplitResult | None:
    if not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in ("https", "http") and parts.hostname else None


def _host(url: str) -> str:
    parts = _parts(url)
    return parts.netloc if parts else url[:100]
