"""Translation: a story's text in other editions, by people, from memory and by engines. A person's text outranks a machine's.

The way of a text: `text/` divides it into sentences, `sentences.py` finds each of them in the `memory/` or asks `engines/`,
`gates/` and `policy.py` decide what readers may see, `stages.py` keeps it; `people/` is the translators' desk, `glossary/` the
wire's own terms. Knows: engines, who translated what from which revision. Does not know: formats, feeds. Writes: `translations`,
`segments` (the memory), `terms`, `engine_months`.
"""
