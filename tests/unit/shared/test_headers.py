"""What a page may load, and who may keep it."""

from __future__ import annotations

from shared.web.headers import PUBLIC, page_headers


def test_a_page_loads_nothing_runs_nothing_and_is_kept_by_nobody_unless_it_says_so() -> None:
    assert page_headers() == {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }


def test_what_a_page_names_is_allowed_and_nothing_else() -> None:
    policy = page_headers(scripts="'self'", images="https: data:", framed_by="'self'")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "img-src https: data:" in policy
    assert "frame-ancestors 'self'" in policy
    assert "connect-src" not in policy


def test_only_readers_pages_may_be_kept() -> None:
    assert page_headers(cache=PUBLIC)["Cache-Control"].startswith("public")
