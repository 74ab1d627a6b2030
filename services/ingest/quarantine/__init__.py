"""Quarantine: what was refused and kept, and the reading again of stored payloads."""
