"""Database and broker ask who is there, beyond the folder's mode."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from shared.queue import broker
from shared.settings import settings
from tests.support.house import House


def test_the_broker_wants_its_password(house: House) -> None:
    assert broker.client().ping()
    with pytest.raises(AuthenticationError), Redis(unix_socket_path=urlsplit(broker.broker_url()).path) as stranger:
        stranger.ping()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to come as another user")
def test_another_user_of_this_machine_is_no_owner_of_the_database(house: House) -> None:
    url = settings().database_url
    code = f"import os, psycopg; os.setgroups([]); os.setgid(65534); os.setuid(65534); psycopg.connect({url!r})"
    with psycopg.connect(str(url)) as mine:
        (folder,) = mine.execute("SHOW unix_socket_directories").fetchone() or ("",)
    mode = os.stat(folder).st_mode
    os.chmod(folder, 0o777)  # noqa: S103  the wall in front of it is taken away
    try:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd="/")
    finally:
        os.chmod(folder, mode)
    assert (done.returncode, "Peer authentication failed" in done.stderr) == (1, True), done.stderr
