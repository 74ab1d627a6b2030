"""Bytes as text: by their mark, by what is said of them, as UTF-8, or by counting which code page makes words of them.

A letter that is broken in a UTF-8 text never turns the rest of it into another encoding's letters, and a piece in an old
code page (an entry that was pasted into a feed) is read in its own, line by line and tag by tag.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

#: the code pages that are tried where nothing is said, in the order in which they win a draw
_CODE_PAGES = ("cp1252", "cp1256", "iso8859-6", "cp720")
_KNOWN_NAME = re.compile(
    r"^(?:ascii|utf-8|utf-8-sig|utf-16(?:-[lb]e)?|utf-32(?:-[lb]e)?|cp\d{3,5}|iso8859-\d{1,2}|mac-?\w+|koi8-\w|tis-620|kz1048"
    r"|hp-roman8|gb\w+|big5\w*|shift_?jis\w*|euc_\w+|johab|hz|iso2022_\w+)$"
)
_ONE_BYTE_A_LETTER = re.compile(r"^(?:ascii|cp(?!9|65)\d{3,5}|iso8859-\d{1,2}|mac-?\w+|koi8-\w|tis-620|kz1048|hp-roman8)$")
_UTF8_LETTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
    rb"|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_HIGH = re.compile(rb"[\x80-\xff]")
_C1 = re.compile(rb"[\x80-\x9f]")
_SEGMENTS = re.compile(rb"[^\n<>]*+[\n<>]*+")
_STRINGS = re.compile(rb'[^"]*+"?+')  # what stands between quotation marks
#: beside a Latin letter, or the one that is a word of its own
_LONE_LETTER = re.compile(rb"(?<![\x80-\xff])(?:(?<=[A-Za-z])[\xc0-\xfe]|[\xc0-\xfe](?=[A-Za-z])|\xe0)(?![\x80-\xff])")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 200_000  # bytes that are counted; more says nothing new
_LEAST_SENSE = -0.5  # of a code page, a letter: below it makes no words
_FEW = 4
_FEWEST_ARABIC = 3


@dataclass(frozen=True, kw_only=True)
class DecodedText:
    """A text, and what had to be done to read it, for who sent it."""

    text: str
    notes: tuple[str, ...] = ()


def decode(body: bytes, encoding: str = "") -> DecodedText:
    """The text of these bytes; `encoding` is the one that a header or the document names, in any spelling, or empty.

    Never raises: what nobody can read is U+FFFD in the text, and its notes say how it was read.
    """
    for mark, marked in _MARKS:
        if body.startswith(mark):
            is_broken = _decode_strictly(body, marked) is None
            text = body.decode(marked, "replace").lstrip("\ufeff") if marked != "utf-8" else ""
            if text:
                notes = (f"what is broken in its {marked} was replaced by �",) if is_broken else ()
                return DecodedText(text=text, notes=notes)
            body = body[len(mark) :]
            break
    if wide := _wide_without_mark(body):
        return DecodedText(text=body.decode(wide, "replace"), notes=(f"it has no mark of its encoding and was read as {wide}",))
    if _has_parity_bits(body):
        return DecodedText(text=bytes(byte & 0x7F for byte in body).decode("ascii"), notes=("its parity bits were taken off",))
    return _decode_named(body, encoding)


def _decode_named(body: bytes, encoding: str) -> DecodedText:
    """The text in the encoding that is named, where the bytes are in it; else as UTF-8, else piece by piece."""
    name = codec_name(encoding)
    is_page = bool(name) and _ONE_BYTE_A_LETTER.match(name) is not None
    if name and not is_page and name != "utf-8" and (text := _decode_strictly(body, name)) is not None:
        return DecodedText(text=text)
    if (text := _decode_strictly(body, "utf-8")) is not None:
        is_other = bool(name) and name not in ("utf-8", "utf-8-sig", "ascii") and _HIGH.search(body) is not None
        notes = (f"it calls itself {encoding} and was read as UTF-8, which it is",) if is_other else ()
        return DecodedText(text=text, notes=notes)
    if is_page and name != "ascii":
        text = _decode_page(body, name)
        if not _has_utf8(body) or sense_of(text) >= _LEAST_SENSE:
            return DecodedText(text=text)
    return _decode_pieces(body, is_named=bool(encoding))


def decode_strings(body: bytes) -> DecodedText:
    """The text of JSON that is not all UTF-8, string by string; a letter of Latin 1 that stands alone in UTF-8 is that letter."""
    return _decode_pieces(body, is_named=True, pieces=_STRINGS, lone_letters=True)


def codec_name(spelled: str) -> str:
    """Python's name of an encoding of text, however it is spelled; empty where it is none. Latin 1 is Windows-1252."""
    try:
        name = codecs.lookup(spelled.strip()[:40]).name if spelled.strip() else ""
    except (LookupError, ValueError, UnicodeError):
        return ""
    name = "cp1252" if name == "iso8859-1" and spelled else name
    return name if _KNOWN_NAME.match(name) else ""


def real_encoding(body: bytes, named: str) -> str:
    """The encoding that a document really has, where it names one of one byte a letter wrongly; empty if it may be right.

    UTF-8 is never met by accident; and what calls itself Latin 1 and has bytes that Latin 1 has no letters for is
    Windows-1252, as every browser reads it.
    """
    name = codec_name(named)
    if not name or not _ONE_BYTE_A_LETTER.match(name) or not _HIGH.search(body):
        return ""
    if _decode_strictly(body, "utf-8") is not None:
        return "utf-8"
    return "windows-1252" if name == "cp1252" and _C1.search(body) else ""


def _decode_strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, LookupError, ValueError):
        return None


def _decode_page(body: bytes, name: str) -> str:
    """cp864's letters are shapes; what a page has no letter for stays as U+FFFD."""
    text = body.decode(name, "replace")
    return unicodedata.normalize("NFKC", text) if name == "cp864" else text


def _wide_without_mark(body: bytes) -> str:
    """UTF-16 without its mark: of each two bytes one is nearly always that of Latin's or of Arabic's block."""
    first, second = body[0:4000:2], body[1:4000:2]
    if len(second) < 8:
        return ""
    shares = [sum(byte in (0, 6) for byte in half) / len(half) for half in (first, second)]
    if shares[1] >= 0.9 and shares[0] < 0.5:
        return "utf-16-le"
    return "utf-16-be" if shares[0] >= 0.9 and shares[1] < 0.5 else ""


def _has_parity_bits(body: bytes) -> bool:
    """ASCII off a line with a parity bit: the ones of each byte are an even number throughout, or an odd one."""
    sample = body[:_SAMPLE]
    high = len(_HIGH.findall(sample))
    if high < 20 or high < len(sample) / 5:
        return False
    parity = sample[0].bit_count() & 1
    return all(byte.bit_count() & 1 == parity for byte in sample)


def _has_utf8(body: bytes) -> bool:
    letters = _UTF8_LETTER.findall(body[:_SAMPLE])
    return sum(len(letter) for letter in letters) * 2 > len(_HIGH.findall(body[:_SAMPLE]))


def _decode_pieces(
    body: bytes, *, is_named: bool, pieces: re.Pattern[bytes] = _SEGMENTS, lone_letters: bool = False
) -> DecodedText:
    """UTF-8 with something else in it: what is UTF-8 stays so, what is another's is read by its own code page.

    That a text is in a code page throughout is worth a word only where it was said to be in another encoding.
    """
    decoded = [(piece, _decode_strictly(piece, "utf-8")) for piece in pieces.findall(body) if piece]
    foreign = b"\n".join(piece for piece, text in decoded if text is None and not _has_utf8(piece))[:_SAMPLE]
    page = _code_page(foreign) if foreign else ""
    parts: list[str] = []
    broken = 0
    lone = 0
    for piece, text in decoded:
        if text is not None:
            parts.append(text)
        elif page and not _has_utf8(piece):
            parts.append(_decode_page(piece, page))
        else:
            repaired = piece
            if lone_letters and _has_utf8(piece):
                repaired, count = _LONE_LETTER.subn(lambda letter: letter[0].decode("cp1252").encode(), piece)
                lone += count
            text = repaired.decode("utf-8", "replace")
            broken += text.count("\ufffd")
            parts.append(text)
    is_mixed = is_named or any(text is not None and not text.isascii() for _, text in decoded)
    read_as = (page if is_mixed else "") or ("cp1252" if lone else "")
    notes = [f"what is not UTF-8 in it was read as {_PUBLIC_NAMES.get(read_as, read_as)}"] if read_as else []
    if broken:
        notes.append(f"{broken} letter{'s' * (broken > 1)} of its UTF-8 {'are' if broken > 1 else 'is'} broken and shown as �")
    return DecodedText(text="".join(parts), notes=tuple(notes))


_PUBLIC_NAMES = {"cp1252": "Windows-1252", "cp1256": "Windows-1256", "iso8859-6": "ISO 8859-6"}


def _code_page(foreign: bytes) -> str:
    """The page whose letters make the most sense; empty if none of them makes any and it may be broken UTF-8."""
    texts = {page: _decode_page(foreign, page) for page in _CODE_PAGES}
    # a page for Arabic that makes no Arabic of it is not the one
    pages = [page for page in _CODE_PAGES if page == "cp1252" or len(_ARABIC_LETTER.findall(texts[page])) >= _FEWEST_ARABIC]
    scores = {page: sense_of(texts[page]) for page in pages}
    best = max(pages, key=lambda page: scores[page])
    if scores[best] >= _LEAST_SENSE:
        return best
    # a few bytes are broken letters; many are an encoding that nobody named, which `is_gibberish` tells from a text
    return "" if len(_HIGH.findall(foreign)) <= _FEW else _CODE_PAGES[0]


_COMMON_ARABIC = frozenset("اليمونرتبدعهأسفقكحج")
_OTHER_ARABIC = frozenset("ةىشإصطخذضئثزءغظؤآ")
_ENDS_A_WORD = frozenset("ةى")
_PUNCTUATION = frozenset("«»“”‘’‚„–—…•·،؛؟٪ـ€£°§©®™¿¡½¼¾²³\u00a0\u200c\u200d\u200e\u200f")
_NEVER_AMID_A_WORD = frozenset("«»“”‘‚„•،؛؟٪€£°§©®™¿¡½¼¾²³")
_EUROPEAN = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýßœšžąćęłńśźżčďěňřťůőűăîșțğış")
_RARE_EUROPEAN = frozenset("ðþÿÞÐ")


def sense_of(text: str) -> float:
    """How much sense the letters beyond ASCII make, a letter: from +1, a language's common ones where they belong, to -3."""
    total, count = 0.0, 0
    for before, letter, after in _beyond_ascii(text):
        total += _sense(before, letter, after)
        count += 1
    if not count:
        return 1.0
    return total / count - (2 if _lacks_the_commonest(text) else 0)


def _lacks_the_commonest(text: str) -> bool:
    """Half of the letters of any Arabic text are these six; of another alphabet's, read as Arabic, they are a tenth."""
    arabic = _ARABIC_LETTER.findall(text)
    return len(arabic) >= 15 and sum(letter in "اليمون" for letter in arabic) < len(arabic) * 0.3


_ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")


def _beyond_ascii(text: str) -> Iterator[tuple[str, str, str]]:
    padded = f" {text} "
    for place in re.finditer(r"[^\x00-\x7f]", text):
        at = place.start() + 1
        yield padded[at - 1], padded[at], padded[at + 1]


def _sense(before: str, letter: str, after: str) -> float:
    if letter in _COMMON_ARABIC or letter in _OTHER_ARABIC:
        if _is_latin(before) or _is_latin(after):
            return -2
        if letter in _ENDS_A_WORD and _is_arabic(after):
            return -3
        return 1 if letter in _COMMON_ARABIC else 0.6
    if letter in _PUNCTUATION:
        return -1 if letter in _NEVER_AMID_A_WORD and before.isalpha() and after.isalpha() else 0
    if _is_arabic(letter):
        if _is_latin(before) or _is_latin(after):
            return -2
        return 0.3 if unicodedata.combining(letter) else -0.5
    if letter.isalpha():
        return _sense_of_latin(before, letter, after)
    return -3 if letter == "\ufffd" or letter < "\u00a0" else -1.5


def _sense_of_latin(before: str, letter: str, after: str) -> float:
    beside = [near for near in (before, after) if near.isalpha()]
    if any(near > "\x7f" and not near.islower() for near in beside) or any(_is_arabic(near) for near in beside):
        return -2  # two capitals beyond ASCII, or two scripts, in one word
    if letter in _RARE_EUROPEAN:
        return -1.5
    if letter.isupper():
        return -2.5 if before.islower() else 0.4
    if all(near > "\x7f" for near in beside) and len(beside) == 2:
        return -1.5
    return 1 if letter in _EUROPEAN else -0.5


def _is_latin(letter: str) -> bool:
    return letter.isalpha() and letter < "\u0250"


def _is_arabic(letter: str) -> bool:
    return "\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufdff" or "\ufe70" <= letter <= "\ufefc"


@cache
def _impossible() -> re.Pattern[str]:
    """A piece of a word that no language has, and a wrong encoding makes in every second word.

    UTF-8 read as Latin 1 (`Ã©`, `Ø§Ù„`) or as Windows-1256 (`ط§ظ„`), letters beyond ASCII with a capital behind a small one,
    four Latin letters beyond ASCII in a row or one beside an Arabic one, an Arabic ending amid a word, and what could not
    be decoded.
    """
    marks = "\u0080-\u00bf\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122\u0152\u0153\u0160\u0161\u0178\u017d\u017e"
    return re.compile(
        f"[ÂÃÐÑ][{marks}]|[ØÙÚÛ][{marks}]|[طظ][{marks}]|[\u00df-\u00f6\u00f8-\u00ff][\u00c0-\u00d6\u00d8-\u00de]"
        "|[\u0430-\u044f][\u0410-\u042f]|[\u00c0-\u00ff][\u0621-\u064a]|[\u0621-\u064a][\u00c0-\u00ff]"
        "|[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]{4}|[ةى][\u0621-\u064a]|[\ufffd\ue000-\uf8ff\u0080-\u009f]"
    )


_LEAST_WORDS = 3  # below that it is a slip, which a note says
_LARGEST_SHARE = 0.1


def is_gibberish(words: str) -> bool:
    """Are a tenth of a text's words, and three of them, what no language mixes within a word?"""
    all_words = words[:_SAMPLE].split()
    wrong = sum(1 for word in all_words if _impossible().search(word))
    return wrong >= _LEAST_WORDS and wrong >= len(all_words) * _LARGEST_SHARE
