"""The connectors that bring payloads in from sources: one module for each kind of address, and what several of them share."""
