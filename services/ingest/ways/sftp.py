"""Folders on SFTP servers. Files stay where they are; what was taken is remembered.

The server's host key is kept at the first look, and another one is refused from then on.
"""

from __future__ import annotations

import asyncio
import stat
import time
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import unquote

import asyncssh

from services.ingest.names import sayable
from services.ingest.ways import Found, Visit
from services.ingest.ways.directory import MOST_FILES, Listed, missing, remembering, untaken
from shared.web.outbound import Unreachable, connect

SCHEMES = ("sftp",)

_PORT = 22


def look(visit: Visit) -> Iterator[Found]:
    """Every whole file of the folder that was not taken before."""
    at = visit.source.at
    try:
        found = asyncio.run(asyncio.wait_for(_look(visit), visit.timeout_s))
    except asyncssh.HostKeyNotVerifiable as stranger:
        raise Unreachable(
            f"{at.hostname} shows another host key than at first: if that is right, remove the source and add it again"
        ) from stranger
    except (asyncssh.Error, OSError, TimeoutError) as silent:
        raise Unreachable(f"{at.hostname} did not answer: {silent or 'it took too long'}") from silent
    for name, body, listed in found:
        put_away = remembering(visit.memory, name, listed)
        if listed.size > visit.most_bytes:
            yield Found(name=name, body=b"", fault=f"larger than {visit.most_bytes:,} bytes", put_away=put_away)
            continue
        fault = missing(name, listed, body, visit.memory, visit.now)
        if fault is not None:
            yield Found(name=name, body=body, fault=fault, put_away=put_away)


async def _look(visit: Visit) -> list[tuple[str, bytes, Listed]]:
    at = visit.source.at
    host, port = at.hostname or "", at.port or _PORT
    known = visit.memory.get("host_key")
    credentials: dict[str, Any] = {"password": visit.secret}
    if visit.secret.startswith("-----BEGIN"):
        credentials = {"client_keys": [asyncssh.import_private_key(visit.secret)], "password": None}
    connection = await asyncssh.connect(
        host,
        port,
        sock=connect(host, port, timeout_s=visit.timeout_s),
        username=unquote(at.username or "anonymous"),
        known_hosts=([asyncssh.import_public_key(known)], [], []) if known else None,
        config=[],
        agent_path=None,
        **{"client_keys": None, **credentials},
    )
    try:
        shown = connection.get_server_host_key()
        if shown is not None:
            visit.memory["host_key"] = shown.export_public_key().decode().strip()
        async with connection.start_sftp_client(path_errors="surrogateescape") as sftp:
            folder = unquote(at.path) or "."
            files = {
                str(entry.filename): Listed(size=entry.attrs.size or 0, modified=str(entry.attrs.mtime))
                async for entry in sftp.scandir(folder)
                if stat.S_ISREG(entry.attrs.permissions or 0)
            }
            read: list[tuple[str, bytes, Listed]] = []
            half_s = visit.ends_s - visit.timeout_s / 2
            for name in untaken(files, visit.memory)[:MOST_FILES]:
                if read and time.monotonic() > half_s:
                    break  # the rest at the next look: what was read must be taken in as well
                try:
                    body = await _read(sftp, f"{folder}/{name}", files[name], visit.most_bytes)
                except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPPermissionDenied, asyncssh.SFTPFailure) as refused:
                    # this one; it is asked for again at the next look
                    visit.remark = f"{sayable(name)}: the server does not give it: {sayable(str(refused))}"
                    continue
                read.append((name, body, files[name]))
            return read
    finally:
        connection.close()


async def _read(sftp: asyncssh.SFTPClient, path: str, listed: Listed, most_bytes: int) -> bytes:
    if listed.size > most_bytes:
        return b""
    async with sftp.open(path, "rb", encoding=None) as file:
        return cast(bytes, await file.read(most_bytes))
