"""Every file of the corpus is read as what stands beside it; broken, none of them breaks its reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.ingest.acceptance import Candidate, Rejection, read_items
from services.ingest.formats import payload
from shared.contracts.problem import Refused

CORPUS = Path(__file__).parents[2] / "wire"
FILES = sorted(
    path
    for path in CORPUS.glob("*/*")
    if path.suffix in (".xml", ".txt", ".json", ".ndjson", ".eml") and not path.name.endswith(".expected.json")
)
MEDIA_TYPES = {".ndjson": "application/x-ndjson"}


def name_of(path: Path) -> str:
    return str(path.relative_to(CORPUS))


def read(body: bytes, content_type: str = "") -> list[Candidate | Rejection]:
    return list(read_items(body, content_type, most=1000))


def told(result: Candidate | Rejection) -> dict[str, Any]:
    """An item or its refusal, as the corpus writes it."""
    if isinstance(result, Candidate):
        return {"item": result.item.model_dump(mode="json", exclude_defaults=True)}
    return {"refused": [error.field for error in result.problem.errors] or [result.problem.type.rpartition(":")[2]]}


def test_the_corpus_has_every_format() -> None:
    assert len(FILES) >= 60
    formats = {*payload.XML_FORMATS, *payload.JSON_FORMATS, *payload.TEXT_FORMATS, payload.mail}
    read_as = {part.format for path in FILES for part in payload.parts_of(path.read_bytes(), "") if not isinstance(part, Refused)}
    assert read_as == {one.NAME for one in formats}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_file_is_read_as_what_stands_beside_it(path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.name}.expected.json").read_text(encoding="utf-8"))
    assert [told(result) for result in read(path.read_bytes(), MEDIA_TYPES.get(path.suffix, ""))] == expected


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_what_is_cut_off_is_refused_or_read_and_never_breaks_its_reader(path: Path) -> None:
    body = path.read_bytes()
    for share in (0.05, 0.3, 0.5, 0.8, 0.95, 0.99):
        try:
            read(body[: int(len(body) * share)])
        except Refused as refused:
            assert 400 <= refused.problem.status < 500  # noqa: PT017 - being read is as good


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/xml", "application/octet-stream"])
def test_a_document_is_known_by_what_it_is_and_not_by_what_it_is_called(media_type: str) -> None:
    for folder, file in (("nitf", "american.xml"), ("iptc7901", "two-messages.txt"), ("rss", "agency-full.xml")):
        results = read((CORPUS / folder / file).read_bytes(), media_type)
        assert all(isinstance(result, Candidate) for result in results)


def test_a_media_types_charset_is_taken_where_the_document_says_none() -> None:
    body = "<rss version='2.0'><channel><title>T</title><item><title>Zürich</title><guid>urn:1</guid></item></channel></rss>"
    (result,) = read(body.encode("latin-1"), "text/xml; charset=iso-8859-1")
    assert isinstance(result, Candidate)
    assert result.item.headline == "Zürich"
