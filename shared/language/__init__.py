"""Texts: characters, scripts, markup, search and which language they are in."""
