"""The API keeps to its own description: Schemathesis makes up requests for every operation and looks at the answers."""

from __future__ import annotations

import json
from typing import Any

import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings

from shared.roles import WEB_ROLES
from shared.web.keys import Role
from shared.web.openapi import description
from shared.web.origin import Origin
from tests.support.house import House

ORIGIN = Origin(WEB_ROLES)
SCHEMA = schemathesis.openapi.from_dict(description())
SCHEMA.app = ORIGIN

#: A schema cannot say which identifiers there are, which cursors are ours and which addresses may be asked; what is clearly meant
#: is taken, `"3"` for 3; and as the key is put in here, whatever was made up in its place is not sent (other tests see to keys).
#: `Allow` says what the router does, for which `/v1/items/check` is an item's address too (`test_methods.py` sees to that).
_NOT_HERE = [
    "positive_data_acceptance", "negative_data_rejection", "missing_required_header", "ignored_auth", "allow_header_conformance",
]  # fmt: skip
NOT_HERE = schemathesis.checks.CHECKS.get_by_names(_NOT_HERE)


@schemathesis.serializer("application/x-ndjson")
def ndjson(_: schemathesis.SerializationContext, value: Any) -> bytes:
    """What was made up, on a line."""
    return json.dumps(value).encode() + b"\n"


def test_every_web_process_tells_the_whole_description() -> None:
    for role in WEB_ROLES:
        told = TestClient(Origin([role])).get("/v1/openapi.json").json()
        assert {"/v1/items", "/v1/stories", "/v1/webhooks", "/v1/stories/{story}/receipt"} <= set(told["paths"])
        assert told["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


@SCHEMA.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_request_finds_a_fault_in_the_api(case: schemathesis.Case, house: House) -> None:
    role = Role.SUBSCRIBER if case.operation.path.startswith("/v1/webhooks") else Role.NEWSROOM
    key = house.key(role, name=f"made up by {role}")
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {key}"}
    case.call_and_validate(excluded_checks=NOT_HERE)
