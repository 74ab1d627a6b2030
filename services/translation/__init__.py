"""Translation: a story's text in other editions, by people and by engines. A person's text outranks a machine's.

Knows: engines, who translated what from which revision. Does not know: formats, feeds. Writes: `translations`.
"""
