"""Translation: a story's text in other editions, by people, from memory and by engines. A person's text outranks a machine's.

The way of a text: `segments.py` cuts it into sentences, `translating.py` finds each of them in the memory or asks engines,
`gates/` decide what readers may see, `stages.py` keeps it. Knows: engines, who translated what from which revision. Does not
know: formats, feeds. Writes: `translations`, `segments` (the memory), `terms`, `engine_months`.
"""
