"""Sorting: what a story is about as an editor says it, and the list of stories of which the wire is not sure."""
