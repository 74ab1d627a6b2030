"""JSON that says a member twice with different values: what can be read in two ways is never guessed at.

Of several statuses the one that takes back most holds, of several embargoes the latest, as everywhere. An identity, a version,
an expiry or whether it is a test said twice refuses the item; of all else the last holds, and its sender hears of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from services.ingest.formats.members import is_about_expiry, plain_name, read_again
from services.ingest.formats.parsed_item import ParsedItem

#: so many members of one item, or of one object in it, may be said again; and so many are named in its notes
_MAX_AGAIN = 100
_MAX_NAMED = 10
#: what an item is: with two of them nobody knows which
_IDENTITY = {"uri", "guid", "id", "_id", "version", "altids"}
#: what keeps an item from readers, and has no safer one of two values beside a status
_TEST = {"test", "istest"}
#: what holds the items of a document, or says of which format it is
_OF_DOCUMENT = {"wire_item", "items", "item", "data", "nitf", "version", "api_version"}

Path = tuple[str, ...]


class Members(dict[str, object]):
    """An object that said members more than once: the last of each, and in `again` what was said before it."""

    def __init__(self, pairs: Sequence[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.again: list[tuple[str, object]] = []
        for name, value in pairs:
            if value is not (last := self[name]) and (type(value) is not type(last) or value != last):
                self.again.append((name, value))
                if len(self.again) > _MAX_AGAIN:
                    break

    def __eq__(self, other: object) -> bool:
        """The same, also in what was said before."""
        return isinstance(other, Members) and super().__eq__(other) and self.again == other.again

    def __ne__(self, other: object) -> bool:
        """The opposite, which a dict would answer by its own members alone."""
        return not self == other

    __hash__ = None  # as of any dict


class Repeats:
    """What a document says twice, each at its place: in one of its items, or around them."""

    def __init__(self, document: object, items: Sequence[object]) -> None:
        roots = {id(item): number for number, item in enumerate(items) if isinstance(item, Mapping)}
        self.around: list[Path] = []
        self._in: dict[int, list[tuple[Path, object]]] = {}
        for item, path, value in _members_before(document, roots):
            if item is None:
                self.around.append(path)
            else:
                self._in.setdefault(item, []).append((path, value))

    @property
    def unclear(self) -> Path | None:
        """What makes the document as a whole one that can be read in two ways."""
        return next((path for path in self.around if path[-1] in _OF_DOCUMENT), None)

    def read(self, parsed: ParsedItem, item: int) -> None:
        """Add to the item of this number what it said before, by what holds; its sender hears of each."""
        repeats = self._in.get(item, [])
        if len(repeats) > _MAX_AGAIN:
            parsed.add_error(".".join(repeats[0][0]), f"more than {_MAX_AGAIN} members are said twice, with different values")
        repeats = repeats[:_MAX_AGAIN]
        for path, _ in repeats:
            if path[0] in _IDENTITY:
                name = parsed.names.get("uri", "uri") if path[0] != "version" else "version"
                parsed.add_error(
                    name, f"{'.'.join(path)[:60]!r} is said twice, with different values: nobody knows which is meant"
                )
            elif is_about_expiry(path[-1]) or plain_name(path[-1]) in _TEST:
                parsed.add_error(".".join(path), "is said twice, with different values: say it once")
        for path, value in repeats:
            for name in reversed(path[1:]):
                value = {name: value}
            read_again(parsed, {path[0]: value})
        for path in [*(path for path, _ in repeats), *self.around][:_MAX_NAMED]:
            parsed.note(f"{'.'.join(path)[:120]}: is said twice, with different values; the last holds, of statuses the one that "
                       "takes back most, of embargoes the latest")  # fmt: skip


def _members_before(document: object, roots: Mapping[int, int]) -> Iterator[tuple[int | None, Path, object]]:
    """The number of the item (None: around all), the path in it, and the value. Each object is visited once."""
    waiting: list[tuple[object, int | None, Path]] = [(document, None, ())]
    while waiting:
        value, item, path = waiting.pop()
        if isinstance(value, list):
            waiting += [(inner, item, path) for inner in value if isinstance(inner, dict | list)]
        elif isinstance(value, dict):
            if (root := roots.get(id(value))) is not None:
                item, path = root, ()
            for name, inner in value.items():
                if isinstance(inner, dict | list):
                    waiting.append((inner, item, (*path, name)))
            if isinstance(value, Members):
                for name, before in value.again:
                    yield item, (*path, name), before
                    waiting.append((before, item, (*path, name)))
