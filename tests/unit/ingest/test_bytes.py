"""Bytes off the line: one clean-up finds every message, code pages are told by counting, and what makes no sense is held."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.acceptance import Candidate, Rejection, read_items
from services.ingest.formats import anpa1312, encodings, iptc7901, signatures
from shared.contracts.item import Doubt, WireItem
from shared.contracts.problem import Refused
from shared.language.markup import plain_text

TEXT = "Latakia (dpa) - The port closed on Monday, officials said."
ARABIC = "دمشق (سانا) - أعلنت السلطات في الميناء يوم الاثنين إغلاق الميناء أمام السفن بسبب العاصفة."


def iptc(text: str = TEXT, header: str = "abc0127 4 pl 45 dpa 0127", headline: str = "Storm closes port =") -> str:
    return f"\x01{header}\r\n\x02Storm/Port/\r\n{headline}\r\n  {text}\r\n\r\n\x03251000 nov 26\r\n\x04"


def anpa(text: str = "   LATAKIA (APX) _ The port closed.", start: str = "a0503\x1f-----") -> str:
    return (
        f"\x01{start}\r\nu a\x13\x11 bc-Storm-Port 11-25 0100\r\n\x02^Storm closes port<\r\n\t{text}\r\n"
        "\x03APX-NY-11-25-26 1320EST<\r\n\x04"
    )


def read(body: bytes | str, content_type: str = "text/plain") -> list[Candidate | Rejection]:
    data = body if isinstance(body, bytes) else body.encode()
    return list(read_items(data, content_type, most=100))


def one(body: bytes | str, content_type: str = "text/plain") -> WireItem:
    (result,) = read(body, content_type)
    assert isinstance(result, Candidate), result
    return result.item


JUNK = ["\x16\x16", "\x00\x00", "\x7f\x7f", "\r\n\r\n", " \t ", "\x04", "\x11\x13", "\x16\x00\x7f\r\n", "\ufeff", "ZCZC\r\n",
        "\x03\x04", "\x07", "\x01\x01"]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("make", [iptc, anpa])
def test_what_stands_before_a_message_is_of_the_line(junk: str, make: Callable[..., str]) -> None:
    plain, after_junk = one(make()), one(junk + make())
    assert (after_junk.uri, after_junk.headline, after_junk.body_html) == (plain.uri, plain.headline, plain.body_html)
    assert after_junk.headline == "Storm closes port"


@pytest.mark.parametrize(
    "header",
    ["abc0127 4 sport 45 dpa 0127", "abc0127 4 polit 45", "abc1234567 4 pl 45", "abc 0127 4 pl 45", "abc0127 0 pl 45",
     "abc0127 a pl 123456",
     "ab1 4 p 1", "abcdefghij0127 4 pl 45", "ABC0127  4  PL  45   dpa 0127"],
)  # fmt: skip
def test_headers_have_any_length_and_priority(header: str) -> None:
    item = one(iptc(header=header))
    assert (item.headline, item.body_html) == ("Storm closes port", f"<p>{TEXT}</p>")


@pytest.mark.parametrize("start", ["a0503", "a050312", "a0503\x1f-----", "s1234\x1faa-", "W2607\x1fasian", "a0503 -----"])
def test_anpa_starts_are_known_in_every_house_style(start: str) -> None:
    assert one(anpa(start=start)).headline == "Storm closes port"


def test_a_message_without_soh_or_stx_is_one() -> None:
    assert one(iptc().replace("\x01", "").replace("\x02", "")).headline == "Storm closes port"
    assert one(iptc().replace("\x02", "")).body_html == f"<p>{TEXT}</p>"


@pytest.mark.parametrize("control", [chr(code) for code in (*range(0x05, 0x09), 0x0B, *range(0x0E, 0x20))])
@pytest.mark.parametrize("make", [iptc, anpa])
def test_a_control_in_the_text_makes_it_no_binary(control: str, make: Callable[..., str]) -> None:
    text = "The port" + control + " closed on Monday."
    assert plain_text(one(make(text)).body_html) == "The port closed on Monday."


def test_controls_that_are_taken_out_are_told() -> None:
    assert one(iptc("The port\x07 closed\x1b on\x07 Monday.")).notes == ("3 control characters (BEL, ESC) were taken out",)
    assert one(iptc() + "\x1a").notes == ()  # the end of a DOS file


@settings(max_examples=150, deadline=None)
@given(
    at=st.integers(0, len(TEXT)),
    controls=st.text(alphabet="\x00\x05\x06\x07\x08\x0b\x0e\x10\x15\x16\x18\x1a\x1b\x7f", max_size=5),
)
def test_controls_anywhere_cost_no_word(at: int, controls: str) -> None:
    assert plain_text(one(iptc(TEXT[:at] + controls + TEXT[at:])).body_html) == TEXT


@pytest.mark.parametrize("between", ["", "\r\n", "\x16\x16\x16", "\x00\x00\r\n", "\x7f"])
def test_several_messages_of_one_file_are_all_read(between: str) -> None:
    headers = [f"abc{number:04} 4 pl 45 dpa {number:04}" for number in range(1, 5)]
    results = read(between.join(iptc(header=header) for header in headers))
    assert [r.item.uri[-7:] for r in results if isinstance(r, Candidate)] == ["abc0001", "abc0002", "abc0003", "abc0004"]


def test_messages_without_soh_are_told_apart_by_their_ends() -> None:
    headers = ["abc0001 4 pl 45", "abc0002 4 pl 45"]
    assert len(read("".join(iptc(header=header).replace("\x01", "") for header in headers))) == 2


def test_a_broken_header_is_refused_alone() -> None:
    results = read(iptc() + "\x01no header at all\r\n\x02The text.\r\n\x03" + iptc(header="abc0128 4 pl 45"))
    assert [type(result) for result in results] == [Candidate, Rejection, Candidate]


def test_a_table_of_a_western_agency_is_read_line_by_line() -> None:
    rows = "\x08^\x1f\x1e W\x1e \x1e L\r\n\x08North\x10 Bay\x1f\x1e 73\x1e \x1e 52\r\n\x08Eastport\x1f\x1e 70\x1e \x1e 55\r\n"
    item = one(anpa(f"   Standings:\r\n{rows}"))
    assert "<p>North Bay 73 52</p>\n<p>Eastport 70 55</p>" in item.body_html


@pytest.mark.parametrize("encoding", ["cp1256", "iso8859-6", "cp720", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_arabic_has_its_letters_in_whatever_code_page(encoding: str) -> None:
    item = one(iptc(ARABIC, headline="إغلاق الميناء =").encode(encoding))
    assert (item.headline, item.body_html, item.doubt) == ("إغلاق الميناء", f"<p>{ARABIC}</p>", None)


@pytest.mark.parametrize("encoding", ["cp1252", "iso8859-1", "utf-8"])
@pytest.mark.parametrize(
    "text",
    ["Der DAX schließt höher: Börse, Größe, Äußerung.",
     "Le café fermé à l'été, où l'élève reçut «ça».", "São Paulo – Málaga", "Helen\u00a0Corbett"],
)  # fmt: skip
def test_european_letters_are_told_from_arabic_ones(text: str, encoding: str) -> None:
    text = text.replace("–", "-") if encoding == "iso8859-1" else text
    assert plain_text(one(iptc(text).encode(encoding)).body_html) == text.replace("\u00a0", " ")


def test_a_letter_that_is_broken_costs_no_other() -> None:
    body = iptc(ARABIC).encode()
    at = body.index("الاثنين".encode()) + 9
    item = one(body[:at] + body[at + 1 :])
    words = plain_text(item.body_html).split()
    assert [word for word in ARABIC.split() if word not in words] == ["الاثنين"]
    assert any("broken" in note for note in item.notes)
    assert item.doubt is None


@settings(max_examples=100, deadline=None)
@given(cut=st.sets(st.integers(0, len(ARABIC.encode()) - 1), min_size=1, max_size=2))
def test_a_few_lost_bytes_leave_most_words_alone(cut: set[int]) -> None:
    text = ARABIC.encode()
    damaged = bytes(byte for place, byte in enumerate(text) if place not in cut)
    item = one(iptc("@").encode().replace(b"@", damaged))
    words = plain_text(item.body_html).split()
    assert len([word for word in ARABIC.split() if word not in words]) <= len(cut) * 2


@pytest.mark.parametrize("said", ["windows-1256", "cp1256", "Windows-1256", '"windows-1256"'])
def test_what_is_said_of_the_encoding_counts(said: str) -> None:
    item = one(iptc(ARABIC).encode("cp1256"), f"text/plain; charset={said}")
    assert item.body_html == f"<p>{ARABIC}</p>"


def test_an_encoding_that_nobody_could_guess_is_read_when_it_is_said() -> None:
    text = "Порт закрыт в понедельник, сообщили власти города."
    assert one(iptc(text).encode("koi8-r"), "text/plain; charset=koi8-r").body_html == f"<p>{text}</p>"


@pytest.mark.parametrize("said", ["utf-8", "iso-8859-1", "windows-1252", "us-ascii", "no-such-thing", "rot13", "idna", "zlib"])
def test_what_is_said_wrongly_of_utf8_does_no_harm(said: str) -> None:
    assert one(iptc(ARABIC), f"text/plain; charset={said}").body_html == f"<p>{ARABIC}</p>"


RUSSIAN = "Порт закрыт в понедельник, сообщили власти города сегодня утром"
GIBBERISH = {
    "UTF-8 read as Windows-1252": ARABIC.encode().decode("cp1252", "replace").encode(),
    "UTF-8 read as Latin 1": ARABIC.encode().decode("latin-1").encode(),
    "UTF-8 read as Windows-1256": ARABIC.encode().decode("cp1256", "replace").encode(),
    "Windows-1256 read as Windows-1252": ARABIC.encode("cp1256").decode("cp1252", "replace").encode(),
    "ISO 8859-6 read as Windows-1256": ARABIC.encode("iso8859-6").decode("cp1256").encode(),
    "KOI8-R": RUSSIAN.encode("koi8-r"),
    "Windows-1251": RUSSIAN.encode("cp1251"),
    "most of its letters lost": ARABIC.encode("ascii", "replace").replace(b"?", "\ufffd".encode()),
}


@pytest.mark.parametrize("name", GIBBERISH)
def test_what_no_language_mixes_is_held(name: str) -> None:
    assert one(iptc("@@@").encode().replace(b"@@@", GIBBERISH[name])).doubt is Doubt.ENCODING


def test_gibberish_is_held_in_every_format() -> None:
    words = GIBBERISH["UTF-8 read as Windows-1252"].decode()
    feed = f"<rss><channel><item><title>A</title><guid>urn:1</guid><description>{words}</description></item></channel></rss>"
    mail = f"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n{words}"
    for body in (feed, mail):
        assert one(body, "").doubt is Doubt.ENCODING


@pytest.mark.parametrize(
    "text",
    [ARABIC, "قال مسؤول في الـBBC إن شركة وGoogle اتفقتا على الـiPhone",
     "Größenwahn, Übermut, naïve café, ÆØÅ, Þingvellir, İstanbul",
     "Łódź, Škoda, Ďaleko, Đurđević, Nguyễn Văn Đức, Ελλάδα, Москва",
     "© 2026 – “quoted” … 25°C ½ €50", "cafÃ© once, and then plain English words"],
)  # fmt: skip
def test_what_people_write_is_no_gibberish(text: str) -> None:
    assert not encodings.is_gibberish(text)


@pytest.mark.parametrize(
    "start", [b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"\x1f\x8b\x08\x00", b"GIF89a"]
)
def test_a_file_is_told_by_its_beginning(start: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read(start + b"words and words " * 20)
    assert refused.value.problem.title == "Not text"


def test_random_bytes_are_binary_and_a_text_with_bells_is_not() -> None:
    assert signatures.is_binary(os.urandom(4000))
    sentence = b"A sentence of an ordinary length, as wires have it, with a bell behind."
    assert not signatures.is_binary(b"\x07".join([sentence] * 50))


def test_parity_bits_are_taken_off() -> None:
    even = bytes(byte | 0x80 if byte.bit_count() & 1 else byte for byte in iptc().encode())
    assert one(even).body_html == f"<p>{TEXT}</p>"


@pytest.mark.parametrize("text", ["just a line of text", "Page 12 5 of 34 pages", "Chapter 3 a long 100", "a 0503 x"])
def test_prose_is_no_message(text: str) -> None:
    assert not iptc7901.recognises(text)
    assert not anpa1312.recognises(text)


@pytest.mark.parametrize(
    "piece",
    ["\x01", "\x01abc0127 4 pl 45 ", "\x01a0503\nu a b ", "\x01a0503\nu a " + " " * 300, "\x03\x01", "\x04", "\n", "é ", "\x08"],
)
def test_splitting_takes_time_in_proportion_to_what_comes(piece: str) -> None:
    def seconds(size: int) -> float:
        text = iptc() + piece * (size // len(piece))
        begin = time.process_time()
        assert iptc7901.recognises(text)
        iptc7901.split(text)
        anpa1312.split(anpa() + text)
        encodings.decode(text.encode("latin-1"))
        return time.process_time() - begin

    seconds(10_000)
    short, long = (min(seconds(size) for _ in range(3)) for size in (20_000, 160_000))
    assert long < max(short, 0.005) * 40  # eight times as much; quadratic would be 64
