"""`barq push`: items from files, folders or standard input, and translations after the stories that they belong to."""

from __future__ import annotations

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

_MEDIA_TYPES = {".json": "application/json", ".ndjson": "application/x-ndjson", ".jsonl": "application/x-ndjson"}


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One item of a file, as it will be sent."""

    name: str  #: the file, with the line of an NDJSON one
    text: str
    content: Any  #: decoded; None if it is no JSON, which the wire will say
    fault: str = ""  #: why it cannot be sent at all


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
            parcels += _parcels_of("-", sys.stdin.read())
            continue
        found = Path(path)
        if not found.exists():
            raise BarqError(f"{path} is not there")
        files = sorted(f for f in found.rglob("*") if f.suffix in _MEDIA_TYPES) if found.is_dir() else [found]
        for file in files:
            try:
                parcels += _parcels_of(str(file), file.read_text(encoding="utf-8-sig"))
            except UnicodeDecodeError as wrong:
                fault = f"it is not UTF-8 (byte {wrong.start}): JSON is"
                parcels.append(Parcel(name=str(file), text="", content=None, fault=fault))
    if not parcels:
        raise BarqError("there is nothing to push: no .json or .ndjson file was found")
    return parcels


def _parcels_of(name: str, text: str) -> Iterator[Parcel]:
    if Path(name).suffix in (".ndjson", ".jsonl") or (name == "-" and not _is_json(text)):
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield Parcel(name=f"{name}:{number}", text=line, content=_decoded(line))
    else:
        content = _decoded(text)
        # one line for each item travels as NDJSON; what cannot be decoded goes as it is, to be refused by name
        yield Parcel(name=name, text=json.dumps(content) if content is not None else text, content=content)


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _is_json(text: str) -> bool:
    return _decoded(text) is not None


def push(parcels: Sequence[Parcel], client: httpx.Client) -> Iterator[Outcome]:
    """Send everything, stories before translations; an outcome for each parcel as it is known."""
    for parcel in parcels:
        if parcel.fault:
            yield Outcome(name=parcel.name, status="refused", detail=parcel.fault)
    stories = [parcel for parcel in parcels if not parcel.fault and not _is_translation(parcel)]
    story_of: dict[str, str] = {}
    for start in range(0, len(stories), BATCH):
        yield from _push_items(stories[start : start + BATCH], client, story_of)
    for parcel in parcels:
        if _is_translation(parcel):
            yield _push_translation(parcel, client, story_of)


def _is_translation(parcel: Parcel) -> bool:
    return isinstance(parcel.content, dict) and "translationOf" in parcel.content


def _push_items(batch: Sequence[Parcel], client: httpx.Client, story_of: dict[str, str]) -> Iterator[Outcome]:
    body = "\n".join(parcel.text.replace("\n", " ") for parcel in batch)
    answer = _answer(client.post("/v1/items", content=body.encode(), headers={"content-type": "application/x-ndjson"}))
    if "accepted" not in answer:
        for parcel in batch:
            yield Outcome(name=parcel.name, status="refused", detail=answer.get("detail", "no answer"))
        return
    for row in answer["accepted"]:
        parcel = batch[row["index"]]
        story_of[str(parcel.content.get("uri"))] = row["story"]
        status = "duplicate" if row["duplicate"] else "accepted"
        yield Outcome(name=parcel.name, status=status, detail=row["item"], story=row["story"])
    for row in answer["rejected"]:
        yield Outcome(name=batch[row["index"]].name, status="refused", detail=row["problem"]["detail"])


def _push_translation(parcel: Parcel, client: httpx.Client, story_of: dict[str, str]) -> Outcome:
    """A file with `translationOf: {uri, version}`, `language`, `headline`, `body_html` and `translator`."""
    content = parcel.content
    source = content["translationOf"].get("uri", "") if isinstance(content["translationOf"], dict) else ""
    story = story_of.get(source)
    if story is None:
        return Outcome(
            name=parcel.name, status="refused", detail=f"its story {source!r} is not among what was pushed with it"
        )
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
