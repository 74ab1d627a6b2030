"""Numbering: which version of its story an item is, where its format or its source does not say so by itself."""
