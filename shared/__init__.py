"""What the rooms share: contracts, the pipeline, the ledger, the archive's tables. A library; it never imports a room."""
