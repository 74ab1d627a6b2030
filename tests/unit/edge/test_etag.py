"""Answers that are made for a request: sent whole, or not again to who has them."""

from __future__ import annotations

import pytest
from fastapi import Request

from services.edge.etag import answer_with_etag

ETAG = answer_with_etag(Request({"type": "http", "headers": []}), b"body", media_type="text/plain", headers={}).headers["etag"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"if-none-match": ETAG}, 304),
        ({"if-none-match": f"W/{ETAG}"}, 304),
        ({"if-none-match": f'"x", {ETAG}'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"x"'}, 200),
        ({"if-none-match": ""}, 200),
        ({"if-modified-since": "Sun, 01 Mar 2099 12:00:00 GMT"}, 200),  # there is no date to go by
    ],
)
def test_an_answer_is_sent_to_who_does_not_have_it(headers: dict[str, str], status: int) -> None:
    request = Request({"type": "http", "headers": [(name.encode(), value.encode()) for name, value in headers.items()]})
    answer = answer_with_etag(request, b"body", media_type="text/plain", headers={"Vary": "Accept"})
    assert (answer.status_code, answer.body) == (status, b"body" if status == 200 else b"")
    assert (answer.headers["etag"], answer.headers["vary"]) == (ETAG, "Accept")


def test_another_body_has_another_validator() -> None:
    request = Request({"type": "http", "headers": []})
    assert answer_with_etag(request, b"another", media_type="text/plain", headers={}).headers["etag"] != ETAG
