"""IPTC's Media Topics, from the file that IPTC gives out as JSON (https://cv.iptc.org/newscodes/mediatopic?format=json).

A story about crude oil is one about energy too: a filter or a section that asks for a topic gets its narrower ones. And a topic
has a name in each language that IPTC, or a translator of the file, gives. Without a file a topic is what its sender calls it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.errors import ConfigurationError


@dataclass(frozen=True)
class Topics:
    """What is known of Media Topics, by code (`medtop:20000256`)."""

    broader: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  #: by code, then by language

    def with_broader(self, code: str) -> frozenset[str]:
        """A topic and all that it is part of; any other code is alone."""
        found, waiting = {code}, [code]
        while waiting:
            for above in self.broader.get(waiting.pop(), ()):
                if above not in found:
                    found.add(above)
                    waiting.append(above)
        return frozenset(found)

    def name(self, code: str, edition: str) -> str:
        """A topic's name in an edition's language; nothing where nobody has given it one."""
        names = self.names.get(code, {})
        base = edition.split("-")[0]
        return (
            names.get(edition) or names.get(base) or next((name for tag, name in names.items() if tag.split("-")[0] == base), "")
        )


def read_topics(path: Path) -> Topics:
    """Raises ConfigurationError that says what is wrong with the file."""
    try:
        concepts = json.loads(path.read_text(encoding="utf-8"))["conceptSet"]
        rows = [(_code(row["uri"]), row) for row in concepts]
        return Topics(
            broader={code: tuple(_code(uri) for uri in _list(row.get("broader"))) for code, row in rows},
            names={code: {str(tag): str(name) for tag, name in row.get("prefLabel", {}).items()} for code, row in rows},
        )
    except OSError as unreadable:
        raise ConfigurationError(f"the file of Media Topics {path} cannot be read: {unreadable.strerror}") from unreadable
    except (ValueError, KeyError, TypeError, AttributeError) as other:
        raise ConfigurationError(f"{path} is not IPTC's file of Media Topics in JSON: {other!r}") from other


def _code(uri: str) -> str:
    return f"medtop:{uri.rpartition('/')[2]}"


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []
