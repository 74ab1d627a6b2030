"""Addresses of pictures, as every reader can follow them."""

from __future__ import annotations

import pytest

from services.rendering.entries import web_address


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("https://pictures.example/1.jpg?x=1&y=%2F#top", "https://pictures.example/1.jpg?x=1&y=%2F#top"),
        ("https://pictures.example/a b.jpg", "https://pictures.example/a%20b.jpg"),
        ("https://pictures.example/صورة.jpg", "https://pictures.example/%D8%B5%D9%88%D8%B1%D8%A9.jpg"),
        ("https://bücher.example:8443/1.jpg", "https://xn--bcher-kva.example:8443/1.jpg"),
        ("https://[2001:db8::1]:80/1.jpg", "https://[2001:db8::1]:80/1.jpg"),
        ('https://pictures.example/100%/"a"<b>.jpg', "https://pictures.example/100%25/%22a%22%3Cb%3E.jpg"),
        ("http://[", ""),
        ("https://", ""),
        ("https://pictures.example:99999/1.jpg", ""),
        ("https://a..example\u3002.example/1.jpg", ""),
    ],
)
def test_an_address_is_a_uri_or_none(sent: str, told: str) -> None:
    assert web_address(sent) == told
    assert web_address(told) == told
