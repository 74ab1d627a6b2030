"""Edge: all that subscribers read. Answers feeds from memory; pages from what publish and translation wrote.

`app.py` puts it together; its parts are `feeds/`, `content/` (the API) and `portal/`, which share `queries.py` and `lists.py`.

Knows: HTTP's validators, pages. Does no work that could have been done once before. Writes: nothing.
"""
