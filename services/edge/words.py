"""The pages' own words in each edition's language; English where nobody has written them yet."""

from __future__ import annotations

_ENGLISH = {
    "feeds": "Feeds",
    "feeds_intro": "Every feed of this edition, for readers of feeds.",
    "feed_intro": "This is a feed: give its address to a reader of feeds, and new stories come to you.",
    "feed_source": "The feed itself",
    "latest": "Latest",
    "regions": "Regions",
    "sections": "Sections",
    "nothing": "No stories yet.",
    "home": "Home",
    "updated": "Updated",
    "published": "Published",
    "by": "By",
    "all": "All stories",
    "not_found": "Not found",
    "not_found_text": "There is no page at this address.",
    "opml": "All of them as OPML",
    "rights": "Rights",
    "tags": "Tags",
}
_ARABIC = {
    "feeds": "الخلاصات",
    "feeds_intro": "جميع خلاصات هذه النشرة لقارئات الخلاصات.",
    "feed_intro": "هذه خلاصة: أعطِ عنوانها لقارئة خلاصات فتصلك الأخبار الجديدة.",
    "feed_source": "الخلاصة نفسها",
    "latest": "آخر الأخبار",
    "regions": "المناطق",
    "sections": "الأقسام",
    "nothing": "لا أخبار بعد.",
    "home": "الرئيسية",
    "updated": "حُدِّث",
    "published": "نُشر",
    "by": "بقلم",
    "all": "جميع الأخبار",
    "not_found": "غير موجود",
    "not_found_text": "لا توجد صفحة في هذا العنوان.",
    "opml": "جميعها بصيغة OPML",
    "rights": "الحقوق",
    "tags": "الوسوم",
}


def words_of(edition: str) -> dict[str, str]:
    """A page's words by name."""
    return {"ar": _ARABIC}.get(edition.split("-")[0], _ENGLISH)
