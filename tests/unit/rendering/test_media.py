"""Pictures, sound and video: which can be shown, and addresses that every reader can follow."""

from __future__ import annotations

from typing import Any

import pytest

from services.rendering.media import Media, media_of, picture_html, web_address
from shared.contracts.item import WireItem


@pytest.mark.parametrize(
    ("sent", "shown"),
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
def test_an_address_is_a_uri_or_none(sent: str, shown: str) -> None:
    assert web_address(sent) == shown
    assert web_address(shown) == shown


@pytest.mark.parametrize(
    ("association", "kind"),
    [
        ({"href": "https://a.example/1.jpg"}, "image/jpeg"),
        ({"href": "https://a.example/1.mp4?x=1"}, "video/mp4"),
        ({"href": "https://a.example/1.mp3"}, "audio/mpeg"),
        ({"href": "https://a.example/1", "media_type": "image/png"}, "image/png"),
        ({"href": "https://a.example/1.jpg", "media_type": "video/mp4"}, "video/mp4"),  # as its sender says
        ({"href": "https://a.example/1.pdf"}, ""),
        ({"href": "https://a.example/1"}, ""),
        ({"href": "1.jpg"}, ""),
        ({"uri": "urn:1"}, ""),
    ],
)
def test_what_has_an_address_and_a_kind_can_be_shown(association: dict[str, Any], kind: str) -> None:
    item = WireItem.model_validate({"uri": "urn:x", "headline": "H", "associations": [association]})
    assert [one.type for one in media_of(item)] == ([kind] if kind else [])


def picture(**fields: Any) -> str:
    return picture_html(
        Media(
            **{"url": "https://a.example/1.jpg", "type": "image/jpeg", "medium": "image", "width_px": None, "height_px": None,
               "size_bytes": None, "caption": "", "credit": "", **fields}
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "html"),
    [
        ({}, '<p><img src="https://a.example/1.jpg" alt=""></p>'),
        ({"width_px": 3, "height_px": 2}, '<p><img src="https://a.example/1.jpg" alt="" width="3" height="2"></p>'),
        ({"width_px": 3}, '<p><img src="https://a.example/1.jpg" alt=""></p>'),
        ({"caption": 'A "b" <c>'},
         '<p><img src="https://a.example/1.jpg" alt="A &quot;b&quot; &lt;c&gt;"><br><em dir="auto">A "b" &lt;c&gt;</em></p>'),
        ({"caption": "A", "credit": "B"},
         '<p><img src="https://a.example/1.jpg" alt="A"><br><em dir="auto">A (B)</em></p>'),
        ({"url": "https://a.example/?a=1&b=2"}, '<p><img src="https://a.example/?a=1&amp;b=2" alt=""></p>'),
    ],
)  # fmt: skip
def test_a_picture_stands_in_the_text_with_its_caption_and_credit(fields: dict[str, Any], html: str) -> None:
    assert picture(**fields) == html
