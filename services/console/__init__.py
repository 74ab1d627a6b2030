"""Console: the `barq` command. Starts roles by their command lines, never by importing a service; talks to the wire over HTTP
and, where it is run beside the wire, to its ledger. Writes: nothing of its own.
"""
