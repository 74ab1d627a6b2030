"""Comments: what readers write under stories, and what an editor shows of it.

Knows: how much is too much, who waits to be read. Does not know: pages; whoever sends a comment is sent back to the story's page,
which says how it went. Writes: `comments`.
"""
