"""The archive: every table of the wire, with the one service that writes it, and the migrations that make them."""
