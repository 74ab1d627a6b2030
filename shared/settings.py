"""Addresses, secrets and limits of this installation, from `BARQ_…` variables. The newsroom's words are in `wire.py`.

Every field has its unit in its name, its default and a sentence; `docs/configuration.md` repeats the list and a test
compares the two.
"""

from __future__ import annotations

from functools import cache
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.errors import ConfigurationError


class Settings(BaseSettings):
    """The environment's word on where things are and how much is too much."""

    model_config = SettingsConfigDict(env_prefix="BARQ_", extra="ignore", frozen=True, allow_inf_nan=False)

    home: Path = Field(Path("./var"), description="folder of the embedded wire's data")
    database_url: str | None = Field(None, description="PostgreSQL 18 to use instead of the embedded one")
    wire_database_password: str | None = Field(
        None, description="for `barq migrate`: the password of the account `barq_wire`, which is made with it"
    )
    edge_database_password: str | None = Field(
        None, description="for `barq migrate`: the password of the account `barq_edge`, which is made with it"
    )
    broker_url: str | None = Field(None, description="Redis or Valkey to use instead of the embedded one")
    public_url: str = Field("http://127.0.0.1:8000", description="the address that readers see, without a slash at the end")
    config: Path | None = Field(None, description="the wire's TOML file; unset: the one that ships with Barq")
    host: str = Field("127.0.0.1", description="address that the web roles listen on")
    port: int = Field(8000, description="port that the web roles listen on", ge=1, le=65_535)
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    max_body_bytes: int = Field(
        10_000_000,
        description="largest request body that ingest takes; ten times the largest wire text seen",
        ge=1_000,
        le=1_000_000_000,
    )
    max_batch_items: int = Field(
        5_000, description="most items in one NDJSON request; keeps one transaction within seconds", ge=1, le=100_000
    )
    express_per_minute: int = Field(
        60,
        description="items that one provider may send on the express lane within a minute; kills do not count",
        ge=0,
        le=1_000_000,
    )
    pulse_interval_s: float = Field(
        0.5, description="how often a pulse looks for work that is due and has no message", ge=0.01, le=60
    )
    audit_interval_s: float = Field(
        60.0,
        description="how often a pulse checks that nothing accepted is out of sight, and nothing taken back in sight",
        ge=0.1,
        le=86_400,
    )
    probe_interval_s: float = Field(
        5.0, description="how often a worker sends a probe round through its own queue", ge=0.01, le=600
    )
    deaf_after_s: float = Field(
        20.0,
        description="a worker that heard nothing for this long is deaf and restarted; three lost probes and a spare",
        ge=0.1,
        le=3_600,
    )
    stuck_after_s: float = Field(
        300.0, description="a worker at one chunk for this long is taken for stuck and restarted", ge=0.1, le=86_400
    )
    deadline_factor: float = Field(
        1.0,
        description="the deadlines of all stages (`shared/pipeline.py`), times this; more than 1 for a slow machine",
        ge=0.01,
        le=1_000,
    )
    celery_control: bool = Field(
        False,
        description="do workers answer `celery inspect` and send events for Flower? Who reaches the broker may then end them",
    )
    frozen_after_s: float = Field(
        25.0,
        description="a role that did no work, or web that did not answer, for this long is ended and started again",
        ge=0.1,
        le=3_600,
    )
    drop_folder: Path | None = Field(
        None, description="folder with a drop folder for each `drop:` source; unset: `drop` in the home"
    )
    trusted_proxies: str = Field(
        "127.0.0.1,::1",
        description="addresses and networks of proxies that are believed when they say for whom they ask, with commas between",
    )
    ops_addresses: str = Field(
        "",
        description="addresses that `/ops` and `/metrics` answer, beside this machine and its proxy's; none named: all",
    )
    feed_fetches_per_minute: int = Field(
        120, description="whole feeds that one address may fetch without a validator; 0: any number", ge=0, le=1_000_000
    )
    no_deltas_for: str = Field(
        "feedparser/",
        description="beginnings of `User-Agent`s that are sent whole feeds though they ask for deltas, commas between; `*`: all",
    )
    requests_per_minute: int = Field(
        600,
        description="pages, searches and API answers that one address may ask for, private feeds that one key may; 0: any number",
        ge=0,
        le=1_000_000,
    )
    hub_requests_per_minute: int = Field(
        120,
        description="subscriptions that one address may ask the hub for, and as many for one receiver; 0: any number",
        ge=0,
        le=1_000_000,
    )
    sign_ins_per_minute: int = Field(
        20, description="keys that one address may show to sign in, at all screens together; 0: any number", ge=0, le=1_000_000
    )
    webhook_tests_per_minute: int = Field(10, description="tests that one subscriber may send; 0: any number", ge=0, le=1_000_000)
    webhooks_per_subscriber: int = Field(50, description="webhooks that one subscriber may have at once", ge=1, le=10_000)
    connections: int = Field(
        4_000, description="connections that a web process keeps at once; fewer where it may open fewer files", ge=1, le=1_000_000
    )
    connections_per_address: int = Field(
        400, description="of them, from one address; trusted proxies and this machine itself are not counted", ge=1, le=1_000_000
    )
    private_addresses: bool = Field(
        False, description="may sources and subscribers be on private addresses, as in a newsroom's own network?"
    )
    reading_s: float = Field(
        15.0,
        description="how long reading one document may take of a processor, and three times as long by the clock",
        ge=0.01,
        le=600,
    )
    reading_memory_bytes: int = Field(
        400_000_000,
        description="memory that reading one document may take, its reader's own 60 MB among it",
        ge=150_000_000,
        le=100_000_000_000,
    )
    source_timeout_s: float = Field(30.0, description="how long one look at a source may take", ge=0.01, le=3_600)
    session_hours: float = Field(
        12.0, description="how long somebody who signed in at the desk stays signed in", ge=0.01, le=8_760
    )
    edge_poll_s: float = Field(
        1.0, description="how often the edge looks for documents whose announcement it missed", ge=0.01, le=600
    )
    push_timeout_s: float = Field(10.0, description="how long a WebSub subscriber may take to answer", ge=0.01, le=600)
    webhook_timeout_s: float = Field(5.0, description="how long a webhook's receiver may take to answer", ge=0.01, le=600)
    least_free_bytes: int = Field(
        300_000_000,
        description="with less than this free where the embedded database is, nothing is taken in but what takes text back",
        ge=0,
        le=1_000_000_000_000_000,
    )
    log_most_bytes: int = Field(
        10_000_000,
        description="a log of the embedded wire that is larger than this is put aside and begun anew",
        ge=10_000,
        le=1_000_000_000_000,
    )
    log_kept: int = Field(5, description="how many such parts of a log are kept", ge=0, le=1_000)
    idle_in_transaction_s: float = Field(
        15.0,
        description="a transaction whose process says nothing for this long is ended, and what it held is free",
        ge=0.01,
        le=3_600,
    )
    transaction_s: float = Field(
        20.0,
        description="how long a worker's transaction may take as a whole; then its pieces are done one by one",
        ge=0.01,
        le=3_600,
    )
    transaction_most_s: float = Field(
        120.0, description="the same for web, the pulse, commands and ingest, which write many rows at once", ge=0.01, le=86_400
    )
    statement_timeout_s: float = Field(60.0, description="how long one statement may take in the database", ge=0.01, le=86_400)
    lock_timeout_s: float = Field(10.0, description="how long a statement may wait for what another holds", ge=0.01, le=3_600)
    connection_lost_after_s: float = Field(
        15.0,
        description="a connection to a database on another machine that has fallen silent is given up after this",
        ge=5,
        le=3_600,
    )

    @field_validator("trusted_proxies", "ops_addresses")
    @classmethod
    def _are_networks(cls, said: str) -> str:
        for one in filter(None, (part.strip() for part in said.split(","))):
            try:
                ip_network(one)
            except ValueError:
                raise ValueError(f"{one[:60]!r} is no address and no network: write 192.0.2.1 or 192.0.2.0/24") from None
        return said

    @field_validator("public_url")
    @classmethod
    def _is_a_sites_address(cls, said: str) -> str:
        try:
            parts = urlsplit(said)
            is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            is_address = False
        if not is_address or parts.query or parts.fragment or any(sign.isspace() or sign in '<>"' for sign in said):
            raise ValueError("it should be as https://wire.example, without a slash at the end")
        return said


@cache
def settings() -> Settings:
    """The settings of this process, read once. Raises ConfigurationError."""
    try:
        return Settings()
    except ValidationError as wrong:
        raise ConfigurationError("; ".join(_sentence(error) for error in wrong.errors())) from None


def _sentence(error: ErrorDetails) -> str:
    """What is wrong with one variable; its value only where it is no address, which may have a password in it."""
    name = str(error["loc"][0]) if error["loc"] else ""
    said = "" if name.endswith(("_url", "_password")) else f" is {str(error['input'])[:60]!r}, and"
    return f"BARQ_{name.upper()}{said} cannot be used: {error['msg'].removeprefix('Value error, ')}"
