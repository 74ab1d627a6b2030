"""Folders on FTP servers, also with TLS (`ftps`). Files stay where they are; what was taken is remembered."""

from __future__ import annotations

import contextlib
import ftplib
import socket
import ssl
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from services.ingest.names import sayable
from services.ingest.sources import secret_name
from services.ingest.ways import Found, Visit
from services.ingest.ways.directory import MOST_FILES, Listed, missing, remembering, untaken
from shared.web.outbound import Deadline, Unreachable, connect

SCHEMES = ("ftp", "ftps")

_PORT = 21


def look(visit: Visit) -> Iterator[Found]:
    """Every whole file of the folder that was not taken before."""
    at = visit.source.at
    deadline = Deadline(visit.timeout_s)
    ftp = _Ftps(context=ssl.create_default_context()) if at.scheme == "ftps" else _Guarded()
    try:
        ftp.watch = deadline.watch
        ftp.open(at.hostname or "", at.port or _PORT, timeout_s=visit.timeout_s)
        ftp.login(unquote(at.username or "anonymous"), visit.secret or "anonymous@")
        if isinstance(ftp, ftplib.FTP_TLS):
            ftp.prot_p()
        ftp.cwd(unquote(at.path) or "/")
        files = {
            name: Listed(size=int(facts.get("size", 0)), modified=facts.get("modify", ""))
            for name, facts in ftp.mlsd(facts=["type", "size", "modify"])
            if facts.get("type") == "file"
        }
        for name in untaken(files, visit.memory)[:MOST_FILES]:
            put_away = remembering(visit.memory, name, files[name])
            if files[name].size > visit.most_bytes:
                yield Found(name=name, body=b"", fault=f"larger than {visit.most_bytes:,} bytes", put_away=put_away)
                continue
            try:
                body = _read(ftp, name, visit.most_bytes)
            except ftplib.error_perm as refused:  # this one; it is asked for again at the next look
                visit.remark = f"{sayable(name)}: the server does not give it: {sayable(str(refused))}"
                continue
            fault = missing(name, files[name], body, visit.memory, visit.now)
            if fault is not None:
                yield Found(name=name, body=body, fault=fault, put_away=put_away)
    except ftplib.error_perm as refused:
        hint = f"; is {secret_name(visit.source.name)} set?" if "530" in str(refused) else ""
        raise Unreachable(f"{at.hostname} refused: {refused}{hint}") from refused
    except (ftplib.Error, EOFError, OSError) as silent:
        raise Unreachable(f"{at.hostname} did not answer: {silent!r}") from silent
    finally:
        deadline.close()
        with contextlib.suppress(ftplib.Error, EOFError, OSError, AttributeError):
            ftp.close()


def _read(ftp: ftplib.FTP, name: str, most_bytes: int) -> bytes:
    body = bytearray()

    def take(part: bytes) -> None:
        body.extend(part)
        if len(body) > most_bytes:
            raise Unreachable(f"{name} is larger than {most_bytes:,} bytes")

    ftp.retrbinary(f"RETR {name}", take)
    return bytes(body)


def _heard(line: str) -> str:
    return line.encode("latin-1").decode("utf-8", "surrogateescape")


class _Guarded(ftplib.FTP):
    """Connects to checked addresses only. The standard library already fetches data from the peer itself, whatever
    address a server names for it. Each connection is watched.
    """

    watch: Callable[[socket.socket], None]

    def open(self, host: str, port: int, *, timeout_s: float) -> None:
        """Connect, and hear the welcome."""
        self.encoding = "latin-1"  # a character for each byte: names come in any encoding, and are asked for as they came
        self.host, self.port, self.timeout = host, port, timeout_s
        self.sock = connect(host, port, timeout_s=timeout_s)
        self.watch(self.sock)
        self.af = self.sock.family
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()

    def putline(self, line: str) -> None:
        """Say a line."""
        super().putline(line.encode("utf-8", "surrogateescape").decode("latin-1"))

    def getline(self) -> str:
        """Hear a line."""
        return _heard(super().getline())

    def retrlines(self, cmd: str, callback: Callable[[str], object] | None = None) -> str:
        """Fetch lines."""
        return super().retrlines(cmd, lambda line: callback(_heard(line)) if callback else None)

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        """A connection for data."""
        connection, size = super().ntransfercmd(cmd, rest)
        self.watch(connection)
        return connection, size


class _Ftps(_Guarded, ftplib.FTP_TLS):
    """With TLS, from the login on."""
