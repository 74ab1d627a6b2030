"""Private addresses, written in every way that somebody might take for an address, or for a name that is none of ours."""

from __future__ import annotations

import ipaddress
import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

#: other signs that are read as digits, dots and letters: full width, in circles, bold, double-struck, raised, Arabic
_DIGITS = ("０１２３４５６７８９", "⓪①②③④⑤⑥⑦⑧⑨", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡", "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "٠١٢٣٤٥٦٧٨٩")
_DOTS = "。．｡․"
_LETTERS = {
    letter: [chr(first + place) for first in (0xFF41, 0x24D0, 0x1D41A)]
    for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz")
}
_INVISIBLE = "\u00ad\u200b\u200d\u2060\ufe0f\ufeff"

#: names that lead inside, with the addresses behind them; one public address among them makes them no better
NAMES: dict[str, list[str]] = {
    "one.inside.example": ["127.0.0.1"],
    "mixed.inside.example": ["8.8.8.8", "127.0.0.1"],
    "six.inside.example": ["::1"],
    "mapped.inside.example": ["::ffff:127.0.0.1"],
    "nat64.inside.example": ["64:ff9b::7f00:1", "64:ff9b:1::7f00:1"],
    "tunnel.inside.example": ["2002:7f00:1::", "2001:0:7f00:1::1"],
    "cloud.inside.example": ["169.254.169.254"],
    "xn--inside-xua.example": ["127.0.0.1"],
}


def spellings(count: int, port: int, seed: int) -> Iterator[str]:
    """So many addresses of this machine and its neighbours, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  nothing is kept secret by it
    for _ in range(count):
        host = chance.choices([_four, _six, _name], weights=[60, 25, 3])[0](chance)
        place = f"{_user(chance)}{_disguised(host, chance)}:{_port(port, chance)}"
        yield f"{_scheme(chance)}://{place}{chance.choice(['/', '', '/a?b=c'])}"


def _scheme(chance: random.Random) -> str:
    return chance.choices(["http", "HTTP", "hTTp"], weights=[8, 1, 1])[0]


def _user(chance: random.Random) -> str:
    return chance.choices(["", "user@", "user:word@", "example.com@", "8.8.8.8%40"], weights=[40, 2, 2, 2, 1])[0]


def _port(port: int, chance: random.Random) -> str:
    plain = str(port)
    return chance.choices([plain, f"0{plain}", _in_other_digits(plain, chance)], weights=[20, 1, 1])[0]


def _private_4(chance: random.Random) -> ipaddress.IPv4Address:
    network = chance.choice(["127.0.0.1/32", "127.0.0.0/8", "0.0.0.0/32", "10.0.0.0/8", "192.168.0.0/16", "169.254.169.254/32"])
    inside = ipaddress.IPv4Network(network)
    return inside[chance.randrange(inside.num_addresses)]


def _four(chance: random.Random) -> str:
    if chance.random() < 0.4:
        return chance.choice(["127.0.0.1", "127.0.0.1", "127.1.2.3", "0.0.0.0"])  # noqa: S104  nothing is bound to it
    number = int(_private_4(chance))
    parts = chance.choice([1, 2, 3, 4, 4, 4])
    values = [(number >> (24 - 8 * place)) & 0xFF for place in range(parts - 1)]
    values.append(number & ((1 << (8 * (5 - parts))) - 1))
    return ".".join(_number(value, chance) for value in values) + chance.choices(["", ".", "..", "%00"], weights=[20, 2, 1, 1])[0]


def _number(value: int, chance: random.Random) -> str:
    forms = [str(value), str(value), f"0{value:o}", f"0x{value:x}", f"0X{value:X}", f"{value:04}", f"0x{value:08x}"]
    return chance.choice(forms)


def _six(chance: random.Random) -> str:
    inside = int(_private_4(chance))
    forms = [
        1,
        inside | 0xFFFF << 32,  # mapped
        inside,  # compatible
        inside | 0x64FF9B << 96,  # NAT64
        inside | 0x64FF9B0001 << 80,  # and a network's own
        0x2002 << 112 | inside << 80 | 1,  # 6to4
        0x20010000 << 96 | inside << 64 | (inside ^ 0xFFFFFFFF),  # Teredo
        0x2A001450 << 96 | 0x5EFE << 32 | inside,  # ISATAP
        0xFE80 << 112 | 1,
        0xFC00 << 112 | 1,
        0xFEC0 << 112 | 1,
    ]
    address = ipaddress.IPv6Address(chance.choice(forms))
    written = chance.choice([address.compressed, address.exploded, address.compressed.upper()])
    if chance.random() < 0.2 and address.compressed.count(":") < 7:
        tail = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        written = f"{':'.join(address.exploded.split(':')[:6])}:{tail}"
    return f"[{written}{chance.choices(['', '%lo', '%25lo', '%1'], weights=[12, 1, 1, 1])[0]}]"


def _name(chance: random.Random) -> str:
    return chance.choice([*NAMES, "localhost", "LocalHost", "localhost.", "localhost.localdomain", "ip6-localhost"])


def _disguised(host: str, chance: random.Random) -> str:
    """The same to a reader who is generous with signs."""
    if chance.random() < 0.35:
        return host
    if chance.random() < 0.1:
        host = "".join(f"%{ord(sign):02x}" if chance.random() < 0.4 else sign for sign in host)
    signs = [_other(sign, chance) if chance.random() < 0.5 else sign for sign in host]
    if chance.random() < 0.2:
        signs.insert(chance.randrange(len(signs) + 1), chance.choice([*_INVISIBLE, "\t", "\n", "\\", " "]))
    return "".join(signs)


def _other(sign: str, chance: random.Random) -> str:
    if sign.isascii() and sign.isdecimal():
        return _in_other_digits(sign, chance)
    if sign == ".":
        return chance.choice(_DOTS)
    return chance.choice(_LETTERS.get(sign.lower(), [sign]))


def _in_other_digits(digits: str, chance: random.Random) -> str:
    return "".join(chance.choice(_DIGITS)[int(digit)] for digit in digits)


class Listener:
    """A server on every address of this machine, which counts who comes."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self.port: int = self._socket.getsockname()[1]
        self.visits: list[bytes] = []
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                visitor, _ = self._socket.accept()
            except OSError:
                return
            with visitor:
                visitor.settimeout(5)
                self.visits.append(visitor.recv(10_000))
                visitor.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    def close(self) -> None:
        """Hear nobody any more."""
        self._socket.close()


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener until the block ends."""
    listener = Listener()
    try:
        yield listener
    finally:
        listener.close()


def name_server(names: dict[str, list[str]]) -> Any:
    """In place of `socket.getaddrinfo`: knows these names, takes numbers as the real one does, and knows nothing else."""
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        found = names.get(host if isinstance(host, str) else host.decode() if host else "")
        if found is None:
            return real(host, port, *args, **more)
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in found
        ]

    return look_up
