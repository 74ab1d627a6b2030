"""What readers may see, said once: conditions in SQL for every query that answers readers, or makes what they are answered.

A query that uses one has `entries` and its `stories` row. A story that was taken back says so in its notice; until that is
rendered its entry still has its text, and only the story's state tells. So nothing of an entry is taken without asking here.
"""

from __future__ import annotations

from shared.contracts.story import StoryState

#: taken back for good: its address answers 410
GONE = (StoryState.KILLED, StoryState.EXPIRED)

#: is the story's text public?
PUBLIC = f"stories.state = '{StoryState.PUBLISHED}'"

#: is the entry the wire's own notice?
NOTICE = "entries.is_notice"

#: does a notice stand there because the story was killed, and not held, corrected or expired?
KILLED = f"({NOTICE} AND stories.state = '{StoryState.KILLED}')"

#: may readers see a word of the entry: its text while the story is public, or its notice?
READABLE = f"({PUBLIC} OR {NOTICE})"

#: is the story's text in this edition public?
WITH_TEXT = f"({PUBLIC} AND NOT {NOTICE})"

#: has it a place in its lists? What was taken back keeps its place, for its notice; what has expired leaves without one
IN_PLACE = "NOT entries.has_left"

#: an entry's bytes as feeds' documents, pages and archives have them: with less of a text that is too long for these
IN_FEEDS = "coalesce(entries.in_feeds, entries.body)"

#: does a feed to which the story belongs show it? A query that uses this has the feed's `memberships` row too. One that an editor
#: has moved out of the feed stands there with nothing but the notice that takes it back: whoever read it there hears of that
IN_FEED = f"(NOT memberships.moved_out OR {NOTICE})"

#: does it stand in lists, with its text or its notice?
LISTED = f"({IN_PLACE} AND {READABLE})"


def shows_text(state: str) -> bool:
    """Is the text of a story in this state public? The same as `PUBLIC`, for rows that were read already."""
    return state == StoryState.PUBLISHED
