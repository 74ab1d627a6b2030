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


@cache
def _trusted() -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(part.strip()) for part in settings().trusted_proxies.split(",") if part.strip())


@lru_cache(maxsize=4096)
def is_trusted(host: str) -> bool:
    """Is this the address of a proxy that is believed?"""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in _trusted())
