"""A wire through libraries that read pages, sitemaps, lists of feeds: what their users are given, not what the standards say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import httpx
import pytest
from lxml import etree

from services.edge.feeds.documents import documents
from shared.clock import utc_now
from shared.settings import settings
from shared.wire.config import wire
from tests.support.house import House
from tests.support.loopback import edge_running, free_port
from tests.support.reading import eventually
from tests.support.real_libraries import lacks_python, read_as_others

REPORTER, SECRET = "Mona Haddad", "Abracadabra"
#: long enough for an article: of something shorter, trafilatura takes the whole page
SAID = [
    "Ministers from Saudi Arabia and Iraq agreed on Monday on grain for the coming year, people at the talks said.",
    "Both will share what they buy between them, and report to the secretariat every month what is left in their stores.",
    "The deal still needs the signatures of two governments, and traders do not expect them before the end of spring.",
]
WRONG, RIGHT = (f"The grain is worth {number} billion dollars at the prices of last week." for number in (3, 2))
ARABIC = [
    "اتفق وزراء من السعودية والعراق يوم الاثنين على مشتريات الحبوب للعام المقبل، حسبما قال أشخاص حضروا المحادثات.",
    "وسيتقاسم البلدان ما يشتريانه بينهما، وسيبلغ كلاهما الأمانة العامة كل شهر بما بقي في مخازنه من القمح والشعير.",
    "ولا يزال الاتفاق بحاجة إلى توقيع الحكومتين، ولا يتوقع التجار صدوره قبل نهاية الربيع وفق ما ذكرته مصادر.",
]
ARABIC_HEADLINE = "اتفاق الوزراء على الحبوب"
PICTURE = "https://pictures.example/silo.jpg"
#: whose summary, text or caption has what could be taken for mark-up, or is some that was not made with care
HOSTILE = [
    {
        "headline": "If x<y & y>z",
        "body_text": "Pechiney <PUKG.PA>, Chrysler Corp's <C> & AT&T rose; if x<y then </p>.",
        "keywords": ['x<y & "z"'],
        "byline": "<b>R & D</b>",
    },
    *(
        {"headline": headline, "body_text": None, "body_html": body}
        for headline, body in (
            ("Broken", "<p>broken <b>bold <i>both</b> <table><tr><td>cell<p>&copy &nosuch; </div>"),
            ("List", "<ul><li>One<li>Two <a href='//x.example?a=1&b=2'>more</a></ul>Text<br>"),
            ("Nested", "<p>One<p>Two<h2>A <p>head</h2><blockquote>Said <i>so</blockquote>"),
        )
    ),
]
#: the pages that libraries are given
READ = (("told", "en"), ("told", "ar"), ("corrected", "en"), ("killed", "en"), ("killed", "ar"))


class Read(NamedTuple):
    """Stories, and what libraries made of them."""

    url: str
    stories: dict[str, str]  #: identifiers, by what they are
    libraries: Any

    def page(self, story: str, edition: str = "en") -> Any:
        """What the libraries made of a story's page."""
        return self.libraries["pages"][self.address(story, edition)]

    def address(self, story: str, edition: str = "en") -> str:
        return f"{self.url}/{edition}/stories/{self.stories[story]}"


@pytest.fixture
def read(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Read]:
    """Everything is told, corrected and taken back; then the libraries look."""
    if lacking := lacks_python():
        pytest.skip(f"needs {lacking}")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    monkeypatch.setenv("BARQ_PUBLIC_URL", url)
    settings.cache_clear()
    documents.forget()
    stories = tells(house)
    with edge_running(port):
        eventually(lambda: "KILLED" in httpx.get(f"{url}/en/feeds/all.json").text)
        seen = Read(url, stories, None)
        pages = [seen.address(*page) for page in READ]
        opml = [f"{url}/{edition}/feeds.opml" for edition in ("en", "ar")]
        yield seen._replace(libraries=read_as_others(f"{url}/", pages=pages, opml=opml, markup=markup(seen)))
    settings.cache_clear()


def tells(house: House) -> dict[str, str]:
    """A newsroom's day; the stories' identifiers."""
    image = {"name": "original", "href": PICTURE, "contentType": "image/jpeg", "width": 1200, "height": 800}
    caption = {"headlines": [{"value": "Silo <A> & B"}], "by": "A. Photographer"}
    picture = {"name": "silo", "uri": "urn:silo", "type": "picture", "renditions": [image], **caption}
    text = "\n\n".join(SAID)
    corrected: dict[str, Any] = {"uri": "urn:corrected", "headline": "Grain has its price", "byline": REPORTER}
    pushed = {
        "told": {"headline": "Ministers agree", "byline": REPORTER, "body_text": text, "associations": [picture]},
        "corrected": corrected | {"body_text": f"{WRONG}\n\n{text}"},
        "killed": {"headline": SECRET, "body_text": f"{SECRET}. {text}", "byline": REPORTER},
        "withheld": {"headline": f"{SECRET} too", "body_text": text},
        "embargoed": {"headline": f"{SECRET} later", "embargoed": "2099-01-01T00:00:00Z"},
        **{f"hostile {number}": fields for number, fields in enumerate(HOSTILE)},
    }
    stories = {name: house.pushes(**{"uri": f"urn:{name}", **fields})["story"] for name, fields in pushed.items()}
    house.works()
    house.translates(stories["told"], headline=ARABIC_HEADLINE, body_html="".join(f"<p>{said}</p>" for said in ARABIC))
    house.translates(stories["killed"], headline=ARABIC_HEADLINE, body_html=f"<p>{SECRET}</p>")
    house.works()
    corrected |= {"body_text": f"{RIGHT}\n\n{text}", "signal": "correction", "correction": {"note": "Of the <price>."}}
    house.pushes(**corrected, version=2)
    house.pushes(uri="urn:killed", version=2, pubstatus="canceled")
    house.pushes(uri="urn:withheld", version=2, pubstatus="withheld")
    house.works()
    return stories


def markup(seen: Read) -> dict[str, str]:
    """All HTML that readers are given, by where it stands: pages of every kind, and what feeds say is HTML."""
    paths = ["", "all/", "asia/", "feeds/", "feeds/all.rss", "archive/", f"archive/{utc_now():%Y-%m-%d}/", "nowhere/"]
    paths += ["tags/x%3Cy%20&%20%22z%22/", "search?q=x%3Cy"]
    pages = [f"{seen.url}/{edition}/{path}" for edition in ("en", "ar") for path in paths]
    pages += [seen.address(story, edition) for story in seen.stories for edition in ("en", "ar")]
    found = {page: httpx.get(page, headers={"accept": "text/html", "sec-fetch-dest": "document"}).text for page in pages}
    for feed in (f"{seen.url}/{edition}/feeds/all" for edition in ("en", "ar")):
        found |= {f"{feed}.json {item['url']}": item["content_html"] for item in httpx.get(f"{feed}.json").json()["items"]}
        for form in ("rss", "atom"):
            document = etree.fromstring(httpx.get(f"{feed}.{form}").content)
            says_html = document.xpath("//item/description | //*[local-name()='encoded'] | //*[@type='html']")
            found |= {f"{feed}.{form} {document.getroottree().getpath(one)}": one.text or "" for one in says_html}
    return found | {"a name that is taken for a tag": "Chrysler Corp's <C> rose", "a tag too many": "<p>One</p></div>"}


def test_libraries_read_the_wire_as_it_is_meant(read: Read, subtests: pytest.Subtests) -> None:
    with subtests.test("trafilatura reads the text, and who wrote it"):
        check_article(read.page("told"), "Ministers agree", SAID)
        assert read.page("told")["article"]["image"] == PICTURE
    with subtests.test("trafilatura reads a translation"):
        check_article(read.page("told", "ar"), ARABIC_HEADLINE, ARABIC)
    with subtests.test("trafilatura reads no figure that was corrected"):
        check_article(read.page("corrected"), "Grain has its price", [RIGHT, *SAID])
        assert "3 billion" not in json.dumps(read.page("corrected"))
    with subtests.test("nothing reads what was killed"):
        assert SECRET not in json.dumps(read.libraries["pages"]) + json.dumps(read.libraries["sitemaps"])
        assert read.page("killed")["json_ld"] == read.page("killed", "ar")["json_ld"] == []
    with subtests.test("extruct reads one article, its reporter, its language and its time"):
        check_structured(read)
    with subtests.test("ultimate-sitemap-parser finds every public story, and no other"):
        check_sitemaps(read)
    with subtests.test("listparser finds every public feed"):
        check_opml(read)
    with subtests.test("html5lib has nothing to mend"):
        mends = {name: faults for name, faults in read.libraries["mends"].items() if faults}
        assert [*mends] == ["a name that is taken for a tag", "a tag too many"]


def check_article(page: Any, title: str, paragraphs: list[str]) -> None:
    """Every paragraph once and in order, whichever way the library leans; the first has a dateline."""
    article = page["article"]
    assert (article["title"], article["author"]) == (title, REPORTER)
    assert article["date"] == page["json_ld"][0]["datePublished"][:10]
    for text in (article["text"], page["precise"], page["all"]):
        assert [said for line in text.splitlines() for said in paragraphs if line.endswith(said)] == paragraphs


def check_structured(read: Read) -> None:
    for story, edition, headline in (
        ("told", "en", "Ministers agree"), ("told", "ar", ARABIC_HEADLINE), ("corrected", "en", "Grain has its price"),
    ):  # fmt: skip
        (article,) = read.page(story, edition)["json_ld"]
        assert (article["@type"], article["headline"], article["inLanguage"]) == ("NewsArticle", headline, edition)
        assert article["author"] == [{"@type": "Person", "name": REPORTER}]
        assert article["mainEntityOfPage"] == read.address(story, edition)
        published, modified = (datetime.fromisoformat(article[name]) for name in ("datePublished", "dateModified"))
        assert (modified > published) == (story == "corrected")
        (graph,) = read.page(story, edition)["opengraph"]
        assert (graph["@type"], graph["og:title"], graph["og:url"]) == ("article", headline, read.address(story, edition))
        assert graph.get("og:image") == (PICTURE if story == "told" else None)


def check_sitemaps(read: Read) -> None:
    found, taken_back = read.libraries["sitemaps"], {"killed", "withheld", "embargoed"}
    public = {read.address(story) for story in {*read.stories} - taken_back} | {read.address("told", "ar")}
    news = {entry["url"]: entry["news"] for entry in found if entry["news"]}
    months = {entry["url"]: entry["alternates"] for entry in found if not entry["news"]}
    assert {*news} == {*months} == public
    assert len(found) == 2 * len(public)
    assert news[read.address("told", "ar")] == [ARABIC_HEADLINE, "ar"]
    both = {edition: read.address("told", edition) for edition in ("en", "ar")}
    assert [months[address] for address in both.values()] == [both, both]


def check_opml(read: Read) -> None:
    for edition in ("en", "ar"):
        listed = read.libraries["opml"][f"{read.url}/{edition}/feeds.opml"]
        assert not listed["bozo"]
        assert {*listed["feeds"]} == {f"{read.url}/{edition}/feeds/{feed}.rss" for feed in wire().public_feeds()}
        assert listed["feeds"][f"{read.url}/{edition}/feeds/asia.rss"] == wire().feed_title("asia", edition)
