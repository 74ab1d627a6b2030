"""Wire formats, one module each, all with one `parse`: from bytes or decoded JSON to the wire item.

To add a format, add a module and its media type here. Each is run through the same behaviour suite.
"""
