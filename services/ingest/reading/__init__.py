"""Reading: documents are read by processes of their own, which may be lost to a hostile one and cost nothing else."""
