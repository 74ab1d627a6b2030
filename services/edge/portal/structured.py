"""What machines read on a story's page: schema.org's NewsArticle as JSON-LD (https://schema.org/NewsArticle)."""

from __future__ import annotations

import json

from shared.contracts.entry import StoredEntry
from shared.wire.config import Wire, in_language


def news_article(entry: StoredEntry, *, edition: str, wire: Wire, public_url: str) -> str:
    """JSON that can stand in a page: no `<` in it ends anything."""
    own = entry.barq
    named = [name for name in own.categories.get("section", ()) if name in wire.sections]
    article: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "identifier": own.story,
        "headline": entry.title[:110],
        "description": entry.summary,
        "inLanguage": edition,
        "datePublished": entry.date_published.isoformat(),
        "dateModified": entry.date_modified.isoformat(),
        "mainEntityOfPage": entry.url,
        "articleSection": [in_language(wire.sections[name].name, edition) for name in named],
        "keywords": list(entry.tags),
        "isAccessibleForFree": True,
        "copyrightNotice": own.rights,
        "author": [{"@type": "Organization", "name": author.name} for author in entry.authors],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": in_language(wire.agency.name, edition),
            "url": f"{public_url}/",
            "logo": {"@type": "ImageObject", "url": wire.agency.logo or f"{public_url}/barq.png"},
        },
        "workTranslation": [{"@type": "NewsArticle", "@id": href, "inLanguage": tag} for tag, href in own.editions.items()],
        "image": [picture.url for picture in own.pictures],
    }
    kept = {name: value for name, value in article.items() if value not in ("", [], None)}
    return json.dumps(kept, ensure_ascii=False).replace("<", "\\u003c")
