"""The headers of a page for people: what it may load, where it may stand, and who may keep it. One policy, said in one place."""

from __future__ import annotations

from collections.abc import Mapping

#: of pages that a person signed in for, and of problems: nobody keeps them
PRIVATE = "no-store"
#: of pages for readers: caches may serve one for a second, and an older one while they ask for a newer
PUBLIC = "public, max-age=1, stale-while-revalidate=30"


def page_headers(
    *,
    cache: str = PRIVATE,
    styles: str = "'unsafe-inline'",
    scripts: str = "",
    connects: str = "",
    images: str = "",
    framed_by: str = "'none'",
    referrer: str = "same-origin",
) -> Mapping[str, str]:
    """The headers of a page. Nothing is allowed but what is named, in Content Security Policy's words; forms come back here."""
    allowed = {
        "default-src": "'none'",
        "style-src": styles,
        "script-src": scripts,
        "connect-src": connects,
        "img-src": images,
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": framed_by,
    }
    return {
        "Cache-Control": cache,
        "Content-Security-Policy": "; ".join(f"{what} {sources}" for what, sources in allowed.items() if sources),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": referrer,
    }
