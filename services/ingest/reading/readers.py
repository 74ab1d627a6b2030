"""Where documents are read: what is small and plain JSON here, at once; all else by a reader, in a process of its own.

A reader has limits of time and memory, and its end ends nothing else. There are few, they are started when first needed and
again when they have ended; when all are busy, who asks waits a moment and is then asked to send again.
"""

from __future__ import annotations

import atexit
import codecs
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from services.ingest.acceptance import Candidate, Rejection, read_items
from services.ingest.formats import mail
from services.ingest.formats.addresses import standing_at
from services.ingest.reading.answers import Garbled, read_answer
from services.ingest.reading.reader import ANSWER, CLOCK_TO_PROCESSOR, REQUEST, Ended
from shared import log
from shared.contracts.problem import Unavailable, Unreadable

_log = log.get("ingest")

#: so much of JSON is read in place: a story of two thousand words. The slowest that anybody has made of so little takes
#: a tenth of a second, in which others have their turns; every other format has documents that take longer
IN_PLACE_BYTES = 16_000
#: readers of one process
MAX_READERS = 2
#: beyond its own limits, a reader may take so long to start, to be given its document and to answer
_GRACE_S = 20.0
#: what is understood of a document is never so many times as large; and a few words that are said of nothing at all
_MAX_ANSWER_TO_DOCUMENT, _LEAST_ANSWER_BYTES = 12, 64_000_000
#: all that a reader's process knows of the world: where Python is, and no secret
_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one document may cost."""

    seconds: float  #: of a processor; by the clock three times as long
    memory_bytes: int
    wait_s: float  #: for a reader that is free


class Busy(Unavailable):
    """All readers are at other documents. Nothing is wrong with this one: it is to be sent, or polled, again."""

    def __init__(self) -> None:
        super().__init__(
            "Others' documents are being read, and take long. Nothing was stored: send the same again in a few seconds.",
            headers={"retry-after": "5"},
        )


def unreadable(why: str) -> Unreadable:
    """A document that costs more than a document may, or that ended its reader."""
    return Unreadable(f"The document {why}. Nothing of it was taken: send it in parts, or its items one by one.")


class _Fell(Exception):
    """A reader ended, or says nothing that makes sense."""


class Reader:
    """One reader's process, seen from the process that serves."""

    def __init__(self) -> None:
        self._peer, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.ingest.reading.reader"],
                stdin=theirs.fileno(),
                env={name: value for name in _ENVIRONMENT if (value := os.environ.get(name)) is not None},
            )

    def read(self, body: bytes, content_type: str, address: str, *, most: int, limits: Limits) -> tuple[Ended, bytes]:
        """Its answer. Raises _Fell where there is none: then there is no reader any more."""
        media_type, place = content_type.encode("utf-8", "replace"), address.encode("utf-8", "replace")
        head = REQUEST.pack(len(body), len(media_type), len(place), most, limits.seconds, limits.memory_bytes)
        ends_s = time.monotonic() + limits.seconds * CLOCK_TO_PROCESSOR + _GRACE_S
        try:
            self._peer.settimeout(ends_s - time.monotonic())
            self._peer.sendall(head + media_type + place)
            self._peer.sendall(body)
            how, size = ANSWER.unpack(self._receive_exactly(ANSWER.size, ends_s))
            if size > max(_LEAST_ANSWER_BYTES, len(body) * _MAX_ANSWER_TO_DOCUMENT):
                raise _Fell
            return Ended(how), bytes(self._receive_exactly(size, ends_s))
        except (OSError, ValueError) as fell:
            raise _Fell from fell

    def _receive_exactly(self, size: int, ends_s: float) -> bytearray:
        received = bytearray(size)
        view, at = memoryview(received), 0
        while at < size:
            self._peer.settimeout(max(0.001, ends_s - time.monotonic()))
            count: int = self._peer.recv_into(view[at:])
            if not count:
                raise _Fell
            at += count
        return received

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def close(self) -> None:
        """End it: it ends when its socket does, and by force if it stands still."""
        self._peer.close()
        self._process.kill()
        self._process.wait()


class Readers:
    """The readers of this process."""

    def __init__(self, most: int = MAX_READERS) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._idle: list[Reader] = []
        self._lock = threading.Lock()

    def read(self, body: bytes, content_type: str, address: str, *, most: int, limits: Limits) -> bytes:
        """A reader's answer. Raises Unreadable and Busy."""
        if not self._free.acquire(timeout=limits.wait_s):
            raise Busy
        try:
            with self._lock:
                reader = self._idle.pop() if self._idle else None
            reader = reader or Reader()
            try:
                ended, answer = reader.read(body, content_type, address, most=most, limits=limits)
            except BaseException as fell:
                reader.close()
                if not isinstance(fell, _Fell):
                    raise
                _log.error("reader.fell", bytes=len(body), content_type=content_type[:100])
                raise unreadable("ended the process that read it") from None
            with self._lock:
                self._idle.append(reader)
        finally:
            self._free.release()
        if ended is Ended.TOO_LONG:
            raise unreadable(f"could not be read within {limits.seconds:g} seconds")
        if ended is Ended.TOO_MUCH:
            raise unreadable(f"could not be read within {limits.memory_bytes // 1_000_000:,} MB of memory")
        return answer

    def close(self) -> None:
        """End those that are idle; those at work end with this process."""
        with self._lock:
            idle, self._idle = self._idle, []
        for reader in idle:
            reader.close()


readers = Readers()
atexit.register(readers.close)


def is_read_in_place(body: bytes, content_type: str) -> bool:
    """Is this so small and plain that no reader is asked?"""
    if len(body) > IN_PLACE_BYTES or content_type.partition(";")[0].strip().lower() in mail.MEDIA_TYPES:
        return False
    start = body.removeprefix(codecs.BOM_UTF8).lstrip()
    # a bracket alone may open a log's line in front of a feed
    return start[:1] == b"{" or (start[:1] == b"[" and start[1:].lstrip()[:1] == b"{")


def read(body: bytes, content_type: str, *, address: str = "", most: int, limits: Limits) -> Iterator[Candidate | Rejection]:
    """The items of a document that stands at `address`, as `read_items`. Raises Unreadable and Busy beside Refused."""
    if is_read_in_place(body, content_type):
        with standing_at(address):
            yield from list(read_items(body, content_type, most=most))
        return
    answer = readers.read(body, content_type, address, most=most, limits=limits)
    try:
        yield from read_answer(answer, body)
    except Garbled as garbled:
        _log.error("reader.garbled", error=str(garbled))
        raise unreadable("ended the process that read it") from garbled
