"""PostgreSQL's advisory locks: who holds which, so that no two parts of the wire wait for each other by accident.

A lock's key is `hashtextextended(name, number)`; each number is somebody's own. All are held until the transaction ends.
"""

from __future__ import annotations

from enum import IntEnum


class Lock(IntEnum):
    """What is locked, by the number that its keys are made with."""

    RECEIVERS = 0  #: delivery: a key's receivers of webhooks, by the key
    STORY = 1  #: publish: a story, by its identifier
    NUMBERING = 2  #: ingest: an item's version number, by its `uri`
    COMMENTER = 3  #: comments: who sends comments, by the hash of their address
    FEED = 4  #: rendering: a feed's documents, by `edition/feed`
    STUCK = 5  #: the ledger: the one that is stuck and in hand, by its queue
    MODELS = 6  #: enrichment: which of what was learnt is used


#: migrations, held alone: "barq" as a number
MIGRATION_KEY = 0x62617271
