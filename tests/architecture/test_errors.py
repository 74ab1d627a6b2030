"""The trees of errors are as they are drawn, and each kind of problem has one type, one status and one title."""

from __future__ import annotations

import re
from collections import Counter
from types import ModuleType

import shared.web.outbound  # noqa: F401  # has one of its own
from shared import errors
from shared.contracts import problem
from shared.contracts.problem import BY_TYPE, ProblemType, Refused, kinds
from shared.errors import BarqError


def drawn(module: ModuleType) -> dict[str, str]:
    """The tree in a module's docstring: each name with the one that it hangs on."""
    above: list[str] = []
    parents: dict[str, str] = {}
    for line in (module.__doc__ or "").splitlines():
        if found := re.match(r"^((?:[│ ] {3})*)([├└]── )?([A-Z]\w+)(?:  |$)", line):
            depth = len(found[1]) // 4 + bool(found[2])
            above[depth:] = [found[3]]
            parents[found[3]] = above[depth - 1] if depth else ""
    return parents


def below(top: type[BarqError]) -> dict[str, str]:
    found = {}
    for each in top.__subclasses__():
        if not each.__module__.startswith("shared."):
            continue  # a service's own
        found[each.__name__] = top.__name__
        if each is not Refused:
            found |= below(each)
    return found


def test_the_tree_of_errors_is_as_it_is_drawn() -> None:
    assert drawn(errors) == {"BarqError": "", **below(BarqError)}


def test_the_tree_of_problems_is_as_it_is_drawn() -> None:
    there = {"Refused": ""}
    for kind in Refused.__subclasses__():
        there |= {kind.__name__: "Refused", **below(kind)}
    assert drawn(problem) == there


def test_each_problem_type_has_one_class_and_each_class_one_status_and_title() -> None:
    assert set(BY_TYPE) == set(ProblemType)
    assert [kind for kind, count in Counter(each.kind for each in kinds()).items() if count > 1] == []
    assert all(400 <= each.status < 600 and each.title for each in BY_TYPE.values())
