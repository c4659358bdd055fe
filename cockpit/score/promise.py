"""What a profile's rules promise: the kinds of faults they claim, and when an alert is still in time."""

from __future__ import annotations

from collections.abc import Callable

from cockpit.profiles import Profile

LAG_MS = 5_000
"""What an event may need on its way, as in the promise of the time to detect."""


def claims(profile: Profile) -> tuple[frozenset[str], frozenset[str]]:
    """Kinds of faults that the rules claim, and the rules that claim any."""
    kinds = frozenset(kind for rule in profile.rules for kind in rule.detects)
    return kinds, frozenset(rule.code for rule in profile.rules if rule.detects)


def lag_of(profile: Profile) -> Callable[[str], int]:
    """After a fault an alert may still open until the next event tells: a rhythm of what it is about. What
    sends nothing by itself is judged by what depends on it."""
    rhythm = {s.code: s.rhythm_s for s in profile.sources} | {a.code: a.rhythm_s for a in profile.assets}
    for asset in profile.assets:
        if asset.depends_on and not profile.asset[asset.depends_on].rhythm_s:
            rhythm[asset.depends_on] = max(rhythm[asset.depends_on], asset.rhythm_s)
    return lambda code: rhythm.get(code, 0) * 1000 + LAG_MS
