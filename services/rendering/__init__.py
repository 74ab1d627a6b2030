"""Rendering: feed documents. Entries once, documents many times, only what changed.

Knows: RSS, Atom, JSON Feed, what an edition's notice says. Does not know: how a story came to be what it is, who reads.
Writes: `entries`, `documents`, `archives`.
"""
