"""Somebody at the desk, as a browser without a script is: reads pages, fills forms, follows redirects."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from fastapi.testclient import TestClient
from lxml import html

from services.desk.app import app
from shared.clock import utc_now
from shared.web.keys import Right, Role, create_key
from tests.support.house import House


@dataclass
class EditorAtDesk:
    """One person with a key of their own."""

    house: House
    name: str = "nour"
    rights: tuple[Right, ...] = tuple(Right)
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = TestClient(app, base_url="https://desk.example", raise_server_exceptions=False)
        with self.house.engine.begin() as connection:
            key = create_key(connection, role=Role.NEWSROOM, name=self.name, now=utc_now(), rights=self.rights)
        answer = self.client.post("/desk/sign-in", data={"key": key})
        assert answer.status_code == 200, answer.text

    def opens(self, path: str) -> Any:
        """A page."""
        return self.client.get(path)

    def token(self) -> str:
        """What the forms of this session carry."""
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.opens("/desk").text)
        assert found, "no form on the page"
        return found[1]

    def fills(self, path: str, button: str = "", **fields: Any) -> Any:
        """Open the page with the editor's form, fill it in over what it holds, and press a button."""
        page = html.fromstring(self.opens(path).text)
        (form,) = [each for each in page.forms if each.get("id") == "editor"]
        held = {name: value or "" for name, value in form.form_values()}
        return self.client.post(form.action, data={**held, **fields, "do": button})

    def writes(self, button: str = "send", **fields: Any) -> Any:
        """A new story."""
        whole = {"headline": "Ministers agree", "body": "They agreed in Vienna.\n\nThey meet again.", "language": "en"}
        return self.fills("/desk/write", button, **{**whole, **fields})

    def acts(self, story: str, act: str, **fields: str) -> Any:
        """Press one of the buttons of a story's page."""
        return self.client.post(f"/desk/stories/{story}/act", data={"token": self.token(), "act": act, **fields})
