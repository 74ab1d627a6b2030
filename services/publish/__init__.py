"""Publish: the life of a story, and which feeds it belongs to.

`lifecycle.py` decides what a story becomes, with the values of `story.py`; `stages.py` asks it and keeps what it says.

Knows: what a newer version, a correction, an embargo, a hold and a kill do to a story. Does not know: formats, languages'
texts, who reads. Writes: `stories`, `revisions`, `memberships`, `decisions`.
"""
