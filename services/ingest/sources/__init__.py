"""Sources: what is polled for new copy, how often, what came of it, and who may change that."""
