"""Answers that are made for a request, with a validator: sent whole, or not again to who has them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import Response

from services.edge.conditional import is_unchanged
from shared.clock import utc_now


def answer_with_etag(request: Request, body: bytes, *, media_type: str, headers: Mapping[str, str]) -> Response:
    """The body under its `ETag`, which is made of its bytes; a 304 if the reader's `If-None-Match` has it.

    There is no `Last-Modified` to go by: nobody knows when such an answer changed.
    """
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, **headers}
    if is_unchanged({"if-none-match": request.headers.get("if-none-match", "")}, etag, utc_now()):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
