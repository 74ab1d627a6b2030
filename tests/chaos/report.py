"""What became of a run: a row for each kind of fault, as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

#: columns, and the complaints that each of them counts
_COLUMNS: dict[str, tuple[str, ...]] = {
    "lost": ("lost", "dead", "restless", "refused"),
    "twice": ("twice",),
    "out of order": ("order", "gap"),
    "too early": ("early",),
    "too late": ("late",),
    "untold": ("untold",),
}
#: within this a flash is to be read again after a fault's end
BAR_S = 10.0


@dataclass
class Struck:
    """What one kind of fault did, each time."""

    in_flight: list[int] = field(default_factory=list)
    recovered_s: list[float] = field(default_factory=list)
    skipped: str = ""


@dataclass
class Report:
    """All that a run says of itself."""

    struck: dict[str, Struck] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)

    def of(self, name: str) -> Struck:
        """The row of a kind."""
        return self.struck.setdefault(name, Struck())

    def markdown(self, complaints: Mapping[str, Counter[str]], told: list[str], notes: list[str]) -> str:
        """The whole of it."""
        kinds = sum(1 for row in self.struck.values() if row.recovered_s)
        every = [moment for row in self.struck.values() for moment in row.recovered_s]
        lines = ["# Chaos", ""]
        lines += [f"- {name}: {value}" for name, value in self.facts.items()]
        lines.append(f"- kinds of fault: {kinds}, struck {len(every)} times")
        if every:
            lines.append(
                f"- recovery: p50 {median(every):.1f} s, longest {max(every):.1f} s; "
                f"{sum(moment > BAR_S for moment in every)} of {len(every)} took more than {BAR_S:.0f} s"
            )
        lines += ["", f"| fault | struck | in flight | {' | '.join(_COLUMNS)} | other | recovery p50 | longest |"]
        lines.append("|---|" + "---:|" * (len(_COLUMNS) + 5))
        lines += [_row(name, row, complaints.get(name, Counter())) for name, row in self.struck.items()]
        strays = [name for name in complaints if name not in self.struck]
        lines += [_row(name, Struck(), complaints[name]) for name in strays]
        for title, rows in (("Complaints", told[:200]), ("Notes", notes)):
            lines += ["", f"## {title}", "", *(f"- {row}" for row in rows or ["none"])]
        return "\n".join(lines) + "\n"


def _row(name: str, row: Struck, counts: Counter[str]) -> str:
    if row.skipped:
        return f"| {name} | not staged: {row.skipped} |" + " |" * (len(_COLUMNS) + 4)
    cells = [str(sum(counts[kind] for kind in kinds)) for kinds in _COLUMNS.values()]
    named = {kind for kinds in _COLUMNS.values() for kind in kinds}
    cells.append(str(sum(number for kind, number in counts.items() if kind not in named)))
    times = [f"{median(row.recovered_s):.1f} s", f"{max(row.recovered_s):.1f} s"] if row.recovered_s else ["", ""]
    in_flight = f"{median(row.in_flight):.0f}" if row.in_flight else ""
    return f"| {name} | {len(row.recovered_s)} | {in_flight} | {' | '.join([*cells, *times])} |"
