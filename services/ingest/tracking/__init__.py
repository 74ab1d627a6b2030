"""Tracking: where an item is on its way, for who sent it and for who operates the wire."""
