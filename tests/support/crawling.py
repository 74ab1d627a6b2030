"""A reader that looks everywhere: every public address of the edge, by links and by what is known of a story."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import quote

from fastapi.testclient import TestClient

from shared.wire.config import wire

_FORMS = ("rss", "atom", "json")
_LINK = re.compile(r"""(?:href|xmlUrl|url|next|"next"|<loc)["']?[=:>]\s*["']?(?:https://wire\.example)?(/[^"'#<>\s]*)""")
#: a feed's own document: the one thing that is made beforehand
_DOCUMENT = re.compile(r"/[^/]+/feeds/[^/?]+\.(?:rss|atom|json)(?:\?as=feed)?")


def is_document(path: str) -> bool:
    """Is this a feed's own document, which rendering replaces, and not a page of it that is put together when asked for?"""
    return bool(_DOCUMENT.fullmatch(path)) and "/feeds/search." not in path


def crawl(reader: TestClient, story: str, words: Iterable[str] = ()) -> dict[str, str]:
    """Everything that can be reached; `words` are looked for, as tags and labels too. An answer may repeat its own address."""
    known = ["/", *_of_the_wire(words), *_of_a_story(story)]
    seen: dict[str, str] = {}
    while known:
        path = known.pop()
        if path in seen:
            continue
        text = reader.get(path, follow_redirects=False).text
        seen[path] = _without_its_address(text, words) if any(quote(word) in path for word in words) else text
        known += [unescape(link) for link in _LINK.findall(text)]
    for edition in wire().editions:
        seen[f"export of {edition}"] = reader.get(
            f"/v1/stories?edition={edition}", headers={"accept": "application/x-ndjson"}
        ).text
        for feed in ("all", "arab"):
            seen[f"{edition}/{feed} in a browser"] = reader.get(
                f"/{edition}/feeds/{feed}.rss", headers={"sec-fetch-dest": "document"}
            ).text
    return seen


def _without_its_address(text: str, words: Iterable[str]) -> str:
    """What was asked for stands in links, in the field of the search and in the title of its feed."""
    for word in words:
        text = text.replace(quote(word), "").replace(f'value="{word}"', "")
        text = re.sub(rf"(: |, )(?:region|arab|{re.escape(word)})+(?=[,<\"])", r"\1", text)
        text = text.replace(f"<title>{word} –", "<title>").replace(f"<h1>{word}</h1>", "")
    return text


def _of_the_wire(words: Iterable[str]) -> list[str]:
    known = ["/robots.txt", "/sitemap.xml", "/news-sitemap.xml", "/v1/stories", "/v1/stories?region=arab"]
    for edition in wire().editions:
        known += [f"/{edition}/{page}" for page in ("", "arab/", "all/", "feeds/", "feeds.opml", "archive/")]
        known += [f"/v1/stories{form}?edition={edition}" for form in ("", ".ninjs", ".newsml")]
        for form in _FORMS:
            known += [f"/{edition}/feeds/{feed}.{form}{page}" for feed in ("all", "arab") for page in ("", "?page=1")]
            known.append(f"/{edition}/feeds/search.{form}?region=arab")
        for word in map(quote, words):
            known += [f"/{edition}/search?q={word}", f"/{edition}/tags/{word}/", f"/{edition}/labels/{word}/"]
            known += [f"/v1/stories?edition={edition}&{by}={word}" for by in ("q", "tag", "label", "provider")]
            known.append(f"/{edition}/feeds/search.atom?q={word}")
    return known


def _of_a_story(story: str) -> list[str]:
    known = [f"/v1/stories/{story}", f"/v1/stories/{story}/revisions", f"/v1/stories/{story}/revisions?compare=1,2"]
    for edition in wire().editions:
        known += [f"/{edition}/stories/{story}{way}" for way in ("", "/any-words", "?comment=taken")]
        known += [f"/v1/stories/{story}{form}?edition={edition}" for form in ("", ".ninjs", ".newsml", ".nitf")]
    return known
