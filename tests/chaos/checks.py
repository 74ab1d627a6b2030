"""What must hold after each fault and at the end: what was accepted is read or says why not, once, in order, everywhere."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import Any

import httpx
import psycopg

from shared.contracts.story import STORY_ID
from tests.chaos.load import PLACES, TRANSLATED, Story
from tests.chaos.readers import DOCUMENTS, FORMS, marks_in
from tests.chaos.scene import Scene
from tests.support.factories import sent

#: how long everything may take to come to rest before it counts as lost
PATIENCE_S = 180.0
_STORY = re.compile(STORY_ID.pattern.strip("^$"))
_ENTRY = {"rss": re.compile(r"<item>.*?</item>", re.DOTALL), "atom": re.compile(r"<entry[ >].*?</entry>", re.DOTALL)}
#: states of items that need no word of explanation
_PLAIN = {"published", "superseded", "killed", "withheld", "expired", "embargoed"}


def recovery_s(scene: Scene, number: int) -> float:
    """From now until a flash that is pushed now can be read in a feed."""
    began_s = time.monotonic()
    headline = f"Probe {number} of {scene.seed}"
    # a provider of its own: that of the load has used up what it may send on the express lane
    item = sent(
        uri=f"urn:probe:{number}", headline=headline, urgency=1, body_text=f"It was said {number} times.",
        provider={"name": "Probe"},
    )  # fmt: skip
    is_pushed = False
    while time.monotonic() - began_s < PATIENCE_S:
        with suppress(httpx.HTTPError):
            is_pushed = is_pushed or scene.newsroom.post("/v1/items", json=item, timeout=10).status_code == 202
            if is_pushed and headline in httpx.get(f"{scene.wire.url}/en/feeds/all.json", timeout=10, trust_env=False).text:
                return time.monotonic() - began_s
        time.sleep(0.05)
    scene.complaints.say("lost", f"probe {number} was never read")
    return PATIENCE_S


def _get(scene: Scene, path: str) -> httpx.Response:
    """As a patient reader asks: again, where nobody answers or the answer is that of a wire that has trouble."""
    ends_s = time.monotonic() + PATIENCE_S
    while True:
        with suppress(httpx.TransportError):
            answer = scene.newsroom.get(path)
            if answer.status_code < 500 or time.monotonic() > ends_s:
                return answer
        if time.monotonic() > ends_s:
            raise TimeoutError(f"{path} did not answer")
        time.sleep(0.2)


def rests(scene: Scene) -> bool:
    """Wait until nothing is due and everyone is told; False, and a complaint, if that never comes."""
    ends_s = time.monotonic() + PATIENCE_S
    left: list[tuple[object, ...]] = [("nothing answered",)]
    while time.monotonic() < ends_s:
        with suppress(psycopg.Error):
            left = scene.sql("""
                SELECT stage, count(*), min(due_at), max(attempts), max(right(error, 150)) FROM work
                WHERE state = 'due' AND stage <> 'poll' AND due_at < now() + interval '15 minutes'
                  AND NOT (stage IN ('lift', 'expire') AND due_at > now()) GROUP BY stage
                UNION ALL
                SELECT 'told', count(*), min(due_at), max(attempts), '' FROM deliveries WHERE state = 'due' HAVING count(*) > 0
            """)
            if not left:
                return True
        time.sleep(0.3)
    scene.complaints.say("restless", f"after {PATIENCE_S:.0f} s there is still due: {left}")
    return False


def after_a_fault(scene: Scene, since: datetime) -> None:
    """What was accepted since is somewhere and says why; what readers have now is what they should have."""
    rests(scene)
    _check_items(scene, since)
    _check_dead(scene)
    for path in DOCUMENTS:
        _check_newest(scene, path)
    if scene.load.known.refused:
        scene.complaints.say("refused", scene.load.known.refused.pop())


def at_the_end(scene: Scene) -> None:
    """Everything, page by page to the end of every feed in every format, and what each receiver was told."""
    latest = max((max(story.not_before, story.expires_at) for story in scene.load.known.stories.values()), default=0.0)
    time.sleep(max(latest - time.time(), 0) + 1)
    rests(scene)
    _check_items(scene, None)
    for edition in ("en", "ar"):
        for feed in ("all", *PLACES.values()):
            wanted = _wanted(scene, edition, feed)
            for form in FORMS:
                _check_whole(scene, f"/{edition}/feeds/{feed}.{form}", wanted)
    _check_told(scene)


# ── Items ────────────────────────────────────────────────────────────────────────────────────────────────────────


def every_item(scene: Scene, since: datetime | None) -> Iterator[dict[str, Any]]:
    """The newsroom's list of what was sent, page by page to its end."""
    address = "/v1/items?everyone=true&limit=500"
    if since:
        address += "&since=" + since.isoformat().replace("+", "%2B")
    while address:
        told = _get(scene, address).raise_for_status().json()
        yield from told["items"]
        address = told.get("next") or ""


def _check_items(scene: Scene, since: datetime | None) -> None:
    known = scene.load.known
    rows = list(every_item(scene, since))
    for row in rows:
        says_why = row["state"] in _PLAIN or row["reason"]
        if row["uri"].startswith("urn:chaos:") and not says_why:
            scene.complaints.say("lost", f"{row['uri']} version {row['version']} is {row['state']} and does not say why")
    listed = Counter(row["item"] for row in rows if row["uri"].startswith("urn:chaos:"))
    if since is None:
        for item in known.accepted.keys() - listed.keys():
            scene.complaints.say("lost", f"{known.accepted[item]} was answered 202, and is not in the list of items")
    for item in listed.keys() - known.accepted.keys():
        scene.complaints.say("twice", f"item {item} is in the list of items, and was never answered 202")
    for item, times in listed.items():
        if times > 1:
            scene.complaints.say("twice", f"item {item} is {times} times in the list of items")


def _check_dead(scene: Scene) -> None:
    for stage, item, error in scene.sql("SELECT stage, item, right(error, 300) FROM work WHERE state = 'dead'"):
        scene.complaints.say("dead", f"{stage} of {item}: {error}")
    scene.sql("DELETE FROM work WHERE state = 'dead'")  # told once


# ── Feeds ────────────────────────────────────────────────────────────────────────────────────────────────────────


def entries(text: str, form: str) -> list[tuple[str, set[tuple[int, int]]]]:
    """The stories of a document in their order, each with the marks in its entry; without advisories, which are of no story."""
    if form == "json":
        rows = [row for row in json.loads(text)["items"] if row["_barq"]["status"] != "advisory"]
        return [(row["_barq"]["story"], marks_in(json.dumps(row))) for row in rows]
    found = [(_STORY.search(entry), entry) for entry in _ENTRY[form].findall(text) if ",2024:advisory:" not in entry]
    return [(story[0], marks_in(entry)) for story, entry in found if story]


def _check_newest(scene: Scene, path: str) -> None:
    """A feed's own document: nothing twice, nothing outdated, nothing that was taken back."""
    answer = _get(scene, path)
    if answer.status_code != 200:
        scene.complaints.say("unreadable", f"{path} answers {answer.status_code}")
        return
    now = time.time()
    shown = entries(answer.text, path.rpartition(".")[2])
    for story, times in Counter(story for story, _ in shown).items():
        if times > 1:
            scene.complaints.say("twice", f"{path} has {story} {times} times")
    for _, marks in shown:
        _check_versions(scene, path, marks, now)


def _check_versions(scene: Scene, path: str, marks: set[tuple[int, int]], now: float) -> None:
    for number, version in marks:
        story = scene.load.known.stories.get(number)
        if story is None or not story.sent or abs(now - story.expires_at) < 10 or abs(now - story.not_before) < 10:
            continue  # its moment is now
        if version not in story.shown(now):
            kind = "late" if story.taken_back and version <= story.taken_back.version else "order"
            right = story.shown(now)
            scene.complaints.say(kind, f"{path} at rest has version {version} of {number} ({story.fate}); right is {right}")


def _wanted(scene: Scene, edition: str, feed: str) -> dict[str, Story]:
    """The stories that a feed is to have, by identifier."""
    return {
        story.id: story
        for story in scene.load.known.stories.values()
        if story.sent and feed in ("all", PLACES[story.place]) and (edition == "en" or PLACES[story.place] == TRANSLATED)
    }


def _check_whole(scene: Scene, path: str, wanted: dict[str, Story]) -> None:
    """All pages of a feed, and its document with all its archives: every story once, as it is to be, the newest first."""
    now = time.time()
    form = path.rpartition(".")[2]
    pages = list(_read_to_its_end(scene, f"{path}?page={{}}"))
    if form == "json":
        moments = [row["date_published"] for page in pages for row in json.loads(page)["items"]]
        if moments != sorted(moments, reverse=True):
            scene.complaints.say("order", f"the pages of {path} are not sorted by time")
    _check_once(scene, f"the pages of {path}", [entry for page in pages for entry in entries(page, form)], wanted, now)
    archives = [entry for page in _read_to_its_end(scene, f"{path}?archive={{}}") for entry in entries(page, form)]
    archived = {story for story, _ in archives}
    newest = [entry for entry in entries(_get(scene, path).text, form) if entry[0] not in archived]
    _check_once(scene, f"the archives of {path}", archives + newest, wanted, now)


def _read_to_its_end(scene: Scene, address: str) -> Iterator[str]:
    """Page 1, page 2, … until there is none."""
    for number in count(1):
        answer = _get(scene, address.format(number))
        if answer.status_code != 200 or not _STORY.search(answer.text):
            return
        yield answer.text


def _check_once(
    scene: Scene, where: str, shown: list[tuple[str, set[tuple[int, int]]]], wanted: dict[str, Story], now: float
) -> None:
    counts = Counter(story for story, _ in shown)
    versions = {story: {version for _, version in marks} for story, marks in shown}
    for identifier, story in wanted.items():
        right = story.shown(now)
        if counts[identifier] > 1:
            scene.complaints.say("twice", f"{where} have {identifier} {counts[identifier]} times")
        seen = versions.get(identifier)
        if seen is None and None not in right:
            scene.complaints.say("lost", f"{where} lack story {story.number} ({story.fate}, {story.id}); right is {right}")
        elif seen is not None and not (seen <= right if seen else right & {0, None}):
            scene.complaints.say("order", f"{where} have versions {seen} of {story.number} ({story.fate}); right is {right}")


# ── Subscribers ──────────────────────────────────────────────────────────────────────────────────────────────────


def _check_told(scene: Scene) -> None:
    """Every receiver was told of the newest revision of every story that was ever public, and of every kill."""
    rows = scene.sql("""
        SELECT stories.id, stories.revision, stories.state, entries.edition
        FROM stories JOIN entries ON entries.story = stories.id WHERE entries.format = 'json' AND stories.uri LIKE 'urn:chaos:%'
    """)
    by_id = {story.id: story for story in scene.load.known.stories.values()}
    for story, revision, state, edition in rows:
        told, event = scene.subscribers.newest("/webhook/archive", str(story), str(edition))
        if told != revision or (state == "killed" and event != "story.killed"):
            fate = by_id[str(story)].fate if str(story) in by_id else "?"
            scene.complaints.say("untold", f"{edition} {story} ({fate}): told revision {told} {event}, it is {revision} {state}")
