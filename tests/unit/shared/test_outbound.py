"""Addresses that somebody gave us: only public ones are asked."""

from __future__ import annotations

import pytest

from shared.web.outbound import Unreachable, addresses_of


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "224.0.0.1", "0", "2130706433", "0x7f000001",
    ],
)  # fmt: skip
def test_an_address_of_our_own_is_not_asked(host: str) -> None:
    with pytest.raises(Unreachable):
        addresses_of(host, 80)


@pytest.mark.parametrize("host", ["8.8.8.8", "2606:4700:4700::1111"])
def test_a_public_address_is(host: str) -> None:
    assert addresses_of(host, 443) == [host]
