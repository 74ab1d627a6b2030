"""Libraries that other people wrote, for pages, sitemaps, lists of feeds and webhooks; they run where nothing is Barq's."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.real_readers import NPM_MODULES

_ROOT = Path(__file__).parents[2]
#: where `.ci/run` puts what requirements/clients.in names: some of it wants other versions of what Barq has
CLIENTS = _ROOT / ".venv/clients/bin"
_PATIENCE_S = 90


def missing(folder: Path, *names: str) -> str:
    """Which of these are not in a folder that `.ci/run` fills; nothing if all are."""
    lacking = [name for name in names if not (folder / name).exists()]
    return f"{', '.join(lacking)} in {folder.relative_to(_ROOT)}, where .ci/run puts it" if lacking else ""


def lacks_python() -> str:
    """What is not here of the libraries that read pages; nothing if all is."""
    return missing(CLIENTS, "extruct", "trafilatura", "usp")  # who has these has those that have no command


def lacks_verifier() -> str:
    """What is not here that a webhook is verified with in JavaScript; nothing if it is."""
    return missing(NPM_MODULES, "standardwebhooks")


def read_as_others(home: str, *, pages: Sequence[str], opml: Sequence[str], markup: Mapping[str, str]) -> Any:
    """What the libraries make of an origin: see `read_as_others.py`."""
    asked = {"home": home, "pages": pages, "opml": opml, "markup": markup}
    return _asked(asked, str(CLIENTS / "python"), str(Path(__file__).with_name("read_as_others.py")))


def are_signed(*notifications: tuple[str, Mapping[str, str], bytes]) -> list[bool]:
    """Whether each, a secret, the headers and the body that came, verifies with the library that receivers in JavaScript have."""
    asked = [(secret, dict(headers), body.decode()) for secret, headers, body in notifications]
    signed: list[bool] = _asked(asked, "node", str(Path(__file__).with_name("verify_webhooks.mjs")), str(NPM_MODULES))
    return signed


def _asked(asked: object, *command: str) -> Any:
    """What a program answers, both as JSON. Raises AssertionError with its words if it fails."""
    own = {"LANG": "C.UTF-8", "PATH": os.environ["PATH"]}
    done = subprocess.run(command, input=json.dumps(asked), timeout=_PATIENCE_S, env=own, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
