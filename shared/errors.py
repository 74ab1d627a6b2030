"""Errors that a person reads. The docstring of each says when it is raised; its text says what to do.

BarqError
├── ConfigurationError   the wire's TOML or the environment is wrong
├── StartError           the embedded wire cannot start on this machine
├── Unreachable          an address that somebody gave us cannot be asked, or must not be
└── Refused              a request or an item cannot be taken; its own tree is in `contracts/problem.py`
"""

from __future__ import annotations


class BarqError(Exception):
    """Something that a person can mend; the message says how."""


class ConfigurationError(BarqError):
    """The wire's TOML file or a `BARQ_…` variable is wrong."""


class StartError(BarqError):
    """The embedded wire cannot start here: a port in use, no space, no permission, another wire in the same folder."""
