"""Desk: the newsroom's screens. The wire as it comes, a story with all that happened to it, writing, correcting, killing.

`app.py` puts it together, `frame.py` is what every page has; its parts are `wire/` (the live list), `story/`, `writing/`,
`feeds/`, `translating/`, `comments/` and `record/` (who did what).

Knows: forms, drafts, who may press what. Everything that it does to a story it does by pushing an item through the same API
as any sender, signed by who pressed the button. Does not know: what becomes of it. Writes: `drafts`, `actions`, `feeds`.
"""
