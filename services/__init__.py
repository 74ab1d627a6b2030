"""The services. They meet in `shared.contracts`, in the ledger and over HTTP, and never import each other."""
