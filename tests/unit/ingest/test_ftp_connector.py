"""A file on an FTP server that is larger than its listing says costs itself: it is refused, and the next is fetched."""

from __future__ import annotations

import ftplib
import socket
import threading
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from services.ingest.connectors import ftp
from services.ingest.connectors.connector import SourceDocument
from tests.unit.ingest.made_sources import context, source

LISTED = {"size": "10", "modify": "20261101120000", "type": "file"}
#: more than any buffer between the two holds: whoever sends it waits until it is read or refused
LARGE = b"x" * 20_000_000


class Server(ftplib.FTP):
    """A server without a network: it lists what it has, sends a file in a thread, and says how that ended."""

    copies: ClassVar[list[socket.socket]] = []  #: whoever watches the time has one of each connection

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def mlsd(self, path: str = "", facts: Any = ()) -> Iterator[tuple[str, dict[str, str]]]:
        yield from ((name, dict(LISTED)) for name in self.files)

    def voidcmd(self, cmd: str) -> str:
        return "200 ok"

    def transfercmd(self, cmd: str, rest: Any = None) -> socket.socket:
        ours, theirs = socket.socketpair()
        self.copies.append(ours.dup())
        self._ends: list[str] = []
        self._sending = threading.Thread(target=self._send, args=(theirs, self.files[cmd.partition(" ")[2]]))
        self._sending.start()
        return ours

    def _send(self, theirs: socket.socket, body: bytes) -> None:
        with theirs:
            try:
                theirs.sendall(body)
                self._ends.append("226 complete")
            except OSError:
                self._ends.append("426 aborted")

    def getresp(self) -> str:
        self._sending.join(10)
        assert self._ends, "the transfer goes on although nobody reads it"
        answer = self._ends.pop()
        if answer.startswith("4"):
            raise ftplib.error_temp(answer)  # noqa: S321  nobody is connected to
        return answer

    def voidresp(self) -> str:
        return self.getresp()


@pytest.fixture
def memory() -> dict[str, Any]:
    return {"listing": dict.fromkeys(("a", "b", "c"), "10/20261101120000")}


@pytest.fixture(autouse=True)
def copies() -> Iterator[list[socket.socket]]:
    yield Server.copies
    while Server.copies:
        Server.copies.pop().close()


def polled(server: Server, memory: dict[str, Any]) -> list[SourceDocument]:
    documents = []
    for document in ftp._read_folder(server, context(source(url="ftp://h/"), memory=memory, max_bytes=1_000)):
        document.put_away([])
        documents.append(document)
    return documents


def test_a_file_that_is_larger_than_its_listing_says_costs_itself(memory: dict[str, Any]) -> None:
    server = Server({"a": b"{}", "b": LARGE, "c": b"[]"})
    documents = polled(server, memory)
    assert [(document.name, document.body, document.fault) for document in documents] == [
        ("a", b"{}", ""),
        ("b", b"", "larger than 1,000 bytes"),
        ("c", b"[]", ""),
    ]
    assert polled(server, memory) == [], "it is not fetched in this state again"


def test_a_file_of_just_the_size_is_taken(memory: dict[str, Any]) -> None:
    (document,) = polled(Server({"a": b"{}".ljust(1_000)}), memory)
    assert (len(document.body), document.fault) == (1_000, "")


@pytest.mark.parametrize(("said", "size"), [("10", 10), ("", 0), ("-1", 0), ("many", 0), ("9" * 5000, 0), ("\u0661", 0)])
def test_a_size_that_is_no_number_costs_no_other_file(said: str, size: int) -> None:
    assert ftp._size_of(said) == size
