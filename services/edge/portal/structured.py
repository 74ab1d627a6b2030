"""What machines read on a story's page: schema.org's NewsArticle as JSON-LD (https://schema.org/NewsArticle)."""

from __future__ import annotations

import json

from babel import Locale

from shared.contracts.entry import StoredEntry, Translation
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
        "author": [{"@type": author.barq.kind.capitalize(), "name": author.name} for author in entry.authors],
        "sourceOrganization": {"@type": "Organization", "name": own.provider} if own.provider else None,
        "creditText": own.credit,
        **_translated_by(own.translation),
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


def _translated_by(translation: Translation | None) -> dict[str, object]:
    """The person who translated it, or who has signed what a machine wrote. A machine is nobody that schema.org knows."""
    if translation is None:
        return {}
    if translation.reviewed_by:
        return {"editor": {"@type": "Person", "name": translation.reviewed_by}}
    return {} if translation.method == "machine" else {"translator": {"@type": "Person", "name": translation.by}}


def locale_of(edition: str) -> str:
    """An edition's tag as OpenGraph has it, `en_GB`; empty for one without a territory, which OpenGraph does not know."""
    locale = Locale.parse(edition, sep="-")
    return f"{locale.language}_{locale.territory}" if locale.territory else ""
