"""What the services share: contracts, the pipeline, the ledger, the archive's tables. A library; it never imports a service."""
