"""What each command prints, word for word: programs read it too, whatever it is for."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from rich.console import Console

from services.console import show
from services.console.push import Outcome
from services.console.screen import screen
from shared.pipeline import Lane, Stage
from shared.status import Doing
from shared.web.keys import Key, Right, Role
from tests.support.census import NOW, census, dead_row, edition_row, queue_row, worker_row


def printed(what: Callable[[Console], None]) -> list[str]:
    """Lines without the spaces at their ends."""
    console, file = screen(), io.StringIO()
    console.file = file
    console.width = 4000
    what(console)
    return [" ".join(line.split()) for line in file.getvalue().splitlines()]


def status(**fields: Any) -> list[str]:
    return printed(lambda console: show.status(console, census(**fields), "http://w.example"))


QUEUE = {"queues": (queue_row(Stage.RENDER),), "workers": ()}


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"items": 12, "stories": 7}, "http://w.example 12 items, 7 stories, broker answers"),
        ({"broker": False}, "http://w.example 0 items, 0 stories, broker is in trouble"),
        ({"troubles": ("disk full: 12 MB are free",)}, "disk full: 12 MB are free"),
        ({"queues": (queue_row(Stage.RENDER),)}, "render.regular 0 1"),
        (
            {"queues": (queue_row(Stage.RENDER, Lane.EXPRESS, depth=3, oldest_s=1.25, later=2, workers=2),)},
            "render.express 3 1.2 s 2 2",
        ),
        ({"queues": (queue_row(Stage.RENDER, workers=0),)}, "render.regular 0 0 no worker"),
        ({"queues": (queue_row(Stage.RENDER, workers=0),), "broker": False}, "render.regular 0 0"),
        ({"queues": (queue_row(Stage.RENDER, workers=0, paused=True),)}, "render.regular 0 0 paused"),
        ({"workers": (worker_row(services=("publish", "rendering")),)}, "worker w1 (publish, rendering): hears, 1 s ago"),
        ({"workers": (worker_row(alive=False, heard_s=90.0),)}, "worker w1 (publish): silent, 90 s ago"),
        ({"workers": (worker_row(lanes=("express",)),)}, "worker w1 (express alone: publish): hears, 1 s ago"),
        (
            {"workers": (worker_row(doing=Doing(stage=Stage.RENDER, pieces=3, item="0198", since_s=4.0)),)},
            "worker w1 (publish): hears, 1 s ago; render of 0198 and 2 more for 4 s",
        ),
        ({"editions": (edition_row(stories=5),)}, "edition ar: 5 stories (no engine, people translate)"),
        ({"editions": (edition_row(waiting=2),)}, "edition ar: 0 stories, 2 waiting for people (no engine, people translate)"),
        (
            {"editions": (edition_row(engine="Opus", waiting=1, silent="no answer"),)},
            "edition ar: 0 stories, 1 waiting for Opus (engine Opus) no answer",
        ),
        (
            {"held": {"no-edition": 1, "embargo": 2}},
            "3 stories held (2 embargo, 1 no-edition): somebody must look, `/desk?state=held`",
        ),
        ({"out_of_sight": {"unread": 2}}, "2 items out of sight (2 unread): the log names them"),
        ({"dead_count": {"render": 1, "translate": 3}}, "4 dead letters: `barq dead list`"),
    ],
)
def test_a_line_of_the_status(fields: dict[str, Any], line: str) -> None:
    assert line in status(**{**QUEUE, **fields})


def test_a_wire_that_is_well_says_nothing_that_a_person_must_do() -> None:
    lines = status(**QUEUE)
    assert lines == [
        "http://w.example 0 items, 0 stories, broker answers",
        "queue due oldest later workers",
        "render.regular 0 1",
    ]


def test_a_timeline() -> None:
    stages = [
        {"stage": "enrich", "edition": None, "state": "done", "attempts": 1, "done_at": "2026-11-25T12:00:00.123456+00:00",
         "due_at": "2026-11-25T12:00:00+00:00", "error": None},
        {"stage": "translate", "edition": "ar", "state": "due", "attempts": 2, "done_at": None,
         "due_at": "2026-11-25T12:01:00+00:00", "error": "Traceback\n  long\nEngineError: no answer\n"},
    ]  # fmt: skip
    item = {"uri": "urn:d:1", "version": 2, "state": "published", "story": "s1", "accepted_at": "2026-11-25T11:59:59+00:00",
            "stages": stages, "feeds": ["https://w.example/en/feeds/all.rss"]}  # fmt: skip
    assert printed(lambda console: show.timeline(console, item)) == [
        "urn:d:1 version 2: published",
        "story s1, accepted 2026-11-25 11:59:59.000",
        "stage edition state attempts done or due error",
        "enrich done 1 2026-11-25 12:00:00.123",
        "translate ar due 2 2026-11-25 12:01:00.000 EngineError: no answer",
        "https://w.example/en/feeds/all.rss",
    ]


def a_key(**fields: Any) -> Key:
    newsroom: dict[str, Any] = {
        "name": "agency", "role": Role.NEWSROOM, "rights": frozenset({Right.PUSH, Right.KILL}), "products": (), "networks": (),
        "created_at": NOW, "revoked_at": None, "expires_at": None, "old_secret_until": None, "last_used_at": None,
        "last_used_from": "",
    }  # fmt: skip
    return Key(**{**newsroom, **fields})


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "agency newsroom kill, push anywhere 2026-11-25 12:00 never valid"),
        (
            {"role": Role.SUBSCRIBER, "rights": frozenset(), "products": ("sport", "markets")},
            "agency subscriber sport, markets anywhere 2026-11-25 12:00 never valid",
        ),
        ({"networks": ("10.0.0.0/8",)}, "agency newsroom kill, push 10.0.0.0/8 2026-11-25 12:00 never valid"),
        (
            {"last_used_at": NOW, "last_used_from": "10.1.1.1"},
            "agency newsroom kill, push anywhere 2026-11-25 12:00 2026-11-25 12:00 10.1.1.1 valid",
        ),
        (
            {"last_used_at": NOW},
            "agency newsroom kill, push anywhere 2026-11-25 12:00 2026-11-25 12:00 valid",
        ),
        ({"revoked_at": NOW}, "agency newsroom kill, push anywhere 2026-11-25 12:00 never revoked 2026-11-25 12:00"),
        (
            {"expires_at": NOW + timedelta(days=1)},
            "agency newsroom kill, push anywhere 2026-11-25 12:00 never expires 2026-11-26 12:00",
        ),
    ],
)
def test_a_key_without_its_secret(fields: dict[str, Any], line: str) -> None:
    assert printed(lambda console: show.keys(console, [a_key(**fields)], NOW))[1:] == [line]


def test_a_dead_letter_in_one_line() -> None:
    lines = printed(lambda console: show.dead(console, [dead_row(about="x" * 100)]))
    assert lines[1:] == [f"7 translate {'x' * 60} 0198 1 ar 5 2026-11-25 12:00:00 EngineError: no answer"]


def a_source(**fields: Any) -> dict[str, Any]:
    well = {"name": "agency", "url": "https://a.example", "interval_s": 60.0, "looked_at": "2026-11-25T12:00:00+00:00",
            "brought_at": None, "items_count": 4, "health": "well", "failures": 0, "refusals": 0, "error": None,
            "moved_from": None}  # fmt: skip
    return {**well, **fields}


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({}, ["agency https://a.example 60 s 25 Nov 12:00:00 never 4"]),
        ({"interval_s": 0.5}, ["agency https://a.example 0.5 s 25 Nov 12:00:00 never 4"]),
        ({"health": "gone"}, ["agency https://a.example 60 s 25 Nov 12:00:00 never 4 gone"]),
        (
            {"health": "failing", "failures": 3, "error": "timed out"},
            ["agency https://a.example 60 s 25 Nov 12:00:00 never 4 failed 3 times", "agency: timed out"],
        ),
        ({"health": "refused", "refusals": 2}, ["agency https://a.example 60 s 25 Nov 12:00:00 never 4 refused 2 times"]),
        ({"health": "unsteady"}, ["agency https://a.example 60 s 25 Nov 12:00:00 never 4 changes names"]),
        ({"health": "quiet"}, ["agency https://a.example 60 s 25 Nov 12:00:00 never 4 quiet"]),
        (
            {"moved_from": "http://old.example"},
            ["agency https://a.example 60 s 25 Nov 12:00:00 never 4", "agency: moved for good from http://old.example"],
        ),
    ],
)
def test_a_source_and_what_ails_it(fields: dict[str, Any], lines: list[str]) -> None:
    assert printed(lambda console: show.sources(console, [a_source(**fields)]))[1:] == lines


def test_what_was_refused_and_kept() -> None:
    row = {
        "id": "q1",
        "source": "agency",
        "count": 3,
        "refused_at": "2026-11-25T12:00:00+00:00",
        "problem": {"detail": "Not XML."},
    }
    assert printed(lambda console: show.quarantine(console, [row]))[1:] == ["q1 agency 3 25 Nov 12:00:00 Not XML."]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["accepted"], "1 accepted"),
        (["refused", "accepted", "translated", "duplicate", "accepted"], "2 accepted, 1 duplicate, 1 translated, 1 refused"),
        ([], ""),
    ],
)
def test_how_many_parcels_ended_how(words: list[str], line: str) -> None:
    outcomes = [Outcome(name="n", status=word, detail="d") for word in words]
    assert printed(lambda console: show.counts(console, outcomes)) == [line]


def test_what_was_refused_is_named_with_its_reason() -> None:
    outcome = Outcome(name="a.json:3", status="refused", detail="There is no uri.")
    assert printed(lambda console: show.refused(console, [outcome])) == ["refused why", "a.json:3 There is no uri."]
