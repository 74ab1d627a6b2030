"""Compose runs every role, and the proxy sends each path where the table says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from shared.pipeline import services
from shared.roles import EMBEDDED_ROLES, ROLES, WEB_APPS, WEB_ROLES, Role
from shared.web.origin import Origin, pattern_of

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
CADDY = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_compose_runs_every_role_by_its_command(role: Role) -> None:
    service = re.search(rf"^  {role.name}:\n((?:    .*\n)+)", COMPOSE, re.MULTILINE)
    assert service, f"no service {role.name}"
    words = ", ".join(f'"{word}"' for word in role.command)
    assert f"command: [{words}]" in service[1]


@pytest.mark.parametrize("role", WEB_ROLES)
def test_every_web_process_says_that_it_is_alive(role: str) -> None:
    assert TestClient(Origin([role])).get("/healthz").text == "alive\n"


def test_the_embedded_roles_do_every_stage_and_answer_every_path() -> None:
    words = [word for role in EMBEDDED_ROLES for word in role.command]
    assert set(services()) | set(WEB_ROLES) <= set(words)


@pytest.mark.parametrize("roles", [ROLES, EMBEDDED_ROLES], ids=["compose", "embedded"])
def test_one_worker_takes_the_express_lane_of_all_rooms_that_wait_for_nobody_and_nothing_else(roles: tuple[Role, ...]) -> None:
    (express,) = (role for role in roles if "--lane" in role.command)
    assert express.command[express.command.index("--lane") + 1] == "express"
    asked = {word for flag, word in zip(express.command, express.command[1:], strict=False) if flag == "--service"}
    assert asked == {"enrichment", "publish", "rendering"}


@pytest.mark.parametrize("role", [role for role in WEB_ROLES if role != "edge"])
def test_the_proxy_sends_a_roles_paths_to_it(role: str) -> None:
    paths = " ".join(path for web in WEB_APPS if web.role == role for path in web.paths)
    assert f"@{role} path {paths}\n" in CADDY
    assert f"reverse_proxy {role}:8000" in CADDY


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/v1/items", "services.ingest.routes:app"),
        ("/v1/items/x", "services.ingest.routes:app"),
        ("/v1/stories/S/editions/ar", "services.translation.app:app"),
        ("/v1/stories/S", "services.edge.app:app"),
        ("/ops", "services.monitor.routes:app"),
        ("/ops/live", "services.monitor.routes:app"),
        ("/opsy", "services.edge.app:app"),
        ("/en/feeds/all.rss", "services.edge.app:app"),
        ("/", "services.edge.app:app"),
    ],
)
def test_a_path_is_answered_by_the_first_app_that_names_it(path: str, role: str) -> None:
    answers = [web.app for web in WEB_APPS if any(pattern_of(named).match(path) for named in web.paths)]
    assert answers[0] == role


def test_a_path_belongs_to_its_app_whatever_signs_it_has() -> None:
    assert pattern_of("/v1/webhooks/*").match("/v1/webhooks/a\nb/deliveries")
    assert not pattern_of("/v1/terms").match("/v1/terms\n")


SERVICES = re.findall(
    r"^  ([a-z]+):\n((?:    .*\n|\n)+)", COMPOSE.partition("\nservices:\n")[2].partition("\nnetworks:\n")[0], re.MULTILINE
)


@pytest.mark.parametrize(("name", "words"), SERVICES, ids=[name for name, _ in SERVICES])
def test_every_container_is_hardened_alike(name: str, words: str) -> None:
    assert "<<: *role" in words or "<<: *hardened" in words
    assert "privileged" not in words
    assert len(SERVICES) == len(ROLES) + 5  # servers, the one that migrates, the proxy, Celery's monitor


def test_a_container_may_do_little_and_take_little() -> None:
    hardened = COMPOSE.partition("x-hardened")[2].partition("\n\n")[0]
    for words in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "mem_limit:", "pids_limit:", "logging:"):
        assert words in hardened
    assert "<<: *hardened" in COMPOSE.partition("x-role")[2].partition("\n\n")[0]


def test_no_password_has_a_default_and_no_server_is_published() -> None:
    assert re.findall(r"\$\{[A-Z_]*PASSWORD:-", COMPOSE) == []
    published = {name: re.findall(r"^    ports: (.*)$", words, re.MULTILINE) for name, words in SERVICES}
    assert {name: ports for name, ports in published.items() if ports} == {
        "proxy": ['["${BARQ_LISTEN:-127.0.0.1:8000}:8000"]'],
        "flower": ['["127.0.0.1:5555:5555"]'],
    }


def test_celerys_monitor_starts_only_for_who_asks_for_it_and_asks_for_a_password() -> None:
    (flower,) = (words for name, words in SERVICES if name == "flower")
    assert "profiles: [flower]" in flower
    assert "FLOWER_BASIC_AUTH: barq:${BARQ_FLOWER_PASSWORD:?" in flower
    assert "DATABASE" not in flower
    assert "BARQ_CELERY_CONTROL: ${BARQ_CELERY_CONTROL:-false}" in COMPOSE


def test_each_container_comes_to_the_database_by_the_account_that_it_needs() -> None:
    """The owner's password is in the database's own container and in the one that migrates, and the edge has none but its own."""
    has_passwords = {name: set(re.findall(r"\$\{BARQ_(\w*DATABASE)_PASSWORD", words)) for name, words in SERVICES}
    usual = set(re.findall(r"\$\{BARQ_(\w*DATABASE)_PASSWORD", COMPOSE.partition("x-role")[2].partition("\n\n")[0]))
    assert usual == {"WIRE_DATABASE"}
    assert has_passwords.pop("migrate") == {"DATABASE", "WIRE_DATABASE", "EDGE_DATABASE"}
    assert has_passwords.pop("postgres") == {"DATABASE"}
    assert has_passwords.pop("edge") == {"EDGE_DATABASE"}
    assert set(map(frozenset, has_passwords.values())) == {frozenset()}


def test_make_secrets_makes_every_password_that_compose_wants_and_changes_none(tmp_path: Path) -> None:
    wanted = set(re.findall(r"\$\{(BARQ_\w*PASSWORD)", COMPOSE))
    for _ in range(2):
        command = ["make", "-s", "-f", str(ROOT / "Makefile"), "secrets", f"PYTHON={sys.executable}"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        lines = (tmp_path / ".env").read_text(encoding="utf-8").splitlines()
        assert {line.partition("=")[0] for line in lines} == wanted
        assert len({line.partition("=")[2] for line in lines}) == len(lines) == len(wanted)
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0


def test_database_and_broker_have_no_way_out_and_the_proxy_none_to_them() -> None:
    networks = {name: re.findall(r"networks: \[(.*)\]", words) for name, words in SERVICES}
    assert (networks["postgres"], networks["valkey"]) == (["database"], ["broker"])
    assert networks["proxy"] == ["front, outside"]
    assert all(f"{name}: {{internal: true}}" in COMPOSE for name in ("database", "broker", "front"))
