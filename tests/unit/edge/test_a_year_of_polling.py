"""Whatever a reader sends and whatever it does with deltas, it has every story, and the newest version of each."""

from __future__ import annotations

import pytest

from services.rendering.documents import FORMATS
from services.rendering.formats import Format
from tests.support.polling import simulate

#: of the year; all of it is `python -m bench.polling`
DAYS = 8


@pytest.mark.parametrize("feed_format", FORMATS, ids=lambda feed_format: str(feed_format.EXTENSION))
def test_every_kind_of_reader_has_every_story_in_its_newest_version(feed_format: Format) -> None:
    feed, pollers = simulate(feed_format, days=DAYS, seed=7)
    assert len(feed.versions) > 40
    assert {poller.name: poller.has == feed.versions for poller in pollers} == {poller.name: True for poller in pollers}
    statuses = {poller.name: dict(poller.statuses) for poller in pollers}
    takes_deltas = {name for name in statuses if "deltas no" not in name}
    in_no_coding = {name for name in takes_deltas if "no coding" in name}
    assert in_no_coding <= {name for name, seen in statuses.items() if 226 in seen} <= takes_deltas
    alike = [poller for poller in pollers if (poller.validators, poller.codings) == ("etag", "")]
    by_kind = {poller.deltas: poller.bytes_got for poller in alike}
    assert by_kind["yes"] < by_kind["no"]
