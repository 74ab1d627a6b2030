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


class _Line(BaseModel):
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


def write_answer(body: bytes, results: Sequence[Candidate | Rejection]) -> bytes:
    """A reader's answer for a document: what it is made of first, then a line for each item, then the bytes of its pieces.

    A payload that is the whole document is not repeated.
    """
    pieces: dict[int, int] = {}
    payloads: list[Payload] = []
    document_type = ""
    lines = []
    for result in results:
        number = _NONE
        if result.payload is not None:
            if len(result.payload.raw) == len(body) and result.payload.raw == body:
                number, document_type = _THE_DOCUMENT, result.payload.media_type
            elif (number := pieces.setdefault(id(result.payload), len(payloads))) == len(payloads):
                payloads.append(result.payload)
        lines.append(_line_of(result, number).model_dump_json(exclude_defaults=True).encode())
    head = _Head(
        document_type=document_type,
        pieces=tuple(_Piece(size=len(payload.raw), media_type=payload.media_type) for payload in payloads),
    )
    return b"\n".join([head.model_dump_json().encode(), *lines, b""]) + b"".join(payload.raw for payload in payloads)


def _line_of(result: Candidate | Rejection, payload: int) -> _Line:
    if isinstance(result, Rejection):
        return _Line(index=result.index, position=result.position, payload=payload, problem=result.problem)
    return _Line(
        index=result.index,
        position=result.position,
        payload=payload,
        item=result.item,
        needs_number=result.needs_number,
    )


def write_refusal(refused: Refused) -> bytes:
    """A reader's answer where nothing can be made of the document."""
    return _Head(refused=refused.problem).model_dump_json().encode() + b"\n"


def read_answer(answer: bytes, body: bytes) -> Iterator[Candidate | Rejection]:
    """A reader's answer as what it says, one by one. Raises Refused as the reader did, and Garbled."""
    try:
        line, rest = _cut_line(answer, 0)
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
            line, rest = _cut_line(answer, rest)
            yield _build_result(_Line.model_validate_json(line, context=MEASURED), payloads)
    except (ValidationError, ValueError, KeyError) as garbled:
        raise Garbled(f"a reader's answer is none: {str(garbled)[:300]}") from garbled


def _cut_line(answer: bytes, start: int) -> tuple[bytes, int]:
    end = answer.index(b"\n", start)
    return answer[start:end], end + 1


def _build_result(line: _Line, payloads: dict[int, Payload]) -> Candidate | Rejection:
    payload = payloads[line.payload] if line.payload != _NONE else None
    if line.problem:
        return Rejection(index=line.index, problem=line.problem, payload=payload, position=line.position)
    if line.item is None or payload is None or line.item.is_from_desk:
        raise ValueError("an item without its payload, or one that calls itself the desk's")
    return Candidate(index=line.index, item=line.item, payload=payload, position=line.position, needs_number=line.needs_number)
