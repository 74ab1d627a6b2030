"""What other people's libraries make of an origin: a program for `.venv/clients`, where there is nothing of Barq's.

On its input it has {"home": URL, "pages": [URL, …], "opml": [URL, …], "markup": {NAME: HTML, …}}, as JSON; it writes as JSON what
the user of each library is given, under the same addresses and names.
"""

import json
import sys
from typing import Any

import extruct
import html5lib
import httpx
import listparser
import trafilatura
from usp.tree import sitemap_tree_for_homepage


def page(url: str) -> dict[str, Any]:
    """trafilatura's article, and its text whichever way it leans; extruct's JSON-LD and OpenGraph."""
    html = httpx.get(url).text  # trafilatura itself opens no address of loopback
    article = trafilatura.extract(html, url=url, output_format="json", with_metadata=True)
    found = extruct.extract(html, base_url=url, syntaxes=["json-ld", "opengraph"], uniform=True)
    return {
        "article": json.loads(article or "{}"),
        "precise": trafilatura.extract(html, url=url, favor_precision=True),
        "all": trafilatura.extract(html, url=url, favor_recall=True),
        "json_ld": found["json-ld"],
        "opengraph": found["opengraph"],
    }


def sitemaps(home: str) -> list[dict[str, Any]]:
    """Every address that ultimate-sitemap-parser finds from the first page, once for each sitemap that it stands in."""
    return [
        {
            "url": found.url,
            "alternates": dict(found.alternates or []),
            "news": found.news_story and [found.news_story.title, found.news_story.publication_language],
        }
        for found in sitemap_tree_for_homepage(home).all_pages()
    ]


def opml(url: str) -> dict[str, Any]:
    """listparser's feeds: their titles, by address."""
    read = listparser.parse(url)
    return {"bozo": bool(read.bozo), "feeds": {feed.url: feed.title for feed in read.feeds}}


def mends(html: str) -> list[str]:
    """What a browser would have to mend, by html5lib: HTML's own rules of reading. A whole page begins with its doctype."""
    parser = html5lib.HTMLParser()
    (parser.parse if html.startswith("<!doctype") else parser.parseFragment)(html)
    return [f"line {line}, {column}: {fault} {facts or ''}" for (line, column), fault, facts in parser.errors]


asked = json.load(sys.stdin)
json.dump(
    {
        "pages": {url: page(url) for url in asked["pages"]},
        "sitemaps": sitemaps(asked["home"]),
        "opml": {url: opml(url) for url in asked["opml"]},
        "mends": {name: mends(html) for name, html in asked["markup"].items()},
    },
    sys.stdout,
)
