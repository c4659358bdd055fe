"""The functions that can compute an indicator, with the arguments each one needs.

`formula` reckons an expression over named counts, which `cockpit.profiles.formulas` looks at; `latest` takes
the figure that a department's own system sent; `report` is typed by people.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

TALLIES: dict[str, tuple[str, ...]] = {
    "dossier": (
        "received",
        "online",
        "solved",
        "on_time",
        "digitised",
        "eresult",
        "paid_online",
        "fee_bearing",
    ),
    "feedback": ("received", "closed", "on_time", "rated", "satisfied"),
    "payment": ("made", "cashless"),
    "broadcast": ("made", "failed"),
}
"""What is counted about each kind of record."""

FORMULA = "formula"
MEASURES: dict[str, tuple[str, ...]] = {
    "presence": ("asset_kind",),
    "availability": ("asset_kind", "metric"),
    "formula": ("expression", "unit"),
    "overdue": ("record",),
    "latest": ("asset", "metric"),
    "median_hours": ("record",),
    "machine_share": (),
    "fresh_sources": (),
    "completeness": (),
    "coverage_weak_share": (),
    "coverage_gaps": (),
    "coverage_speed": (),
    "report": (),
    "composite": ("of", "op"),
}
"""Arguments of each measure; those with a question mark may be missing."""

COMPOSITES = ("sum", "mean")


def mistakes(measure: dict[str, Any], known: dict[str, Container[str]]) -> list[tuple[str, Any, str]]:
    """What is wrong with a measure: (key, found, expected). `known` holds the codes by argument name."""
    kind = measure.get("kind")
    if kind not in MEASURES:
        return [("kind", kind, f"one of {', '.join(MEASURES)}")]
    wanted = {a.rstrip("?"): a.endswith("?") for a in MEASURES[kind]}
    out: list[tuple[str, Any, str]] = [
        (key, measure[key], f"only {', '.join(('kind', *wanted))}")
        for key in measure
        if key != "kind" and key not in wanted
    ]
    out += [(key, None, "a value") for key, free in wanted.items() if key not in measure and not free]
    if out:
        return out
    for key in wanted:
        if key not in measure:
            continue
        value = measure[key]
        if key == "record" and value not in TALLIES:
            out.append((key, value, f"one of {', '.join(TALLIES)}"))
        elif key in ("expression", "unit") and not (isinstance(value, str) and value.strip()):
            out.append((key, value, "words"))
        elif key == "op" and value not in COMPOSITES:
            out.append((key, value, f"one of {', '.join(COMPOSITES)}"))
        elif key == "of":
            wrong = [v for v in value if v not in known["of"]] if isinstance(value, tuple) else [value]
            out += [(key, v, "codes of indicators") for v in wrong]
        elif key in known and value not in known[key]:
            out.append((key, value, f"a known code of {key}"))
    return out
