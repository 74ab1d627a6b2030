"""The glossary's HTTP: terms and names with the translations that an edition uses."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from services.translation.glossary import queries
from services.translation.glossary.terms import Term
from shared.archive.database import engine
from shared.clock import utc_now
from shared.contracts.item import Line
from shared.contracts.problem import NotFound
from shared.web.keys import Key, Right, Role
from shared.web.problems import must_be_edition, needs

router = APIRouter()

#: whoever may write an edition's own text
Translator = Annotated[Key, Depends(needs(Role.NEWSROOM, Right.TRANSLATE))]
Language = Annotated[str, Query(pattern=r"^[a-z]{2,3}$", description="of the source")]


class SentTerm(BaseModel):
    """A term as it is sent and answered."""

    model_config = ConfigDict(extra="forbid")

    source: Line = Field(min_length=2, max_length=200)
    targets: list[Annotated[Line, Field(min_length=1, max_length=200)]] = Field(
        min_length=1, max_length=20, description="the approved translation first, then others that are as good"
    )
    kind: Literal["person", "organisation", "place", "term"] = "term"


class Terms(BaseModel):
    """A glossary."""

    terms: list[SentTerm] = Field(max_length=10_000)


@router.get("/v1/terms")
def list_terms(edition: str, _: Translator, language: Language = "en") -> Terms:
    """The wire's own terms from a language into an edition."""
    must_be_edition(edition)
    with engine().connect() as connection:
        terms = queries.read_terms(connection, language=language, edition=edition)
    return Terms(terms=[SentTerm(source=t.source, targets=list(t.targets), kind=t.kind) for t in terms])


@router.put("/v1/terms")
def put_terms(sent: Terms, edition: str, key: Translator, language: Language = "en") -> Terms:
    """Add terms, or change how they are translated. What is published already stays until it is translated again."""
    must_be_edition(edition)
    now = utc_now()
    with engine().begin() as connection:
        for term in sorted(sent.terms, key=lambda term: term.source):
            row = Term(term.source, tuple(term.targets), term.kind)
            queries.write_term(connection, row, language=language, edition=edition, by=key.name, now=now)
    return sent


@router.delete("/v1/terms", status_code=204, response_class=Response)
def delete_term(source: str, edition: str, _: Translator, language: Language = "en") -> Response:
    """Take a term out."""
    must_be_edition(edition)
    with engine().begin() as connection:
        if not queries.delete_term(connection, source, language=language, edition=edition):
            raise NotFound(f"The glossary has no {source[:80]!r}.")
    return Response(status_code=204)
