"""Caches in front of the wire: emptied when something is taken back."""
