"""Receivers of webhooks: which secrets sign what they are sent, and what they may ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.delivery.webhooks.receivers import StoredReceiver, WebhookConfig, faults_of, receiver_of
from shared.settings import settings

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
STORED = StoredReceiver(
    id=UUID(int=1), key="Gulf Daily", name="news", url="https://reader.example/", secret="new", old_secret="",
    old_secret_until=None, editions=(), feeds=(), events=(), added_at=NOON, sequence=6, failures=2, failing_since=NOON,
    disabled_at=None, error="answered 500",
)  # fmt: skip
CONFIG = WebhookConfig(name="news", url="https://reader.example/", editions=[], feeds=[], events=[])


@pytest.mark.parametrize(
    ("key", "old_secret", "old_secret_until", "secrets"),
    [
        ("Gulf Daily", "", None, ("new",)),
        ("Gulf Daily", "old", NOON + timedelta(seconds=1), ("new", "old")),
        ("Gulf Daily", "old", NOON, ("new",)),
        ("Gulf Daily", "old", None, ("new",)),
        ("", "", None, ("of the environment",)),
        ("", "old", NOON + timedelta(days=1), ("of the environment",)),
    ],
)
def test_the_newest_secret_signs_and_while_it_is_young_the_one_before(
    key: str, old_secret: str, old_secret_until: datetime | None, secrets: tuple[str, ...]
) -> None:
    stored = replace(STORED, key=key, old_secret=old_secret, old_secret_until=old_secret_until)
    assert receiver_of(stored, file_secret={"news": "of the environment"}.__getitem__, now=NOON).secrets == secrets


def test_a_receiver_of_the_file_without_a_secret_signs_nothing() -> None:
    assert receiver_of(replace(STORED, key="", secret=""), file_secret=lambda _: "", now=NOON).secrets == ()


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("editions", ["en"], ""),
        ("editions", ["en", "fr", "de"], "there is no de, fr; there is ar, en"),
        ("feeds", ["all", "sport"], ""),
        ("feeds", ["All"], "there is no All; there is all, sport"),
        ("events", ["story.killed"], ""),
        ("events", [""], "there is no ; there is story.killed"),
        ("url", "http://reader.example:8080/hook?a=b", ""),
        ("url", "https://بريد.example/", ""),
        ("url", "", "without user, password and fragment"),
        ("url", "reader.example", "without user, password and fragment"),
        ("url", "ftp://reader.example/", "without user, password and fragment"),
        ("url", "https://", "without user, password and fragment"),
        ("url", "https://user@reader.example/", "without user, password and fragment"),
        ("url", "https://:password@reader.example/", "without user, password and fragment"),
        ("url", "https://reader.example/#part", "without user, password and fragment"),
        ("url", "https://reader.example:99999/", "Port out of range"),
        ("url", "https://[::1/", "Invalid IPv6 URL"),
        ("url", "https://127.0.0.1/", "private address"),
        ("url", "https://[::ffff:10.0.0.1]/", "private address"),
        ("url", "https://0x7f.1/", "0x7f.1"),
    ],
)
def test_what_a_subscriber_cannot_have_is_named_with_its_field(
    monkeypatch: pytest.MonkeyPatch, field: str, value: str | list[str], fault: str
) -> None:
    monkeypatch.delenv("BARQ_PRIVATE_ADDRESSES", raising=False)
    settings.cache_clear()
    config = replace(CONFIG, **{field: value})  # type: ignore[arg-type]
    faults = faults_of(config, editions=["en", "ar"], feeds=["all", "sport"], events=["story.killed"])
    assert [each.field for each in faults] == ([field] if fault else [])
    assert fault in "".join(each.detail for each in faults)


def test_every_field_that_is_wrong_is_named_at_once() -> None:
    config = WebhookConfig(name="news", url="", editions=["fr"], feeds=["none"], events=["story.sung"])
    faults = faults_of(config, editions=["en"], feeds=["all"], events=["story.killed"])
    assert [each.field for each in faults] == ["editions", "feeds", "events", "url"]
