"""NewsML 1 and NITF: a text that is there is read in the item's language, or holds the item by its name."""

from __future__ import annotations

import base64

import pytest

from services.ingest.acceptance import Candidate, read_items
from shared.contracts.item import Doubt, WireItem

TEXT = "The port of Latakia closed on Monday, officials said."
ARABIC = "أغلق ميناء اللاذقية يوم الاثنين."


def read(document: str) -> WireItem:
    (result,) = read_items(document.encode(), "application/xml", most=1)
    assert isinstance(result, Candidate), result
    return result.item


def newsml(components: str, lang: str = "en") -> str:
    return f"""<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>f.example</ProviderId><DateId>20261125</DateId>
    <NewsItemId>a</NewsItemId><RevisionId>1</RevisionId></NewsIdentifier></Identification><NewsManagement>
    <Status FormalName="Usable"/></NewsManagement><NewsComponent xml:lang="{lang}"><NewsLines><HeadLine>Port closes</HeadLine>
    </NewsLines>{components}</NewsComponent></NewsItem></NewsML>"""


def content(inside: str, attributes: str = "", mime: str = "text/plain") -> str:
    return f'<ContentItem {attributes}><MediaType FormalName="Text"/><MimeType FormalName="{mime}"/>{inside}</ContentItem>'


def test_encoded_text_is_read() -> None:
    packed = base64.b64encode(TEXT.encode()).decode()
    item = read(newsml(content(f'<Encoding Notation="base64"><DataContent>{packed}</DataContent></Encoding>')))
    assert item.body_html == f"<p>{TEXT}</p>"


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_items_language_chooses_among_texts(lang: str) -> None:
    def component(text: str, tongue: str) -> str:
        inside = content(f"<DataContent>{text}</DataContent>")
        return f'<NewsComponent xml:lang="{tongue}"><Role FormalName="Main"/>{inside}</NewsComponent>'

    item = read(newsml(component(ARABIC, "ar") + component(TEXT, "en"), lang))
    assert item.body_html == f"<p>{TEXT if lang == 'en' else ARABIC}</p>"
    assert any("left out" in note for note in item.notes)


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        (content("", 'Href="https://f.example/a.txt"'), "https://f.example/a.txt"),
        (content('<Encoding Notation="x-other"><DataContent>abcdef</DataContent></Encoding>'), "x-other"),
        (content("<DataContent><script>words()</script></DataContent>"), "DataContent"),
        ('<ContentItem Href="a.pdf"><MimeType FormalName="application/pdf"/></ContentItem>', "a.pdf"),
    ],
)
def test_a_text_that_cannot_be_read_holds_the_item(inside: str, named: str) -> None:
    item = read(newsml(inside))
    assert item.doubt is Doubt.UNREADABLE_TEXT
    assert named in item.doubt_note


def test_a_picture_elsewhere_holds_nothing() -> None:
    item = read(newsml('<ContentItem Href="a.jpg"><MediaType FormalName="Photo"/></ContentItem>'))
    assert item.doubt is None


def nitf(body: str) -> str:
    return f"<nitf><body><body.head><hedline><hl1>Port closes</hl1></hedline></body.head>{body}</body></nitf>"


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{TEXT}</p>",
        f"<body.content/><block><p>{TEXT}</p></block>",
        f"<body.content><media media-type='image'><media-caption>C</media-caption></media></body.content><p>{TEXT}</p>",
        f"<body.content><custom-table><p>{TEXT}</p></custom-table></body.content>",
    ],
)
def test_a_nitf_text_that_stands_where_no_text_is_read_holds_the_item(body: str) -> None:
    assert read(nitf(body)).doubt is Doubt.UNREADABLE_TEXT


@pytest.mark.parametrize(
    "body",
    [
        f"<body.content><p>{TEXT}</p></body.content>",
        "",
        "<body.content/>",
        "<body.content><media media-type='image'><media-caption>A port</media-caption></media></body.content>",
        "<body.content/><body.end><tagline>Ends</tagline></body.end>",
    ],
)
def test_a_nitf_flash_or_picture_holds_nothing(body: str) -> None:
    assert read(nitf(body)).doubt is None
