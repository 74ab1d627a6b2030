"""What an address says that somebody gave us: the one host that is meant by it, and whether that is one of ours.

A host can be spelt in ways that one reader takes for a name and the next for an address: `127。0。0。1`, `①②⑦.⓪.⓪.①`,
`0x7f.1`, `2130706433`. So a host is turned once into its ASCII form, by the rules that clients go by (UTS 46), and nothing else
is judged, resolved or connected to. An address is only taken as it is always written. Values only.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import idna

#: RFC 1035: a name has no more
_LONGEST_HOST = 253
_LONGEST_URL = 4000

_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
#: what a resolver takes for a part of an address: decimal, octal or hexadecimal
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
#: what some readers of addresses leave out, and some take for a slash
_MISREAD = re.compile(r"[\x00-\x20\x7f\\]")

_IPv4, _IPv6 = ipaddress.IPv4Address, ipaddress.IPv6Address
_Network4, _Network6 = ipaddress.IPv4Network, ipaddress.IPv6Network

#: all that is given out for the public internet (RFC 4291); the rest is for links, sites, groups, or nobody yet
_PUBLIC_6 = _Network6("2000::/3")
#: of it, what leads nowhere or elsewhere, whatever this Python's own tables know: documentation, benchmarks, ORCHID, Teredo
_NOT_PUBLIC: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = (
    *(_Network6(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20")),
    *(_Network4(network) for network in ("192.0.0.0/24", "192.88.99.0/24")),
)
_NAT64, _SIX_TO_FOUR = _Network6("64:ff9b::/96"), _Network6("2002::/16")
_ISATAP = (0x00005EFE, 0x02005EFE)


class Unreadable(ValueError):
    """An address that nobody should be asked at: it could mean one thing to one reader and another to the next."""


def is_public(address: str) -> bool:
    """May anybody be sent to this IP address? One that carries an IPv4 address is what that is."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, _IPv4):
        return _is_public_4(parsed)
    if (mapped := parsed.ipv4_mapped) is not None:
        return _is_public_4(mapped)
    if parsed in _NAT64:
        return _is_public_4(_inside(parsed, 0))
    return (
        parsed in _PUBLIC_6
        and parsed.is_global
        and not any(parsed in network for network in _NOT_PUBLIC)
        and all(_is_public_4(carried) for carried in _carried(parsed))
    )


def _is_public_4(address: ipaddress.IPv4Address) -> bool:
    is_elsewhere = address.is_multicast or any(address in network for network in _NOT_PUBLIC)
    return address.is_global and not is_elsewhere


def _carried(address: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses to which a public-looking IPv6 address is tunnelled."""
    if address in _SIX_TO_FOUR:
        yield _inside(address, 80)
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        yield _inside(address, 0)


def _inside(address: ipaddress.IPv6Address, above: int) -> ipaddress.IPv4Address:
    return _IPv4((int(address) >> above) & 0xFFFFFFFF)


def is_literal(host: str) -> bool:
    """Is this plain host an IP address, which no client resolves?"""
    return ":" in host or _is_numeric(host)


def plain_host(host: str) -> str:
    """The ASCII form of a host, without brackets. Raises Unreadable with a sentence.

    An address is taken in the one form in which it is always written; what is an address only once it is read otherwise is not.
    """
    said = host[:60]
    if not host or len(host) > _LONGEST_HOST:
        raise Unreadable(f"{said!r} is no host: one has from 1 to {_LONGEST_HOST} characters")
    if ":" in host or host.startswith("["):
        return _plain_6(host)
    name = _ascii(host)
    if not _NAME.fullmatch(name):
        raise Unreadable(f"{said!r} is no host: names have letters, digits and hyphens, in words parted by dots")
    if _is_numeric(name) and (name != host or not _is_dotted(name)):
        raise Unreadable(f"{said!r} is an address in an unusual spelling: write four decimal numbers, as 192.0.2.1")
    return name


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode().lower()
    except UnicodeError as wrong:  # which is what idna.IDNAError is
        raise Unreadable(f"{host[:60]!r} is no host: {str(wrong)[:120]}") from wrong


def _plain_6(host: str) -> str:
    bare = host.removeprefix("[").removesuffix("]")
    try:
        if "%" in bare:
            raise ValueError("it names an interface of one machine")
        return str(_IPv6(bare))
    except ValueError as wrong:
        raise Unreadable(f"{host[:60]!r} is no address: {wrong}") from wrong


def _is_numeric(name: str) -> bool:
    """Would a resolver take this name for an address? Its last word says so (WHATWG URL, "ends in a number")."""
    return _NUMBER.fullmatch(name.rstrip(".").rpartition(".")[2]) is not None


def _is_dotted(name: str) -> bool:
    try:
        return str(_IPv4(name)) == name
    except ValueError:
        return False


def plain_url(url: str) -> str:
    """An http or https address with its host in plain form, as every client reads it alike. Raises Unreadable with a sentence.

    A user, a password and a fragment are left out: they are for whoever wrote the address, not for who is asked.
    """
    if len(url) > _LONGEST_URL:
        raise Unreadable(f"an address has at most {_LONGEST_URL} characters")
    if _MISREAD.search(url):
        raise Unreadable("an address has no spaces, no control characters and no backslashes")
    try:
        at = urlsplit(url)
        port = at.port
    except ValueError as wrong:
        raise Unreadable(f"this is no address: {str(wrong)[:120]}") from wrong
    is_bracketed_name = "[" in at.netloc and ":" not in (at.hostname or "")
    if at.scheme not in ("http", "https") or not at.hostname or is_bracketed_name:
        raise Unreadable("this is no http or https address with a host")
    host = plain_host(at.hostname)
    place = f"[{host}]" if ":" in host else host
    return urlunsplit((at.scheme, place if port is None else f"{place}:{port}", at.path, at.query, ""))
