"""Monitor: ops' screens, metrics and health. Knows what is stuck and why; reads every table. Writes: nothing of its own;
what an operator does (replay, discard, pause) goes through the ledger.
"""
