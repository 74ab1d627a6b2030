"""The page of one story: all that happened to it, what can be done to it, and what changed from one revision to another."""
