"""Every test comes to the database as the process would that it stands for: the edge's apps as the edge, all else as the wire."""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from importlib import import_module
from typing import Any

from fastapi import FastAPI
from sqlalchemy import Engine, event
from starlette.types import Receive, Scope, Send

from shared.archive.accounts import Account
from shared.roles import WEB_APPS

_ACCOUNT: ContextVar[Account] = ContextVar("account", default=Account.WIRE)
_answer = FastAPI.__call__


@cache
def _edge() -> list[FastAPI]:
    """The apps to which strangers speak."""
    places = [web.app.partition(":") for web in WEB_APPS if web.role == "edge"]
    loaded = [getattr(import_module(module), name) for module, _, name in places]
    return [getattr(app, "described_by", app) for app in loaded]


async def _answer_by_account(app: FastAPI, scope: Scope, receive: Receive, send: Send) -> None:
    before = _ACCOUNT.set(Account.EDGE if any(app is edge for edge in _edge()) else Account.WIRE)
    try:
        await _answer(app, scope, receive, send)
    finally:
        _ACCOUNT.reset(before)


def come_by_accounts(engine: Engine) -> None:
    """From now on each connection of this engine has the rights of who takes it, and no others."""
    FastAPI.__call__ = _answer_by_account  # type: ignore[method-assign]

    @event.listens_for(engine, "checkout")
    def put_on(connection: Any, *_: Any) -> None:
        connection.execute(f"SET ROLE {_ACCOUNT.get()}")
        connection.commit()
