"""Feeds by filters, which somebody defines at the desk beside those of the wire file."""
