"""What a JSON item says of status, embargo and schedule, under whatever name: `pub_status`, `embargoUntil`, `publish-at`.

Names are compared without case and punctuation. A member about an embargo that is not understood holds the item: it must never
be public because its sender spells a name otherwise.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache

from services.ingest.formats.parsed_item import ParsedItem
from services.ingest.formats.statuses import NOT_LET_GO, is_not_ready, status_of, status_of_flag, status_when_false
from services.ingest.times import moment_of
from shared.contracts.item import Doubt, PubStatus

#: how deep members are read, and how many of them
_MAX_DEPTH = 5
_MAX_MEMBERS = 2000
_STATUS = {
    "pubstatus", "status", "publishingstatus", "publicationstatus", "publishstatus", "itemstatus", "newsstatus", "storystatus",
    "editorialstatus", "publishedstatus", "pubstate", "publishstate", "publicationstate", "publishingstate", "contentstatus",
    "articlestatus", "documentstatus", "entrystatus", "releasestatus", "workflowstatus", "workflowstate", "editorialstate",
    "lifecyclestatus", "lifecyclestate", "moderationstatus", "moderationstate", "approvalstatus", "poststatus",
    "managementstatus",
}  # fmt: skip
#: names of what may hold many other things, where only a word that takes back is believed
_PERHAPS_STATUS = {"state", "operation", "action", "event", "changetype", "itemstate", "revisiontype"}
#: of these a state that is not ready is believed too
_STATES = {"state", "itemstate"}
#: objects that say something of the item itself; in all others only a name that can be nothing but its status is read
_HOLDERS = {
    "extra", "extras", "meta", "metadata", "custom", "customfields", "additional", "properties", "attributes", "fields", "admin",
    "administrative", "workflow", "publishing", "publication", "management", "newsmanagement", "system", "sys", "control", "item",
    "itemmeta", "pub", "cms", "flags",
}  # fmt: skip
_MAY_BE_ANOTHERS = {"status"}
_FALSE = {"false", "no", "off", "0", "n"}
#: from when on a number is a moment: seconds since 1970 that are not a count
_LEAST_MOMENT = 10**8
_UNTIL = {
    "", "until", "untill", "till", "date", "datetime", "time", "timestamp", "at", "on", "end", "ends", "endat", "endsat",
    "enddate", "endtime", "expires", "expiresat", "expiry", "expiration", "lift", "lifts", "liftat", "liftsat",
    "liftdate", "lifttime", "liftedat", "release", "releasedate", "releaseat", "releasetime", "to", "todate", "before",
    "untildate", "untiltime", "untilutc", "dateutc", "value", "ts",
}  # fmt: skip
_FROM = {"from", "start", "starts", "startat", "startdate", "starttime", "begin", "begins", "publish", "after", "for", "when"}
_TEXT = {"text", "note", "notes", "reason", "terms", "message", "comment", "description", "instructions", "info"}
_NOT_BEFORE = {
    "notbefore", "publishnotbefore", "donotpublishbefore", "nopublicationbefore", "notforpublicationbefore", "holduntil",
    "holdforrelease", "holdforreleaseuntil", "withholduntil", "publishschedule", "publishscheduled", "publishat",
    "publishon", "publishafter", "publishfrom", "topublishat", "scheduledat", "scheduledfor", "scheduled", "scheduledate",
    "scheduleddate", "scheduledtime", "scheduledpublishdate", "scheduledpublishat", "schedulepublish", "golive",
    "goliveat", "golivedate", "livefrom", "liveat", "releaseat", "releaseon", "releasefrom", "releaseafter",
    "releasedate", "releasetime", "releasedatetime", "availablefrom", "availableat", "visiblefrom", "validfrom",
    "startpublishing", "publicationstart", "notpublishbefore", "livedate", "livetime", "livedatetime", "liveon", "sendat",
    "sendon",
    "sendafter", "senddate", "sendtime", "postat", "transmitat", "transmitafter", "distributeat", "distributeafter", "launchat",
    "activateat", "activefrom", "activationdate", "enableat", "showfrom", "displayfrom", "displayafter", "publishstart",
    "publishstartdate", "publicationstartdate", "startpublishdate", "publishedfrom", "visibleat", "visibleafter", "delayuntil",
    "deferuntil", "holdtill", "holdtime",
}  # fmt: skip
#: names in feeds whose time is a schedule if it is one
_PERHAPS_NOT_BEFORE = {
    "available", "dctermsavailable", "dcavailable", "publishdate", "publicationdate", "publishtime", "publishdatetime",
}  # fmt: skip
_EXPIRES = {
    "expires", "expiresat", "expireson", "expireat", "expirydate", "expirationdate", "validuntil", "unpublishat",
    "unpublishon",
}  # fmt: skip
#: names of the zone of the time beside it, and a time that has its own
_ZONES = ("timezone", "zone", "tz", "offset", "utcoffset")
_HAS_ZONE = re.compile(r"(?:\dZ|[+-]\d\d:?\d\d)$", re.IGNORECASE)
_NOTHING = {
    "", "none", "no", "false", "null", "n/a", "na", "nil", "-", "0", "off", "not embargoed", "lifted", "expired", "over",
    "inactive",
}  # fmt: skip
_AT_ONCE = _NOTHING | {"now", "immediate", "immediately", "asap", "auto", "default"}
_TRUE = {"true", "yes", "on", "1"}
#: what says by a word of its own that a story is taken back
_SIGNALS = ("signal", "signals", "editorialtypes")
#: what belongs to other items, or is text
_OTHERS = {
    "associations", "renditions", "bodies", "headlines", "descriptions", "links", "attachments", "related", "refs",
    "groups",
}  # fmt: skip


@lru_cache(4096)
def plain_name(name: str) -> str:
    """A member's name as it is compared: in its plain letters, whatever their width and marks."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", name[:200]).casefold())


@lru_cache(4096)
def is_about_embargo(name: str) -> bool:
    """Does a member's name speak of an embargo?"""
    plain = plain_name(name)
    return "embargo" in plain or "sperrfrist" in plain


def read_members(parsed: ParsedItem, item: Mapping[str, object]) -> frozenset[str]:
    """Read status, embargo, schedule and expiry; the names at the item's top that were understood."""
    understood = set()
    for name, value in item.items():
        if read_expiry(parsed, name, value):
            understood.add(name)
    embargoes = Embargoes(parsed)
    for number, (top, holder, name, value) in enumerate(_members(item)):
        if number == _MAX_MEMBERS:  # an embargo could stand behind them
            parsed.add_error(top, f"the item has more than {_MAX_MEMBERS:,} members: send it with fewer")
            break
        if read_status(parsed, name, value, holder=holder) and not holder:
            understood.add(name)
        if embargoes.read(name, value):
            understood.add(top)
    embargoes.conclude()
    return frozenset(understood)


def read_extension(parsed: ParsedItem, name: str, members: Mapping[str, object]) -> None:
    """Read status and expiry within an extension of JSON Feed: `"_x": {"pubstatus": "canceled"}`."""
    for inner, value in list(members.items())[:_MAX_MEMBERS]:
        if plain_name(str(inner)) in _EXPIRES:
            parsed.put_moment("expires_at", value, f"{name}.{inner}")
        else:
            read_status(parsed, str(inner), value)


def read_again(parsed: ParsedItem, item: Mapping[str, object]) -> None:
    """Add what an item said before it said the same members otherwise: nothing that was said of whom it is for is lost."""
    embargoes = Embargoes(parsed)
    for _, holder, name, value in _members(item):
        if name in _SIGNALS:
            for row in value if isinstance(value, list) else [value]:
                parsed.put_signal(row)
        elif not embargoes.read(name, value):
            read_status(parsed, name, value, holder="" if holder.startswith("_") else holder)
    embargoes.conclude()
    if {"embargoed_until", "embargo_open"} & parsed.fields.keys():
        parsed.fields.pop("embargo_cleared", None)


def is_about_expiry(name: str) -> bool:
    """Does a member's name say until when an item may be used?"""
    return plain_name(name) in _EXPIRES


def read_unplaced(parsed: ParsedItem) -> None:
    """Read embargoes among what a reader could not place: elements and members that no format's reader knows."""
    embargoes = Embargoes(parsed, refuses=False)
    for name, value in list(parsed.unplaced.items()):
        embargoes.read(name.rpartition(" ")[2], value)
    embargoes.conclude()


def read_status(parsed: ParsedItem, name: str, value: object, *, holder: str = "") -> bool:
    """Read a member that says an item's status, at the top or in an object that is called `holder`; is this one?"""
    plain = plain_name(name)
    is_its_own = not holder or holder in _HOLDERS
    if plain in _STATUS and (is_its_own or plain not in _MAY_BE_ANOTHERS):
        parsed.put_status(value, name)
        return True
    if not is_its_own:
        return False
    if plain in _PERHAPS_STATUS and (
        status_of(value) in (PubStatus.CANCELED, PubStatus.WITHHELD) or (plain in _STATES and is_not_ready(value))
    ):
        parsed.put_status(value, name)
        return True
    return _read_flag(parsed, name, value)


def _read_flag(parsed: ParsedItem, name: str, value: object) -> bool:
    """`killed: true`, `withdrawn_at: <time>`, `published: false`, `draft: true`: a status that is a name."""
    if value in (None, "", [], {}):
        return False
    word = str(value).strip().casefold() if isinstance(value, str | int | float) else "something else"
    if (status := status_of_flag(name)) is not None:
        if word in _NOTHING:
            return False
        if word in _TRUE or _is_moment(value):
            parsed.put_status(status.value, name)
        else:
            parsed.add_error(name, f"{str(value)[:60]!r} is neither true nor false nor a time: say it with pubstatus")
        return True
    if plain_name(name).removeprefix("is") in NOT_LET_GO and word in _TRUE:
        parsed.add_error(name, "it is not let go by its writers: send the item when it may be published")
        return True
    if (status := status_when_false(name)) is None or word not in _FALSE:
        return False
    if status is PubStatus.WITHHELD:
        parsed.put_status(status.value, name)
        parsed.note(f"{name}: {word} is read as pubstatus withheld")
    else:
        parsed.add_error(name, f"{word}: send the item when it may be published")
    return True


def _is_moment(value: object) -> bool:
    if isinstance(value, int | float) and value < _LEAST_MOMENT:
        return False
    return moment_of(value) is not None


def read_expiry(parsed: ParsedItem, name: str, value: object) -> bool:
    """Read a member that says until when an item may be used; is this one?"""
    if plain_name(name) not in _EXPIRES:
        return False
    parsed.put_moment("expires_at", value, name)
    return True


def _members(item: Mapping[str, object]) -> Iterator[tuple[str, str, str, object]]:
    """Every member, with the name of the one at the top that it stands in, and of the one that holds it (plain, or empty);
    what belongs to other items left out."""
    waiting: deque[tuple[str, str, str, object, int]] = deque((name, "", name, value, 0) for name, value in item.items())
    count = 0
    while waiting and count <= _MAX_MEMBERS:
        top, holder, name, value, depth = waiting.popleft()
        count += 1
        yield top, holder, name, value
        if depth >= _MAX_DEPTH or plain_name(name) in _OTHERS or is_about_embargo(name):
            continue
        for row in value if isinstance(value, list) else [value]:
            if isinstance(row, Mapping):
                waiting += [(top, plain_name(name), str(inner), held, depth + 1) for inner, held in row.items()]


class Embargoes:
    """What is said of embargo and schedule, until all of it was read: one time that is understood answers for words beside it."""

    def __init__(self, parsed: ParsedItem, *, refuses: bool = True) -> None:
        self.parsed = parsed
        self.refuses = refuses  #: a member of JSON can be mended by its sender; what stands in a feed is held
        self.doubts: list[str] = []
        self.is_open = False
        self.open_schedule = ""  #: a member that says that there is one, and not when

    def read(self, name: str, value: object) -> bool:
        """Is this member about embargo or schedule? Then it is read."""
        plain = plain_name(name)
        if is_about_embargo(name):
            self._read_embargo(name, _kind(name), value)
        elif plain.removeprefix("utc") in _NOT_BEFORE or plain.removesuffix("utc") in _NOT_BEFORE:
            self._read_schedule(name, value)
        elif plain in _PERHAPS_NOT_BEFORE:  # a name that feeds have for much else
            if (moment := moment_of(value)) is None:
                return False
            self._not_before("scheduled_for", moment, name)
        else:
            return False
        return True

    def doubt(self, words: str) -> None:
        """Note an embargo of which nothing can be said but that it is there."""
        self.doubts.append(words[:200])

    def _read_embargo(self, name: str, kind: str, value: object) -> None:
        if _is_nothing(value, _NOTHING):
            if value == {}:  # what was to be said in it is not known
                self.doubts.append(f"{name}: {{}}")
            elif value is not None:  # only null says that there is none any more
                spelled = value if isinstance(value, str) else json.dumps(value)
                self.parsed.note(f"{name}: {spelled[:60]!r} sets no embargo and clears none: one that stood before stands")
            return
        if isinstance(value, Mapping):
            for inner, held in list(_join_day_and_hour(value).items())[:_MAX_MEMBERS]:
                self._read_embargo(f"{name}.{inner}" if inner else name, _kind(str(inner)), held)
            return
        if isinstance(value, list):
            for held in value[:_MAX_MEMBERS]:
                self._read_embargo(name, kind, held)
            return
        moment = moment_of(value)
        if moment is not None and (kind in _UNTIL or kind in _TEXT or "T" in str(value)):
            self._not_before("embargoed_until", moment, name)
        elif value is True or str(value).strip().casefold() in _TRUE:
            self.is_open = True
        elif self.refuses and kind in _UNTIL and isinstance(value, str):
            self.parsed.put_moment("embargoed_until", value, name)  # which says what is wrong with it
        else:
            spelled = value if isinstance(value, str) else repr(value)
            self.doubts.append(f"{name}: {spelled[:200]}")
            self.parsed.keep(name, spelled)

    def _read_schedule(self, name: str, value: object) -> None:
        if _is_nothing(value, _AT_ONCE):
            return
        if isinstance(value, Mapping):  # members that call themselves a schedule are read by themselves
            for inner, held in list(value.items())[:_MAX_MEMBERS]:
                if plain_name(str(inner)) in _UNTIL | _FROM and not isinstance(held, Mapping | list):
                    self._read_schedule(f"{name}.{inner}", held)
            return
        if isinstance(value, list):
            for held in value[:_MAX_MEMBERS]:
                self._read_schedule(name, held)
            return
        if value is True or str(value).strip().casefold() in _TRUE:
            self.open_schedule = name
        elif (moment := moment_of(value)) is not None:
            self._not_before("scheduled_for", moment, name)
        elif self.refuses:
            self.parsed.put_moment("scheduled_for", value, name)

    def _not_before(self, ours: str, moment: datetime, name: str) -> None:
        known = self.parsed.fields.get(ours)
        if not isinstance(known, datetime) or moment > known:  # of several the latest: nobody has it earlier
            self.parsed.put(ours, moment, name)

    def conclude(self) -> None:
        """Put what follows from all that was read: an open embargo, an error, or a doubt. Call it once, at the end."""
        if self.refuses and self.open_schedule and not {"scheduled_for", "embargoed_until"} & self.parsed.fields.keys():
            self.parsed.add_error(self.open_schedule, "it is scheduled, and nothing says for when: send the time")
        if "embargoed_until" in self.parsed.fields:
            self.parsed.fields.pop("embargo_open", None)  # one element said so, and another until when
            return
        if self.is_open:
            self.parsed.put("embargo_open", True)
        elif self.doubts:
            self.parsed.doubt(Doubt.EMBARGO, f"it speaks of an embargo that is not understood ({self.doubts[0]})")


def _kind(name: str) -> str:
    """What is left of a name that speaks of an embargo: `until` of `embargo_until`."""
    return re.sub(r"utc|embargo(?:ed)?|sperrfrist|^is|^under|^media|^prism", "", plain_name(name))


def _join_day_and_hour(parts: Mapping[str, object]) -> dict[str, object]:
    """The parts of an embargo with day, hour and zone put together: the day alone would end it at midnight."""
    names = {plain_name(str(name)): str(name) for name in parts}
    day = next((names[name] for name in ("date", "day") if name in names), "")
    zone = next((names[name] for name in _ZONES if name in names), "")
    hour = next((names[name] for name in ("time", "hour", "clock") if name in names), "")
    if not zone and not (day and hour):
        return dict(parts)
    joined = dict(parts)
    zone_suffix = f" {joined.pop(zone)}" if zone else ""
    if day and hour:
        joined[day] = f"{joined[day]} {joined.pop(hour)}"
    for name, value in joined.items():
        if isinstance(value, str) and _kind(str(name)) in _UNTIL and not _HAS_ZONE.search(value.strip()):
            joined[name] = value + zone_suffix
    return joined


def _is_nothing(value: object, words: set[str]) -> bool:
    return value in (None, False, 0, [], {}) or (isinstance(value, str) and value.strip().casefold() in words)
