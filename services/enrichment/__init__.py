"""Enrichment: say what an item is about: language, places and so regions, subjects and so sections, tags.

Knows: languages, countries and cities, the wire's sections. Does not know: what a story is, where it goes.
Writes: `enrichments`, `sortings`, `models`, `tag_spellings`, `usual_languages`, `fingerprints`, `likenesses`.
"""
