"""Writing: what the forms of the desk say as items that are pushed, and drafts that wait to be gone on with or agreed to."""
