"""Where an item is, in one word and a reason, from what publish decided of it and what its story is now. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.story import ItemState, StoryState


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """What is known of an item."""

    generation: int
    version: int
    is_dead: bool  #: some of its work can never succeed
    outcome: str | None  #: of publish: applied, kept, unchanged, refused; None: it has not been there
    decided: str | None  #: in words, why
    story_state: str | None
    story_generation: int | None
    story_version: int | None
    doubt: str | None
    doubt_note: str | None

    @property
    def _is_ahead(self) -> bool:
        """Has its story nothing as new?"""
        if self.story_version is None or self.story_generation is None:
            return True
        return (self.generation, self.version) > (self.story_generation, self.story_version)

    @property
    def _is_newest(self) -> bool:
        return (self.generation, self.version) == (self.story_generation, self.story_version)

    @property
    def state(self) -> ItemState:
        """An item's state: its own work first, then its story's."""
        if self.is_dead:
            return ItemState.DEAD
        if self.story_state == StoryState.KILLED:
            return ItemState.KILLED
        if self.story_state is None or (self._is_ahead and self.outcome is None):
            return ItemState.ACCEPTED
        if self._is_ahead:  # it was there, and the story did not take it
            return ItemState.HELD if self.outcome == "kept" else ItemState(self.story_state)
        return ItemState(self.story_state) if self._is_newest else ItemState.SUPERSEDED

    @property
    def is_refused(self) -> bool:
        """Did its story not take it? Then `state` is the story's, and not this version's."""
        return self.outcome == "refused"

    @property
    def reason(self) -> str:
        """Why it is in this state, where a word of explanation is owed."""
        if self.decided and (self.outcome in ("kept", "unchanged", "refused") or self._is_newest):
            return self.decided
        if self._is_newest and self.story_state == StoryState.HELD:
            return f"{self.doubt}: {self.doubt_note}" if self.doubt_note else str(self.doubt)
        return ""
