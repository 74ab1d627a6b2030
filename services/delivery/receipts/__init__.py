"""Receipts: who was sent what of a story, when, and who acknowledged."""
