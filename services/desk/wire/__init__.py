"""The live list: items as they came, the newest first, each with what became of its story."""
