"""What an address says: one host, in one form, and whether it is one of ours."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from shared.web.addresses import Unreadable, is_public, plain_host, plain_url


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.1.2.3", "10.1.2.3", "100.64.0.1", "169.254.169.254", "172.16.0.1", "192.0.0.1", "192.168.1.1",
        "198.18.0.1", "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
        "::ffff:0:127.0.0.1", "::127.0.0.1", "::8.8.8.8", "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8", "100::1", "2001::1",
        "2001:db8::1", "2002:7f00:1::", "2002:a00:1::5", "3fff::1", "5f00::1", "fc00::1", "fe80::1", "fe80::1%eth0", "fec0::1",
        "ff02::1", "2a00:1450::5efe:7f00:1", "no address",
    ],
)  # fmt: skip
def test_an_address_of_ours_is_not_public_however_it_is_carried(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2606:4700:4700::1111"])
def test_an_address_of_the_internet_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        ("news.example", "news.example"), ("NEWS.Example", "news.example"), ("bücher.example", "xn--bcher-kva.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"), ("8.8.8.8", "8.8.8.8"), ("a_b.example", "a_b.example"),
        ("::FFFF:8.8.8.8", "::ffff:808:808"), ("[2606:4700:4700:0::1111]", "2606:4700:4700::1111"),
        ("1and1.example", "1and1.example"), ("localhost.", "localhost."),
    ],
)  # fmt: skip
def test_a_host_has_one_form(host: str, plain: str) -> None:
    assert plain_host(host) == plain
    assert plain_host(plain) == plain


@pytest.mark.parametrize(
    "host",
    [
        "", "127。0。0。1", "①②⑦.⓪.⓪.①", "８.8.8.8", "0177.0.0.1", "0x7f000001", "2130706433", "127.1",
        "127.0.0.1.", "1.2.3.4.5", "256.1.1.1", "a..b", ".a", "a%2eb", "127.0.0.1%00", "fe80::1%eth0", "[v1.a]", "x" * 64,
        "a." * 130, "a b", "user@host", "host:80:", "\u00ad", "foo.0x", "foo.1", "\ud800", "xn--\u00e9",
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_refused_with_a_sentence(host: str) -> None:
    with pytest.raises(Unreadable, match=r".{10}"):
        plain_host(host)


@given(st.text(max_size=80))
def test_every_client_reads_the_host_that_was_judged(said: str) -> None:
    try:
        plain = plain_url(f"http://{said}/")
    except Unreadable:
        return
    host = URL(plain).raw_host
    assert host
    assert host.isascii()
    assert httpx.URL(plain).raw_host.decode().strip("[]") == host
    assert plain_host(host) == host


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/", "http://", "http:///etc/passwd", "http://a.example\\@b.example/", "http://a\t.example/",
        "http://[::1", "http://[a.example]/", "http://a.example:99999/", "http://a.example:８０/", "http://a b/",
        "//a.example/", "http://a.example/" + "x" * 5000,
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Unreadable):
        plain_url(url)


def test_an_address_is_asked_without_its_user_and_fragment() -> None:
    assert plain_url("HTTP://user:word@News.Example:8080/a?b=c#d") == "http://news.example:8080/a?b=c"
