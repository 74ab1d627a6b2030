"""HTML that is safe to publish."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.markup import paragraphs, plain_text, safe_html


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<p>One</p><script>alert(1)</script>", "<p>One</p>"),
        ('<p onclick="x()" style="color:red">One</p>', "<p>One</p>"),
        ('<a href="javascript:alert(1)">One</a>', '<p><a rel="noopener">One</a></p>'),
        ('<p><a href="/relative">One</a></p>', '<p><a rel="noopener">One</a></p>'),
        ("<p>One<p>Two", "<p>One</p><p>Two</p>"),
        ("<h1>Big</h1>", "<h2>Big</h2>"),
        ("just words", "<p>just words</p>"),
        ("<p> </p><p>&nbsp;</p><p>One</p>", "<p>One</p>"),
        ("<html><head><title>T</title></head><body><p>One</p></body></html>", "<p>One</p>"),
        (
            "<table><tr><td colspan=2>1</td></tr></table>",
            '<table><tbody><tr><td colspan="2">1</td></tr></tbody></table>',
        ),
        ('<p dir="rtl" lang="ar">نص</p>', '<p dir="rtl" lang="ar">نص</p>'),
    ],
)
def test_what_is_unsafe_goes_and_what_is_said_stays(sent: str, kept: str) -> None:
    assert safe_html(sent) == kept


def test_plain_text_becomes_paragraphs_at_blank_and_at_indented_lines() -> None:
    assert paragraphs("One\nline.\n\nTwo & <b>.\n    Three.") == (
        "<p>One line.</p>\n<p>Two &amp; &lt;b&gt;.</p>\n<p>Three.</p>"
    )


@given(st.text(max_size=300))
def test_no_text_ever_becomes_a_tag_that_acts(sent: str) -> None:
    for made in (safe_html(sent), paragraphs(sent), safe_html(f"<p>{sent}</p><script>{sent}</script>")):
        assert "<script" not in made.lower()
        plain_text(made)
