"""Webhooks: who receives them, what each is sent of a story, signed and in order, and what came of it."""
