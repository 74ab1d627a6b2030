"""Desk: the newsroom's screens. The wire as it comes, a story with all that happened to it, writing, correcting, killing.

Knows: forms, drafts, who may press what. Everything that it does to a story it does by pushing an item through the same API
as any sender, signed by who pressed the button. Does not know: what becomes of it. Writes: `drafts`, `actions`, `feeds`.
"""
