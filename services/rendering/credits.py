"""Who wrote a story, as an edition says it: its reporter and its provider. Credit is owed in every edition.

The name of a key or a source never stands here: where an item names no provider, that is the wire's own agency.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.entry import AuthorKind
from shared.contracts.item import WireItem
from shared.language.markup import plain_text, safe_html
from shared.wire.config import Wire, in_language


@dataclass(frozen=True, kw_only=True)
class Credit:
    """A story's reporter and provider in one edition."""

    author: str  #: the reporter, else the provider
    kind: AuthorKind
    byline: str  #: empty: there is none
    byline_language: str  #: that the byline is written in, where it stands as it came in another edition; else empty
    provider: str  #: the agency where the item names none
    provider_names: tuple[str, ...]  #: what the provider is asked for by


def credit_of(item: WireItem, edition: str, *, wire: Wire, is_own: bool, language: str, approved_byline: str = "") -> Credit:
    """A story's credit in an edition, whose own text it is or a translation.

    `language` is the story's (empty: nobody knows it), `approved_byline` the byline as the edition's glossary has it.
    """
    provider, agency = provider_name(item, edition, wire), in_language(wire.agency.name, edition)
    byline, byline_language = without_tags(item.byline), ""
    kind: AuthorKind = "person" if byline else "organization"
    if organisation := _organisation_called(byline, item, edition, wire):
        kind = "organization"
        byline = byline if is_own else organisation
    elif byline and not is_own:
        byline, byline_language = (approved_byline, "") if approved_byline else (byline, language)
    return Credit(
        author=byline or provider,
        kind=kind,
        byline=byline,
        byline_language=byline_language,
        provider=provider,
        provider_names=tuple(dict.fromkeys((item.provider.name or item.provider.code or agency, provider))),
    )


def provider_name(item: WireItem, edition: str, wire: Wire) -> str:
    """A provider's name in the edition's language; the agency's where the item names none."""
    if not (item.provider.name or item.provider.code):
        return in_language(wire.agency.name, edition)
    row = wire.provider(item.provider.name, item.provider.code)
    return (in_language(row.name, edition) if row else "") or item.provider.name or item.provider.code


def without_tags(line: str) -> str:
    """Some send a byline or a keyword with mark-up in it."""
    return plain_text(safe_html(line)) if "<" in line else line


def _organisation_called(byline: str, item: WireItem, edition: str, wire: Wire) -> str:
    """The provider or the agency, in the edition's language, if a byline is nothing but its name; else empty."""
    called = byline.casefold()
    row = wire.provider(item.provider.name, item.provider.code)
    providers = {item.provider.name, item.provider.code, *(row.name.values() if row else ())}
    if called in {name.casefold() for name in providers if name}:
        return provider_name(item, edition, wire)
    if called in {name.casefold() for name in wire.agency.name.values() if name}:
        return in_language(wire.agency.name, edition)
    return ""
