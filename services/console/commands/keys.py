"""`barq key`: who may push, read privately, or operate; from where, and until when."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from services.console import show
from services.console.durations import read_duration, read_end
from services.console.screen import screen
from shared.archive.database import engine
from shared.clock import utc_now
from shared.errors import BarqError
from shared.web.keys import Right, Role, create_key, limit_key, list_keys, revoke_key, rotate_key, set_products
from shared.wire.config import wire

key_app = typer.Typer(no_args_is_help=True, help="Keys: who may push, read privately, or operate.")

console = screen()

Products = Annotated[list[str] | None, typer.Option(help="A product of the wire file, for a subscriber; may be repeated.")]
Networks = Annotated[
    list[str] | None, typer.Option("--from", help="An address or network that it may be shown from; may be repeated.")
]


@key_app.command("create")
def key_create(
    role: Annotated[Role, typer.Option()],
    name: Annotated[str, typer.Option()],
    may: Annotated[str | None, typer.Option(help=f"A newsroom key's rights, of {', '.join(Right)}; left out: all.")] = None,
    product: Products = None,
    expires: Annotated[str, typer.Option(help="When it ends by itself: 90d, or a date (UTC); left out: never.")] = "",
    network: Networks = None,
) -> None:
    """Make a key. Its secret is shown this once."""
    rights, now = _known_rights(may), utc_now()
    with engine().begin() as connection:
        secret = create_key(
            connection,
            role=role,
            name=name,
            now=now,
            rights=rights,
            products=_known_products(product),
            networks=network or (),
            expires_at=read_end(expires, now) if expires else None,
        )
    sys.stdout.write(secret + "\n")


@key_app.command("rotate")
def key_rotate(
    name: str,
    overlap: Annotated[str, typer.Option(help="How long the old secret is valid beside the new one: 24h; 0h: it ends at once.")],
) -> None:
    """Give a key a new secret, which is shown this once; the old one goes on for a while, so that nobody is shut out."""
    now, beside = utc_now(), read_duration(overlap)
    with engine().begin() as connection:
        secret = rotate_key(connection, name, overlap=beside, now=now)
    sys.stdout.write(secret + "\n")
    until = f"is valid until {now + beside:%Y-%m-%d %H:%M} UTC" if beside else "ended, and who was signed in with it is out"
    screen(stderr=True).print(f"The old secret of {name!r} {until}.")


@key_app.command("limit")
def key_limit(
    name: str,
    expires: Annotated[str, typer.Option(help="When it ends by itself: 90d, or a date (UTC); never.")] = "",
    network: Networks = None,
) -> None:
    """Say until when a key is valid, and from where (`--from anywhere`); what is not named stays as it is."""
    now = utc_now()
    with engine().begin() as connection:
        limit_key(
            connection,
            name,
            networks=[] if network == ["anywhere"] else network,
            expires_at=read_end(expires, now) if expires not in ("", "never") else None,
            forever=expires == "never",
            now=now,
        )
        (key,) = (row for row in list_keys(connection) if row.name == name)
    console.print(f"{name!r}: {key.state(now)}, from {', '.join(key.networks) or 'anywhere'}.")


@key_app.command("products")
def key_products(name: str, product: Products = None) -> None:
    """Give a subscriber these products and no others, at once."""
    with engine().begin() as connection:
        set_products(connection, name, _known_products(product))
    console.print(f"{name!r} has {', '.join(product or []) or 'no products'}.")


@key_app.command("list")
def key_list() -> None:
    """Every key, without its secret: its state, and when and from where it was used last."""
    with engine().connect() as connection:
        show.keys(console, list_keys(connection), utc_now())


@key_app.command("revoke")
def key_revoke(name: str) -> None:
    """End a key at once."""
    with engine().begin() as connection:
        revoke_key(connection, name, utc_now())
    console.print(f"The key {name!r} is revoked.")


def _known_products(products: list[str] | None) -> list[str]:
    """Those named, none if none is. Raises BarqError for one that the wire file does not have."""
    if unknown := {*(products or ())} - {*wire().products}:
        there = ", ".join(wire().products) or "none"
        raise BarqError(f"there is no product {', '.join(sorted(unknown))} in the wire file; there is {there}")
    return products or []


def _known_rights(may: str | None) -> list[Right] | None:
    """A list with commas, as it was typed; None, which is all rights, where there is none. Raises BarqError."""
    if may is None:
        return None
    words = [part.strip() for part in may.split(",")]
    if not any(words):  # a script's variable that is not set must not make a key that may everything
        raise BarqError(f"--may is empty: name rights of {', '.join(Right)}, or leave it out for all of them")
    if unknown := set(words) - set(Right):
        raise BarqError(f"there is no right to {', '.join(sorted(unknown))}; rights are {', '.join(Right)}")
    return [Right(word) for word in words]
