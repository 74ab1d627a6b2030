"""HTML that is safe to publish."""

from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.language.markup import body_of, paragraphs, paragraphs_of_loose_text, plain_text, safe_html, shortened
from shared.language.tags import Gone, Tag, Text, pieces


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<p>One</p><script>alert(1)</script>", "<p>One</p>"),
        ('<p onclick="x()" style="color:red">One</p>', "<p>One</p>"),
        ('<a href="javascript:alert(1)">One</a>', '<p><a rel="noopener">One</a></p>'),
        ('<p><a href="/relative">One</a></p>', '<p><a rel="noopener">One</a></p>'),
        ("<p>One<p>Two", "<p>One</p>\n<p>Two</p>"),
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
    assert paragraphs("One\nline.\n\nTwo & <b>.\n    Three.") == ("<p>One line.</p>\n<p>Two &amp; &lt;b&gt;.</p>\n<p>Three.</p>")


@given(st.text(max_size=300))
def test_no_text_ever_becomes_a_tag_that_acts(sent: str) -> None:
    for made in (safe_html(sent), paragraphs(sent), safe_html(f"<p>{sent}</p><script>{sent}</script>")):
        assert "<script" not in made.lower()
        plain_text(made)


# ── What is no element is text ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("x<y then z>w", "x<y then z>w"),
        ("x<y and y>z", "x<y and y>z"),
        ("if a<b and c>d, then", "if a<b and c>d, then"),
        ("he <i think> left", "he <i think> left"),
        ("<p>profit <3 and a < b</p>", "profit <3 and a < b"),
        ("<<< more >>>", "<<< more >>>"),
        ("an unclosed <b", "an unclosed <b"),
        ("an end </", "an end </"),
        ("an end </b then>", "an end </b then>"),
        (
            "<p>by <john@example.com>, see <https://example.com/a?b=c></p>",
            "by <john@example.com>, see <https://example.com/a?b=c>",
        ),
        ("<name of the minister> said", "<name of the minister> said"),
        ("<placeholder> said", "<placeholder> said"),
        ("a comment <!-- that never ends", "a comment <!-- that never ends"),
        ("a script <script>that never ends", "a script that never ends"),
        ("<![CDATA[an <b>old</b> way]]> out", "an old way out"),
        ("<p title='a > b'>quoted</p>", "quoted"),
        ('<a href="https://example.com>broken</a> "quotes" here', 'broken "quotes" here'),
        ("<custom-tag>word</custom-tag>, <o:p>another</o:p>, <st1:place/>here", "word, another, here"),
        ('<font color="red">a</font>b', "ab"),
        ("<center>one</center><center>two</center>", "one two"),
        ("<article>one</article>two", "one two"),
        ("<div>one</div><div>two</div>", "one two"),
        ("<td>one</td><td>two</td>", "one two"),
        ("<table>one<tr><td>two</td><td>three</table>four", "one two three four"),
        ("<select><option>one<option>two</select>", "one two"),
        ("<para>one</para><para>two</para>", "one two"),
        ("one<img src=x>two", "one two"),
        ("<textarea>one <b>two</textarea>", "one two"),
        ("<plaintext>one <b>two</b>", "one two"),
        ("AT&amp;T &lt;b&gt; &amp;lt;", "AT&T <b> &lt;"),
    ],
)
def test_what_is_no_element_is_text_and_no_words_run_together(sent: str, shown: str) -> None:
    assert plain_text(safe_html(sent)) == shown


@pytest.mark.parametrize(
    ("sent", "made"),
    [
        ("one\n\ntwo <b>three</b>\n\nfour", "<p>one</p>\n<p>two <b>three</b></p>\n<p>four</p>"),
        ("<b>one\n\ntwo</b> three", "<p><b>one</b></p>\n<p><b>two</b> three</p>"),
        ("one<br><br/>two<br>three", "<p>one</p>\n<p>two<br>\nthree</p>"),
        ("before<p>one</p>between<p>two</p>after", "<p>before</p>\n<p>one</p>\n<p>between</p>\n<p>two</p>\n<p>after</p>"),
        ("<div>one</div><div>two <i>three</i></div>", "<p>one</p>\n<p>two <i>three</i></p>"),
        ("<ul><li><div>one</div><div>two</div></li></ul>", "<ul><li>one<br>\ntwo</li></ul>"),
        ("<b><p>one</p><p>two</p></b>", "<p><b>one</b></p>\n<p><b>two</b></p>"),
        (
            '<a href="https://example.com/"><h3>one</h3></a>',
            '<h3><a href="https://example.com/" rel="noopener">one</a></h3>',
        ),
    ],
)
def test_loose_text_is_paragraphs_whatever_stands_in_or_around_it(sent: str, made: str) -> None:
    assert safe_html(sent) == safe_html(made) == made


@pytest.mark.parametrize(
    ("sent", "made"),
    [
        ("x<y then z>w & AT&amp;T", "<p>x&lt;y then z&gt;w &amp; AT&amp;amp;T</p>"),
        ("one\n\ntwo < three", "<p>one</p>\n<p>two &lt; three</p>"),
        ("one <b>two</b> &amp; three", "<p>one <b>two</b> &amp; three</p>"),
    ],
)
def test_a_body_is_text_until_an_element_stands_in_it(sent: str, made: str) -> None:
    assert body_of(sent) == made


def test_what_is_left_out_with_words_in_it_is_told() -> None:
    sent = (
        "<head><title>T</title></head><p>One</p><script>alert(1)</script><!-- aside --><!-- --><style></style>"
        "<svg><text>axis</text></svg><object>fallback</object><?xml version='1.0'?><!DOCTYPE html><?php words ?>"
        "<script>2</script>"
    )
    made = safe_html(sent)
    assert made == "<p>One</p>"
    assert made.dropped == ("head", "script", "comment", "svg", "object", "processing instruction")
    assert safe_html("<p>One</p>").dropped == paragraphs_of_loose_text("One").dropped == ()


def test_plain_text_with_tags_in_it_keeps_its_words() -> None:
    assert paragraphs_of_loose_text("x&lt;y<br>a<y then z>b</p>c<i>d</i>") == (
        "<p>x&lt;y</p>\n<p>a&lt;y then z&gt;b</p>\n<p>cd</p>"
    )


#: what breaks parsers, and words between
_TOKENS = [
    "<", ">", "</", "<!", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", '"', "'", "=", "/", "&lt;", "&amp;", "<p>", "</p>",
    '<p dir="rtl">', "<b>", "</b>", '<a href="http://x.example/">', "</a>", '<a href="x', "<div>", "</div>", "<table>",
    "<tr>", "<td>", "</td>", "</tr>", "</table>", "<caption>", "<ul>", "<li>", "</li>", "</ul>", "<blockquote>",
    "</blockquote>", "<br>", "<br/>", "<hr>", "<h1>", "</h1>", "<h2>", "</h2>", "<pre>", "</pre>", "<foo>", "</foo>",
    "<foo/>", "<y then z>", "<i and>", "<script>", "</script>", "<style>", "</style>", "<title>", "</title>", "<textarea>",
    "</textarea>", "<plaintext>", "<select>", "<option>", "<svg>", "</svg>", "<math>", "<template>", "</template>",
    "<head>", "</head>", "<body>", "<frameset>", "<image>", "<dl>", "<dd>", "<dt>", '<span title=">">', "</span>", "<o:p>",
    "</o:p>", "<dir>", "<button>", "<figure>", "<figcaption>", "<form>", "<nobr>", "<th>", "<tbody>", "<col>", "<colgroup>",
    "<noscript>", "<iframe>", "<object>",
]  # fmt: skip
_WORDS = ["one", "two", "three", "كلمة", "7", " ", "\n\n", "\n"]
_NASTY = st.lists(st.one_of(st.sampled_from(_TOKENS), st.sampled_from(_WORDS)), max_size=40).map("".join)


@given(_NASTY)
def test_the_text_that_comes_out_is_the_text_that_came_in(sent: str) -> None:
    cut = list(pieces(sent))
    read = "".join(piece.said for piece in cut if isinstance(piece, Text))
    assert "".join(plain_text(safe_html(sent)).split()) == "".join(html.unescape(read).split())
    assert "".join(plain_text(paragraphs_of_loose_text(sent)).split()) == "".join(html.unescape(read).split())


@given(_NASTY)
def test_words_stay_apart_where_a_reader_takes_the_tags_out(sent: str) -> None:
    safe = safe_html(sent)
    assert "<pre" in safe or html.unescape(re.sub(r"<[^<>]*>", "", safe)).split() == plain_text(safe).split()
    assert safe_html(safe) == safe


@given(_NASTY)
def test_every_character_is_text_a_tag_or_told_as_left_out(sent: str) -> None:
    sent = sent.replace("<![CDATA[", "").replace("]]>", "")
    read = "".join(
        piece.said if isinstance(piece, Text) else piece.source if isinstance(piece, Tag) else piece.content
        for piece in pieces(sent)
    )
    marks = ["<!--", "-->", *(f"<{'/' * end}{name}>" for name in ("script", "style", "title", "svg", "template", "head",
             "noscript", "iframe", "object", "math") for end in (0, 1))]  # fmt: skip
    for mark in marks:  # of what is left out the content is compared
        read, sent = read.replace(mark, ""), sent.replace(mark, "")
    if "<!" not in sent and "<?" not in sent:
        assert [word for word in ("one", "two", "three", "كلمة", "7") if read.count(word) != sent.count(word)] == []
    assert all(not piece.has_words or piece.name in safe_html(sent).dropped for piece in pieces(sent) if isinstance(piece, Gone))


@pytest.mark.parametrize(
    "shape",
    [
        "<", "</", "<!--", "<![CDATA[", "<?", "<a ", '<a href="', "<a href='x' ",
        "<b>", "<b>x<p>", "</b>", "<p>", "<div>", "<ul><li>",
        "<script>", "</script", "<svg>", "<table>", "<td>", "<y then ", "a<br>", "\n ", "\n\n", "= ",
        "=", "&", "&lt;", "<foo>", "<i and> ",
        '<a href="https://example.com/' + "x" * 400 + '">y<p>z',
    ],
)  # fmt: skip
def test_no_shape_takes_longer_than_its_length_or_becomes_much_longer(shape: str) -> None:
    def seconds(characters: int) -> float:
        sent = shape * (characters // len(shape))
        begun_s = time.process_time()
        for read in (safe_html, paragraphs_of_loose_text, paragraphs, plain_text):
            assert len(read(sent)) <= 20 * len(sent) + 20_000
        return time.process_time() - begun_s

    seconds(1_000)
    # sixteen times as long a text: what is quadratic takes 256 times as long
    assert min(seconds(64_000) for _ in range(3)) <= 100 * max(seconds(4_000), 0.005)


_LONG = "<p>One <em>two</em></p>\n<ul><li>three</li></ul>\n<p>four &amp; five ستة</p>"


@given(st.text("ab &<>é \n", max_size=200), st.integers(0, 400))
def test_what_is_cut_short_is_safe_fits_and_says_nothing_else(text: str, most: int) -> None:
    safe = safe_html(f"<p>{text}</p><ul><li>{html.escape(text)}<em>x</em><br>y</li></ul>")
    cut = shortened(safe, most)
    assert cut == safe_html(cut) or not plain_text(cut).strip("…")
    assert plain_text(safe).startswith(plain_text(cut).removesuffix("…").strip())
    assert len(cut.encode()) <= most + len("…</em></li></ul>".encode())


@pytest.mark.parametrize(
    ("most_bytes", "kept"),
    [
        (1_000, _LONG),
        (60, "<p>One <em>two</em></p>\n<ul><li>three</li></ul>"),
        (30, "<p>One <em>two</em></p>"),
        (8, "<p>One …</p>"),
        (5, "<p>On…</p>"),
    ],
)
def test_a_text_is_cut_behind_a_block_and_within_the_first_alone_between_words(most_bytes: int, kept: str) -> None:
    assert shortened(_LONG, most_bytes) == kept
