"""Ingest: take an item in, from anywhere, and never lose it.

Knows: wire formats, identity (`uri` + `version`), who may push. Answers 202 only after the item and its first piece of
work are committed. Does not know: what an item is about, what becomes of its story, who reads it.
Writes: `identities`, `items`, `payloads`, `quarantine`, `sources`.
"""
