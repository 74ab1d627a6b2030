"""Addresses in documents: against which base each stands, and which of them nobody can follow."""

from __future__ import annotations

import pytest

from services.ingest.formats.addresses import (
    address_of_document,
    describe_lost,
    is_followable,
    lost_links,
    resolve,
    resolve_followable,
    resolve_links,
    standing_at,
)

BASE = "https://a.example/news/all.rss"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://a.example/1", True), ("http://a.example", True), ("//a.example/1", False), ("/1", False), ("", False),
        ("ftp://a.example/1", False), ("mailto:a@b.example", False), ("https://", False), ("http://[", False),
    ],
)  # fmt: skip
def test_what_can_be_followed_is_on_the_web_and_has_a_host(address: str, expected: bool) -> None:
    assert is_followable(address) is expected


@pytest.mark.parametrize(
    ("base", "link", "resolved", "followable"),
    [
        (BASE, "1.html", "https://a.example/news/1.html", "https://a.example/news/1.html"),
        (BASE, " /1 ", "https://a.example/1", "https://a.example/1"),
        (BASE, "//b.example/1", "https://b.example/1", "https://b.example/1"),
        (BASE, "http://b.example/1", "http://b.example/1", "http://b.example/1"),
        (BASE, "mailto:a@b.example", "mailto:a@b.example", ""),
        (BASE, "", BASE, ""),
        (BASE, "http://[", "http://[", ""),
        ("", "/1", "/1", ""),
        ("", "https://b.example/1", "https://b.example/1", "https://b.example/1"),
    ],
)
def test_a_link_stands_against_its_base(base: str, link: str, resolved: str, followable: str) -> None:
    assert (resolve(base, link), resolve_followable(base, link)) == (resolved, followable)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<a href="/1">x</a>', '<a href="https://a.example/1">x</a>'),
        ("<img src=1.jpg>", '<img src="https://a.example/news/1.jpg">'),
        ("<a HREF = '/1'>", '<a HREF = "https://a.example/1">'),
        ('<a href="#top">', '<a href="#top">'),
        ('href="/1" in words', 'href="/1" in words'),
        ('<a title="x" href="/1">', '<a title="x" href="https://a.example/1">'),
    ],
)
def test_links_in_html_become_absolute_and_nothing_else_changes(source: str, expected: str) -> None:
    assert resolve_links(source, BASE) == expected
    assert resolve_links(source, "") == source


@pytest.mark.parametrize(
    ("source", "links"),
    [
        ('<a href="/1">x</a><a href="2.html">', ["/1", "2.html"]),
        ('<a href="https://a.example/1">', []),
        ('<a href="mailto:a@b.example">', []),
        ('<a href="#top"><a href="">', []),
        ('<img src="/1.jpg">', []),
    ],
)
def test_links_that_stay_relative_are_lost(source: str, links: list[str]) -> None:
    assert lost_links(source) == links


@pytest.mark.parametrize(
    ("links", "words"),
    [
        (["/1"], "left out, as relative to no address that is known: /1"),
        (["/1", "/2", "/3"], "left out, as relative to no address that is known: /1 and 2 more"),
        (["mailto:a@b.example"], "left out, as no address on the web: mailto:a@b.example"),
    ],
)
def test_a_note_names_the_first_that_is_lost(links: list[str], words: str) -> None:
    assert describe_lost(links) == words


def test_a_document_stands_where_it_was_fetched_from_and_nowhere_afterwards() -> None:
    assert address_of_document() == ""
    with standing_at(BASE):
        assert address_of_document() == BASE
        with standing_at("ftp://a.example/1"):
            assert address_of_document() == ""
        assert address_of_document() == BASE
    assert address_of_document() == ""
