"""Edge: all that subscribers read. Answers feeds from memory; pages from what publish and translation wrote.

Knows: HTTP's validators, pages. Does no work that could have been done once before. Writes: nothing.
"""
