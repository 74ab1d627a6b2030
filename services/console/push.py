"""`barq push`: items from files, folders or standard input, and translations after the stories that they belong to."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from shared.errors import BarqError

#: items in one request: a burst travels in chunks from the first step on
BATCH = 200

_JSON_LINES = (".ndjson", ".jsonl")
#: what a folder is searched for; a file that is named is pushed whatever it is called
_SUFFIXES = {".json", *_JSON_LINES, ".xml", ".nitf", ".newsml", ".rss", ".atom", ".txt", ".anpa", ".iptc", ".eml"}


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One item of a file, as it will be sent."""

    name: str  #: the file, with the line of an NDJSON one
    body: bytes
    content: dict[str, Any] | None = None  #: decoded, if it is one item in JSON; everything else is for the wire to read


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a parcel."""

    name: str
    status: str  #: `accepted`, `duplicate`, `translated`, `refused`
    detail: str
    story: str = ""


def read_parcels(paths: Sequence[str]) -> list[Parcel]:
    """Every item of the files named; folders are searched. Raises BarqError for a path that is not there."""
    parcels: list[Parcel] = []
    for path in paths:
        if path == "-":
            parcels += _parcels_of("-", sys.stdin.buffer.read())
            continue
        found = Path(path)
        if not found.exists():
            raise BarqError(f"{path} is not there")
        files = sorted(f for f in found.rglob("*") if f.suffix in _SUFFIXES) if found.is_dir() else [found]
        for file in files:
            parcels += _parcels_of(str(file), file.read_bytes())
    if not parcels:
        raise BarqError(f"there is nothing to push: no file of {', '.join(sorted(_SUFFIXES))} was found")
    return parcels


def _parcels_of(name: str, body: bytes) -> Iterator[Parcel]:
    if Path(name).suffix in _JSON_LINES or (name == "-" and _is_lines_of_json(body)):
        for number, line in enumerate(body.splitlines(), start=1):
            if line.strip():
                yield Parcel(name=f"{name}:{number}", body=line, content=_item_in(line))
    else:
        yield Parcel(name=name, body=body, content=_item_in(body))


def _item_in(body: bytes) -> dict[str, Any] | None:
    """The one item that JSON is; a feed and an array hold many."""
    try:
        decoded = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    is_item = isinstance(decoded, dict) and not str(decoded.get("version")).startswith("https://jsonfeed.org/")
    return decoded if is_item else None


def _is_lines_of_json(body: bytes) -> bool:
    return body.lstrip().startswith(b"{") and _item_in(body) is None


def push(parcels: Sequence[Parcel], client: httpx.Client) -> Iterator[Outcome]:
    """Send everything, stories before translations; an outcome for each parcel as it is known."""
    stories = [parcel for parcel in parcels if not _is_translation(parcel)]
    story_of: dict[str, str] = {}
    batch: list[Parcel] = []
    for parcel in stories:
        if parcel.content is not None:
            batch.append(parcel)
        if batch and (len(batch) == BATCH or parcel.content is None):
            yield from _push_lines(batch, client, story_of)
            batch = []
        if parcel.content is None:
            yield from _push_payload(parcel, client)
    if batch:
        yield from _push_lines(batch, client, story_of)
    for parcel in parcels:
        if _is_translation(parcel):
            yield _push_translation(parcel, client, story_of)


def _is_translation(parcel: Parcel) -> bool:
    return parcel.content is not None and "translationOf" in parcel.content


def _push_lines(batch: Sequence[Parcel], client: httpx.Client, story_of: dict[str, str]) -> Iterator[Outcome]:
    """Items in JSON travel together, one a line, each as it was written: a line's end in valid JSON stands between its values."""
    body = b"\n".join(b" ".join(parcel.body.removeprefix(codecs.BOM_UTF8).splitlines()) for parcel in batch)
    answer = _answer(client.post("/v1/items", content=body, headers={"content-type": "application/x-ndjson"}))
    if "accepted" not in answer:
        for parcel in batch:
            yield Outcome(name=parcel.name, status="refused", detail=answer.get("detail", "no answer"))
        return
    for row in answer["accepted"]:
        content = batch[row["index"]].content or {}
        story_of[str(content.get("uri"))] = row["story"]
    yield from _outcomes(answer, [parcel.name for parcel in batch])


def _push_payload(parcel: Parcel, client: httpx.Client) -> Iterator[Outcome]:
    """Everything else goes as it is, one file a request; the wire tells how many items it found."""
    media_type = "message/rfc822" if parcel.name.endswith(".eml") else "application/octet-stream"
    answer = _answer(client.post("/v1/items", content=parcel.body, headers={"content-type": media_type}))
    if "accepted" not in answer:
        yield Outcome(name=parcel.name, status="refused", detail=answer.get("detail", "no answer"))
        return
    count = len(answer["accepted"]) + len(answer["rejected"])
    yield from _outcomes(answer, [parcel.name] if count == 1 else [f"{parcel.name}#{n}" for n in range(1, count + 1)])


def _outcomes(answer: dict[str, Any], names: Sequence[str]) -> Iterator[Outcome]:
    for row in answer["accepted"]:
        status = "duplicate" if row["duplicate"] else "accepted"
        yield Outcome(name=names[row["index"]], status=status, detail=row["item"], story=row["story"])
    for row in answer["rejected"]:
        yield Outcome(name=names[row["index"]], status="refused", detail=row["problem"]["detail"])


def _push_translation(parcel: Parcel, client: httpx.Client, story_of: dict[str, str]) -> Outcome:
    """A file with `translationOf: {uri, version}`, `language`, `headline`, `body_html` and `translator`."""
    content = parcel.content or {}
    source = content["translationOf"].get("uri", "") if isinstance(content["translationOf"], dict) else ""
    story = story_of.get(source)
    if story is None:
        return Outcome(name=parcel.name, status="refused", detail=f"its story {source!r} is not among what was pushed with it")
    wanted = ("headline", "summary", "body_html", "translator", "revision")
    response = client.put(
        f"/v1/stories/{story}/editions/{content.get('language', '')}",
        json={field: content[field] for field in wanted if field in content},
    )
    if response.status_code != 202:
        return Outcome(name=parcel.name, status="refused", detail=_answer(response).get("detail", "no answer"))
    return Outcome(name=parcel.name, status="translated", detail=str(content.get("language")), story=story)


def _answer(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        return {"detail": f"the wire answered {response.status_code} without JSON; is it a wire at all?"}
    return answer
