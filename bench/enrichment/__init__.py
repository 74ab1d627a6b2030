"""How well enrichment does, on files of one's own: `python -m bench.enrichment --help`."""
