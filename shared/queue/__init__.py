"""Work: recorded in the ledger, rung by the broker, done by workers, kept going by the pulse."""
