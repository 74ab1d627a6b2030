"""Keys: until when, from where, changed without a gap; and whatever ends a key ends it at every door at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from rich.console import Console
from sqlalchemy import Connection, text
from typer.testing import CliRunner

from services.console.commands.keys import key_app
from shared.clock import utc_now
from shared.errors import BarqError
from shared.roles import WEB_ROLES
from shared.settings import settings
from shared.web import key_use
from shared.web.keys import (
    MOST_SESSIONS,
    Role,
    begin_session,
    check_key,
    create_key,
    form_token,
    limit_key,
    list_keys,
    revoke_key,
    rotate_key,
)
from shared.web.origin import Origin
from tests.support.house import House

ORIGIN = Origin(WEB_ROLES)

#: a door for each role, and for each way to show a key
DOORS: dict[str, tuple[Role, Callable[[TestClient, str], Any]]] = {
    "push": (Role.NEWSROOM, lambda at, key: at.post("/v1/items/check", json={"uri": "urn:x"}, headers=_bearer(key))),
    "sources": (Role.NEWSROOM, lambda at, key: at.get("/v1/sources", headers=_bearer(key))),
    "ops": (Role.OPS, lambda at, key: at.get("/ops/state", headers=_bearer(key))),
    "webhooks": (Role.SUBSCRIBER, lambda at, key: at.get("/v1/webhooks", headers=_bearer(key))),
    "private feeds": (Role.SUBSCRIBER, lambda at, key: at.get(f"/private/{key}/en/feeds.opml")),
    "hub": (
        Role.SUBSCRIBER,
        lambda at, key: at.post(
            "/hub",
            data={
                "hub.mode": "subscribe",
                "hub.topic": "https://wire.example/en/feeds/all.atom",
                "hub.callback": "https://reader.example/",
            },
            headers=_bearer(key),
        ),
    ),
    "desk": (Role.NEWSROOM, lambda at, key: at.post("/desk/sign-in", data={"key": key})),
    "subscribers' page": (Role.SUBSCRIBER, lambda at, key: at.post("/subscriber/sign-in", data={"key": key})),
    "ops' page": (Role.OPS, lambda at, key: at.post("/ops/sign-in", data={"key": key})),
}


def _bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def _asking_from(address: str = "203.0.113.7") -> TestClient:
    return TestClient(ORIGIN, client=(address, 1), raise_server_exceptions=False, follow_redirects=False)


def _make(house: House, role: Role, **limits: Any) -> str:
    with house.engine.begin() as connection:
        return create_key(connection, role=role, name=f"a key of {role}", now=utc_now(), **limits)


def _do(house: House, act: Callable[[Connection], Any]) -> Any:
    with house.engine.begin() as connection:
        return act(connection)


ENDINGS: dict[str, Callable[[Connection, str], Any]] = {
    "revoked": lambda connection, name: revoke_key(connection, name, utc_now()),
    "expired": lambda connection, _: connection.execute(text("UPDATE keys SET expires_at = now() - interval '1 second'")),
    "changed for another": lambda connection, name: rotate_key(connection, name, overlap=timedelta(), now=utc_now()),
    "limited to elsewhere": lambda connection, name: limit_key(
        connection, name, networks=["198.51.100.0/24"], expires_at=None, forever=False, now=utc_now()
    ),
}
SCREENS = {"/desk": Role.NEWSROOM, "/subscriber": Role.SUBSCRIBER, "/ops": Role.OPS}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_key_that_ends_opens_no_door_from_that_moment(house: House, ending: str) -> None:
    client = _asking_from()
    keys = {role: _make(house, role) for role in Role}
    assert [door for door, (role, opens) in DOORS.items() if opens(client, keys[role]).status_code >= 400] == []
    client.cookies.clear()
    inside = {path: _asking_from() for path in SCREENS}
    for path, role in SCREENS.items():
        inside[path].cookies.update(inside[path].post(f"{path}/sign-in", data={"key": keys[role]}).cookies)
        assert inside[path].get(path).status_code == 200
    for role in Role:
        _do(house, lambda connection, role=role: ENDINGS[ending](connection, f"a key of {role}"))
    for door, (role, opens) in DOORS.items():
        answer = opens(client, keys[role])
        assert answer.status_code in (401, 403), door
        assert f"a key of {role}" in answer.text, door  # in words, by its name
    assert [path for path, signed_in in inside.items() if signed_in.get(path).status_code not in (401, 403)] == []


@pytest.mark.parametrize(
    ("network", "address", "is_let_in"),
    [
        ("203.0.113.0/24", "203.0.113.7", True),
        ("203.0.113.0/24", "::ffff:203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8::/32", "2001:db8:1::5", True),
        ("2001:db8::/32", "203.0.113.7", False),
        ("0.0.0.0/0", "2001:db8::1", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("10.0.0.0/8", "127.0.0.1", False),
    ],
)
def test_a_key_may_be_shown_from_its_networks_alone(house: House, network: str, address: str, is_let_in: bool) -> None:
    key = _make(house, Role.SUBSCRIBER, networks=[network])
    answer = _asking_from(address).get("/v1/webhooks", headers=_bearer(key))
    assert (answer.status_code, answer.json() if is_let_in else answer.json()["type"]) == (
        (200, []) if is_let_in else (403, "urn:barq:problem:wrong-address")
    )


def test_only_a_trusted_proxy_says_for_whom_it_asks(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    key = _make(house, Role.SUBSCRIBER, networks=["203.0.113.0/24"])
    said = {**_bearer(key), "x-forwarded-for": "203.0.113.7"}
    assert _asking_from("198.51.100.1").get("/v1/webhooks", headers=said).status_code == 403
    assert _asking_from("127.0.0.1").get("/v1/webhooks", headers=said).status_code == 200
    forged = {**said, "x-forwarded-for": "203.0.113.7, 198.51.100.1"}
    assert _asking_from("127.0.0.1").get("/v1/webhooks", headers=forged).status_code == 403
    twice = [*said.items(), ("x-forwarded-for", "198.51.100.1")]  # a proxy that adds a line of its own
    assert _asking_from("127.0.0.1").get("/v1/webhooks", headers=twice).status_code == 403


def test_the_desk_asks_the_wire_from_where_its_editor_is(house: House) -> None:
    client = _asking_from("203.0.113.7")
    key = _make(house, Role.NEWSROOM, networks=["203.0.113.0/24"])
    client.cookies.update(client.post("/desk/sign-in", data={"key": key}).cookies)
    told = client.post("/desk/check", data={"headline": "A headline"})
    assert told.status_code != 403, told.text


def test_a_key_is_changed_without_a_gap(house: House) -> None:
    old, client = _make(house, Role.SUBSCRIBER), _asking_from()
    new = _do(house, lambda connection: rotate_key(connection, "a key of subscriber", overlap=timedelta(hours=24), now=utc_now()))
    assert [client.get("/v1/webhooks", headers=_bearer(key)).status_code for key in (old, new)] == [200, 200]
    with pytest.raises(BarqError, match="older secret"):
        _do(house, lambda connection: rotate_key(connection, "a key of subscriber", overlap=timedelta(hours=1), now=utc_now()))
    _do(house, lambda connection: connection.execute(text("UPDATE keys SET old_secret_until = now()")))
    answers = [client.get("/v1/webhooks", headers=_bearer(key)) for key in (old, new)]
    assert [answer.status_code for answer in answers] == [401, 200]
    assert answers[0].json()["type"] == "urn:barq:problem:expired-key"
    third = _do(house, lambda connection: rotate_key(connection, "a key of subscriber", overlap=timedelta(0), now=utc_now()))
    answers = [client.get("/v1/webhooks", headers=_bearer(key)).status_code for key in (old, new, third)]
    assert answers == [401, 401, 200]


def test_when_and_from_where_a_key_was_used_is_known_to_the_minute(house: House) -> None:
    key, other = _make(house, Role.SUBSCRIBER), _asking_from("198.51.100.9")
    _asking_from("203.0.113.7").get("/v1/webhooks", headers=_bearer(key))
    assert house.rows("SELECT last_used_at FROM keys")[0].last_used_at is None  # not while somebody waits for an answer
    key_use.write_down()
    (first,) = house.rows("SELECT last_used_at, last_used_from FROM keys")
    assert first.last_used_from == "203.0.113.7"
    other.get("/v1/webhooks", headers=_bearer(key))
    key_use.write_down()
    assert house.rows("SELECT last_used_at, last_used_from FROM keys") == [first]  # not twice in a minute
    _do(house, lambda connection: connection.execute(text("UPDATE keys SET last_used_at = now() - interval '61 seconds'")))
    other.get("/v1/webhooks", headers=_bearer(key))
    key_use.write_down()
    assert house.rows("SELECT last_used_from FROM keys")[0].last_used_from == "198.51.100.9"


def test_a_key_that_is_refused_was_not_used(house: House) -> None:
    key = _make(house, Role.SUBSCRIBER, networks=["198.51.100.0/24"])
    _asking_from("203.0.113.7").get("/v1/webhooks", headers=_bearer(key))
    key_use.write_down()
    assert house.rows("SELECT last_used_at FROM keys")[0].last_used_at is None


def test_sessions_are_bounded_in_number_and_none_begins_another(house: House) -> None:
    key = _make(house, Role.NEWSROOM)
    sessions = []
    for _ in range(MOST_SESSIONS + 3):  # each in a moment of its own, which orders them
        sessions.append(_do(house, lambda c: begin_session(c, key, Role.NEWSROOM, lasts=timedelta(hours=1)))[1])
    with house.engine.connect() as connection:
        known = [_is_known(connection, session) for session in sessions]
    assert known == [False] * 3 + [True] * MOST_SESSIONS
    client = _asking_from()
    assert client.post("/desk/sign-in", data={"key": sessions[-1]}).status_code == 401


def _is_known(connection: Connection, secret: str) -> bool:
    try:
        check_key(connection, secret, Role.NEWSROOM)
    except BarqError:
        return False
    return True


@pytest.mark.parametrize("path", SCREENS)
def test_nobody_is_signed_in_by_a_form_of_another_site(house: House, path: str) -> None:
    key, client = house.key(SCREENS[path], SCREENS[path].value), _asking_from()
    elsewhere = [{"origin": said} for said in ("http://evil.example", "null", "http://[", "http://testserver.evil.example")]
    elsewhere += [{"sec-fetch-site": said} for said in ("cross-site", "same-site", "")]
    for said in elsewhere:
        answer = client.post(f"{path}/sign-in", data={"key": key}, headers=said)
        assert (answer.status_code, "set-cookie" in answer.headers) == (401, False), said
    own = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    assert client.post(f"{path}/sign-in", data={"key": key}, headers=own).status_code == 303


@pytest.mark.parametrize("path", SCREENS)
def test_who_signed_out_is_out_and_a_session_ends_in_its_time(house: House, path: str) -> None:
    key, client = house.key(SCREENS[path], SCREENS[path].value), _asking_from()
    cookies = dict(client.post(f"{path}/sign-in", data={"key": key}).cookies)
    again = _asking_from()
    again.cookies.update(cookies)
    assert again.get(path).status_code == 200
    assert again.post(f"{path}/sign-out", data={"token": form_token(*cookies.values())}).status_code == 303
    again.cookies.update(cookies)
    assert again.get(path).status_code == 401
    client.cookies.update(client.post(f"{path}/sign-in", data={"key": key}).cookies)
    (left,) = house.rows("SELECT ends_at - now() AS lasts FROM sessions")
    assert left.lasts <= timedelta(hours=settings().session_hours)
    _do(house, lambda connection: connection.execute(text("UPDATE sessions SET ends_at = now()")))
    assert client.get(path).status_code == 401


def test_the_command_makes_limits_changes_and_lists_keys(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.console.commands.keys.console", Console(width=300))

    def barq(*words: str) -> Any:
        done = CliRunner().invoke(key_app, words)
        return done.exception if isinstance(done.exception, BarqError) else done.output

    made = barq("create", "--role", "newsroom", "--name", "agency", "--expires", "90d", "--from", "10.1.0.0/16", "--from", "::1")
    assert made.strip().startswith("barq_newsroom_")
    with house.engine.connect() as connection:
        (key,) = list_keys(connection)
    assert key.networks == ("10.1.0.0/16", "::1/128")
    assert key.expires_at is not None
    assert timedelta(days=89) < key.expires_at - utc_now() <= timedelta(days=90)
    assert "barq_newsroom_" in barq("rotate", "agency", "--overlap", "24h")
    listed = barq("list")
    assert all(words in listed for words in ("10.1.0.0/16", "expires 20", "old secret until", "never"))
    assert "from anywhere" in barq("limit", "agency", "--from", "anywhere")
    assert "valid" not in barq("limit", "agency", "--from", "192.0.2.1")  # its end stays
    assert "old secret until" in barq("limit", "agency", "--expires", "never")
    for wrong in (
        ("create", "--role", "ops", "--name", "a", "--from", "10.1.2.3/8"),
        ("create", "--role", "ops", "--name", "a", "--expires", "2020-01-01"),
        ("create", "--role", "ops", "--name", "a", "--expires", "soon"),
        ("rotate", "nobody", "--overlap", "1h"),
        ("limit", "nobody", "--expires", "never"),
    ):
        assert isinstance(barq(*wrong), BarqError), wrong


def test_nothing_of_a_secret_is_kept_but_its_hash(house: House) -> None:
    secrets = [_make(house, Role.NEWSROOM), *(house.key(role, role.value) for role in Role)]
    secrets.append(_do(house, lambda c: begin_session(c, secrets[0], Role.NEWSROOM, lasts=timedelta(hours=1)))[1])
    rows = [*house.rows("SELECT * FROM keys"), *house.rows("SELECT * FROM sessions")]
    kept = " ".join(str(value) for row in rows for value in row)
    assert [secret for secret in secrets if secret[-20:] in kept] == []
