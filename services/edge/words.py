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
_SPANISH = {
    "feeds": "Canales",
    "feeds_intro": "Todos los canales de esta edición, para lectores de canales.",
    "feed_intro": "Esto es un canal: dé su dirección a un lector de canales y las noticias nuevas le llegarán.",
    "feed_source": "El canal mismo",
    "latest": "Lo último",
    "regions": "Regiones",
    "sections": "Secciones",
    "nothing": "Todavía no hay noticias.",
    "home": "Portada",
    "updated": "Actualizada",
    "published": "Publicada",
    "by": "Por",
    "all": "Todas las noticias",
    "not_found": "No encontrada",
    "not_found_text": "No hay ninguna página en esta dirección.",
    "opml": "Todos ellos en OPML",
    "rights": "Derechos",
    "tags": "Etiquetas",
}

_BY_LANGUAGE = {"ar": _ARABIC, "es": _SPANISH}


def words_of(edition: str) -> dict[str, str]:
    """A page's words by name."""
    return _BY_LANGUAGE.get(edition.split("-")[0], _ENGLISH)
