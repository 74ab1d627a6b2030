"""Who is asking: the address of the client itself, where a proxy that is trusted speaks for it."""

from __future__ import annotations

import ipaddress
from functools import cache, lru_cache

from starlette.types import Scope

from shared.settings import settings


def client_of(scope: Scope) -> str:
    """The client's address; the proxies named in `BARQ_TRUSTED_PROXIES` are believed, the last one first, and nobody else.

    Nothing if none of them says for whom it asks, as when something on a proxy's own machine asks.
    """
    host = scope["client"][0] if scope.get("client") else ""
    if not is_trusted(host):
        return host
    for name, value in scope["headers"]:
        if name == b"x-forwarded-for":
            said = (part.strip() for part in reversed(value.decode("latin-1").split(",")))
            return next((host for host in said if not is_trusted(host)), "")
    return ""


def is_among(scope: Scope, addresses: str) -> bool:
    """Is the client at one of these addresses or networks, or on the machine of the wire or of a proxy? Of nobody: anybody is."""
    host = client_of(scope)
    if not addresses.strip() or not host:
        return True
    try:
        return any(ipaddress.ip_address(host) in network for network in _networks(addresses))
    except ValueError:
        return False


@cache
def _networks(addresses: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(part.strip()) for part in addresses.split(",") if part.strip())


@cache
def _trusted() -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return _networks(settings().trusted_proxies)


@lru_cache(maxsize=4096)
def is_trusted(host: str) -> bool:
    """Is this the address of a proxy that is believed?"""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in _trusted())
