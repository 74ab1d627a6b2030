"""What is wrong with the broker, in words: it does not answer, or it answers and takes nothing more.

A broker without memory still answers a ping, and no probe of a worker gets through it: so it is asked to keep something.
"""

from __future__ import annotations

from redis import Redis, RedisError
from redis.exceptions import OutOfMemoryError, ResponseError

_KEY = "barq:room"
_KEEP_S = 60


def broker_trouble(client: Redis) -> str:
    """What is wrong with it; empty if it takes what it is given."""
    try:
        client.set(_KEY, "1", ex=_KEEP_S)
    except OutOfMemoryError:
        return "broker full: its memory is used up (maxmemory); workers go on by the ledger, more slowly"
    except ResponseError as refused:  # no room on its disk, or it is somebody's copy
        return f"the broker takes nothing: {str(refused)[:200]}"
    except (RedisError, OSError):
        return "the broker does not answer"
    return ""
