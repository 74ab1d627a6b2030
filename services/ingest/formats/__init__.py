"""Formats: one module each, and all of them make the same wire item.

A format's module has `NAME`, `recognises()`, `split()` (the items of a document) and `read()` (one of them, as a
`ParsedItem`): see `format`. `payload` finds the one that a payload is in.
"""
