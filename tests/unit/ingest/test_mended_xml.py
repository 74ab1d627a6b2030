"""XML that is nearly XML is mended and told so; a fault of one entry never costs another; what is cut off is never half taken."""

from __future__ import annotations

import contextlib
import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.ingest.acceptance import Candidate, Rejection, read_items
from services.ingest.formats import mending
from shared.contracts.problem import Refused

ENTRIES = 5
ENTRY = (
    '<item><title>Port {0} reopens &amp; stays open</title><guid isPermaLink="false">tag:harbour.example,2026:{0}</guid>'
    "<link>https://harbour.example/{0}</link><dc:creator>Sara Aziz</dc:creator>"
    "<description>أعيد فتح الميناء {0} – officials said on Monday.</description>"
    "<content:encoded><![CDATA[<p>The port of town {0} reopened.</p><p>Grain & fuel ships wait.</p>]]></content:encoded>"
    "<pubDate>Tue, 24 Nov 2026 10:00:00 GMT</pubDate></item>"
)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Harbour Desk</title>'
    "<link>https://harbour.example/</link><description>d</description>"
)
TAIL = "</channel></rss>\n"


def feed(*entries: bytes) -> bytes:
    return HEAD.encode() + b"\n".join(entries) + TAIL.encode()


def entries() -> list[bytes]:
    return [ENTRY.format(number).encode() for number in range(ENTRIES)]


def read(body: bytes, content_type: str = "application/rss+xml") -> list[Candidate | Rejection]:
    return list(read_items(body, content_type, most=100))


def taken(body: bytes, content_type: str = "application/rss+xml") -> list[Candidate]:
    return [result for result in read(body, content_type) if isinstance(result, Candidate)]


def by_uri(body: bytes) -> dict[str, bytes]:
    return {candidate.item.uri: candidate.content_hash for candidate in taken(body)}


GOOD = by_uri(feed(*entries()))

DAMAGES = [
    b"\x00", b"\x1e", b"\x07\x0b", b"&", b" & ", b"&nbsp", b"&foo;", b"&#0;", b"&#x1F;", b"&#xD800;",
    b"&#99999999;",
    b"\xe9", b"\x92", b"\xff", b"\xd8", b"\xe2\x80", b"<", b" < ", b"<3", b"<b>", b"</b>", b"<br>", b"<p>",
    b"</p>",
    b'<media:thumbnail url="https://harbour.example/a.jpg"/>', b"<x:y>", b"<img src=a.jpg>", b'<a href="a>b</a>',
    b"<!-- a -- b -->",
    b"<?php echo 1 ?>", b"<![CDATA[", b"]]>", b"<b a='1' a='2'>c</b>", b"<!", b"<?", b"<!-- ",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    number=st.integers(0, ENTRIES - 1),
    where=st.floats(0, 1, exclude_max=True),
    damages=st.lists(st.sampled_from(DAMAGES), min_size=1, max_size=4),
    cut=st.integers(0, 3),
)
@example(number=1, where=0.5, damages=[b"<b>"], cut=0)
@example(number=1, where=0.0, damages=[b"&"], cut=0)
@example(number=0, where=0.84375, damages=[b"<![CDATA["], cut=0)  # within the end of a section
def test_damage_to_one_entry_never_costs_the_others(number: int, where: float, damages: list[bytes], cut: int) -> None:
    all_ = entries()
    damaged = all_[number]
    # within the entry: what damages its own start is damage to what stands before it
    at = len(b"<item>") + int(where * (len(damaged) - len(b"<item></item>")))
    all_[number] = damaged[:at] + b"".join(damages) + damaged[at + cut :]
    found = by_uri(feed(*all_))
    others = {uri: content for uri, content in GOOD.items() if not uri.endswith(f":{number}")}
    assert others.items() <= found.items()


@settings(max_examples=150, deadline=None)
@given(end=st.integers(len(HEAD.encode()), len(feed(*entries()))))
def test_what_is_cut_off_gives_its_whole_entries_and_never_half_a_one(end: int) -> None:
    whole = feed(*entries())
    body = whole[:end]
    closed = body.count(b"</item>")
    try:
        results = read(body)
    except Refused:
        assert closed == 0
        return
    found = {r.item.uri: r.content_hash for r in results if isinstance(r, Candidate)}
    assert list(found.items()) == list(GOOD.items())[:closed]
    if body.count(b"<item>") > closed:
        assert "cut off" in [r.problem.detail for r in results if isinstance(r, Rejection)][-1]


@pytest.mark.parametrize("name", ["nitf", "newsItem"])
def test_an_item_that_is_a_document_of_its_own_is_refused_when_it_is_cut_off(name: str) -> None:
    (result,) = read(f"<{name} guid='urn:x:1' version='1'><body><body.content><p>Do not".encode(), "text/xml")
    assert isinstance(result, Rejection)
    assert "cut off" in result.problem.detail


@pytest.mark.parametrize(
    "junk",
    [
        b"\xef\xbb\xbf\n", b"\n\n  ", b"\xef\xbb\xbf\xef\xbb\xbf", b"\x00\x00",
        b"Warning: Undefined variable $x in /srv/feed.php on line 3\n",
        b"<br />\n<b>Notice</b>:  Undefined index in <b>/srv/feed.php</b> on line <b>12</b><br />\n",
        b"<br />\n<font size='1'><table class='xdebug-error' dir='ltr'><tr><th>Warning</th></tr></table></font>\n",
        b"[24-Nov-2026 10:00:00 UTC] PHP Warning:  Undefined variable\n",
        b"Content-type: text/xml; charset=UTF-8\r\nX-Powered-By: PHP/8.1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n",
        b"<!-- cached -->\n", b"<!DOCTYPE rss>\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("content_type", ["application/rss+xml", "text/plain", ""])
@pytest.mark.parametrize("declared", [True, False])
def test_junk_in_front_of_a_document_is_cut_off(junk: bytes, content_type: str, declared: bool) -> None:
    body = feed(*entries())
    body = body if declared else body.partition(b"?>\n")[2]
    assert {c.item.uri: c.content_hash for c in taken(junk + body, content_type)} == GOOD


@pytest.mark.parametrize(
    "junk",
    [b"<script>x()</script>", b"<!-- cached in 0.2 s -->", b"<br><b>Fatal error</b>", b"</rss>", b"\0\0", b"0\r\n"],
)
def test_junk_behind_a_document_is_cut_off(junk: bytes) -> None:
    assert by_uri(feed(*entries()) + junk) == GOOD


def test_documents_one_behind_the_other_are_all_read() -> None:
    one, two, *_ = entries()
    candidates = taken(feed(one) + feed(two))
    assert [c.item.uri[-1] for c in candidates] == ["0", "1"]
    assert [c.position for c in candidates] == [0, 1]


def test_every_item_of_a_mended_document_says_what_was_done() -> None:
    one, two, *_ = entries()
    body = feed(one, two.replace(b"said on", b"said\x1e R & R on"))
    for candidate in taken(body):
        (note,) = candidate.item.notes
        assert "mended" in note
        assert "1 character that XML forbids was taken out" in note
        assert "1 lone &" in note


def test_a_sound_document_is_read_without_a_word() -> None:
    assert all(candidate.item.notes == () for candidate in taken(feed(*entries())))


def test_a_neighbour_in_another_encoding_leaves_utf8_alone() -> None:
    one, two, three, *_ = entries()
    pasted = two.replace("أعيد فتح الميناء 1 –".encode(), "Le café fermé à l’été –".encode("cp1252"))
    items = [candidate.item for candidate in taken(feed(one, pasted, three))]
    assert [item.summary for item in items] == [
        "أعيد فتح الميناء 0 – officials said on Monday.",
        "Le café fermé à l’été – officials said on Monday.",
        "أعيد فتح الميناء 2 – officials said on Monday.",
    ]


@pytest.mark.parametrize("encoding", ["cp1256", "iso8859-6", "cp720"])
def test_a_document_in_an_arabic_code_page_that_calls_itself_utf8_keeps_its_letters(encoding: str) -> None:
    text = "أعلنت السلطات في الميناء يوم الاثنين عن إعادة فتح الميناء أمام السفن"
    entry = f"<item><title>{text}</title><guid>urn:x:1</guid><description>{text}</description></item>".encode(encoding)
    (candidate,) = taken(feed(entry))
    assert candidate.item.headline == text
    assert candidate.item.doubt is None


@pytest.mark.parametrize("said", ["iso-8859-1", "windows-1252", "us-ascii", "windows-1256"])
def test_utf8_that_calls_itself_something_else_is_read_as_utf8(said: str) -> None:
    body = feed(*entries()).replace(b'encoding="UTF-8"', f'encoding="{said}"'.encode())
    assert by_uri(body) == GOOD


def test_what_calls_itself_latin_1_has_windows_quotes() -> None:
    entry = "<item><title>The port’s “reopening”</title><guid>urn:x:1</guid></item>".encode("cp1252")
    (candidate,) = taken(feed(entry).replace(b"UTF-8", b"ISO-8859-1"))
    assert candidate.item.headline == "The port’s “reopening”"


def test_an_unclosed_line_of_a_document_does_not_swallow_its_text() -> None:
    body = b"""<nitf><head><docdata><doc-id id-string="urn:x:1"/></docdata></head><body><body.head><hedline><hl1>Port closes
    </hedline></body.head><body.content><p>The port <b>closed.</p><p>It reopens on Tuesday.</p></body.content></body></nitf>"""
    (candidate,) = taken(body, "text/xml")
    assert candidate.item.headline == "Port closes"
    assert "closed" in candidate.item.body_html
    assert "It reopens on Tuesday." in candidate.item.body_html


NESTED = [
    b"<br>" * 200, b"<p>" * 200, b"<p>word" * 300, b"<img src=x>" * 260, b"<div>" * 260 + b"word" + b"</div>" * 260,
    b"<div>" * 2_000,
    b"<ul>" + b"<li>one <b>two" * 300, b"<table>" + b"<tr><td>a<td>b" * 300, b"<dl>" + b"<dt>a<dd>b" * 300,
    b"<a>" * 100_000, b"<p>" * 100_000,
    b'<a xmlns:xml="http://foo">b</a>', b'<a xmlns:xmlns="http://foo">b</a>', b'<a xmlns:xmlns="http://www.w3.org/2000/xmlns/">b</a>',
    b'<a xmlns:x="http://www.w3.org/XML/1998/namespace">b</a>', b'<a xmlns="http://www.w3.org/2000/xmlns/">b</a>',
    b'<x:a xmlns:x="urn:x" xmlns:y="urn:x" x:b="1" y:b="2">c</x:a>', b"<" + b"n" * 60_000 + b">", b"</channel>", b"</rss>",
    b'<!DOCTYPE a [<!ENTITY b "c">]>', b'<!ENTITY b "c">', b'<![CDATA[<!ENTITY b "c">]]>', b'<!-- <!ENTITY b "c"> -->',
]  # fmt: skip


@pytest.mark.parametrize("junk", NESTED, ids=lambda junk: junk[:24].decode())
def test_what_is_nested_or_declared_in_one_entry_never_costs_the_others(junk: bytes) -> None:
    all_ = entries()
    all_[1] = all_[1].replace(b"<description>", b"<description>" + junk)
    found = by_uri(feed(*all_))
    assert {uri: content for uri, content in GOOD.items() if not uri.endswith(":1")}.items() <= found.items()


NAMES = st.sampled_from(
    [
        "p",
        "br",
        "div",
        "b",
        "li",
        "ul",
        "td",
        "tr",
        "table",
        "img",
        "x:y",
        "xml:a",
        "xmlns:a",
        "nitf",
        "channel",
        "rss",
        "a" * 300,
    ]
)
ATTRIBUTES = st.sampled_from(
    ["", " a=1", ' a="1" a="2"', " a='<'", ' a="', ' xmlns:xml="u"', ' xmlns:xmlns="u"', ' xmlns:x="http://www.w3.org/2000/xmlns/"',
     ' xmlns=""', ' xmlns:q=""', ' xmlns="urn:u"', ' x:b="1" y:b="2" xmlns:x="u" xmlns:y="u"', ' xml:lang="&bad;"',
     " /", ' xml:id="1 2"']
)  # fmt: skip
JUNK = st.one_of(
    st.builds(
        lambda name, said, many: f"<{name}{said}>".encode() * many,
        NAMES,
        ATTRIBUTES,
        st.sampled_from([1, 2, 270, 2_000]),
    ),
    st.builds(lambda name, many: f"</{name}>".encode() * many, NAMES, st.sampled_from([1, 270])),
    st.binary(max_size=8).filter(lambda junk: b"<" not in junk),
    st.sampled_from([*DAMAGES, b"word ", b"<!DOCTYPE a [", b"]>", b"&#0;", b"&nope;"]),
)


@settings(max_examples=150, deadline=None)
@given(number=st.integers(0, ENTRIES - 1), junk=st.lists(JUNK, min_size=1, max_size=6))
def test_no_junk_in_a_description_costs_another_entry(number: int, junk: list[bytes]) -> None:
    all_ = entries()
    all_[number] = all_[number].replace(b"<description>", b"<description>" + b"".join(junk))
    found = by_uri(feed(*all_))
    assert {uri: content for uri, content in GOOD.items() if not uri.endswith(f":{number}")}.items() <= found.items()


def test_unclosed_paragraphs_and_breaks_keep_every_word() -> None:
    one, two, *_ = entries()
    body = feed(one, two.replace(b"<description>", b"<description>" + b"<p>Ships wait.<br>" * 300))
    item = next(candidate.item for candidate in taken(body) if candidate.item.uri.endswith(":1"))
    assert item.summary.count("Ships wait.") == 300


def test_an_entry_that_is_no_xml_even_alone_is_refused_alone() -> None:
    all_ = entries()
    all_[1] = all_[1].replace(b"<description>", b"<description><" + b"n" * 60_000 + b">")
    results = read(feed(*all_))
    assert [result.item.uri[-1] for result in results if isinstance(result, Candidate)] == ["0", "2", "3", "4"]
    assert [result.problem.title for result in results if isinstance(result, Rejection)] == ["Not XML"]


@pytest.mark.parametrize(
    "body",
    [
        b"<rss>" + b"<p>" * 100_000 + b"</rss>",
        b'<!DOCTYPE rss [<!ENTITY a "ha">]><rss><channel><item><title>&a; & b</title></item></channel></rss>',
        b"<html><head><title>404 & more</title></head><body>an <rss> feed</body></html>",
        b"<soap><rss><channel><item><title>a & b</title></item></channel></rss></soap>",
    ],
)
def test_what_is_hostile_or_no_document_of_the_wires_is_not_mended(body: bytes) -> None:
    with pytest.raises(Refused):
        read(body)


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", '<a "', "<a '", "<![CDATA[", "<!--", "<?", "&", "&a", "</a>", "<a>", "<a b=", "<a" + " b" * 50, "<!", '<a b="<',
     "a", "<item>", "<p>", "<b><p>", "<br>", "<div>", "<div></div>", "<li><b>", "</channel>", "<!ENTITY", "<!DOCTYPE ["],
)  # fmt: skip
def test_mending_takes_time_in_proportion_to_what_comes(piece: str) -> None:
    def seconds(size: int) -> float:
        text = "<rss><channel><item>" + piece * (size // len(piece)) + "</item></channel></rss>"
        begin = time.process_time()
        with contextlib.suppress(mending.BeyondMending):
            mending.mend(text)
        return time.process_time() - begin

    seconds(10_000)
    best = [min(seconds(size) for _ in range(3)) for size in (20_000, 160_000)]
    short, long = best
    assert long < max(short, 0.005) * 40, re.escape(piece)  # eight times as much; quadratic would be 64
