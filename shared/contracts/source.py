"""How a source is: one word for people, alarms and screens."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

#: a source that changed the names of entries is shown as ill for so long
_UNSTEADY_FOR = timedelta(days=1)


class Health(StrEnum):
    """How a source is; the worst comes first."""

    GONE = "gone"  #: its server said that it is gone for good; `barq source check` asks again
    FAILING = "failing"  #: it cannot be looked at
    REFUSED = "refused"  #: nothing that it brings can be taken
    UNSTEADY = "unsteady"  #: it changes the names of its entries: they are held
    QUIET = "quiet"  #: it brings nothing for longer than it should
    WELL = "well"


def health_of(
    *, gone_at: datetime | None, failures: int, refusals: int, unsteady_at: datetime | None, is_quiet: bool, now: datetime
) -> Health:
    """How a source is, by what its last looks left."""
    if gone_at:
        return Health.GONE
    if failures:
        return Health.FAILING
    if refusals:
        return Health.REFUSED
    if unsteady_at and now - unsteady_at < _UNSTEADY_FOR:
        return Health.UNSTEADY
    return Health.QUIET if is_quiet else Health.WELL
