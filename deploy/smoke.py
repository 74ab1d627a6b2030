"""The smoke test: push a story into a running wire, translate it, kill it, and read each step back from the feeds.

    python deploy/smoke.py --url http://127.0.0.1:8000 --key KEY

Works against any wire, embedded or composed. Exits 0 if every step was seen within `--patience` seconds.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx

FORMATS = ("rss", "atom", "json")


def main() -> None:
    """Walk a story through its life."""
    arguments = _arguments()
    headers = {"authorization": f"Bearer {arguments.key}"}
    with httpx.Client(base_url=arguments.url, headers=headers, timeout=30, trust_env=False) as wire:
        mark = uuid.uuid4().hex[:12]
        item = {
            "uri": f"urn:barq:smoke:{mark}", "version": 1, "language": "en", "urgency": 1, "located": "BEIRUT",
            "headline": f"Smoke test {mark}", "body_text": f"A story that is pushed to see that the wire runs. {mark}",
            "place": [{"code": "LB"}], "subject": [{"code": "medtop:11000000"}],
        }  # fmt: skip
        accepted = _expect(wire.post("/v1/items", json=item), 202)["accepted"][0]
        story = accepted["story"]
        for feed in ("all", "arab", "politics"):
            for form in FORMATS:
                _until(lambda f=feed, x=form: mark in wire.get(f"/en/feeds/{f}.{x}").text, f"en/{feed}.{form}", arguments)
        translation = {
            "headline": f"اختبار {mark}",
            "body_html": "<p>خبر للاختبار.</p>",
            "translator": "Smoke",
            "revision": 1,
        }
        _expect(wire.put(f"/v1/stories/{story}/editions/ar", json=translation), 202)
        for form in FORMATS:
            _until(lambda x=form: mark in wire.get(f"/ar/feeds/arab.{x}").text, f"ar/arab.{form}", arguments)
        _expect(wire.post("/v1/items", json={"uri": item["uri"], "version": 2, "pubstatus": "canceled"}), 202)
        for edition in ("en", "ar"):
            for form in FORMATS:
                address = f"/{edition}/feeds/all.{form}"
                _until(
                    lambda a=address: mark not in wire.get(a).text and story in wire.get(a).text,
                    f"kill {address}",
                    arguments,
                )
        if wire.get(f"/en/stories/{story}").status_code != 410:
            sys.exit("the page of the killed story does not answer 410")
    print("ok: pushed, published, translated, killed, seen everywhere")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--key", default=os.environ.get("BARQ_KEY"), help="a newsroom key; left out: this home's first")
    parser.add_argument("--patience", type=float, default=30.0)
    arguments = parser.parse_args()
    kept = Path(os.environ.get("BARQ_HOME", "var")) / "keys" / "newsroom"
    if not arguments.key:
        arguments.key = kept.read_text(encoding="utf-8").strip() if kept.exists() else parser.error("no key: use --key")
    return arguments


def _expect(response: httpx.Response, status: int) -> dict:
    if response.status_code != status:
        sys.exit(f"{response.request.method} {response.request.url}: {response.status_code} {response.text[:500]}")
    return response.json()


def _until(holds: Callable[[], bool], what: str, arguments: argparse.Namespace) -> None:
    started_s = time.monotonic()
    while not holds():
        if time.monotonic() - started_s > arguments.patience:
            sys.exit(f"{what}: not seen within {arguments.patience:.0f} s")
        time.sleep(0.02)
    print(f"{what}: {time.monotonic() - started_s:.2f} s")


if __name__ == "__main__":
    main()
