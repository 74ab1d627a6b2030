"""Folders on SFTP servers. Files stay where they are; what was taken is remembered.

The server's host key is kept at the first poll, and another one is refused from then on.
"""

from __future__ import annotations

import asyncio
import stat
import time
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import unquote

import asyncssh

from services.ingest.connectors.connector import PollContext, SourceDocument
from services.ingest.connectors.directory import (
    MAX_FILES,
    Listed,
    find_truncation,
    list_untaken,
    refuse_too_large,
    remember_as_taken,
)
from services.ingest.connectors.names import printable_name
from shared.web.outbound import Unreachable, connect

SCHEMES = ("sftp",)

_PORT = 22


#: files that were read, by their names
_Files = list[tuple[str, bytes, Listed]]


def poll(context: PollContext) -> Iterator[SourceDocument]:
    """Every whole file of the folder that was not taken before."""
    at = context.source.at
    try:
        files = asyncio.run(asyncio.wait_for(_connect_and_read(context), context.timeout_s))
    except asyncssh.HostKeyNotVerifiable as stranger:
        raise Unreachable(
            f"{at.hostname} shows another host key than at first: if that is right, remove the source and add it again"
        ) from stranger
    except (asyncssh.Error, OSError, TimeoutError) as silent:
        raise Unreachable(f"{at.hostname} did not answer: {silent or 'it took too long'}") from silent
    for name, body, listed in files:
        put_away = remember_as_taken(context.memory, name, listed)
        if max(listed.size, len(body)) > context.max_bytes:
            yield refuse_too_large(name, context, put_away)
            continue
        truncation = find_truncation(name, listed, body, context.memory, context.now)
        if truncation is not None:
            yield SourceDocument(name=name, body=body, fault=truncation, put_away=put_away)


async def _connect_and_read(context: PollContext) -> _Files:
    at = context.source.at
    host, port = at.hostname or "", at.port or _PORT
    known = context.memory.get("host_key")
    credentials: dict[str, Any] = {"password": context.secret}
    if context.secret.startswith("-----BEGIN"):
        credentials = {"client_keys": [asyncssh.import_private_key(context.secret)], "password": None}
    connection = await asyncssh.connect(
        host,
        port,
        sock=connect(host, port, timeout_s=context.timeout_s),
        username=unquote(at.username or "anonymous"),
        known_hosts=([asyncssh.import_public_key(known)], [], []) if known else None,
        config=[],
        agent_path=None,
        **{"client_keys": None, **credentials},
    )
    try:
        shown = connection.get_server_host_key()
        if shown is not None:
            context.memory["host_key"] = shown.export_public_key().decode().strip()
        async with connection.start_sftp_client(path_errors="surrogateescape") as sftp:
            return await _read_folder(sftp, context)
    finally:
        connection.close()


async def _read_folder(sftp: asyncssh.SFTPClient, context: PollContext) -> _Files:
    folder = unquote(context.source.at.path) or "."
    files = {
        str(entry.filename): Listed(size=entry.attrs.size or 0, modified=str(entry.attrs.mtime))
        async for entry in sftp.scandir(folder)
        if stat.S_ISREG(entry.attrs.permissions or 0)
    }
    read: _Files = []
    half_s = context.ends_s - context.timeout_s / 2
    for name in list_untaken(files, context.memory)[:MAX_FILES]:
        if read and time.monotonic() > half_s:
            break  # the rest at the next poll: what was read must be taken in as well
        try:
            body = await _read(sftp, f"{folder}/{name}", files[name], context.max_bytes)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPPermissionDenied, asyncssh.SFTPFailure) as refused:
            # this one; it is asked for again at the next poll
            context.remark = f"{printable_name(name)}: the server does not give it: {printable_name(str(refused))}"
            continue
        read.append((name, body, files[name]))
    return read


async def _read(sftp: asyncssh.SFTPClient, path: str, listed: Listed, max_bytes: int) -> bytes:
    if listed.size > max_bytes:
        return b""
    async with sftp.open(path, "rb", encoding=None) as file:
        return cast(bytes, await file.read(max_bytes + 1))
