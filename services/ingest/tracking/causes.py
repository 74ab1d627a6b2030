"""Why work failed, in words for a newsroom: the last line of what was caught, without code, SQL or addresses of manuals.

Operators have the whole (`barq dead show`, the log).
"""

from __future__ import annotations

import re

_LONGEST = 300
#: what a database's driver puts behind its sentence
_BEHIND = re.compile(r"^(?:\[(?:SQL|parameters)\b|\(Background on this error|DETAIL:|HINT:|CONTEXT:|LINE \d)")
#: the names of exceptions before it: `sqlalchemy.exc.OperationalError: (psycopg.errors.ProgramLimitExceeded) `
_CLASS = re.compile(
    r"^(?:[A-Za-z_][\w.]{0,100}(?:Error|Exception|Warning|Exceeded|Timeout|Refused)\b:?\s*)?(?:\([\w.]{1,100}\)\s*)?"
)
_INSIDE = (" ", "\t", "|", "+", "Traceback", "During handling", "The above exception")
_IN_WORDS = {
    "index row size": "a value in it is longer than the archive can search",
    "string is too long for tsvector": "its text is longer than the archive can search",
    "deadlock detected": "the archive was busy; it is tried again",
}
_UNKNOWN = "a fault of the wire, which its operators can read in the log"


def cause_of(error: str | None) -> str | None:
    """The cause in words; None where nothing failed."""
    if not error:
        return None
    lines = [line.rstrip() for line in error.strip().splitlines() if line.strip()]
    if not any(line.startswith("Traceback (most recent call last)") for line in lines):
        said = lines[0] if lines else ""
    else:
        # what was raised stands at the left margin, below the last of the code
        raised = [line for line in lines if not line.startswith(_INSIDE)]
        last = next((number for number, line in enumerate(raised) if _BEHIND.match(line)), len(raised))
        said = raised[last - 1] if last else ""
    return _in_words(_CLASS.sub("", said.partition("[SQL:")[0]).strip())


def _in_words(said: str) -> str:
    for sign, words in _IN_WORDS.items():
        if sign in said:
            return words
    return said[:_LONGEST] if " " in said else _UNKNOWN
