"""Sending parcels to the wire: items many at a time, and translations after the stories that they belong to.

A story that was not pushed with its translation is one that the wire has: it is asked for by its `uri`.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from services.console.parcels import Parcel
from services.console.wire_client import api_path, decode_object

#: items in one request: a burst travels in chunks from the first step on
_BATCH = 200

#: what the wire takes of a translation's file; the rest says where it belongs
_OF_A_TRANSLATION = ("headline", "summary", "body_html", "translator", "revision")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a parcel."""

    name: str
    status: str  #: `accepted`, `duplicate`, `translated`, `refused`
    detail: str
    story: str = ""


def send_parcels(parcels: Sequence[Parcel], client: httpx.Client) -> Iterator[Outcome]:
    """Send everything, stories before translations; one or more outcomes for each parcel as they are known.

    Raises httpx.HTTPError if the wire does not answer; what was sent until then is accepted.
    """
    stories = [parcel for parcel in parcels if not parcel.is_translation]
    story_of: dict[str, str] = {}
    batch: list[Parcel] = []
    for parcel in stories:
        if parcel.content is not None:
            batch.append(parcel)
        if batch and (len(batch) == _BATCH or parcel.content is None):
            yield from _send_lines(batch, client, story_of)
            batch = []
        if parcel.content is None:
            yield from _send_payload(parcel, client)
    if batch:
        yield from _send_lines(batch, client, story_of)
    for parcel in parcels:
        if parcel.is_translation:
            yield _send_translation(parcel, client, story_of)


def _send_lines(batch: Sequence[Parcel], client: httpx.Client, story_of: dict[str, str]) -> Iterator[Outcome]:
    """Items in JSON travel together, one a line, each as it was written: a line's end in valid JSON stands between its values."""
    body = b"\n".join(b" ".join(parcel.body.removeprefix(codecs.BOM_UTF8).splitlines()) for parcel in batch)
    answer = decode_object(client.post(api_path("items"), content=body, headers={"content-type": "application/x-ndjson"}))
    if "accepted" not in answer:
        for parcel in batch:
            yield Outcome(name=parcel.name, status="refused", detail=answer.get("detail", "no answer"))
        return
    for row in answer["accepted"]:
        content = batch[row["index"]].content or {}
        story_of[str(content.get("uri"))] = row["story"]
    yield from _read_outcomes(answer, [parcel.name for parcel in batch])


def _send_payload(parcel: Parcel, client: httpx.Client) -> Iterator[Outcome]:
    """Everything else goes as it is, one file a request; the wire tells how many items it found."""
    media_type = "message/rfc822" if parcel.name.endswith(".eml") else "application/octet-stream"
    answer = decode_object(client.post(api_path("items"), content=parcel.body, headers={"content-type": media_type}))
    if "accepted" not in answer:
        yield Outcome(name=parcel.name, status="refused", detail=answer.get("detail", "no answer"))
        return
    count = len(answer["accepted"]) + len(answer["rejected"])
    yield from _read_outcomes(answer, [parcel.name] if count == 1 else [f"{parcel.name}#{n}" for n in range(1, count + 1)])


def _read_outcomes(answer: dict[str, Any], names: Sequence[str]) -> Iterator[Outcome]:
    for row in answer["accepted"]:
        status = "duplicate" if row["duplicate"] else "accepted"
        yield Outcome(name=names[row["index"]], status=status, detail=row["item"], story=row["story"])
    for row in answer["rejected"]:
        yield Outcome(name=names[row["index"]], status="refused", detail=row["problem"]["detail"])


def _send_translation(parcel: Parcel, client: httpx.Client, story_of: dict[str, str]) -> Outcome:
    """A file with `translationOf: {uri, version}`, `language`, `headline`, `body_html` and `translator`."""
    content = parcel.content or {}
    source = str(content["translationOf"].get("uri", "")) if isinstance(content["translationOf"], dict) else ""
    story = story_of.get(source) or _find_story(source, client)
    if story is None:
        return Outcome(name=parcel.name, status="refused", detail=f"neither what was pushed with it nor the wire has {source!r}")
    response = client.put(
        api_path("stories", story, "editions", str(content.get("language", ""))),
        json={field: content[field] for field in _OF_A_TRANSLATION if field in content},
    )
    if response.status_code != 202:
        return Outcome(name=parcel.name, status="refused", detail=decode_object(response).get("detail", "no answer"))
    return Outcome(name=parcel.name, status="translated", detail=str(content.get("language")), story=story)


def _find_story(uri: str, client: httpx.Client) -> str | None:
    """The story of an item that the wire has already, whoever sent it; None if it has none of that `uri`."""
    if not uri:
        return None
    answer = decode_object(client.get(api_path("items", uri=uri, everyone="true", limit="1")))
    return next((str(item["story"]) for item in answer.get("items", ())), None)
