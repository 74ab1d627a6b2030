"""What a wire has before its roles start: two keys the first time, documents each time, new links when its address changed."""

from __future__ import annotations

import stat
from collections import Counter

from sqlalchemy import text

from services.console.supervision.first_start import prepare_archive, read_address
from shared.web.keys import Role, check_key
from shared.wire.config import wire
from tests.support.house import House

ADDRESS = "https://wire.example"


def prepared(house: House, address: str = ADDRESS) -> list[str]:
    return [key.role for key in prepare_archive(house.home, house.engine.url.render_as_string(hide_password=False), address)]


def due(house: House) -> Counter[str]:
    return Counter(row.stage for row in house.rows("SELECT stage FROM work WHERE state = 'due'"))


def test_keys_are_made_once_and_kept_for_their_owner_alone(house: House) -> None:
    assert prepared(house) == ["newsroom", "ops"]
    for role in (Role.NEWSROOM, Role.OPS):
        file = house.home / "keys" / role
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        with house.engine.connect() as connection:
            assert check_key(connection, file.read_text().strip(), role).name == f"first-{role}"
    assert prepared(house) == []


def test_a_wire_without_stories_gets_a_document_for_each_edition(house: House) -> None:
    prepared(house)
    assert due(house) == {"refresh": len(wire().editions)}
    assert house.bells_waiting() == 0, "no worker runs yet"


def test_links_are_made_again_when_the_address_has_changed(house: House) -> None:
    assert read_address(house.home) is None
    prepared(house)
    house.pushes()
    house.works()
    with house.engine.begin() as connection:
        connection.execute(text("DELETE FROM work"))
    prepared(house)
    assert due(house)["render"] == 0
    prepared(house, "https://other.example")
    assert due(house)["render"] == len(wire().editions)
    assert read_address(house.home) == "https://other.example"
