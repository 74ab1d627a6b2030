"""What an XML item says of status, embargo and expiry counts in whatever element or attribute it is said."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.acceptance import Candidate, Rejection, read_items
from services.ingest.formats.elements import value_of
from services.ingest.formats.xml import parse_xml
from shared.contracts.item import Doubt, PubStatus

LATER = datetime(2099, 1, 2, 10, tzinfo=UTC)
UNTIL = "2099-01-02T10:00:00Z"
NAMESPACES = (
    'xmlns:x="urn:x" xmlns:nar="http://iptc.org/std/nar/2006-10-01/" xmlns:at="http://purl.org/atompub/tombstones/1.0" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" '
    'xmlns:app="http://www.w3.org/2007/app" xmlns:media="http://search.yahoo.com/mrss/"'
)
TEXT = "<title>Harbour opens</title><description>The harbour of Tartus opens.</description>"


def results(document: str) -> list[Candidate | Rejection]:
    return list(read_items(document.encode(), "application/xml", most=50))


def rss(inside: str = "", *, text: str = TEXT, of_item: str = "", channel: str = "", after: str = "") -> str:
    item = f'<item {of_item}><guid isPermaLink="false">urn:td:1</guid>{text}{inside}</item>'
    return f'<rss version="2.0" {NAMESPACES}><channel><title>F</title>{channel}{item}{after}</channel></rss>'


def atom(inside: str = "", *, of_item: str = "", feed: str = "", after: str = "") -> str:
    entry = f"<entry {of_item}><id>urn:td:1</id><title>T</title><summary>The harbour opens.</summary>{inside}</entry>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}><title>F</title>{feed}{entry}{after}</feed>'


def rdf(inside: str = "", *, of_item: str = "", channel: str = "") -> str:
    return (
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {NAMESPACES}>'
        f'<channel rdf:about="http://a.example/"><title>F</title>{channel}</channel>'
        f'<item rdf:about="http://a.example/1" {of_item}>{TEXT}{inside}</item></rdf:RDF>'
    )


def nitf(docdata: str = "", *, attributes: str = "", head: str = "", of_root: str = "") -> str:
    return (
        f'<nitf {of_root} {NAMESPACES}><head>{head}<docdata {attributes}><doc-id id-string="urn:td:1"/>{docdata}</docdata></head>'
        "<body><body.head><hedline><hl1>T</hl1></hedline></body.head><body.content><p>Text.</p></body.content></body></nitf>"
    )


def g2(inside: str = "", *, of_item: str = "", content: str = "") -> str:
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" {NAMESPACES} guid="urn:td:1" version="2" {of_item}>'
        f'<itemMeta><itemClass qcode="ninat:text"/>{inside}</itemMeta>'
        f"<contentMeta><headline>T</headline>{content}</contentMeta>"
        '<contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Text.</p></body></html></inlineXML>'
        "</contentSet></newsItem>"
    )


def newsml(inside: str = "") -> str:
    return (
        f"<NewsML {NAMESPACES}><NewsEnvelope/><NewsItem><Identification><NewsIdentifier>"
        "<PublicIdentifier>urn:td:1</PublicIdentifier></NewsIdentifier></Identification>"
        f"<NewsManagement>{inside}</NewsManagement><NewsComponent><NewsLines><HeadLine>T</HeadLine></NewsLines>"
        '<ContentItem><MediaType FormalName="Text"/><DataContent><p>Text.</p></DataContent></ContentItem>'
        "</NewsComponent></NewsItem></NewsML>"
    )


def taken(document: str) -> Candidate:
    (result,) = results(document)
    assert isinstance(result, Candidate), result
    return result


STATUSES = [
    (g2('<pubStatus literal="{}"/>'), "pubStatus"),
    (g2("<pubStatus>{}</pubStatus>"), "pubStatus"),
    (g2('<pubStatus value="{}"/>'), "pubStatus"),
    (g2('<pubStatus code="{}"/>'), "pubStatus"),
    (g2('<pubStatus qcode="stat:{}"/>'), "pubStatus"),
    (g2('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/{}"/>'), "pubStatus"),
    (g2('<pubStatus qcode=""><name>{}</name></pubStatus>'), "pubStatus"),
    (g2(content='<pubStatus qcode="stat:{}"/>'), "pubStatus"),
    (g2(of_item='pubStatus="{}"'), "pubStatus"),
    (newsml('<Status FormalName="{}"/>'), "Status"),
    (newsml("<Status>{}</Status>"), "Status"),
    (newsml('<Status Vocabulary="urn:newsml:iptc.org:20001006:NewsItemStatus:1" FormalName="{}"/>'), "Status"),
    (nitf(attributes='management-status="{}"'), "management-status"),
    (nitf(head='<meta name="pubstatus" content="{}"/>'), "pubstatus"),
    (nitf(head='<meta name="Status" content="{}"/>'), "Status"),
    (nitf('<pubStatus qcode="stat:{}"/>'), "pubStatus"),
    (rss("<status>{}</status>"), "status"),
    (rss("<pubStatus>{}</pubStatus>"), "pubStatus"),
    (rss("<pubstatus>{}</pubstatus>"), "pubstatus"),
    (rss('<nar:pubStatus qcode="stat:{}"/>'), "pubStatus"),
    (rss('<x:pubStatus value="{}"/>'), "pubStatus"),
    (rss("<x:meta><x:pubStatus>{}</x:pubStatus></x:meta>"), "pubStatus"),
    (rss(of_item='x:status="{}"'), "status"),
    (rss("<status>{}</status>", text=""), "status"),
    (rdf("<x:pubStatus>{}</x:pubStatus>"), "pubStatus"),
    (atom("<x:pubStatus>{}</x:pubStatus>"), "pubStatus"),
    (atom("<status>{}</status>"), "status"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "name"), STATUSES)
@pytest.mark.parametrize(
    ("word", "status"),
    [("canceled", "canceled"), ("Cancelled", "canceled"), ("killed", "canceled"), ("withheld", "withheld")],
)
def test_a_status_that_takes_back_is_read_wherever_it_stands(document: str, name: str, word: str, status: str) -> None:
    assert taken(document.replace("{}", word)).item.pubstatus is PubStatus(status)


@pytest.mark.parametrize(("document", "name"), STATUSES)
@pytest.mark.parametrize("word", ["nonsense", "draft"])
def test_one_that_nobody_knows_is_refused_by_its_name(document: str, name: str, word: str) -> None:
    (result,) = results(document.replace("{}", word))
    assert isinstance(result, Rejection)
    assert {error.field for error in result.problem.errors} == {name}


@pytest.mark.parametrize(("document", "name"), [row for row in STATUSES if TEXT in row[0] or "<rss" not in row[0]])
def test_usable_is_usable(document: str, name: str) -> None:
    found = taken(document.replace("{}", "usable")).item
    assert (found.pubstatus, found.doubt, found.notes) == (PubStatus.USABLE, None, ())


@pytest.mark.parametrize(
    "document",
    [
        g2('<pubStatus qcode="stat:usable"/><pubStatus qcode="stat:canceled"/>'),
        g2('<pubStatus qcode="stat:canceled"/><pubStatus qcode="stat:usable"/>'),
        newsml('<Status FormalName="Usable"/><Status FormalName="Canceled"/>'),
        nitf(attributes='management-status="usable"', head='<meta name="status" content="killed"/>'),
        rss("<status>usable</status><x:pubStatus>canceled</x:pubStatus>"),
    ],
)
def test_of_several_the_one_that_takes_back_most_counts(document: str) -> None:
    assert taken(document).item.pubstatus is PubStatus.CANCELED


@pytest.mark.parametrize(
    "document",
    [g2('<pubStatus qcode=""/>'), g2("<pubStatus/>"), newsml('<Status FormalName=" "/>'), rss("<status/>"), rss("<killed/>"),
     nitf(attributes='management-status=""')],
)  # fmt: skip
def test_one_that_says_nothing_is_told(document: str) -> None:
    found = taken(document).item
    assert found.pubstatus is PubStatus.USABLE
    assert any("says nothing" in note for note in found.notes)


def test_media_has_a_status_of_its_own() -> None:
    assert taken(rss('<media:status state="deleted"/>')).item.pubstatus is PubStatus.USABLE


def test_a_draft_of_atom_is_refused_in_words() -> None:
    (result,) = results(atom("<app:control><app:draft>yes</app:draft></app:control>"))
    assert isinstance(result, Rejection)
    assert "send the item when it may be published" in result.problem.detail
    assert taken(atom("<app:control><app:draft>no</app:draft></app:control>")).item.pubstatus is PubStatus.USABLE


@pytest.mark.parametrize("text", [{}, {"content_text": "Text."}])
def test_an_extension_of_json_feed_may_say_the_status(text: dict[str, str]) -> None:
    item = {"id": "urn:td:1", **text, "_x": {"pubstatus": "canceled"}}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": [item]}
    (result,) = read_items(json.dumps(feed).encode(), "application/json", most=5)
    assert isinstance(result, Candidate)
    assert result.item.pubstatus is PubStatus.CANCELED


EMBARGOES = [
    "<x:embargo{attributes}>{inside}</x:embargo>",
    "<x:mediaEmbargo{attributes}>{inside}</x:mediaEmbargo>",
    "<x:terms><x:deeper><x:embargo{attributes}>{inside}</x:embargo></x:deeper></x:terms>",
    "<x:sperrfrist{attributes}>{inside}</x:sperrfrist>",
]


def around(element: str) -> list[str]:
    """Every place of every format where an element may stand."""
    return [
        rss(element), rss(channel=element), rdf(element), rdf(channel=element), atom(element), atom(feed=element),
        nitf(element), nitf(head=element), g2(element), g2(content=element), newsml(element),
    ]  # fmt: skip


@pytest.mark.parametrize("element", EMBARGOES)
@pytest.mark.parametrize(
    ("attributes", "inside"),
    [
        (f' until="{UNTIL}"', ""), (f' date="{UNTIL}"', ""), (f' value="{UNTIL}"', ""), (f' datetime="{UNTIL}"', ""),
        (f' x:until="{UNTIL}"', ""), ("", f"<x:until>{UNTIL}</x:until>"), ("", UNTIL), (' type="strict"', UNTIL),
        ("", f'<x:end date="{UNTIL}"/>'), (' date="2099-01-02" time="10:00"', ""), (' date="2099-01-02" hour="10:00"', ""),
        (f' until="{UNTIL}" active="true"', ""),
        (' until="2099-01-02T11:00:00" zone="CET"', ""), ("", "<x:date>2099-01-02</x:date><x:time>10:00</x:time>"),
    ],
)  # fmt: skip
def test_an_embargo_is_kept_wherever_its_time_stands(element: str, attributes: str, inside: str) -> None:
    for document in around(element.format(attributes=attributes, inside=inside)):
        assert taken(document).item.embargoed_until == LATER, document


@pytest.mark.parametrize("element", EMBARGOES)
@pytest.mark.parametrize(
    ("attributes", "inside"),
    [
        ("", ""), (' until=""', ""), (' reason="vote"', ""), (' until="after the vote"', ""), ("", "after the vote"),
        ("", "<x:when>later</x:when>"), ("", "<x:until/>"), ("", "true"), (' date="2099-01-02" time="noonish"', ""),
    ],
)  # fmt: skip
def test_one_that_is_not_understood_is_never_public(element: str, attributes: str, inside: str) -> None:
    for document in around(element.format(attributes=attributes, inside=inside)):
        found = taken(document).item
        assert found.doubt is Doubt.EMBARGO or found.embargo_open, document


@pytest.mark.parametrize("make", [rss, rdf, atom])
@pytest.mark.parametrize("name", ["embargo", "x:embargo", "embargoed", "embargoUntil"])
def test_an_attribute_may_say_it_too(make: object, name: str) -> None:
    assert callable(make)
    assert taken(make(of_item=f'{name}="{UNTIL}"')).item.embargoed_until == LATER
    assert taken(make(of_item=f'{name}="after the vote"')).item.doubt is Doubt.EMBARGO


@pytest.mark.parametrize(
    "document",
    [nitf(head='<meta name="embargo" content="{}"/>'), newsml('<Property FormalName="Embargo" Value="{}"/>'),
     nitf(of_root='embargo="{}"'), g2(of_item='x:embargo="{}"'), g2('<embargoed until="{}"/>')],
)  # fmt: skip
def test_so_may_a_value_under_a_given_name(document: str) -> None:
    assert taken(document.replace("{}", UNTIL)).item.embargoed_until == LATER
    found = taken(document.replace("{}", "")).item
    assert found.doubt is Doubt.EMBARGO or found.embargo_open


@pytest.mark.parametrize("said", ["false", "none", "no", "lifted", "2020-01-02T10:00:00Z"])
def test_what_plainly_says_that_there_is_none_holds_nothing(said: str) -> None:
    for document in around(f"<x:embargo>{said}</x:embargo>"):
        found = taken(document).item
        assert (found.doubt, found.embargo_open) == (None, False)


def test_each_entry_has_its_own_embargo() -> None:
    second = f"<item><guid>urn:td:2</guid>{TEXT}</item>"
    one, other = results(rss(f'<embargo until="{UNTIL}"/>', after=second))
    assert isinstance(one, Candidate)
    assert isinstance(other, Candidate)
    assert (one.item.embargoed_until, other.item.embargoed_until, other.item.doubt) == (LATER, None, None)


@pytest.mark.parametrize("make", [rss, rdf, atom])
def test_dublin_core_says_from_when_until_when(make: object) -> None:
    assert callable(make)
    found = taken(make("<dcterms:valid>start=2099-01-02T10:00:00Z; end=2099-02-03T10:00:00Z; scheme=W3C-DTF</dcterms:valid>"))
    assert (found.item.scheduled_for, found.item.expires_at) == (LATER, datetime(2099, 2, 3, 10, tzinfo=UTC))
    assert taken(make(f"<dcterms:available>{UNTIL}</dcterms:available>")).item.scheduled_for == LATER
    assert taken(make(f"<dcterms:available>start={UNTIL}</dcterms:available>")).item.scheduled_for == LATER
    assert taken(make("<dcterms:valid>start=the vote</dcterms:valid>")).item.doubt is Doubt.EMBARGO
    assert taken(make(f"<prism:expirationDate>{UNTIL}</prism:expirationDate>")).item.expires_at == LATER
    assert taken(make(f'<x:expires date="{UNTIL}"/>')).item.expires_at == LATER


TOMBSTONE = '<at:deleted-entry ref="{}" when="2026-11-25T10:00:00Z"/>'


@pytest.mark.parametrize("guid", ["urn:td:1", "4711", " 4711 ", "http://a.example/1", "a guid"])
def test_a_tombstone_kills_what_its_feed_calls_so(guid: str) -> None:
    head = "<title>F</title><link>http://a.example/</link>"
    entry = f'<item><guid isPermaLink="false">{guid}</guid>{TEXT}</item>'
    feed = f'<rss version="2.0" {NAMESPACES}>{{}}<channel>{head}{{}}</channel>{{}}</rss>'
    story = taken(feed.format("", entry, "")).item
    stone = TOMBSTONE.format(guid)
    for inside in (("", stone, ""), ("", "", stone), (stone, "", "")):
        found = taken(feed.format(*inside)).item
        assert (found.uri, found.pubstatus) == (story.uri, PubStatus.CANCELED)
    assert [r.item.uri for r in results(feed.format("", entry + stone, "")) if isinstance(r, Candidate)] == [story.uri] * 2


@pytest.mark.parametrize("ref", ["urn:td:1", "4711"])
def test_so_does_one_in_atom(ref: str) -> None:
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}><id>urn:feed</id><title>F</title>{{}}</feed>'
    story = taken(feed.format(f"<entry><id>{ref}</id><title>T</title></entry>")).item
    found = taken(feed.format(TOMBSTONE.format(ref))).item
    assert (found.uri, found.pubstatus) == (story.uri, PubStatus.CANCELED)


def test_a_tombstone_of_nothing_is_refused() -> None:
    (result,) = results(f'<rss version="2.0" {NAMESPACES}><channel><title>F</title><at:deleted-entry/></channel></rss>')
    assert isinstance(result, Rejection)
    assert "which" in result.problem.detail


NAMES = st.sampled_from(["embargo", "embargoUntil", "x:embargo", "until", "date", "p", "x:meta"])
VALUES = st.sampled_from([UNTIL, "", "true", "later", "a < b"])
TREES = st.recursive(
    VALUES.map(lambda text: text.replace("<", "&lt;")),
    lambda inner: st.tuples(NAMES, NAMES, VALUES, st.lists(inner, max_size=3)).map(
        lambda t: f'<{t[0]} {t[1]}="{t[2].replace("<", "&lt;")}">{"".join(t[3])}</{t[0]}>'
    ),
    max_leaves=8,
)


@given(TREES)
def test_whatever_stands_in_an_embargo_it_is_never_public_now(tree: str) -> None:
    found = taken(rss(f"<embargo>{tree}</embargo>", channel="")).item
    assert found.embargoed_until == LATER or found.embargo_open or found.doubt


def test_a_deep_or_a_wide_element_is_read_within_bounds() -> None:
    deep = parse_xml(("<a>" * 200 + "x" + "</a>" * 200).encode())
    wide = parse_xml(("<a>" + "<b>x</b>" * 5000 + "</a>").encode())
    assert len(repr(value_of(deep))) < 1000
    assert len(repr(value_of(wide))) < 1000
