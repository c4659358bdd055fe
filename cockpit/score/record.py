"""What a score must reach: the targets, and what the same set of runs reached last (recorded.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parent / "recorded.json"

RECALL, PRECISION, CAUSE = 0.99, 0.95, 0.95
"""Least shares; besides them no false resolve, and 95 of 100 alerts by their deadline: the rule's own `for`,
two rhythms of the source and 5 s after the onset."""

_HIGHER = ("recall", "precision", "cause")
_LOWER = {"false_resolves": 0.0, "over_p95_s": 5.0, "detect_p95_s": 5.0}
"""What must not grow, and by how much it may: delays hang on the instants at which devices happen to send."""


def recorded(path: Path | None = None) -> list[dict[str, Any]]:
    """Every set of runs on record: its settings, its totals and the kinds that were claimed then."""
    path = path or RECORDED
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return found


def broken(report: dict[str, Any], records: list[dict[str, Any]]) -> list[str]:
    """What falls short of a target or of the record, as sentences; empty for a good score."""
    total = report["total"]
    found = []
    for name, least in (("recall", RECALL), ("precision", PRECISION), ("cause", CAUSE)):
        if total[name] is not None and total[name] < least:
            found.append(f"{name} {total[name]}, expected at least {least}")
    if total["false_resolves"]:
        found.append(f"{total['false_resolves']} alerts closed while their fault went on, expected none")
    if total["over_p95_s"] is not None and total["over_p95_s"] > 0:
        found.append(f"p95 is {total['over_p95_s']} s after the deadline, expected none")
    claimed = set(report["claimed"])
    for record in records:
        if record["settings"].get("profile") != report["settings"].get("profile"):
            continue  # another province claims other kinds
        if lost := sorted(set(record["claimed"]) - claimed):
            found.append(f"no longer claimed: {', '.join(lost)}")
        if record["settings"] == report["settings"]:
            found += _worse(total, record["total"])
    return found


def _worse(total: dict[str, Any], before: dict[str, Any]) -> list[str]:
    found = []
    for name in (*_HIGHER, *_LOWER):
        now, then = total[name], before.get(name)
        if then is None:
            continue
        if now is not None and (now >= then if name in _HIGHER else now <= then + _LOWER[name]):
            continue
        found.append(f"{name} {now}, recorded {then}")
    return found


def record(report: dict[str, Any], path: Path | None = None) -> None:
    """Put the totals of these settings on record, in place of what was there."""
    names = (*_HIGHER, *_LOWER, "expected", "found", "with_symptoms", "named", "per_10_min", "peak_10_min")
    entry = {
        "settings": report["settings"],
        "total": {name: report["total"][name] for name in names},
        "claimed": report["claimed"],
    }
    kept = [r for r in recorded(path) if r["settings"] != report["settings"]]
    (path or RECORDED).write_text(json.dumps([*kept, entry], ensure_ascii=False, indent=1) + "\n", "utf-8")
