"""How many stories a second one processor enriches, and what the means for it take in memory and at the start."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from bench.enrichment.corpora import Article, Story
from services.enrichment.about import about, sections_of_items, warm_up
from services.enrichment.duplicates import fingerprint_of
from shared.wire.config import DEFAULT_FILE, read_wire

_MOST, _CHUNK = 1_500, 50
_WIRE = read_wire(DEFAULT_FILE)
#: in a process of its own: what a bare worker has, and what it has once it can enrich
_MEMORY = """
import time, psutil
from shared.queue import worker
import services.publish.stages
bare = psutil.Process().memory_full_info().pss
began = time.process_time()
from services.enrichment.about import warm_up
from shared.wire.config import DEFAULT_FILE, read_wire
warm_up(read_wire(DEFAULT_FILE))
took = time.process_time() - began
print((psutil.Process().memory_full_info().pss - bare) / 1e6, took)
"""


def measure(articles: Sequence[Article], stories: Sequence[Story]) -> Iterator[str]:
    """Lines of the report."""
    items = [text.item() for text in (*stories, *articles)][:_MOST]
    words = sum(len(item.body_html.split()) for item in items) / max(len(items), 1)
    warm_up(_WIRE)
    began_s = time.process_time()
    for start in range(0, len(items), _CHUNK):  # as the stage does it
        chunk = items[start : start + _CHUNK]
        for item, sections in zip(chunk, sections_of_items(chunk, _WIRE), strict=True):
            about(item, _WIRE, sections=sections)
    about_s = time.process_time() - began_s
    for item in items:
        fingerprint_of(item)
    all_s = time.process_time() - began_s
    yield f"{len(items)} stories of {words:.0f} words: {len(items) / about_s:.0f} a second of one processor, what they are about"
    yield f"  {len(items) / all_s:.0f} with what they are known by"
    said = subprocess.run([sys.executable, "-c", _MEMORY], capture_output=True, text=True, check=True).stdout.split()
    yield f"  memory over a bare worker {float(said[0]):.0f} MB, loaded in {float(said[1]):.1f} s of one processor"
