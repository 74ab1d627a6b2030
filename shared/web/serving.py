"""A web role's connections, as uvicorn keeps them, with limits: how many, how long one may take, how large a head is.

uvicorn waits for a request for as long as its client likes, and keeps whatever head it sends. Here a connection that brings no
whole head in time is closed, as is one whose body drips or whose reader hardly reads; when there is no room, the one that has
waited longest for its client's next word makes way. All of them are looked at once a second, so that a request costs no timer.
"""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from shared import log
from shared.settings import settings
from shared.web.clients import is_trusted

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

#: a request's line and headers, together
MOST_HEAD_BYTES = 64_000
MOST_HEADERS = 100
#: from the connection's beginning, or the end of the answer before, until a request's head is whole
HEAD_S = 10.0
#: a body has this long, and more the more of it has come
BODY_S, LEAST_BODY_BYTES_A_SECOND = 20.0, 5_000
#: a reader who was slower for this long is given up
READER_S, LEAST_READ_BYTES_A_SECOND = 30.0, 1_000
#: requests sent before the one before them was answered
MOST_AHEAD = 100
#: of a body that nobody wants, so much is let go by, so that its sender reads the answer
MOST_UNWANTED_BYTES = 20_000_000

_LOOK_EVERY_S = 1.0
#: descriptors that are for other things than readers: the database, the broker, files, sources
_OTHER_DESCRIPTORS = 200

_log = log.get("http")


class Room:
    """The connections of this process, by what they wait for."""

    def __init__(self, most: int, most_per_address: int) -> None:
        self._most, self._most_per_address = most, most_per_address
        self._by_address: Counter[str] = Counter()
        self._is_watched = False
        self.count = 0
        self.waiting: dict[Connection, float] = {}  #: for a whole head, since when; the longest first
        self.reading: dict[Connection, float] = {}  #: for a whole body
        self.writing: dict[Connection, tuple[float, int]] = {}  #: for a slow reader: since when, and what was left then

    def admits(self, connection: Connection) -> bool:
        """Is there room for one more? The longest waiting one makes way for it."""
        self._watch(connection.loop)
        address = connection.address
        if address and self._by_address[address] >= self._most_per_address:
            return False
        while self.count >= self._most and self.waiting:
            longest = next(iter(self.waiting))
            longest.transport.abort()
            self.leave(longest)
        if self.count >= self._most:
            return False
        connection.is_inside = True
        self.count += 1
        self._by_address[address] += 1
        self.waiting[connection] = connection.loop.time()
        return True

    def leave(self, connection: Connection) -> None:
        """Its place is free."""
        for waits in (self.waiting, self.reading, self.writing):
            waits.pop(connection, None)
        if not connection.is_inside:
            return
        connection.is_inside = False
        self.count -= 1
        self._by_address[connection.address] -= 1
        if not self._by_address[connection.address]:
            del self._by_address[connection.address]

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._is_watched:
            self._is_watched = True
            loop.call_later(_LOOK_EVERY_S, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now_s = loop.time()
        for connection, since_s in list(self.waiting.items()):
            if now_s - since_s <= HEAD_S:
                break  # those behind it have waited less
            self.waiting.pop(connection)
            connection.give_up()
        for connection, since_s in list(self.reading.items()):
            if connection.is_too_slow(now_s - since_s):
                self.reading.pop(connection)
                connection.give_up()
        for connection, (since_s, left) in list(self.writing.items()):
            if now_s - since_s > READER_S:
                still_left = connection.transport.get_write_buffer_size()
                if left - still_left < READER_S * LEAST_READ_BYTES_A_SECOND:
                    connection.transport.abort()
                else:
                    self.writing[connection] = (now_s, still_left)
        loop.call_later(_LOOK_EVERY_S, self._look, loop)


class TooMuch(Exception):
    """A request that has more of a head than may be; the parser hears of it, and uvicorn answers."""


class Connection(HttpToolsProtocol):
    """One connection with limits. `room` is its process's."""

    room: Room

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.address = ""  #: whose it is; empty: a trusted proxy's, or of this machine, which may be asking for everyone
        self.is_inside = False
        self._answering: RequestResponseCycle | None = None  # which of those sent ahead is being answered
        self._in_head = True
        self._head_bytes = 0
        self._is_whole = True
        self._body_bytes = 0
        self._bytes_beside = 0  # of a message's body, what is none: the marks between chunks, and trailers

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client came."""
        super().connection_made(transport)
        host = self.client[0] if self.client else ""
        self.address = "" if is_trusted(host) else host
        if not self.room.admits(self):
            self._refuse(b"503 Service Unavailable", b"This wire has as many connections as it takes.\n")

    def connection_lost(self, exc: Exception | None) -> None:
        """A client went. uvicorn tells the request that came last; the one that is being answered may be an earlier one, and
        what is still sent to it goes nowhere."""
        self.room.leave(self)
        if self._answering and not self._answering.response_complete:
            self._answering.disconnected = True
            self._answering.message_event.set()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def data_received(self, data: bytes) -> None:
        """More of a request, or several."""
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head_bytes += len(data)
        else:
            self._bytes_beside += len(data)
        super().data_received(data)
        if self._in_head:
            is_too_much = self._head_bytes > MOST_HEAD_BYTES
        else:
            # headers that come after a body are added to those before it
            is_too_much = self._bytes_beside > MOST_HEAD_BYTES or len(self.headers) > 2 * MOST_HEADERS
            if not self._is_whole and self not in self.room.reading:
                self.room.reading[self] = self.loop.time()
        if is_too_much and not self.transport.is_closing():
            self._refuse(b"431 Request Header Fields Too Large", b"The head of this request is too large.\n")

    def on_message_begin(self) -> None:
        """The parser found a request."""
        super().on_message_begin()
        self._in_head, self._is_whole = True, False
        self._body_bytes = self._bytes_beside = 0

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > MOST_HEAD_BYTES or len(self.headers) > MOST_HEADERS or len(self.pipeline) >= MOST_AHEAD:
            raise TooMuch
        self._in_head, self._head_bytes = False, 0
        self.room.waiting.pop(self, None)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of its body."""
        self._body_bytes += len(body)
        self._bytes_beside = 0
        if self.cycle.response_complete and self._body_bytes > MOST_UNWANTED_BYTES:
            self.transport.abort()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """It is whole."""
        self._is_whole = True
        self.room.reading.pop(self, None)
        super().on_message_complete()
        if self.cycle.response_complete:  # which was answered before its end
            self.room.waiting[self] = self.loop.time()

    def on_response_complete(self) -> None:
        """It is answered."""
        super().on_response_complete()
        if self._is_whole and self.is_inside and not self.pipeline:
            self.room.waiting[self] = self.loop.time()

    def send_400_response(self, msg: str) -> None:
        """What the parser could not read, or what was too much."""
        if not self.transport.is_closing():
            super().send_400_response(msg)

    def pause_writing(self) -> None:
        """The client does not read as fast as it is answered."""
        super().pause_writing()
        self._mind_reader()

    def resume_writing(self) -> None:
        """It has caught up."""
        super().resume_writing()
        self.room.writing.pop(self, None)

    def timeout_keep_alive_handler(self) -> None:
        """Nothing more was asked."""
        if self.transport.get_write_buffer_size():
            self._mind_reader()
        super().timeout_keep_alive_handler()

    def is_too_slow(self, took_s: float) -> bool:
        """Does the body drip? What is not taken from the socket because we are busy is nobody's fault."""
        return not self.flow.read_paused and took_s > BODY_S + self._body_bytes / LEAST_BODY_BYTES_A_SECOND

    def give_up(self) -> None:
        """Its client took too long; one that had begun to say something is answered."""
        if self._head_bytes or not self._is_whole:
            self._refuse(b"408 Request Timeout", b"This request took too long to come.\n")
        else:
            self.transport.close()

    def _mind_reader(self) -> None:
        self.room.writing[self] = (self.loop.time(), self.transport.get_write_buffer_size())

    def _refuse(self, status: bytes, words: bytes) -> None:
        """Say so, unless an answer is under way, and close."""
        if not (self.cycle and self.cycle.response_started and not self.cycle.response_complete):
            self.transport.write(
                b"HTTP/1.1 %b\r\ncontent-type: text/plain\r\nx-content-type-options: nosniff\r\ncontent-length: %d\r\n"
                b"connection: close\r\n\r\n%b" % (status, len(words), words)
            )
        self.transport.close()


def bounded_connections() -> type[Connection]:
    """uvicorn's `http`, with a room of its own."""
    limits = settings()
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    most = limits.connections
    if descriptors != resource.RLIM_INFINITY and most > descriptors - _OTHER_DESCRIPTORS:
        most = max(descriptors - _OTHER_DESCRIPTORS, 1)
        _log.warning("connections.fewer", most=most, descriptors=descriptors)
    room = Room(most, limits.connections_per_address)
    return type("BoundedConnection", (Connection,), {"room": room})
