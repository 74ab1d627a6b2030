"""Whatever a document does to who reads it, it does to nobody else: it is refused in words, and the next one is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.acceptance import Candidate, Rejection, read_items
from services.ingest.reading import readers as module
from services.ingest.reading.answers import Garbled, read_answer, write_answer
from services.ingest.reading.readers import Busy, Limits, Readers, Unreadable, is_read_in_place, read
from shared.contracts.problem import Refused
from tests.support.hostile import KINDS
from tests.unit.ingest.test_corpus import FILES

AMPLE = Limits(seconds=60, memory_bytes=1_000_000_000, wait_s=60)
FEED = b"<rss><channel><item><guid>urn:x:1</guid><title>Port</title></item></channel></rss>"


@pytest.fixture
def readers() -> Iterator[Readers]:
    found = Readers(most=1)
    yield found
    found.close()


def ask(readers: Readers, document: bytes, limits: Limits = AMPLE) -> list[Candidate | Rejection]:
    return list(read_answer(readers.read(document, "", "", most=100, limits=limits), document))


def made_of(results: Callable[[], Iterator[Candidate | Rejection]]) -> object:
    try:
        return list(results())
    except Refused as refused:
        return refused.problem


def test_what_is_read_apart_is_read_as_it_is_here() -> None:
    """Every document of the corpus, to the last byte of what is kept."""
    for path in FILES:
        body = path.read_bytes()
        here = made_of(lambda body=body: read_items(body, "", most=100))  # type: ignore[misc]
        apart = made_of(
            lambda body=body: read_answer(module.readers.read(body, "", "", most=100, limits=AMPLE), body)  # type: ignore[misc]
        )
        assert apart == here, path.name


def test_a_document_that_stands_somewhere_is_read_as_standing_there() -> None:
    entry = b"<item><guid>urn:x:1</guid><title>H</title><description>&lt;a href='/b'&gt;c&lt;/a&gt;</description></item>"
    feed = b"<rss><channel>" + entry + b"</channel></rss>"
    (result,) = read(feed, "", address="https://feeds.example/all.rss", most=1, limits=AMPLE)
    assert isinstance(result, Candidate)
    assert "https://feeds.example/b" in result.item.body_html


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(seconds=0.05, memory_bytes=1_000_000_000, wait_s=60), "within 0.05 seconds"),
        (Limits(seconds=60, memory_bytes=150_000_000, wait_s=60), "within 150 MB of memory"),
    ],
)
def test_what_costs_more_than_a_document_may_is_refused_and_the_next_is_read(readers: Readers, limits: Limits, said: str) -> None:
    body, _ = KINDS["empty elements of many names"](4_000_000)
    ask(readers, FEED)
    (reader,) = readers._idle
    with pytest.raises(Unreadable, match=said) as refused:
        ask(readers, body, limits)
    assert refused.value.problem.status == 422
    assert len(ask(readers, FEED)) == 1
    assert readers._idle == [reader], "a document that is too slow costs no start of another reader"


@pytest.mark.parametrize(
    "document",
    [
        b"From: a@b.example\nSubject: H\nMessage-ID: <1@b>\nContent-Type: text/html\n\n" + b"<div><p>x" * 500_000,
        b'{"uri": "urn:x", "headline": "H", "body_html": "' + b"<div><p>x" * 500_000 + b'"}',
        b"<rss><channel><item><guid>urn:x</guid><title>H</title><description>"
        + b"&lt;div>&lt;p>x" * 300_000
        + b"</description></item></channel></rss>",
    ],
    ids=["mail", "ninjs", "rss"],
)
def test_what_has_no_room_in_memory_is_unreadable_and_no_fault_of_the_wire(readers: Readers, document: bytes) -> None:
    with pytest.raises(Refused) as refused:
        ask(readers, document, Limits(seconds=60, memory_bytes=200_000_000, wait_s=60))
    assert (refused.value.problem.status, "MB of memory" in refused.value.problem.detail) == (422, True)


def test_a_reader_that_is_killed_amid_a_document_is_replaced(readers: Readers) -> None:
    ask(readers, FEED)
    pid = readers._idle[0].pid
    body, _ = KINDS["empty elements of many names"](4_000_000)
    threading.Timer(0.3, lambda: kill_children(pid)).start()
    with pytest.raises(Unreadable, match="ended the process that read it"):
        ask(readers, body)
    assert len(ask(readers, FEED)) == 1
    assert readers._idle[0].pid != pid


def test_a_reader_that_stands_still_is_given_up_and_replaced(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(readers, FEED)
    pid = readers._idle[0].pid
    for child in [pid, *children_of(pid)]:
        os.kill(child, signal.SIGSTOP)
    monkeypatch.setattr(module, "_GRACE_S", 0.1)
    with pytest.raises(Unreadable):
        ask(readers, FEED, Limits(seconds=0.1, memory_bytes=1_000_000_000, wait_s=60))
    monkeypatch.undo()
    assert len(ask(readers, FEED)) == 1


def test_where_all_readers_are_busy_it_is_to_be_sent_again() -> None:
    with pytest.raises(Busy) as refused:
        Readers(most=0).read(FEED, "", "", most=1, limits=Limits(seconds=1, memory_bytes=1_000_000_000, wait_s=0.01))
    assert refused.value.problem.status == 503
    assert refused.value.headers["retry-after"]


def test_who_serves_goes_on_while_a_document_is_read(readers: Readers) -> None:
    """Other threads have their turns all the time: the longest that one waits is a small part of what the reading takes."""
    ask(readers, FEED)
    body, _ = KINDS["empty elements of many names"](4_000_000)
    limits = Limits(seconds=1.5, memory_bytes=10**9, wait_s=9)
    reading = threading.Thread(target=lambda: suppressing(lambda: ask(readers, body, limits)))
    began_s = last_s = time.monotonic()
    longest_s = 0.0
    reading.start()
    while reading.is_alive():
        time.sleep(0.001)
        now_s = time.monotonic()
        longest_s, last_s = max(longest_s, now_s - last_s), now_s
    assert longest_s < (last_s - began_s) / 3


def suppressing(do: Callable[[], object]) -> None:
    with suppress(Refused):
        do()


def test_nobody_is_left_when_who_asked_is_killed() -> None:
    script = f"""
import sys, time
from services.ingest.reading.readers import Limits, Readers
readers = Readers()
readers.read({FEED!r}, "", "", most=1, limits=Limits(seconds=9, memory_bytes=10**9, wait_s=9))
print(readers._idle[0].pid, flush=True)
time.sleep(600)
"""
    asking = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert asking.stdout
    with asking.stdout:
        pid = int(asking.stdout.readline())
    ends_s = time.monotonic() + 60
    while not (ahead := children_of(pid)):  # the next document's, which it makes meanwhile
        assert time.monotonic() < ends_s
        time.sleep(0.02)
    left = [pid, *ahead]
    asking.kill()
    asking.wait()
    while any(is_there(one) for one in left):
        assert time.monotonic() < ends_s
        time.sleep(0.02)


def test_a_reader_is_told_no_secret(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BARQ_SOURCE_SECRET_WIRE", "a password")
    ask(readers, FEED)
    said = Path(f"/proc/{readers._idle[0].pid}/environ").read_bytes()
    assert b"BARQ" not in said


@given(answer=st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda some: b"{}\n" + some)))
def test_whatever_a_reader_answers_is_an_answer_or_nothing(answer: bytes) -> None:
    with suppress(Garbled):
        list(read_answer(answer, FEED))


def test_no_reader_speaks_for_the_desk() -> None:
    (result,) = read_items(FEED, "", most=1)
    assert isinstance(result, Candidate)
    with pytest.raises(Garbled):
        list(read_answer(write_answer(FEED, [result.from_desk()]), FEED))


def test_only_little_and_plain_json_is_read_where_it_came() -> None:
    """The usual push costs no second process; what may be slow to read always does."""
    small, _ = KINDS["keywords of one item"](2_000)
    assert is_read_in_place(small, "application/json")
    assert is_read_in_place(b"\xef\xbb\xbf [ " + small + b"]", "")
    assert not is_read_in_place(small, "message/rfc822")
    assert not is_read_in_place(b"[24-Nov-2026 10:00:00 UTC] PHP Warning: " + FEED, "")
    for make in KINDS.values():
        body, content_type = make(2 * module.IN_PLACE_BYTES)
        assert not is_read_in_place(body, content_type)


def children_of(pid: int) -> list[int]:
    said = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in said.split()]


def kill_children(pid: int) -> None:
    for child in children_of(pid):
        os.kill(child, signal.SIGKILL)


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split(") ")[1][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
