"""Feed deltas (RFC 3229, `A-IM: feed`): a reader that says which version it has is sent the entries that are new since.

Of each document that has changed since this process started the edge remembers which version brought which entry, never the
versions themselves. Who has a version that is not remembered is sent the whole document.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeVar

from shared.contracts.feeds import FeedFormat

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

#: versions of one document that are remembered
_MAX_VERSIONS = 50

#: readers that are remembered, those that asked last
_MAX_READERS = 10_000

_PIECES = {
    FeedFormat.RSS: re.compile(rb"<item>.*?</item>", re.DOTALL),
    # a notice is an entry with its tombstone before it; what has left is a tombstone alone
    FeedFormat.ATOM: re.compile(
        rb"(?:<at:deleted-entry .*?</at:deleted-entry>)?<entry .*?</entry>|<at:deleted-entry .*?</at:deleted-entry>",
        re.DOTALL,
    ),
    FeedFormat.JSON: re.compile(rb"^\{\"id\":.*?(?=,?$)", re.MULTILINE),
}
_BETWEEN = {FeedFormat.RSS: b"\n", FeedFormat.ATOM: b"\n", FeedFormat.JSON: b",\n"}


class History:
    """Which version of one document brought which of its entries."""

    def __init__(self, feed_format: FeedFormat, etag: str, body: bytes) -> None:
        self._feed_format = feed_format
        self._versions = {etag: 0}
        self._brought_by = {hash(piece): 0 for piece in self._pieces(body)}

    def goes_on(self, etag: str, body: bytes) -> None:
        """Remember the document's next version: its `etag`, without quotes, and which entries came with it."""
        number = max(self._versions.values()) + 1
        self._brought_by = {hash(piece): self._brought_by.get(hash(piece), number) for piece in self._pieces(body)}
        self._versions[etag] = number
        if len(self._versions) > _MAX_VERSIONS:
            del self._versions[next(iter(self._versions))]

    def since(self, etag: str, body: bytes) -> bytes | None:
        """The present document (`body`) with the entries alone that are new since a version; None if that is not remembered."""
        known = self._versions.get(etag)
        if known is None:
            return None
        matches = list(_PIECES[self._feed_format].finditer(body))
        if not matches:
            return body
        new = [match[0] for match in matches if self._brought_by.get(hash(match[0]), known) > known]
        return body[: matches[0].start()] + _BETWEEN[self._feed_format].join(new) + body[matches[-1].end() :]

    def _pieces(self, body: bytes) -> Iterator[bytes]:
        return (match[0] for match in _PIECES[self._feed_format].finditer(body))


class Readers:
    """Who is sent deltas. A library may ask for them unasked, and its program take 226 for an error and keep its old version:
    who asks again with a version that was answered by a delta did not understand it, and is sent whole documents from then on.
    """

    def __init__(self) -> None:
        self._answered: OrderedDict[tuple[str, bytes, str], str] = OrderedDict()
        self._not_understood: OrderedDict[tuple[str, bytes], None] = OrderedDict()

    def may_have(self, client: str, agent: bytes, path: str, version: str, *, not_for: str) -> bool:
        """Shall this reader have what is new since a version of a document? Remembers that it has.

        `client` is its address or its key's name, `agent` its User-Agent, `version` its `If-None-Match`; `not_for`: beginnings of
        agents that never have one, commas between, or `*`.
        """
        if _is_among(agent, not_for) or (client, agent) in self._not_understood:
            return False
        if self._answered.get((client, agent, path)) == version:
            _remember(self._not_understood, (client, agent), None)
            return False
        _remember(self._answered, (client, agent, path), version)
        return True


def _is_among(agent: bytes, beginnings: str) -> bool:
    said = agent.decode("latin-1")
    return any(said.startswith(name) or name == "*" for name in _names(beginnings))


@lru_cache(maxsize=8)
def _names(said: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in said.split(",") if name.strip())


def _remember(known: OrderedDict[_Key, _Value], key: _Key, value: _Value) -> None:
    known[key] = value
    known.move_to_end(key)
    if len(known) > _MAX_READERS:
        known.popitem(last=False)


#: this process's
readers = Readers()
