"""What a person reads when a command fails of what a person can mend: one sentence, not a traceback."""

from __future__ import annotations

import httpx
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as SQLAlchemyTimeout

from services.console.wire_client import wire_url
from shared.archive import disk
from shared.contracts.problem import Refused
from shared.embedded.runfile import holder_of
from shared.errors import BarqError
from shared.settings import settings


def sentence_for(failed: Exception) -> str | None:
    """What is wrong and how to mend it; None for what is a fault of the command itself and needs its traceback."""
    match failed:
        case Refused():
            return failed.problem.detail
        case BarqError():
            return str(failed)
        case httpx.ConnectError():
            return f"no wire answers at {wire_url(None)}: start one with `barq up`, or name one with --url"
        case httpx.HTTPError():
            return f"the wire did not answer: {failed!r}"
        case OperationalError() | SQLAlchemyTimeout():
            return _sentence_for_database(failed)
        case UnicodeError():
            return "what was typed has letters that cannot be sent: a key is plain letters, a name is UTF-8"
        case _:
            return None


def _sentence_for_database(away: SQLAlchemyError) -> str:
    reason = str(getattr(away, "orig", away)).strip().splitlines()
    sentence = f"the database does not answer ({reason[0] if reason else 'no reason given'})."
    if full := disk.trouble():
        sentence += f" {full}."
    home = settings().home
    if pid := holder_of(home):
        return f"{sentence} The wire runs (process {pid}) and starts it again by itself; see {home}/log/postgres.log"
    return f"{sentence} Nobody runs a wire in {home}: start it with `barq up`, or see to the database that is named."
