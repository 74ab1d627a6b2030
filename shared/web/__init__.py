"""What stands between the wire and whoever asks it, or is asked by it: HTTP, keys, sessions, guards."""
