"""How well the alerts themselves work, after ISA-18.2 and EEMUA 191: how many reach people, how evenly, how
long they stand, how soon somebody takes them.

Only what reached a person counts: a symptom folded under its cause from the start, and what was hidden, does
not. All times in ms on the clock of the source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cockpit.domain.catalog import Priority
from cockpit.domain.periods import DAY_MS, MINUTE_MS

WINDOW_MS = 10 * MINUTE_MS
"""Rates are counted in windows of ten minutes (ISA-18.2)."""

MANAGEABLE = 2.0
"""Alerts in ten minutes that one person can handle (EEMUA 191: about 1 acceptable, 2 manageable)."""
FLOOD, FLOOD_OVER = 10, 5
"""More than so many in a window begin a flood; fewer than so many end it (ISA-18.2)."""
MOST_STANDING, MOST_FLOODED, MOST_TOP = 5, 0.01, 0.05
"""Targets: alerts that stand for more than a day, share of windows over ten, share of the ten busiest."""
STANDING_MS = DAY_MS
FLEETING_MS = MINUTE_MS
"""Open and over again within so long, and nobody did anything: fleeting."""
CHATTERING, CHATTER_MS = 3, 10 * MINUTE_MS
"""The same alert so often within so long: chattering. The norm counts in one minute; a condition here is held
for longer than that before it is told."""
TOP = 10
IDEAL: Mapping[str, float] = {"low": 0.80, "medium": 0.15, "high": 0.05}
"""How alerts should be spread over the priorities (EEMUA 191); what is critical counts with the high ones."""


class Episode(NamedTuple):
    """An alert from its opening to its end. `key` is the same whenever the same matter comes back;
    `reckoned`: nobody watched, it was found afterwards in hourly sums."""

    key: str
    rule: str
    priority: Priority
    opened: int
    closed: int | None
    taken: int | None  # when somebody acknowledged it
    reckoned: bool = False


class Busy(NamedTuple):
    """A key, and how many alerts it raised."""

    key: str
    rule: str
    n: int


class Taken(NamedTuple):
    """How soon alerts of a priority were acknowledged: how many, how many of these were, and after how many
    milliseconds the median and 95 of 100; None where nobody took any."""

    priority: str
    n: int
    taken: int
    p50: int | None
    p95: int | None


@dataclass(frozen=True, slots=True)
class Kpis:
    """The figures of a span [`since`, `until`). Shares are 0..1. What was `reckoned` afterwards counts, but
    not where sums of hours say nothing: how soon alerts come and go, and who took them."""

    since: int
    until: int
    n: int
    windows: int
    mean: float  # alerts in ten minutes
    peak: int  # in the busiest window
    peak_at: int | None  # when it began
    flooded: float  # share of windows with more than ten
    floods: int
    standing: int  # open for more than a day at the end
    fleeting: int
    chattering: tuple[Busy, ...]
    top: tuple[Busy, ...]
    top_share: float
    mix: Mapping[str, int]  # by priority, critical ones with the high
    taken: tuple[Taken, ...]
    spread: tuple[tuple[int, int], ...]  # alerts in a window, and how many windows had so many
    reckoned: int = 0  # of `n`


def reckon(episodes: Iterable[Episode], since: int, until: int) -> Kpis:
    """The figures of all alerts that opened in [since, until). Windows begin at the span's whole ten minutes;
    the last one may be shorter. An empty span has no windows."""
    every = sorted(episodes, key=lambda e: (e.opened, e.key))
    mine = [e for e in every if since <= e.opened < until]
    windows = max(0, -(-(until - since) // WINDOW_MS))
    counts = Counter((e.opened - since) // WINDOW_MS for e in mine)
    busiest = max(counts, key=lambda w: (counts[w], -w)) if counts else None
    lived = [e for e in mine if not e.reckoned]
    by_key = Counter(e.key for e in mine)
    rule_of = {e.key: e.rule for e in mine}
    top = [Busy(k, rule_of[k], n) for k, n in sorted(by_key.items(), key=lambda kn: (-kn[1], kn[0]))[:TOP]]
    many = sum(n > FLOOD for n in counts.values())
    spread = Counter(counts.values())
    if windows > len(counts):
        spread[0] = windows - len(counts)
    return Kpis(
        since=since,
        until=until,
        n=len(mine),
        windows=windows,
        mean=len(mine) / windows if windows else 0.0,
        peak=counts[busiest] if busiest is not None else 0,
        peak_at=since + busiest * WINDOW_MS if busiest is not None else None,
        flooded=many / windows if windows else 0.0,
        floods=_floods(counts),
        standing=sum(_open_at(e, until) and until - e.opened > STANDING_MS for e in every),
        fleeting=sum(_fleeting(e) for e in lived),
        chattering=tuple(_chattering(lived)),
        top=tuple(top),
        top_share=sum(b.n for b in top) / len(mine) if mine else 0.0,
        mix=_mix(mine),
        taken=tuple(_taken(lived)),
        spread=tuple(sorted(spread.items())),
        reckoned=len(mine) - len(lived),
    )


def _open_at(e: Episode, t: int) -> bool:
    return e.opened < t and (e.closed is None or e.closed >= t)


def _floods(counts: Mapping[int, int]) -> int:
    """Floods: from a window with more than ten to the one before the next with fewer than five."""
    floods, last, flooding = 0, None, False
    for window in sorted(counts):
        if last is None or window != last + 1:
            flooding = False  # windows without any lie between
        n = counts[window]
        if n > FLOOD and not flooding:
            floods, flooding = floods + 1, True
        elif n < FLOOD_OVER:
            flooding = False
        last = window
    return floods


def _fleeting(e: Episode) -> bool:
    return e.closed is not None and e.taken is None and e.closed - e.opened < FLEETING_MS


def _chattering(episodes: Sequence[Episode]) -> list[Busy]:
    """Keys that came three times within ten minutes, the most frequent first."""
    times: dict[str, list[int]] = {}
    rule_of = {e.key: e.rule for e in episodes}
    for e in episodes:
        times.setdefault(e.key, []).append(e.opened)
    found = [
        Busy(key, rule_of[key], len(at))
        for key, at in times.items()
        if any(b - a <= CHATTER_MS for a, b in zip(at, at[CHATTERING - 1 :], strict=False))
    ]
    return sorted(found, key=lambda busy: (-busy.n, busy.key))


def _mix(episodes: Sequence[Episode]) -> dict[str, int]:
    found = dict.fromkeys(IDEAL, 0)
    for e in episodes:
        found["high" if e.priority == "critical" else e.priority] += 1
    return found


def _taken(episodes: Sequence[Episode]) -> list[Taken]:
    found = []
    for priority in ("critical", "high", "medium", "low"):
        mine = [e for e in episodes if e.priority == priority]
        waits = sorted(max(0, e.taken - e.opened) for e in mine if e.taken is not None)
        if mine:
            found.append(Taken(priority, len(mine), len(waits), _rank(waits, 50), _rank(waits, 95)))
    return found


def _rank(values: Sequence[int], per_cent: int) -> int | None:
    """The value that `per_cent` of 100 do not exceed (nearest rank); None of nothing."""
    return values[-(-len(values) * per_cent // 100) - 1] if values else None
