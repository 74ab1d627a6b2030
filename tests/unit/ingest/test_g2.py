"""NewsML-G2: the item's language chooses among alternatives; a text that is there is read, or holds the item by its name."""

from __future__ import annotations

import base64
import gzip

import pytest

from services.ingest.acceptance import Candidate, read_items
from shared.contracts.item import Doubt, WireItem

TEXT = "The port of Latakia closed on Monday, officials said."
ARABIC = "أغلق ميناء اللاذقية يوم الاثنين، بحسب مسؤولين."


def g2(
    content: str, *, lang: str = "en", meta: str = "<headline>Port closes</headline>", item_class: str = "text", more: str = ""
) -> str:
    language = f' xml:lang="{lang}"' if lang else ""
    return f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:f.example:20261125:a" version="1"{language}>
    <itemMeta><itemClass qcode="ninat:{item_class}"/><provider literal="F"/><pubStatus qcode="stat:usable"/></itemMeta>
    <contentMeta>{meta}</contentMeta>{more}<contentSet>{content}</contentSet></newsItem>"""


def read(document: str) -> WireItem:
    (result,) = read_items(document.encode(), "application/xml", most=1)
    assert isinstance(result, Candidate), result
    return result.item


def xhtml(text: str, lang: str = "") -> str:
    said = f' xml:lang="{lang}"' if lang else ""
    return f'<html xmlns="http://www.w3.org/1999/xhtml"{said}><head><title>t</title></head><body><p>{text}</p></body></html>'


@pytest.mark.parametrize("arabic_first", [True, False])
@pytest.mark.parametrize(
    ("lang", "expected"), [("en", "Port closes"), ("en-GB", "Port closes"), ("ar", "إغلاق الميناء"), ("ar_SY", "إغلاق الميناء")]
)
@pytest.mark.parametrize(
    ("element", "field"),
    [
        ("headline", "headline"),
        ("slugline", "slugline"),
        ("description", "summary"),
        ("by", "byline"),
        ("creditline", "credit_line"),
    ],
)
def test_the_items_language_chooses(element: str, field: str, lang: str, expected: str, arabic_first: bool) -> None:
    both = [f'<{element} xml:lang="ar">إغلاق الميناء</{element}>', f'<{element} xml:lang="en">Port closes</{element}>']
    item = read(g2("", lang=lang, meta="".join(both if arabic_first else both[::-1])))
    assert getattr(item, field) == expected


def test_the_contents_language_counts_before_the_items() -> None:
    meta = '<language tag="ar"/><headline xml:lang="en">Port closes</headline><headline xml:lang="ar">إغلاق الميناء</headline>'
    item = read(g2("", lang="en", meta=meta))
    assert (item.language, item.headline) == ("ar", "إغلاق الميناء")


def test_an_item_without_a_language_has_that_of_its_text() -> None:
    meta = '<headline xml:lang="ar">إغلاق الميناء</headline><headline xml:lang="en">Port closes</headline>'
    item = read(g2(f"<inlineXML>{xhtml(TEXT, 'en')}</inlineXML>", lang="", meta=meta))
    assert (item.language, item.headline) == ("en", "Port closes")


@pytest.mark.parametrize(
    "content",
    [
        f'<inlineXML xml:lang="fr">{xhtml("Le port est fermé.")}</inlineXML>',
        f"<inlineXML>{xhtml('Le port est fermé.', 'fr')}</inlineXML>",
        '<inlineData xml:lang="fr" contenttype="text/plain">Le port est fermé.</inlineData>',
        '<inlineXML xml:lang="en"><html><body/></html></inlineXML><inlineData xml:lang="fr">Le port est fermé.</inlineData>',
    ],
)
def test_an_item_whose_only_text_is_in_another_language_goes_where_that_text_is_read(content: str) -> None:
    item = read(g2(content, lang="en"))
    assert (item.language, item.body_html) == ("fr", "<p>Le port est fermé.</p>")
    assert any("its only text is in fr" in note for note in item.notes)


def test_a_text_in_a_spelling_of_the_items_language_changes_nothing() -> None:
    item = read(g2(f'<inlineXML xml:lang="en_GB">{xhtml(TEXT)}</inlineXML>', lang="en-US"))
    assert (item.language, item.notes) == ("en-US", ())


def test_a_headline_and_a_subheadline_are_of_one_language() -> None:
    meta = """<headline xml:lang="ar" role="hld:sub">فرعي</headline><headline xml:lang="en" role="hld:sub">Ships wait</headline>
    <headline xml:lang="ar" role="hld:main">رئيسي</headline><headline xml:lang="en" role="hld:main">Port closes</headline>"""
    item = read(g2("", meta=meta))
    assert (item.headline, item.subheadline) == ("Port closes", "Ships wait")


def test_concepts_are_named_in_the_items_language() -> None:
    names = '<name xml:lang="ar">اقتصاد</name><name xml:lang="en">economy</name>'
    subject = f'<headline>H</headline><subject qcode="medtop:04000000">{names}</subject><subject qcode="medtop:15000000"/>'
    told = '<assert qcode="medtop:15000000"><name xml:lang="ar">رياضة</name><name xml:lang="en">sport</name></assert>'
    assert [s.name for s in read(g2("", meta=subject, more=told)).subjects] == ["economy", "sport"]
    assert [s.name for s in read(g2("", lang="ar", meta=subject, more=told)).subjects] == ["اقتصاد", "رياضة"]


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("kind", ["inlineXML", "on the document", "inlineData", "base64"])
def test_the_text_is_the_alternative_in_the_items_language(lang: str, kind: str) -> None:
    def one(text: str, tongue: str) -> str:
        match kind:
            case "inlineXML":
                return f'<inlineXML xml:lang="{tongue}">{xhtml(text)}</inlineXML>'
            case "on the document":
                return f"<inlineXML>{xhtml(text, tongue)}</inlineXML>"
            case "inlineData":
                return f'<inlineData xml:lang="{tongue}" contenttype="text/plain">{text}</inlineData>'
            case _:
                packed = base64.b64encode(text.encode()).decode()
                return f'<inlineData xml:lang="{tongue}" contenttype="text/plain" encoding="encd:base64">{packed}</inlineData>'

    item = read(g2(one(ARABIC, "ar") + one(TEXT, "en"), lang=lang))
    assert item.body_html == f"<p>{TEXT if lang == 'en' else ARABIC}</p>"
    assert any("was left out" in note for note in item.notes)
    assert item.doubt is None


def test_a_text_in_another_language_only_is_read_all_the_same() -> None:
    item = read(g2(f'<inlineXML xml:lang="fr">{xhtml("Le port est fermé.")}</inlineXML>'))
    assert item.body_html == "<p>Le port est fermé.</p>"


def test_pieces_of_a_text_are_joined_and_copies_are_not() -> None:
    first, second = f"<inlineXML>{xhtml(TEXT)}</inlineXML>", f"<inlineXML>{xhtml('Grain ships wait.')}</inlineXML>"
    copy = f'<inlineData contenttype="text/plain">{TEXT}</inlineData>'
    assert read(g2(copy + first + second)).body_html == f"<p>{TEXT}</p>\n<p>Grain ships wait.</p>"


BOMB = base64.b64encode(gzip.compress(bytes(11_000_000), mtime=0)).decode()
PACKED = base64.b64encode(TEXT.encode()).decode()


@pytest.mark.parametrize(
    "encoding",
    [
        "encd:base64",
        "base64",
        "BASE64",
        "Base64",
        "Base-64",
        "BASE 64",
        "x-base64",
        "encd:base-64",
        "b64",
        "http://cv.iptc.org/newscodes/encoding/base64",
        " encd:Base64 ",
    ],
)
@pytest.mark.parametrize("packed", [PACKED, f"\n  {PACKED[:20]}\n  {PACKED[20:]}\n", PACKED.rstrip("=")])
def test_base64_is_read_however_it_is_spelled(encoding: str, packed: str) -> None:
    item = read(g2(f'<inlineData contenttype="text/plain" encoding="{encoding}">{packed}</inlineData>'))
    assert item.body_html == f"<p>{TEXT}</p>"
    assert item.doubt is None


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (f"<html><head><title>t</title></head><body><p>{TEXT}</p></body></html>".encode(), "text/html"),
        (f"<p>{TEXT}</p>".encode(), "application/xhtml+xml"),
        (f"<p>{TEXT}</p>".encode(), ""),
        (f"<nitf><body><body.content><p>{TEXT}</p></body.content></body></nitf>".encode(), "application/nitf+xml"),
        (TEXT.encode("utf-16"), "text/plain"),
        (gzip.compress(TEXT.encode(), mtime=0), "text/plain"),
        (TEXT.encode(), "text/plain; charset=iso-8859-1"),
    ],
)
def test_encoded_text_is_read_by_what_is_in_it(data: bytes, media_type: str) -> None:
    packed = base64.b64encode(data).decode()
    item = read(g2(f'<inlineData contenttype="{media_type}" encoding="encd:base64">{packed}</inlineData>'))
    assert item.body_html == f"<p>{TEXT}</p>"


def test_encoded_text_in_an_arabic_code_page_has_its_letters() -> None:
    packed = base64.b64encode(ARABIC.encode("cp1256")).decode()
    said = 'contenttype="text/plain; charset=windows-1256" encoding="encd:base64"'
    item = read(g2(f"<inlineData {said}>{packed}</inlineData>", lang="ar"))
    assert item.body_html == f"<p>{ARABIC}</p>"


@pytest.mark.parametrize(
    "inside",
    [f"<![CDATA[<html><body><p>{TEXT}</p></body></html>]]>", f"&lt;p&gt;{TEXT}&lt;/p&gt;", f"<![CDATA[{TEXT}]]>",
     f"<![CDATA[<nitf><body><body.content><p>{TEXT}</p></body.content></body></nitf>]]>", f"<p>{TEXT}</p>"],
)  # fmt: skip
def test_text_as_data_inside_inline_xml_is_read(inside: str) -> None:
    assert read(g2(f'<inlineXML contenttype="application/xhtml+xml">{inside}</inlineXML>')).body_html == f"<p>{TEXT}</p>"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('<remoteContent contenttype="text/html" href="https://f.example/a.html"/>', "https://f.example/a.html"),
        ('<remoteContent contenttype="application/nitf+xml" residref="urn:x:9"/>', "urn:x:9"),
        ('<remoteContent contenttype="application/pdf" href="https://f.example/a.pdf"/>', "application/pdf"),
        ('<inlineData contenttype="text/plain" encoding="x:rot13">Gur cbeg pybfrq</inlineData>', "x:rot13"),
        ('<inlineData contenttype="text/plain" encoding="encd:base64">!!!! no base64 !!!!</inlineData>', "encd:base64"),
        (f'<inlineData encoding="base64">{base64.b64encode(b"%PDF-1.7 abc").decode()}</inlineData>', "a PDF"),
        (f'<inlineData encoding="base64">{base64.b64encode(bytes(range(256)) * 20).decode()}</inlineData>', "no text"),
        (f'<inlineData encoding="base64">{BOMB}</inlineData>', "larger than"),
        ("<inlineXML><nitf><body><p>Outside of its body.content</p></body></nitf></inlineXML>", "inlineXML"),
    ],
)
def test_a_text_that_cannot_be_read_holds_the_item_and_is_named(content: str, named: str) -> None:
    item = read(g2(content))
    assert item.doubt is Doubt.UNREADABLE_TEXT
    assert named in item.doubt_note


def test_what_cannot_be_read_beside_a_text_is_told() -> None:
    file = '<remoteContent contenttype="application/pdf" href="https://f.example/a.pdf"/>'
    item = read(g2(f"<inlineXML>{xhtml(TEXT)}</inlineXML>{file}"))
    assert item.doubt is None
    assert any("a.pdf" in note for note in item.notes)


@pytest.mark.parametrize("content", ["", "<inlineXML/>", "<inlineData contenttype='text/plain'> </inlineData>"])
def test_a_headline_alone_stays_a_flash(content: str) -> None:
    item = read(g2(content))
    assert (item.doubt, item.body_html, item.is_publishable) == (None, "", True)


@pytest.mark.parametrize("item_class", ["text", "picture"])
def test_a_picture_elsewhere_holds_nothing(item_class: str) -> None:
    item = read(g2('<remoteContent contenttype="image/jpeg" href="https://f.example/a.jpg"/>', item_class=item_class))
    assert item.doubt is None
    assert item.associations[0].href == "https://f.example/a.jpg"
