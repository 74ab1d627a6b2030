"""Addresses, secrets and limits of this installation, from `BARQ_…` variables. The newsroom's words are in `wire.py`.

Every field has its unit in its name, its default and a sentence; `docs/configuration.md` repeats the list and a test
compares the two.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The environment's word on where things are and how much is too much."""

    model_config = SettingsConfigDict(env_prefix="BARQ_", extra="ignore", frozen=True)

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
    port: int = Field(8000, description="port that the web roles listen on", ge=1, le=65535)
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    max_body_bytes: int = Field(
        10_000_000, description="largest request body that ingest takes; ten times the largest wire text seen"
    )
    max_batch_items: int = Field(5_000, description="most items in one NDJSON request; keeps one transaction within seconds")
    express_per_minute: int = Field(
        60, description="items that one provider may send on the express lane within a minute; kills do not count"
    )
    pulse_interval_s: float = Field(0.5, description="how often a pulse looks for work that is due and has no message")
    audit_interval_s: float = Field(
        60.0, description="how often a pulse checks that nothing accepted is out of sight, and nothing taken back in sight"
    )
    probe_interval_s: float = Field(5.0, description="how often a worker sends a probe round through its own queue")
    deaf_after_s: float = Field(
        20.0,
        description="a worker that heard nothing for this long is deaf and restarted; three lost probes and a spare",
    )
    stuck_after_s: float = Field(300.0, description="a worker at one chunk for this long is taken for stuck and restarted")
    deadline_factor: float = Field(
        1.0, description="the deadlines of all stages (`shared/pipeline.py`), times this; more than 1 for a slow machine", gt=0
    )
    frozen_after_s: float = Field(
        25.0,
        description="a role that did no work, or web that did not answer, for this long is ended and started again",
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
        120, description="whole feeds that one address may fetch without a validator; 0: any number"
    )
    requests_per_minute: int = Field(
        600,
        description="pages, searches and API answers that one address may ask for, private feeds that one key may; 0: any number",
    )
    hub_requests_per_minute: int = Field(
        120, description="subscriptions that one address may ask the hub for, and as many for one receiver; 0: any number"
    )
    sign_ins_per_minute: int = Field(
        20, description="keys that one address may show to sign in, at all screens together; 0: any number"
    )
    webhook_tests_per_minute: int = Field(10, description="tests that one subscriber may send; 0: any number")
    webhooks_per_subscriber: int = Field(50, description="webhooks that one subscriber may have at once", ge=1)
    connections: int = Field(
        4_000, description="connections that a web process keeps at once; fewer where it may open fewer files", ge=1
    )
    connections_per_address: int = Field(
        400, description="of them, from one address; trusted proxies and this machine itself are not counted", ge=1
    )
    private_addresses: bool = Field(
        False, description="may sources and subscribers be on private addresses, as in a newsroom's own network?"
    )
    reading_s: float = Field(
        15.0,
        description="how long reading one document may take of a processor, and three times as long by the clock",
        gt=0,
        le=600,
    )
    reading_memory_bytes: int = Field(
        400_000_000, description="memory that reading one document may take, its reader's own 60 MB among it", ge=150_000_000
    )
    source_timeout_s: float = Field(30.0, description="how long one look at a source may take")
    session_hours: float = Field(12.0, description="how long somebody who signed in at the desk stays signed in")
    edge_poll_s: float = Field(1.0, description="how often the edge looks for documents whose announcement it missed")
    push_timeout_s: float = Field(10.0, description="how long a WebSub subscriber may take to answer")
    webhook_timeout_s: float = Field(5.0, description="how long a webhook's receiver may take to answer")
    least_free_bytes: int = Field(
        300_000_000,
        description="with less than this free where the embedded database is, nothing is taken in but what takes text back",
        ge=0,
    )
    log_most_bytes: int = Field(
        10_000_000, description="a log of the embedded wire that is larger than this is put aside and begun anew", ge=10_000
    )
    log_kept: int = Field(5, description="how many such parts of a log are kept", ge=0, le=1000)
    idle_in_transaction_s: float = Field(
        15.0, description="a transaction whose process says nothing for this long is ended, and what it held is free", gt=0
    )
    transaction_s: float = Field(
        20.0, description="how long a worker's transaction may take as a whole; then its pieces are done one by one", gt=0
    )
    transaction_most_s: float = Field(
        120.0, description="the same for web, the pulse, commands and ingest, which write many rows at once", gt=0
    )
    statement_timeout_s: float = Field(60.0, description="how long one statement may take in the database", gt=0)
    lock_timeout_s: float = Field(10.0, description="how long a statement may wait for what another holds", gt=0)
    connection_lost_after_s: float = Field(
        15.0, description="a connection to a database on another machine that has fallen silent is given up after this", ge=5
    )


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
