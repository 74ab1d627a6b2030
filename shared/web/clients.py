"""Who is asking: the address of the client itself, where a proxy that is trusted speaks for it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from contextvars import ContextVar
from functools import cache, lru_cache

from starlette.types import Scope

from shared.settings import settings

#: the request that is being answered, for whoever must know where it came from (`request_guard.py` says it)
ASKING: ContextVar[Scope] = ContextVar("asking")


def address_now() -> str:
    """From which address the request comes that is being answered; nothing if there is none, or it came by no network.

    Unlike `client_of`, what asks for nobody else is at its own address: a key may be for this machine alone.
    """
    scope = ASKING.get(None)
    host: str = scope["client"][0] if scope and scope.get("client") else ""
    if scope is None or not is_trusted(host):
        return host
    said = _said_by_proxies(scope)
    return next((address for address in said if not is_trusted(address)), said[-1] if said else host)


def client_of(scope: Scope) -> str:
    """The client's address; the proxies named in `BARQ_TRUSTED_PROXIES` are believed, the last one first, and nobody else.

    Nothing if none of them says for whom it asks, as when something on a proxy's own machine asks.
    """
    host = scope["client"][0] if scope.get("client") else ""
    if not is_trusted(host):
        return host
    return next((host for host in _said_by_proxies(scope) if not is_trusted(host)), "")


def _said_by_proxies(scope: Scope) -> list[str]:
    """For whom the proxies say that they ask, the last of them first."""
    said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").decode("latin-1")
    return [part.strip() for part in reversed(said.split(","))] if said else []


def is_among(scope: Scope, addresses: str) -> bool:
    """Is the client at one of these addresses or networks, or on the machine of the wire or of a proxy? Of nobody: anybody is."""
    host = client_of(scope)
    if not addresses.strip() or not host:
        return True
    return is_within(host, (part.strip() for part in addresses.split(",") if part.strip()))


def is_within(host: str, networks: Iterable[str]) -> bool:
    """Is this address in one of these networks? An IPv4 address that is written as IPv6 is the same address."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    return any(address in _network(network) for network in networks)


@lru_cache(maxsize=4096)
def _network(said: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(said)


@cache
def _networks(addresses: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(_network(part.strip()) for part in addresses.split(",") if part.strip())


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
