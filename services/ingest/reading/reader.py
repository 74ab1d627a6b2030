"""The process that reads documents which may be hostile: `python -m services.ingest.reading.reader`, with a socket as its input.

It forks a child for each document, ahead of time, so that nobody waits for that. The child reads one document, answers and
ends: nothing of a document outlives it, and whatever it does to its reader it does to a child that has no other. Two clocks of
the system's and a limit of its memory end a child that takes too long or too much, in the middle of whatever it does.
Its environment has no secret in it. When the socket is closed at its other end, this process ends.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import socket
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum

from services.ingest.acceptance import read_items
from services.ingest.formats.addresses import standing_at
from services.ingest.reading.answers import write_answer, write_refusal
from shared import log
from shared.contracts.problem import Refused
from shared.embedded.processes import dies_with_parent


class Ended(IntEnum):
    """How a reading ended."""

    READ = 0  #: or refused, in the reader's own words
    TOO_LONG = 1
    TOO_MUCH = 2  #: memory


#: before a request: body's, media type's and address' lengths, most items, seconds, bytes of memory
REQUEST = struct.Struct("!QIIIdQ")
#: before an answer: how it ended, and its length
ANSWER = struct.Struct("!BQ")

#: by the clock a document has so many times what it has of a processor: the machine may be busy with other things
CLOCK_TO_PROCESSOR = 3
#: readers make way for who serves
_NICE = 5
_OUT_OF_MEMORY = 77


@dataclass(frozen=True, kw_only=True)
class Request:
    """One document to read."""

    body: bytes
    content_type: str
    address: str
    most: int
    seconds: float
    memory_bytes: int


#: one document of each way of reading, which leaves behind what is made at first use: patterns, tables, modules
_OF_EACH_KIND = (
    b'{"uri": "urn:x", "headline": "H", "language": "en", "versioncreated": "1 May 2026 10:00", "body_html": "<p>A &amp; b</p>"}',
    b"<rss><channel><item><guid>urn:x</guid><title>H</title><description>A & b \xe9</description>"
    b"<pubDate>Fri, 01 May 2026 10:00:00 GMT</pubDate></item></channel></rss>",
    b"From: a@b.example\nSubject: =?utf-8?q?H?=\nDate: Fri, 01 May 2026 10:00:00 GMT\n\nLONDON (Reuters) - A b c.\n",
    b"\x01a0001 reuter\n\x02A b c.\x03",
)


def serve(peer: socket.socket) -> None:
    """Read one document after the other, each in a child, until the other end is closed."""
    for document in _OF_EACH_KIND:
        with suppress(Refused):
            write_answer(document, list(read_items(document, "", most=1)))
    gc.freeze()
    end_with_this = dies_with_parent(signal.SIGKILL)
    while True:
        child = os.fork()
        if not child:
            if end_with_this:
                end_with_this()
            _read_one(peer)
        _, status = os.waitpid(child, 0)
        ended = _how_it_ended(status)
        if ended is Ended.READ:
            continue
        if ended is None:  # its other end was closed, or it fell: whoever asked finds this closed, and starts another
            return
        peer.sendall(ANSWER.pack(ended, 0))


def _how_it_ended(status: int) -> Ended | None:
    if os.WIFSIGNALED(status):
        return Ended.TOO_LONG if os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGPROF) else None
    return {0: Ended.READ, _OUT_OF_MEMORY: Ended.TOO_MUCH}.get(os.WEXITSTATUS(status))


def _read_one(peer: socket.socket) -> None:
    """In the child, which never returns."""
    try:
        request = _receive(peer)
        if request is None:
            os._exit(1)
        _set_limits(request)
        answer = _answer(request)
        _lift_limits()
        peer.sendall(ANSWER.pack(Ended.READ, len(answer)))
        peer.sendall(answer)
        os._exit(0)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def _answer(request: Request) -> bytes:
    with standing_at(request.address):
        try:
            return write_answer(request.body, list(read_items(request.body, request.content_type, most=request.most)))
        except Refused as refused:
            return write_refusal(refused)


def _set_limits(request: Request) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (request.memory_bytes, request.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(number, signal.SIG_DFL)  # it ends the process, whatever it is at
    signal.setitimer(signal.ITIMER_PROF, request.seconds)
    signal.setitimer(signal.ITIMER_REAL, request.seconds * CLOCK_TO_PROCESSOR)
    os.nice(_NICE)


def _lift_limits() -> None:
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)


def _receive(peer: socket.socket) -> Request | None:
    head = _receive_exactly(peer, REQUEST.size)
    if head is None:
        return None
    size, type_size, address_size, most, seconds, memory_bytes = REQUEST.unpack(head)
    rest = _receive_exactly(peer, type_size + address_size + size)
    if rest is None:
        return None
    return Request(
        content_type=rest[:type_size].decode(),
        address=rest[type_size : type_size + address_size].decode(),
        body=bytes(rest[type_size + address_size :]),
        most=most,
        seconds=seconds,
        memory_bytes=memory_bytes,
    )


def _receive_exactly(peer: socket.socket, size: int) -> bytearray | None:
    """So many bytes; None: the other end is closed."""
    received = bytearray(size)
    view, at = memoryview(received), 0
    while at < size:
        count = peer.recv_into(view[at:])
        if not count:
            return None
        at += count
    return received


if __name__ == "__main__":
    log.configure("INFO")
    for ended_by in (signal.SIGINT, signal.SIGTERM):  # sent to all of a terminal's or a container's: the other end closes
        signal.signal(ended_by, signal.SIG_IGN)
    serve(socket.socket(fileno=0))
