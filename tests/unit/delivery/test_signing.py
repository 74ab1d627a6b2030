"""Messages by the Standard Webhooks specification (https://www.standardwebhooks.com/)."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from services.delivery.webhooks.notifications import Due
from services.delivery.webhooks.receivers import Receiver
from services.delivery.webhooks.signing import new_secret, notification_request, signed_request

NOW = datetime(2026, 3, 1, 12, 0, 0, 750_000, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

RECEIVER = Receiver(
    id=UUID(int=1), key="Gulf Daily", name="news", url="https://reader.example/hook", secrets=(SECRET,), sequence=6, failures=0,
    failing_since=None,
)  # fmt: skip
DUE = Due(receiver=RECEIVER, story="STORY1", uri="urn:x", edition="ar", revision=3, event="story.updated", attempts=0, sequence=7)


def test_a_notification_says_what_there_is_to_read_and_where_and_nothing_of_the_text() -> None:
    request = notification_request(DUE, public_url="https://wire.example", now=NOW)
    assert json.loads(request.body) == {
        "type": "story.updated",
        "timestamp": "2026-03-01T12:00:00.750000+00:00",
        "data": {
            "story": "STORY1",
            "uri": "urn:x",
            "edition": "ar",
            "revision": 3,
            "url": "https://wire.example/ar/stories/STORY1",
            "sequence": 7,
        },
    }
    assert (request.url, request.context) == ("https://reader.example/hook", DUE)
    assert request.headers["content-type"] == "application/json"


def test_its_id_is_the_same_at_every_attempt_and_another_for_each_revision_and_edition() -> None:
    def id_of(due: Due, now: datetime = NOW) -> str:
        return notification_request(due, public_url="https://wire.example", now=now).headers["webhook-id"]

    assert id_of(DUE) == id_of(replace(DUE, attempts=5, sequence=9), NOW + timedelta(hours=1)) == "STORY1:ar:3"
    assert len({id_of(DUE), id_of(replace(DUE, revision=4)), id_of(replace(DUE, edition="en"))}) == 3


def test_a_signature_is_of_id_time_and_body_as_the_specification_has_it() -> None:
    request = signed_request(RECEIVER, "msg_1", event="webhook.test", data={}, context=None, now=NOW)
    noon_s = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp())
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    digest = hmac.digest(key, f"msg_1.{noon_s}.".encode() + request.body, "sha256")
    assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert request.headers["webhook-timestamp"] == str(noon_s)


@pytest.mark.parametrize(
    ("secrets", "signs", "does_not"),
    [((SECRET,), [SECRET], [OTHER]), ((OTHER,), [OTHER], [SECRET]), ((SECRET, OTHER), [SECRET, OTHER], [new_secret()])],
)
def test_each_secret_that_is_valid_signs(secrets: tuple[str, ...], signs: list[str], does_not: list[str]) -> None:
    now = datetime.now(UTC)  # the library takes nothing that is older than five minutes
    request = signed_request(replace(RECEIVER, secrets=secrets), "id", event="e", data={}, context=None, now=now)
    assert len(request.headers["webhook-signature"].split()) == len(secrets)
    for secret in signs:
        assert Webhook(secret).verify(request.body, dict(request.headers)) == json.loads(request.body)
    for secret in does_not:
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(request.body, dict(request.headers))


@pytest.mark.parametrize("change", ["body", "webhook-id", "webhook-timestamp"])
def test_what_is_changed_on_the_way_is_not_signed_any_more(change: str) -> None:
    now = datetime.now(UTC)
    request = signed_request(RECEIVER, "id", event="e", data={"n": 1}, context=None, now=now)
    body = request.body.replace(b"1", b"2") if change == "body" else request.body
    headers = dict(request.headers)
    if change == "webhook-id":
        headers[change] = "other"
    elif change == "webhook-timestamp":
        headers[change] = str(int(headers[change]) + 1)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, headers)


def test_without_a_secret_nothing_is_signed() -> None:
    request = signed_request(replace(RECEIVER, secrets=()), "id", event="e", data={}, context=None, now=NOW)
    assert "webhook-signature" not in request.headers


def test_text_is_sent_as_it_is_written_and_the_time_with_its_offset() -> None:
    now = datetime(2026, 3, 1, 15, tzinfo=timezone(timedelta(hours=3)))
    request = signed_request(RECEIVER, "id", event="e", data={"uri": "عاجل"}, context=None, now=now)
    assert "عاجل".encode() in request.body
    assert json.loads(request.body)["timestamp"] == "2026-03-01T15:00:00+03:00"
    assert request.headers["webhook-timestamp"] == str(int(now.timestamp()))


@pytest.mark.parametrize(("key", "may_be_private"), [("", True), ("Gulf Daily", False)])
def test_only_a_receiver_that_the_newsroom_named_may_be_in_its_own_network(key: str, may_be_private: bool) -> None:
    request = signed_request(replace(RECEIVER, key=key), "id", event="e", data={}, context=None, now=NOW)
    assert request.may_be_private is may_be_private


def test_a_new_secret_is_24_random_bytes_as_the_specification_writes_them() -> None:
    secrets = [new_secret() for _ in range(50)]
    assert len(set(secrets)) == 50
    for secret in secrets:
        prefix, _, encoded = secret.partition("_")
        assert (prefix, len(base64.b64decode(encoded, validate=True))) == ("whsec", 24)


def test_no_secret_is_shown_where_a_receiver_is_written_to_a_log() -> None:
    assert SECRET not in repr(DUE)
