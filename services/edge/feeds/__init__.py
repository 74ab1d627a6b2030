"""Feeds: from memory by the fast path; older pages, archives, searches and private feeds when they are asked for."""
