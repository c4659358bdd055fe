"""How well figures are forecast: every indicator of a database that lies there, tried on days held back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from cockpit.domain import forecast as f
from cockpit.domain.forecast import Past
from cockpit.profiles import Profile
from cockpit.store.database import reader
from cockpit.store.handles import Read
from cockpit.store.queries import figures as q
from cockpit.views.figures import comparable

LAST = 10**6  # of all days there will be
AHEADS = (1, 7, 14)
"""Days that are looked ahead."""


def measure(path: Path, profile: Profile) -> dict[str, Any]:
    """By indicator and days ahead: the mean absolute error of every method, and which one wins. Reads only.
    Raises StoreError."""
    found = {}
    with closing(reader(path)) as conn:
        for indicator in profile.indicators:
            first = comparable(Read(conn), indicator)
            past = q.days_of(Read(conn), indicator.code, first, LAST)[-f.MOST_DAYS :]
            if len(past) >= f.LEAST_DAYS:
                found[indicator.code] = {
                    "name": indicator.short.en,
                    "days": len(past),
                    "ahead": {str(ahead): tried for ahead in AHEADS if (tried := _tried(past, ahead))},
                }
    return {"what": "forecast", "indicators": found}


def _tried(past: Past, ahead: int) -> dict[str, Any]:
    errors = {m: e for m, e in f.backtest(past, ahead).items() if len(e) >= f.LEAST_TRIES}
    if not errors:
        return {}
    mean = {method: sum(map(abs, e)) / len(e) for method, e in errors.items()}
    return {
        "n": max(len(e) for e in errors.values()),
        "errors": {method: round(error, 4) for method, error in mean.items()},
        "best": min(mean, key=lambda method: (round(mean[method], 9), list(f.METHODS).index(method))),
    }


def table(result: dict[str, Any]) -> list[str]:
    """The figures as lines of Markdown."""
    lines = [
        f"| indicator | days ahead | tries | {' | '.join(f.METHODS)} | best |",
        "|---" * (len(f.METHODS) + 4) + "|",
    ]
    for code, one in result["indicators"].items():
        for ahead, tried in one["ahead"].items():
            errors = " | ".join(f"{tried['errors'].get(method, '–')}" for method in f.METHODS)
            lines.append(f"| {code} {one['name']} | {ahead} | {tried['n']} | {errors} | {tried['best']} |")
    return lines
