"""The hub's values, by the sections of the W3C Recommendation (https://www.w3.org/TR/websub/)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from services.delivery.hub.websub import (
    MAX_LEASE,
    MIN_LEASE,
    USUAL_LEASE,
    Mode,
    SubscriptionRequest,
    Topic,
    Unacceptable,
    denial_url,
    distribution_headers,
    find_topic,
    is_confirmed,
    parse_form,
    parse_request,
    signature,
    verification_url,
)
from shared.contracts.feeds import FeedFormat
from shared.wire.config import DEFAULT_FILE, read_wire

WIRE = read_wire(DEFAULT_FILE)
OURS = "https://wire.example"
TOPIC = f"{OURS}/en/feeds/all.atom"
CALLBACK = "https://reader.example/cb?who=me"
ALL = Topic(edition="en", feed="all", format=FeedFormat.ATOM)


def a_request(**fields: str) -> SubscriptionRequest:
    form = {"mode": "subscribe", "topic": TOPIC, "callback": CALLBACK, **fields}
    return parse_request({f"hub.{name}": value for name, value in form.items()}, wire=WIRE, public_url=OURS)


# ── Topics ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "topic"),
    [
        (TOPIC, ALL),
        (f"{OURS}/ar/feeds/all.rss", Topic(edition="ar", feed="all", format=FeedFormat.RSS)),
        (f"{OURS}/en/feeds/sport.json", Topic(edition="en", feed="sport", format=FeedFormat.JSON)),
        (
            f"{OURS}/private/barq_s-1/en/feeds/all.atom",
            Topic(edition="en", feed="all", format=FeedFormat.ATOM, secret="barq_s-1"),
        ),
    ],
)
def test_4_a_topic_is_the_self_address_of_a_feed_and_has_it_again(url: str, topic: Topic) -> None:
    assert find_topic(url, wire=WIRE, public_url=OURS) == topic
    assert topic.url(OURS) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        OURS,
        "/en/feeds/all.atom",
        f"{OURS}/en/feeds/all",
        f"{OURS}/en/feeds/all.xml",
        f"{OURS}/en/feeds/all.atom/",
        f"{OURS}/en/feeds/all.atom?page=2",
        f"{OURS}/en/feeds/all.atom#new",
        f"{OURS}/en/feeds/all.atom\n",
        f"{OURS}/en/feeds/All.atom",
        f"{OURS}/en/feeds/nothing.atom",
        f"{OURS}/fr/feeds/all.atom",
        f"{OURS}/private//en/feeds/all.atom",
        f"{OURS}/private/a/b/en/feeds/all.atom",
        f"{OURS}.elsewhere.example/en/feeds/all.atom",
        f"http://wire.example{TOPIC.removeprefix(OURS)}",
        f"https://elsewhere.example{TOPIC.removeprefix(OURS)}",
    ],
)
def test_4_what_is_no_feed_of_this_wire_is_no_topic(url: str) -> None:
    assert find_topic(url, wire=WIRE, public_url=OURS) is None


# ── 5.1 Requests ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_5_1_a_request_has_a_mode_a_topic_and_a_callback_and_the_rest_has_a_default() -> None:
    assert a_request() == SubscriptionRequest(mode=Mode.SUBSCRIBE, topic=ALL, callback=CALLBACK, secret="", lease=USUAL_LEASE)
    assert a_request(mode="unsubscribe").mode is Mode.UNSUBSCRIBE
    assert a_request(colour="blue") == a_request()


@pytest.mark.parametrize(
    ("seconds", "lease"),
    [
        ("", USUAL_LEASE),
        ("0", MIN_LEASE),
        ("299", MIN_LEASE),
        ("300", MIN_LEASE),
        ("301", timedelta(seconds=301)),
        ("864000", timedelta(days=10)),
        ("2592000", MAX_LEASE),
        ("2592001", MAX_LEASE),
        ("9" * 100, MAX_LEASE),
        ("٣٦٠٠", timedelta(hours=1)),
    ],
)
def test_5_3_a_lease_is_within_bounds_whatever_is_asked_for(seconds: str, lease: timedelta) -> None:
    assert a_request(lease_seconds=seconds).lease == lease


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"mode": ""}, "hub.mode"),
        ({"mode": "Subscribe"}, "hub.mode"),
        ({"mode": "publish"}, "hub.mode"),
        ({"mode": "denied"}, "hub.mode"),
        ({"topic": ""}, f"hub.topic must be the rel=self address of one of this wire's feeds, as {OURS}/en/feeds/all.atom"),
        ({"topic": f"{OURS}/en/feeds/nothing.atom"}, "hub.topic"),
        ({"callback": ""}, "hub.callback must be an http or https address"),
        ({"callback": "reader.example/cb"}, "http or https"),
        ({"callback": "ftp://reader.example/"}, "http or https"),
        ({"callback": "javascript:alert(1)"}, "http or https"),
        ({"callback": "https:///cb"}, "http or https"),
        ({"callback": f"https://reader.example/{'x' * 2000}"}, "http or https"),
        ({"callback": "https://[::1/"}, "hub.callback is no address"),
        ({"callback": "https://reader.example:many/"}, "hub.callback is no address"),
        ({"callback": "https://reader.example:99999/"}, "hub.callback is no address"),
        ({"callback": "https://user@reader.example/"}, "no user"),
        ({"callback": "https://:password@reader.example/"}, "no password"),
        ({"callback": "https://reader.example/#part"}, "no fragment"),
        ({"callback": "https://0x7f.1/"}, "hub.callback: "),
        ({"callback": "https://reader.example\\cb"}, "hub.callback: "),
        ({"secret": "x" * 200}, "fewer than 200 bytes"),
        ({"secret": "é" * 100}, "fewer than 200 bytes"),
        ({"lease_seconds": "soon"}, "whole number"),
        ({"lease_seconds": "-1"}, "whole number"),
        ({"lease_seconds": "1.5"}, "whole number"),
        ({"lease_seconds": " 300"}, "whole number"),
        ({"lease_seconds": "9" * 5000}, "whole number"),
    ],
)
def test_5_1_2_what_cannot_be_is_refused_and_the_reason_names_the_field(fields: dict[str, str], says: str) -> None:
    with pytest.raises(Unacceptable) as refusal:
        a_request(**fields)
    assert says in str(refusal.value)


@pytest.mark.parametrize("secret", ["", "x", "x" * 199, "é" * 99])
def test_5_1_a_secret_has_fewer_than_200_bytes(secret: str) -> None:
    assert a_request(secret=secret).secret == secret


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"", {}),
        (b"hub.mode=subscribe&hub.topic=https%3A%2F%2Fa%2Fb%3Fc%3Dd", {"hub.mode": "subscribe", "hub.topic": "https://a/b?c=d"}),
        (b"a=first&a=second", {"a": "first"}),
        (b"a=&b", {"a": "", "b": ""}),
        (b"a=one+two", {"a": "one two"}),
        (b"a=%ff", {"a": "�"}),
        (b"a=\xff", {"a": "�"}),
    ],
)
def test_5_1_a_form_is_read_and_of_a_name_that_comes_twice_the_first_counts(body: bytes, form: dict[str, str]) -> None:
    assert parse_form(body) == form


def test_5_1_a_form_has_so_many_fields_and_no_more() -> None:
    assert parse_form(b"&".join([b"a=1"] * 100)) == {"a": "1"}
    with pytest.raises(Unacceptable, match="more than 100 fields"):
        parse_form(b"&".join([b"a=1"] * 101))


# ── 5.2 and 5.3 Denial and verification ──────────────────────────────────────────────────────────────────────────


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@pytest.mark.parametrize(
    ("callback", "begins"),
    [
        ("https://reader.example", "https://reader.example?hub.mode="),
        ("https://reader.example/cb", "https://reader.example/cb?hub.mode="),
        ("https://reader.example/cb?", "https://reader.example/cb?hub.mode="),
        ("https://reader.example/cb?a=%20b&a=c", "https://reader.example/cb?a=%20b&a=c&hub.mode="),
    ],
)
def test_5_3_what_a_callback_has_stays_as_it_is_and_the_question_comes_after_it(callback: str, begins: str) -> None:
    assert verification_url(a_request(callback=callback), TOPIC, "challenge").startswith(begins)


def test_5_3_a_question_has_the_mode_the_topic_the_challenge_and_of_a_subscription_the_lease() -> None:
    common = {"who": "me", "hub.topic": TOPIC, "hub.challenge": "a&b=c"}
    url = verification_url(a_request(lease_seconds="3600"), TOPIC, "a&b=c")
    assert query_of(url) == {**common, "hub.mode": "subscribe", "hub.lease_seconds": "3600"}
    url = verification_url(a_request(mode="unsubscribe"), TOPIC, "a&b=c")
    assert query_of(url) == {**common, "hub.mode": "unsubscribe"}


def test_5_2_a_denial_has_the_topic_and_the_reason() -> None:
    url = denial_url(a_request(), TOPIC, reason="no such feed")
    assert query_of(url) == {"who": "me", "hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "no such feed"}


@pytest.mark.parametrize(
    ("status", "body", "confirmed"),
    [
        (200, b"challenge", True),
        (202, b"challenge", True),
        (299, b"challenge", True),
        (200, b"challenge\n", False),
        (200, b"Challenge", False),
        (200, b"", False),
        (301, b"challenge", False),
        (404, b"challenge", False),
        (500, b"challenge", False),
        (None, b"challenge", False),
    ],
)
def test_5_3_1_only_2xx_with_the_challenge_as_the_whole_body_confirms(status: int | None, body: bytes, confirmed: bool) -> None:
    assert is_confirmed(status, body, b"challenge") is confirmed


# ── 7 Content distribution ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("feed_format", "content_type"),
    [
        (FeedFormat.RSS, "application/rss+xml; charset=utf-8"),
        (FeedFormat.ATOM, "application/atom+xml; charset=utf-8"),
        (FeedFormat.JSON, "application/feed+json; charset=utf-8"),
    ],
)
def test_7_a_document_has_its_own_type_its_hub_its_self_and_its_number(feed_format: FeedFormat, content_type: str) -> None:
    headers = distribution_headers(feed_format, topic_url=TOPIC, public_url=OURS, sequence=7, secret="", body=b"<feed/>")
    assert headers == {
        "content-type": content_type,
        "link": f'<{OURS}/hub>; rel="hub", <{TOPIC}>; rel="self"',
        "barq-sequence": "7",
    }


def test_7_1_with_a_secret_a_document_is_signed() -> None:
    headers = distribution_headers(FeedFormat.ATOM, topic_url=TOPIC, public_url=OURS, sequence=1, secret="s", body=b"<feed/>")
    assert headers["x-hub-signature"] == signature("s", b"<feed/>")


@pytest.mark.parametrize(
    ("secret", "body", "signed"),
    [  # RFC 4231's second test case, and two that were worked out with openssl
        ("Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        ("x", b"", "f27e6527d6b8408430a666b746070c307f542bb54ee7e6dcb303f3e52c0b09fb"),
        ("سر", "خبر".encode(), "57b9681b1bd42a2b48fa1cfe572336620db8d919773caff3106ca1f62e249705"),
    ],
)
def test_7_1_a_signature_is_hmac_sha256_of_the_body_in_hexadecimal(secret: str, body: bytes, signed: str) -> None:
    assert signature(secret, body) == f"sha256={signed}"
