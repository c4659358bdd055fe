"""A set of rules against the one before it: what comes, goes, changes, and what must not change unsaid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cockpit.domain.catalog import Rule

MEANING = (
    "kind", "asset_kind", "metric", "op", "raise_at", "clear_at", "for_s", "keep_s", "span_s", "by",
    "weeks", "of", "least", "each_unit", "announce", "cause", "priority", "escalation",
)  # fmt: skip
"""Keys that decide when an alert is raised, what it does and to whom it goes up. The others say whose it is
and what it says."""


class Difference(NamedTuple):
    """Codes of rules in their order: new ones, ones that are gone, of another version, told otherwise."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    reworded: tuple[str, ...]


def difference(before: Sequence[Rule], after: Sequence[Rule]) -> Difference:
    """What becomes of the rules when the second set takes the place of the first."""
    old, new = {r.code: r for r in before}, {r.code: r for r in after}
    both = [(old[code], rule) for code, rule in new.items() if code in old]
    return Difference(
        added=tuple(code for code in new if code not in old),
        removed=tuple(code for code in old if code not in new),
        changed=tuple(b.code for a, b in both if a.version != b.version),
        reworded=tuple(b.code for a, b in both if a.version == b.version and a != b),
    )


def unsaid(before: Sequence[Rule], after: Sequence[Rule]) -> list[tuple[Rule, tuple[str, ...]]]:
    """Rules that mean something else under the version they had, with the keys that differ: alerts that
    opened under it would go on under what they were not born of."""
    old = {r.code: r for r in before}
    found = []
    for rule in after:
        was = old.get(rule.code)
        if was is not None and was.version == rule.version:
            keys = tuple(key for key in MEANING if getattr(was, key) != getattr(rule, key))
            if keys:
                found.append((rule, keys))
    return found
