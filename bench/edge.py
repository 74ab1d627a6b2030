"""How fast feeds are served, beside nginx serving the same bytes as a static file: one core each, in one run.

    .venv/bin/python -m bench.edge

Needs Linux with two cores, and nginx and wrk (Debian: nginx-light, wrk). The edge is one process of `barq web --role edge` behind
which a real wire has put its documents; nginx has one worker. Both are pinned to one core, wrk to the other, and asked in turn.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import httpx

from bench.end_to_end import story
from bench.wires import BARQ, BenchWire, a_wire
from tests.support.running_wire import free_port


def main() -> None:
    """Measure 200 and 304 of both, in turn, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--entries", type=int, default=20)
    arguments = parser.parse_args()
    for program in ("nginx", "wrk", "taskset"):
        if not shutil.which(program):
            sys.exit(f"{program} is not installed")
    with a_wire(free_port()) as wire:
        _measure(wire, arguments)


def _measure(wire: BenchWire, arguments: argparse.Namespace) -> None:
    run, folder = wire.run, wire.folder
    for number in range(arguments.entries):
        answer = httpx.post(f"{run.url}/v1/items", json=story(f"urn:bench:{number}", f"Bench story {number}"),
                            headers={"authorization": f"Bearer {wire.key}"}, trust_env=False)  # fmt: skip
        answer.raise_for_status()
    time.sleep(3)
    port, nginx_port = free_port(), free_port()
    served_by = {
        **wire.environment, "BARQ_DATABASE_URL": run.database_url, "BARQ_BROKER_URL": run.broker_url, "BARQ_PORT": str(port),
        "BARQ_LOG_LEVEL": "WARNING",
    }  # fmt: skip
    edge = subprocess.Popen(["taskset", "-c", "0", *BARQ, "web", "--role", "edge"], env=served_by)
    url = f"http://127.0.0.1:{port}/en/feeds/all.atom"
    body = _wait_for(url)
    (folder / "www").mkdir()
    (folder / "www" / "all.atom").write_bytes(body)
    nginx = _start_nginx(folder, nginx_port)
    nginx_url = f"http://127.0.0.1:{nginx_port}/all.atom"
    _wait_for(nginx_url)
    try:
        print(f"a document of {len(body):,} bytes")
        for status in (200, 304):
            rates: dict[str, list[float]] = {"edge": [], "nginx": []}
            for _ in range(arguments.rounds):
                for name, address in (("edge", url), ("nginx", nginx_url)):
                    rates[name].append(_rate(address, status, arguments.seconds))
            ours, theirs = (statistics.median(rates[name]) for name in ("edge", "nginx"))
            print(f"{status}: edge {ours:,.0f} a second, nginx {theirs:,.0f} a second: {ours / theirs:.2f}")
    finally:
        for process in (edge, nginx):
            process.terminate()
            process.wait(10)


def _start_nginx(folder: Path, port: int) -> subprocess.Popen[bytes]:
    configuration = folder / "nginx.conf"
    configuration.write_text(f"""
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
{"user root;" if os.geteuid() == 0 else ""}
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; etag on; keepalive_requests 1000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
  scgi_temp_path {folder}; open_file_cache max=10;
  types {{ application/atom+xml atom; }}
  server {{ listen 127.0.0.1:{port}; root {folder}/www; add_header Cache-Control "public, max-age=1"; }}
}}
""")
    return subprocess.Popen(["taskset", "-c", "0", "nginx", "-c", str(configuration), "-p", str(folder)])


def _rate(url: str, status: int, seconds: int) -> float:
    """Answers a second, of the status that is asked for and no other."""
    headers = []
    if status == 304:
        etag = httpx.get(url, headers={"accept-encoding": "identity"}, trust_env=False).headers["etag"]
        headers = ["-H", f"If-None-Match: {etag}"]
        assert httpx.get(url, headers={"accept-encoding": "identity", "if-none-match": etag}, trust_env=False).status_code == 304
    done = subprocess.run(
        ["taskset", "-c", "1", "wrk", "-t1", "-c32", f"-d{seconds}s", *headers, url], capture_output=True, text=True, check=True
    )
    assert "Non-2xx" not in done.stdout, done.stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def _wait_for(url: str) -> bytes:
    ends_s = time.monotonic() + 60
    while True:
        try:
            answer = httpx.get(url, headers={"accept-encoding": "identity"}, trust_env=False)
            if answer.status_code == 200:
                return answer.content
        except httpx.TransportError:
            pass
        if time.monotonic() > ends_s:
            sys.exit(f"{url} never answered")
        time.sleep(0.1)


if __name__ == "__main__":
    main()
