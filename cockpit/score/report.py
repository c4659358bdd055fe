"""Results of many runs joined: the figures that `--json` prints, and the same as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cockpit.profiles import Profile
from cockpit.score.figures import Load, Tally, empty
from cockpit.score.promise import claims
from cockpit.score.result import Result

Report = dict[str, Any]

SORTS = ("missed", "late", "wrong", "not_named", "false_resolves", "unclaimed")
"""Findings, in the order in which they are told."""


def report(
    results: Sequence[Result], profile: Profile, kinds: Iterable[str], settings: dict[str, Any]
) -> Report:
    """Join runs. `kinds`: all kinds of faults there are, so that the table leaves none out."""
    claimed, _ = claims(profile)
    joined, load = empty(), Load()
    scenarios: dict[str, tuple[Tally, Load, int]] = {}
    for result in results:
        joined.add(result.tallies)
        load.windows.extend(result.load.windows)
        tally, windows, runs = scenarios.get(result.name, (Tally(), Load(), 0))
        tally.add(result.tallies.total)
        windows.windows.extend(result.load.windows)
        scenarios[result.name] = tally, windows, runs + 1
    codes = [*kinds, *sorted(joined.kinds.keys() - set(kinds))]
    return {
        "total": {**joined.total.figures(), **load.figures()},
        "scenarios": {
            name: {**tally.figures(), **windows.figures(), "runs": runs}
            for name, (tally, windows, runs) in scenarios.items()
        },
        "rules": {
            rule.code: {
                "detects": list(rule.detects),
                "for_s": rule.for_s,
                **joined.rules.get(rule.code, Tally()).figures(),
            }
            for rule in profile.rules
        },
        "kinds": {
            code: {"claimed": code in claimed, **joined.kinds.get(code, Tally()).figures()} for code in codes
        },
        "unclaimed": [code for code in codes if code not in claimed],
        "claimed": sorted(claimed),
        "settings": settings,
        "runs": [
            {
                "scenario": r.name,
                "seed": r.seed,
                "events": r.events,
                "refused": r.refused,
                "seconds": r.seconds,
                **r.findings,
            }
            for r in results
        ],
    }


_COLUMNS = (
    ("recall", "recall"), ("precision", "precision"), ("cause", "cause"), ("false", "false_resolves"),
    ("p50 s", "detect_p50_s"), ("p95 s", "detect_p95_s"), ("over s", "over_p95_s"),
    ("clear s", "clear_p95_s"), ("expected", "expected"), ("found", "found"),
)  # fmt: skip


def tables(found: Report) -> list[str]:
    """Lines for a terminal: scenarios, rules, kinds, and every finding."""
    load = [("per 10 min", "per_10_min"), ("peak", "peak_10_min")]
    kinds = {f"{code}{'' if row['claimed'] else ' *'}": row for code, row in found["kinds"].items()}
    return [
        *_table("scenario", {**found["scenarios"], "all": found["total"]}, [*_COLUMNS, *load]),
        "",
        *_table("rule", found["rules"], [*_COLUMNS, ("right", "right"), ("wrong", "wrong")]),
        "",
        *_table("kind (* claimed by no rule)", kinds, [("faults", "faults"), *_COLUMNS]),
        "",
        *_findings(found["runs"]),
    ]


def _table(head: str, rows: dict[str, Report], columns: Sequence[tuple[str, str]]) -> list[str]:
    cells = [[head, *(name for name, _ in columns)]]
    cells += [[code, *(_cell(row, key) for _, key in columns)] for code, row in rows.items()]
    widths = [max(len(line[n]) for line in cells) for n in range(len(cells[0]))]
    lines = []
    for first, *rest in cells:
        lines.append("  ".join([first.ljust(widths[0]), *map(str.rjust, rest, widths[1:])]))
    return lines


def _cell(row: Report, key: str) -> str:
    value = row.get(key, row.get("alerts", {}).get(key, 0))
    if value is None:
        return "–"
    if key in ("recall", "precision", "cause"):
        return f"{value:.4f}"
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def _findings(runs: Sequence[Report]) -> list[str]:
    lines = []
    for run in runs:
        for sort in SORTS:
            for row in run.get(sort, ()):
                facts = ", ".join(f"{k} {v}" for k, v in row.items() if v not in (None, "", []))
                lines.append(f"{run['scenario']} seed {run['seed']}: {sort}: {facts}")
    return lines
