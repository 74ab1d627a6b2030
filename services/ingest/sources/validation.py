"""Can a source be polled as somebody wants to add it? Values only."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from services.ingest.sources.schedule import LONGEST_INTERVAL, least_interval_s, usual_interval_s
from services.ingest.sources.source import secret_variable
from shared.contracts.problem import FieldError, InvalidRequest, Refused

_NAME = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_MAX_NAME = 60
#: schemes whose addresses name no host
_WITHOUT_HOST = ("drop", "heartbeat")


def require_valid(name: str, url: str, interval_s: int | None, *, encoding: str = "", schemes: tuple[str, ...]) -> int:
    """The interval of a source that somebody wants to add, in seconds; the usual one where none is named.

    `schemes` are those that a connector polls. Raises InvalidRequest that names every field that is wrong.
    """
    errors = []
    if not _NAME.match(name) or len(name) > _MAX_NAME:
        errors.append(FieldError.at("name", f"lower-case letters and digits in words parted by hyphens, at most {_MAX_NAME}"))
    try:
        at = urlsplit(url)
        _ = at.port
    except ValueError as wrong:
        raise _refused([*errors, FieldError.at("url", str(wrong))]) from wrong
    if at.scheme not in schemes:
        errors.append(FieldError.at("url", f"an address that starts with one of {', '.join(schemes)}"))
    elif at.scheme not in _WITHOUT_HOST and not at.hostname:
        errors.append(FieldError.at("url", "the host is missing"))
    if at.password:
        errors.append(FieldError.at("url", f"no password here: set {secret_variable(name)} for the ingest worker"))
    least_s = least_interval_s(at.scheme)
    interval_s = interval_s or usual_interval_s(at.scheme)
    if not least_s <= interval_s <= LONGEST_INTERVAL.total_seconds():
        errors.append(FieldError.at("interval_s", f"from {least_s} seconds to a day"))
    if encoding and not _is_encoding(encoding):
        errors.append(FieldError.at("encoding", "the name of a text encoding: utf-8, windows-1256, iso-8859-6"))
    if errors:
        raise _refused(errors)
    return interval_s


def _is_encoding(name: str) -> bool:
    try:
        return bool(re.fullmatch(r"[A-Za-z0-9._:-]{1,40}", name)) and bool(b"ab".decode(name))
    except (LookupError, ValueError):
        return False


def _refused(errors: list[FieldError]) -> Refused:
    detail = "; ".join(f"{error.field}: {error.detail}" for error in errors)
    return InvalidRequest(f"{detail}.", errors=tuple(errors))
