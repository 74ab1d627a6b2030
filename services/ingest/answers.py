"""What a reader says of a document, as bytes between two processes.

Not pickle: whoever reads hostile bytes may be taken over by them, and an unpickled answer would be its word on what this process
does next. Each line here is JSON that is checked against the contract as if a stranger had sent it: the most that a reader can
do is to misread the document that it was given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from services.ingest.acceptance import Candidate, Rejection
from services.ingest.formats.payload import Payload
from shared.contracts.item import MEASURED, WireItem
from shared.contracts.problem import Problem, Refused
from shared.errors import BarqError

#: the place of a payload that is the document itself, and of what has none
_THE_DOCUMENT, _NONE = -1, -2


class Garbled(BarqError):
    """A reader answered what is no answer."""


class _Told(BaseModel):
    """One line: an item, or why it is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: int
    position: int
    payload: int = _NONE
    item: WireItem | None = None
    needs_number: bool = False
    problem: Problem | None = None


class _Piece(BaseModel):
    """A payload of its own that the document was taken apart into, and how many bytes it has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    media_type: str


class _Head(BaseModel):
    """The first line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    refused: Problem | None = None  #: nothing can be made of the document as a whole
    document_type: str = ""  #: what the payload that is the whole document is called
    pieces: tuple[_Piece, ...] = ()


def written(body: bytes, results: Sequence[Candidate | Rejection]) -> bytes:
    """A reader's answer."""
    pieces: dict[int, int] = {}
    payloads: list[Payload] = []
    document_type = ""
    lines = []
    for result in results:
        place = _NONE
        if result.payload is not None:
            if len(result.payload.raw) == len(body) and result.payload.raw == body:
                place, document_type = _THE_DOCUMENT, result.payload.media_type
            elif (place := pieces.setdefault(id(result.payload), len(payloads))) == len(payloads):
                payloads.append(result.payload)
        told = (
            _Told(
                index=result.index,
                position=result.position,
                payload=place,
                item=result.item,
                needs_number=result.needs_number,
            )
            if isinstance(result, Candidate)
            else _Told(index=result.index, position=result.position, payload=place, problem=result.problem)
        )
        lines.append(told.model_dump_json(exclude_defaults=True).encode())
    head = _Head(
        document_type=document_type,
        pieces=tuple(_Piece(size=len(payload.raw), media_type=payload.media_type) for payload in payloads),
    )
    return b"\n".join([head.model_dump_json().encode(), *lines, b""]) + b"".join(payload.raw for payload in payloads)


def written_refusal(refused: Refused) -> bytes:
    """A reader's answer where nothing can be made of the document."""
    return _Head(refused=refused.problem).model_dump_json().encode() + b"\n"


def read_answer(answer: bytes, body: bytes) -> Iterator[Candidate | Rejection]:
    """A reader's answer as what it says, one by one. Raises Refused as the reader did, and Garbled."""
    try:
        line, rest = _line(answer, 0)
        head = _Head.model_validate_json(line)
        if head.refused:
            raise Refused.again(head.refused)
        ends = len(answer) - sum(piece.size for piece in head.pieces)
        payloads = {_THE_DOCUMENT: Payload(raw=body, media_type=head.document_type)}
        at = ends
        for number, piece in enumerate(head.pieces):
            payloads[number] = Payload(raw=answer[at : at + piece.size], media_type=piece.media_type)
            at += piece.size
        while rest < ends:
            line, rest = _line(answer, rest)
            yield _result(_Told.model_validate_json(line, context=MEASURED), payloads)
    except (ValidationError, ValueError, KeyError) as garbled:
        raise Garbled(f"a reader's answer is none: {str(garbled)[:300]}") from garbled


def _line(answer: bytes, start: int) -> tuple[bytes, int]:
    end = answer.index(b"\n", start)
    return answer[start:end], end + 1


def _result(told: _Told, payloads: dict[int, Payload]) -> Candidate | Rejection:
    payload = payloads[told.payload] if told.payload != _NONE else None
    if told.problem:
        return Rejection(index=told.index, problem=told.problem, payload=payload, position=told.position)
    if told.item is None or payload is None or told.item.is_from_desk:
        raise ValueError("an item without its payload, or one that calls itself the desk's")
    return Candidate(index=told.index, item=told.item, payload=payload, position=told.position, needs_number=told.needs_number)
