"""A mailbox whose server numbers its messages anew: what was left under an old number is another message now."""

from __future__ import annotations

import imaplib
from typing import Any

import pytest

from services.ingest.connectors import imap
from services.ingest.connectors.connector import NotPutAway
from tests.unit.ingest.made_sources import context, source


class Mailbox:
    """A mailbox with two unseen messages, of which one cannot be marked."""

    validity: bytes | None = b"1"

    def login(self, *_: str) -> None:
        """Anybody may."""

    logout = login

    def select(self, _: str) -> tuple[str, list[Any]]:
        return "OK", [b"2"]

    def response(self, code: str) -> tuple[str, list[Any]]:
        return code, [self.validity]

    def uid(self, command: str, uid: str, *more: str) -> tuple[str, list[Any]]:
        if command == "SEARCH":
            return "OK", [b"7 8"]
        if command == "STORE" and uid == "7":
            raise imaplib.IMAP4.error("read-only")
        return "OK", [(b"", f"Subject: {uid}\n\nText.".encode())]


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    made = Mailbox()
    monkeypatch.setattr(imap, "_connect", lambda *_: made)
    return made


def poll(memory: dict[str, Any]) -> list[str]:
    names = []
    for document in imap.poll(context(source(url="imaps://m.example/"), memory=memory)):
        names.append(document.name)
        try:
            document.put_away([])
        except NotPutAway:
            names.append("left")
    return names


def test_what_could_not_be_marked_is_left_until_its_number_is_anothers(mailbox: Mailbox) -> None:
    memory: dict[str, Any] = {}
    assert poll(memory) == ["message 7", "left", "message 8"]
    assert poll(memory) == ["message 8"]
    mailbox.validity = b"2"
    assert poll(memory) == ["message 7", "left", "message 8"]
    assert poll(memory) == ["message 8"]


@pytest.mark.parametrize("validity", [None, b"1"])
def test_what_was_left_before_numbers_were_compared_stays_left(mailbox: Mailbox, validity: bytes | None) -> None:
    mailbox.validity = validity
    assert poll({"left": ["7"]}) == ["message 8"]
