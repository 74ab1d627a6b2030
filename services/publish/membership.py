"""Which feeds a story belongs to. Once in a feed, always: a correction or a kill must reach whoever had the story."""

from __future__ import annotations

from shared.wire import Wire


def feeds_of(regions: tuple[str, ...], sections: tuple[str, ...], wire: Wire) -> tuple[str, ...]:
    """The names of the feeds, the same in every edition."""
    return tuple(feed for feed in wire.feed_names() if wire.fits_feed(feed, regions, sections))
