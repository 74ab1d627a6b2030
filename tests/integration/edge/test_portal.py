"""The portal: everything that the wire's page shows, in both languages, and every way to a story."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import etree, html

from services.edge.app import pages
from services.edge.portal import dates
from services.edge.portal.routes import url_slug_of
from services.edge.portal.structured import locale_of
from shared.wire.config import DEFAULT_FILE
from tests.support.house import House
from tests.support.loopback import use_wire_file

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
TODAY = f"{datetime.now(UTC):%Y-%m-%d}"


def reads(path: str) -> Any:
    """What a browser is answered."""
    return TestClient(pages, raise_server_exceptions=False).get(path, follow_redirects=False)


def pushes_the_seed(house: House) -> str:
    """A story with all that the page of the wire shows."""
    story = house.pushes(
        headline="Leader pledges support",
        body_text="The leader restated his backing.\n\nHe met the minister in Wonsan.",
        located="PYONGYANG",
        keywords=["diplomacy", "Iraq", "war/peace"],
        subject=[{"name": "Politics", "code": "medtop:11000000"}],
        place=[{"code": "SA"}],
        label=["ANALYSIS"],
        provider={"name": "Levant Press Agency"},
    )["story"]
    house.translates(story, headline="الزعيم يتعهد بالدعم", body_html="<p>جدد الزعيم دعمه.</p><p>والتقى الوزير في وونسان.</p>")
    house.works()
    return str(story)


SEED = {
    "clock in GMT": {"en": r'class="clock">\w+day, \d\d \w+ 20\d\d \d\d:\d\d GMT<', "ar": r'class="clock">[^<]+ بتوقيت غرينتش<'},
    "link to the other edition": {"en": r'hreflang="ar">العربية</a>', "ar": r'hreflang="en">English</a>'},
    "regions": {"en": r'href="/en/africa/">Africa</a>', "ar": r'href="/ar/africa/">أفريقيا</a>'},
    "sections": {"en": r'href="/en/oil-energy/">Oil &amp; Energy</a>', "ar": r'href="/ar/oil-energy/">نفط وطاقة</a>'},
    "headline": {"en": "<h1>Leader pledges support</h1>", "ar": "<h1>الزعيم يتعهد بالدعم</h1>"},
    "time": {
        "en": r'<time datetime="20[^"]+">\d+ \w+ 20\d\d, \d\d:\d\d GMT</time>',
        "ar": r'<time datetime="20[^"]+">\d+ \w+ 20\d\d، ',
    },
    "agency dateline": {"en": r'class="dateline">PYONGYANG \(Barq\) –<', "ar": r'class="dateline">بيونغ يانغ \(برق\) –<'},
    "text": {"en": "He met the minister in Wonsan.", "ar": "والتقى الوزير في وونسان."},
    "identifier": {"en": r'<span dir="ltr">BARQ\d{20}ID\d{10}</span>', "ar": r'<span dir="ltr">BARQ\d{20}ID\d{10}</span>'},
    "disclaimer": {
        "en": r"Legal Disclaimer:</strong></p>\s*<p[^>]*><em>Levant Press Agency is responsible",
        "ar": r"إخلاء المسؤولية القانونية:</strong></p>\s*<p[^>]*><em>وكالة المشرق للصحافة",
    },
    "tags": {"en": r"<dt>Tags</dt><dd>.*diplomacy.*Iraq", "ar": r"<dt>الوسوم</dt><dd>.*diplomacy.*العراق"},
    "label": {"en": r"<dt>Label</dt><dd>.*ANALYSIS", "ar": r"<dt>التصنيف</dt><dd>.*ANALYSIS"},
    "comments": {"en": r">Comments</h2>\s*<p>No comment</p>", "ar": r">التعليقات</h2>\s*<p>لا تعليقات</p>"},
    "category": {
        "en": r"<dt>Category</dt><dd>.*Politics</a>.*Arab</a>",
        "ar": r"<dt>الفئة</dt><dd>.*سياسة</a>.*العالم العربي</a>",
    },
    "date": {
        "en": rf'<dt>Date</dt><dd><a href="/en/archive/{TODAY}/">',
        "ar": rf'<dt>التاريخ</dt><dd><a href="/ar/archive/{TODAY}/">',
    },
    "search": {"en": r'role="search"[^>]*>\s*<label for="q">Search</label>', "ar": r'<label for="q">بحث</label>'},
}


@pytest.mark.parametrize("edition", ["en", "ar"])
def test_the_story_page_has_every_part_of_the_wires_page(house: House, edition: str) -> None:
    page = reads(f"/{edition}/stories/{pushes_the_seed(house)}").text
    assert [part for part, said in SEED.items() if not re.search(said[edition], page)] == []
    assert len(page.encode()) < 50_000
    assert page.count("<script") == 1  # schema.org's, which nothing runs


def test_the_page_says_what_it_is_to_machines(house: House) -> None:
    story = pushes_the_seed(house)
    tree = html.fromstring(reads(f"/en/stories/{story}").content)
    (article,) = (json.loads(script.text) for script in tree.iter("script"))
    url = f"https://wire.example/en/stories/{story}"
    assert (article["@type"], article["headline"], article["mainEntityOfPage"]) == ("NewsArticle", "Leader pledges support", url)
    assert (article["articleSection"], article["identifier"]) == (["Politics"], story)
    properties = {meta.get("property"): meta.get("content") for meta in tree.iter("meta")}
    assert (properties["og:type"], properties["og:url"], properties["og:title"]) == ("article", url, "Leader pledges support")
    assert "og:locale" not in properties  # `en` has no territory
    links = {(link.get("rel"), link.get("hreflang")): link.get("href") for link in tree.iter("link")}
    assert links["canonical", None] == url
    assert links["alternate", "ar"] == f"https://wire.example/ar/stories/{story}"


def test_a_reporter_is_a_person_on_the_page_of_every_edition(house: House) -> None:
    story = house.pushes(headline="Leader pledges support", byline="Mona Haddad")["story"]
    house.translates(story, headline="الزعيم يتعهد بالدعم", body_html="<p>جدد الزعيم دعمه.</p>", translator="Layla")
    house.works()
    mona = {"@type": "Person", "name": "Mona Haddad"}
    levant, in_arabic = "Levant Press Agency", "وكالة المشرق للصحافة"
    for edition, translator, provider, language in (("en", None, levant, None), ("ar", "Layla", in_arabic, "en")):
        tree = html.fromstring(reads(f"/{edition}/stories/{story}").content)
        (article,) = (json.loads(script.text) for script in tree.iter("script"))
        assert article["author"] == [mona]
        assert article.get("translator", {}).get("name") == translator
        assert [meta.get("content") for meta in tree.xpath("//meta[@name='author']")] == ["Mona Haddad"]
        assert tree.xpath("//article//bdi")[0].get("lang") == language
        assert article["sourceOrganization"]["name"] == provider


@pytest.mark.parametrize(("tag", "locale"), [("en", ""), ("en-gb", "en_GB"), ("zh-hant-tw", "zh_TW"), ("sr-latn", "")])
def test_opengraph_is_told_a_language_with_its_territory_or_nothing(tag: str, locale: str) -> None:
    assert locale_of(tag) == locale


@pytest.mark.parametrize(
    "path",
    ["", "arab/", "politics/", "all/", "tags/diplomacy/", "tags/Iraq/", "tags/war/peace/", "labels/ANALYSIS/",
     f"archive/{TODAY}/",     f"archive/{TODAY[:7]}/", "search?q=leader", "search?region=arab&section=politics",
     f"search?since={TODAY}&until={TODAY}", "search?q=leader&region=&section=&since=&until=", "search?q=leader&since=soon"],
)  # fmt: skip
def test_a_story_is_found_by_every_way(house: House, path: str) -> None:
    story = pushes_the_seed(house)
    page = reads(f"/en/{path}")
    assert page.status_code == 200
    wanted = f"/en/archive/{TODAY}/" if path == f"archive/{TODAY[:7]}/" else f"/en/stories/{story}"
    assert wanted in page.text


def test_arabic_is_found_however_it_is_spelt_and_its_tags_have_arabic_names(house: House) -> None:
    story = pushes_the_seed(house)
    assert f"/ar/stories/{story}" in reads("/ar/search?q=الوزيــر").text
    assert "<bdi>العراق</bdi></h1>" in reads("/ar/tags/Iraq/").text


@pytest.mark.parametrize(
    "path", ["mars/", "tags/nothing/", "archive/2026-13/", "archive/x/", "archive/9999-12-31/", "stories/x/y"]
)
def test_what_is_not_there_is_a_page_that_says_so(house: House, path: str) -> None:
    page = reads(f"/en/{path}")
    assert page.status_code == 404
    assert "text/html" in page.headers["content-type"]


def test_a_list_goes_on_where_it_ended(house: House) -> None:
    for number in range(45):
        house.pushes(uri=f"urn:{number}", headline=f"Story number {number}", body_text=f"Text of {number} about {number}.")
    house.works()
    first = html.fromstring(reads("/en/all/").content)
    (older,) = [link.get("href") for link in first.iter("a") if link.get("rel") == "next"]
    second = html.fromstring(reads(older).content)
    titles = [heading.text_content() for page in (first, second) for heading in page.iter("h2")]
    assert sorted(titles) == sorted(f"Story number {number}" for number in range(45))


def test_a_correction_shows_what_changed(house: House) -> None:
    story = pushes_the_seed(house)
    house.pushes(
        version=2, signal="correction", headline="Leader pledges support", provider={"name": "Levant Press Agency"},
        body_text="The leader restated his backing.\n\nHe met the ambassador in Wonsan.",
        correction={"note": "It was the ambassador."},
    )  # fmt: skip
    house.works()
    page = reads(f"/en/stories/{story}").text
    assert "It was the ambassador." in page
    assert "<del>minister</del> <ins>ambassador</ins>" in page, "two words, also for who reads text alone"
    (changed,) = html.fromstring(page).xpath("//details")
    assert changed.getparent().get("data-nosnippet") is not None
    assert html.fromstring(page).xpath("//article//del | //article//ins") == [], "what changed is not the article"


def test_related_and_earlier_stories_are_named(house: House) -> None:
    story = pushes_the_seed(house)
    other = house.pushes(
        uri="urn:newsroom:2", evolvedFrom="urn:newsroom:1", headline="Leader goes on", body_text="Then he left.",
        keywords=["diplomacy"],
    )["story"]  # fmt: skip
    house.works()
    page = reads(f"/en/stories/{other}").text
    assert "Related stories" in page
    assert page.count(f"/en/stories/{story}") == 2
    assert "Earlier stories" in page
    assert f"/en/stories/{other}" in reads(f"/en/stories/{story}").text


def test_pictures_have_their_credit(house: House) -> None:
    pictures = [
        {"name": f"p{n}", "uri": f"urn:p{n}", "type": "picture", "headlines": [{"value": f"Caption {n}"}],
         "by": f"Photographer {n}", "renditions": [{"name": "web", "href": f"https://x.example/{n}.jpg",
                                                    "contentType": "image/jpeg", "width": 640, "height": 480}]}
        for n in (1, 2)
    ]  # fmt: skip
    story = house.pushes(associations=pictures)["story"]
    house.works()
    page = reads(f"/en/stories/{story}").text
    for n in (1, 2):
        assert f'src="https://x.example/{n}.jpg"' in page
        assert f"Photographer {n}" in page
    assert page.count('width="640" height="480"') == 2


def test_a_story_may_be_shared_by_an_address_with_its_words(house: House) -> None:
    story = pushes_the_seed(house)
    page = reads(f"/ar/stories/{story}/{url_slug_of('الزعيم يتعهد بالدعم')}")
    assert page.status_code == 200
    assert f'rel="canonical" href="https://wire.example/ar/stories/{story}"' in page.text
    assert "https://wa.me/?text=" in page.text
    assert url_slug_of("Oil & gas: 5% up!") == "oil-gas-5-up"


def test_crawlers_are_told_where_everything_is(house: House) -> None:
    story = pushes_the_seed(house)
    assert "Sitemap: https://wire.example/sitemap.xml" in reads("/robots.txt").text
    index = etree.fromstring(reads("/sitemap.xml").content)
    locations = [loc.text or "" for loc in index.iter(f"{SITEMAP}loc")]
    assert [loc.rpartition("/sitemaps/")[2] for loc in locations] == [f"ar/{TODAY[:7]}-1.xml", f"en/{TODAY[:7]}-1.xml"]
    for location in locations:
        sitemap = etree.fromstring(reads(location.removeprefix("https://wire.example")).content)
        assert len(list(sitemap.iter("{http://www.w3.org/1999/xhtml}link"))) == 2
    news = etree.fromstring(reads("/news-sitemap.xml").content)
    titles = {title.text for title in news.iter("{http://www.google.com/schemas/sitemap-news/0.9}title")}
    assert titles == {"Leader pledges support", "الزعيم يتعهد بالدعم"}
    house.pushes(version=2, pubstatus="canceled")
    house.works()
    assert story not in reads("/sitemap.xml").text + reads("/news-sitemap.xml").text
    assert reads(f"/sitemaps/en/{TODAY[:7]}-1.xml").status_code == 404


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("", "25 نوفمبر 2026، 22:30 بتوقيت غرينتش"),
        ('digits = "arab"', "٢٥ نوفمبر ٢٠٢٦، ٢٢:٣٠ بتوقيت غرينتش"),
        ('zone = "Asia/Riyadh"', "26 نوفمبر 2026، 01:30"),
        ('calendar = "islamic-umalqura"', "25 نوفمبر 2026 (15 جمادى الآخرة 1448 هـ)، 22:30"),
    ],
)
def test_an_edition_says_times_in_its_digits_zone_and_calendar(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, says: str
) -> None:
    source = DEFAULT_FILE.read_text(encoding="utf-8").replace("# policy = ", f"{lines}\n# policy = ", 1)
    use_wire_file(source, tmp_path, monkeypatch)
    assert says in dates.shown_moment(datetime(2026, 11, 25, 22, 30, tzinfo=UTC), "ar")
