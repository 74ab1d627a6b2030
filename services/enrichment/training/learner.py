"""Learning once: the stories that somebody has sorted, what can be learnt of them, and whether that is to be used."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine

from services.enrichment.learning import Features, Model, compare, features_of, learn
from services.enrichment.scoring import Sorter
from services.enrichment.sections import sorter
from services.enrichment.training import queries
from services.enrichment.training.queries import Report, SortedText
from shared import log
from shared.clock import utc_now
from shared.language.markup import plain_text
from shared.wire.config import Wire

#: below this nothing is learnt; more are not read, the newest are
FEWEST, MOST = 100, 5_000
#: by so much what was learnt must be better to be used: less is chance
_BETTER = 0.005
#: texts that are read at once
_CHUNK = 200

_log = log.get("enrichment")


def learn_once(database: Engine, wire: Wire) -> Report:
    """Learn from the wire's own stories, and use it from then on if it does better. Takes some seconds, in no transaction."""
    by = sorter(wire.sections, wire.no_section)
    with database.connect() as connection:
        stories = [one for one in queries.read_sorted(connection, limit=MOST) if {*one.sections} <= {*by.names}]
        in_use = read_model(connection, queries.used_version(connection), by)
    if len(stories) < FEWEST:
        says = f"too few: {len(stories)} stories are sorted by senders or editors, and {FEWEST} are the fewest to learn from"
        return Report(stories=len(stories), says=says)
    features, labels = _features(stories, by), [set(story.sections) for story in stories]
    compared = compare(features, labels, by.names, in_use=in_use)
    is_better = compared.learnt >= compared.before + _BETTER
    report = Report(
        stories=len(stories),
        editors=sum(story.is_editors for story in stories),
        before=compared.before,
        after=compared.learnt,
        says="used from now on" if is_better else "not used: it is no better than what is in use",
    )
    content = learn(features, labels, by.names).to_bytes()
    with database.begin() as connection:
        queries.lock(connection)
        version = queries.write_model(connection, content, report, is_used=is_better, now=utc_now())
    _log.info("model.learnt", version=version, **report.model_dump())
    return report


def _features(stories: Sequence[SortedText], by: Sorter) -> Features:
    """Read in chunks: what a reading holds of a text is more than what is learnt of it."""
    return Features.of_parts(
        features_of(readings, by.scores(readings))
        for start in range(0, len(stories), _CHUNK)
        for readings in [[by.read(one.item.headline, plain_text(one.item.body_html)) for one in stories[start : start + _CHUNK]]]
    )


def read_model(connection: Connection, version: int | None, by: Sorter) -> Model | None:
    """A version of what was learnt; None: there is none, or it is of sections that the wire's file has no more."""
    content = queries.read_content(connection, version) if version is not None else None
    if content is None:
        return None
    try:
        return Model.from_bytes(content, by.names)
    except ValueError as unfit:
        _log.warning("model.unfit", version=version, reason=str(unfit))
        return None


class UsedModel:
    """The version in use, as a process has it: read again when another is chosen."""

    def __init__(self) -> None:
        self._version: int | None = None
        self._model: Model | None = None

    def read(self, connection: Connection, wire: Wire) -> Model | None:
        """What is in use now. One small question where nothing has changed."""
        version = queries.used_version(connection)
        if version != self._version:
            self._model = read_model(connection, version, sorter(wire.sections, wire.no_section))
            self._version = version
        return self._model
