"""The sender of requests: batches in order, results saved apart, and whoever is slow or gone holds nobody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from typing import ClassVar

import pytest

from services.delivery.http_sender import BatchResult, HttpSender, OutgoingRequest
from tests.support.loopback import free_port, serving
from tests.support.reading import eventually


class Receiver(BaseHTTPRequestHandler):
    """Answers with the status that is the end of its address, `wait` once it may."""

    paths: ClassVar[list[str]] = []
    goes_on: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.paths.append(self.path)
        if self.path.endswith("/wait"):
            self.goes_on.wait(10)
        status = self.path.rpartition("/")[2]
        self.send_response(int(status) if status.isdecimal() else 204)
        self.send_header("location", "/elsewhere/204")
        self.send_header("retry-after", "7")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def url() -> Iterator[str]:
    Receiver.paths.clear()
    Receiver.goes_on.clear()
    with serving(Receiver) as address:
        yield address
        Receiver.goes_on.set()


def a_request(url: str, number: int = 0) -> OutgoingRequest[int]:
    return OutgoingRequest(url=url, headers={}, body=b"{}", context=number, may_be_private=True)


class Saved:
    """What a sender saved."""

    def __init__(self) -> None:
        self.results: list[BatchResult[int]] = []

    def __call__(self, results: Sequence[BatchResult[int]]) -> None:
        self.results += results

    @property
    def statuses(self) -> list[list[tuple[int, int | None]]]:
        """Of each batch, what each of its requests was about and how it was answered."""
        return sorted([(result.request.context, result.status) for result in batch] for batch in self.results)


def test_a_batch_is_sent_in_order_as_far_as_it_is_acknowledged(url: str) -> None:
    saved = Saved()
    sender = HttpSender[int](saved, timeout_s=3)
    first = [a_request(f"{url}/{path}", number) for number, path in enumerate(["a/204", "b/200", "c/503", "d/204"], start=1)]
    second = [a_request(f"{url}/{path}", number) for number, path in enumerate(["e/302", "f/204"], start=5)]
    sender.send([first, second])
    eventually(lambda: len(saved.results) == 2)
    assert saved.statuses == [[(1, 204), (2, 200), (3, 503)], [(5, 302)]]
    assert [path for path in Receiver.paths if path[1] in "abcd"] == ["/a/204", "/b/200", "/c/503"]
    assert not any(path.startswith("/elsewhere") for path in Receiver.paths), "a redirect was followed"


def test_who_does_not_answer_holds_nobody_else_and_is_counted_until_its_result_is_saved(url: str) -> None:
    saved = Saved()
    sender = HttpSender[int](saved, timeout_s=3)
    sender.send([[a_request(f"{url}/wait", 1)], [a_request(f"{url}/204", 2)]])
    eventually(lambda: saved.statuses == [[(2, 204)]])
    assert sender.under_way == 1
    Receiver.goes_on.set()
    eventually(lambda: sender.under_way == 0)
    assert saved.statuses == [[(1, 204)], [(2, 204)]]


def test_a_result_says_why_there_was_no_answer_and_how_long_to_wait(url: str) -> None:
    sender = HttpSender[int](lambda _: None, timeout_s=3)
    answered = sender.send_and_wait(a_request(f"{url}/503"))
    assert (answered.status, answered.error, answered.acknowledged) == (503, "answered 503", False)
    assert answered.wait is not None
    assert answered.wait.total_seconds() == 7
    gone = sender.send_and_wait(a_request(f"http://127.0.0.1:{free_port()}/"))
    assert (gone.status, gone.wait, bool(gone.error)) == (None, None, True)
    nonsense = sender.send_and_wait(a_request("http://["))
    assert (nonsense.status, bool(nonsense.error)) == (None, True)


def test_results_that_cannot_be_saved_are_lost_and_the_sender_goes_on(url: str) -> None:
    saved = Saved()
    faults = [OSError("the database is away")]

    def save(results: Sequence[BatchResult[int]]) -> None:
        if faults:
            raise faults.pop()
        saved(results)

    sender = HttpSender[int](save, timeout_s=3)
    sender.send([[a_request(f"{url}/204", 1)]])
    eventually(lambda: sender.under_way == 0)
    sender.send([[a_request(f"{url}/204", 2)]])
    eventually(lambda: sender.under_way == 0)
    assert saved.statuses == [[(2, 204)]]


def test_as_many_are_counted_as_are_under_way_whoever_hands_them_over(url: str) -> None:
    sender = HttpSender[int](lambda _: None, timeout_s=60)

    def send_many() -> None:
        for _ in range(50):
            sender.send([[a_request(f"{url}/204")]])

    threads = [threading.Thread(target=send_many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    eventually(lambda: sender.under_way == 0)
    assert len(Receiver.paths) == 400
