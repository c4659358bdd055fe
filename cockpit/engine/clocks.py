"""The clocks of devices: streaks of events with a wrong time, found among very many with a right one.

Only devices with a suspicious event, or in the midst of a streak, are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cockpit.domain.alerting import Level
from cockpit.domain.alerting.skew import (
    BACK_MS,
    FEED_LEAST,
    HALF_HOUR_MS,
    NEAR_MS,
    UNKNOWN_BACK_MS,
    Streak,
    follow,
    level_of_feed,
)
from cockpit.domain.catalog import Rule
from cockpit.engine.columns import Bools, Columns, Ints
from cockpit.engine.intake import Events
from cockpit.engine.numbers import AssetAt, SourceAt
from cockpit.store.batch import AGAIN, NEW

_SHIFT = 2**42
_FAR = 2**62


class Turn(NamedTuple):
    """The clock of asset `asset` stands at `level` from instant `t` on, off by `offset` ms."""

    t: int
    asset: AssetAt
    level: int
    offset: int


class FeedTurn(NamedTuple):
    """The clocks of feed `source` stand at `level` from instant `t` on: `share` of its devices are wrong."""

    t: int
    source: SourceAt
    level: int
    share: float


class Clocks:
    """Streaks by asset. `changed` holds the assets whose streak is to be written, until it is taken."""

    def __init__(self, columns: Columns, rules: Sequence[Rule]) -> None:
        """`rules`: those about clocks."""
        n = len(columns.profile.assets)
        self.newest = np.zeros(n, dtype=np.int64)
        self._ahead = np.full(n, _FAR, dtype=np.int64)
        self._good = np.full(n, _FAR, dtype=np.int64)
        self._silent_ms = np.full(n, _FAR, dtype=np.int64)
        for rule in rules:
            if rule.raise_at is None or rule.clear_at is None:
                continue
            for position, asset in enumerate(columns.profile.assets):
                if asset.rhythm_s and rule.asset_kind in ("", asset.kind):
                    self._ahead[position] = rule.raise_at * 1000
                    self._good[position] = rule.clear_at * 1000
                    self._silent_ms[position] = 2000 * asset.rhythm_s
        self.source = columns.asset_source
        senders = np.array([a.rhythm_s > 0 for a in columns.profile.assets], dtype=np.bool_)
        fed = columns.asset_source[senders & (columns.asset_source >= 0)]
        self.devices = np.bincount(fed, minlength=len(columns.profile.sources)).tolist()
        self.wrong = [0] * len(columns.profile.sources)  # devices with a wrong clock by source
        self._marks: list[tuple[int, SourceAt, int]] = []  # (t, source, by how many more) within a step
        self.streaks: dict[AssetAt, Streak] = {}
        self.changed: set[AssetAt] = set()

    def restore(self, asset: AssetAt, streak: Streak) -> None:
        self.streaks[asset] = streak
        if self.source[asset] >= 0:
            self.wrong[int(self.source[asset])] += streak.wrong

    def take_over(self, before: Clocks) -> None:
        """Go on with what another knows of the same devices."""
        self.newest[:] = before.newest
        for asset, streak in before.streaks.items():
            self.restore(asset, streak)
        self.changed |= before.changed

    def feed_turns(self) -> list[FeedTurn]:
        """After `step`: one wherever the number of wrong clocks of a feed changed."""
        turns: list[FeedTurn] = []
        marks = sorted(self._marks)
        self._marks.clear()
        for n, (t, source, more) in enumerate(marks):
            self.wrong[source] += more
            last = n + 1 == len(marks) or marks[n + 1][:2] != (t, source)
            if last and self.devices[source] >= FEED_LEAST:
                share = self.wrong[source] / self.devices[source]
                level = level_of_feed(self.wrong[source], self.devices[source])
                turns.append(FeedTurn(t, source, int(level), share))
        return turns

    def step(self, events: Events) -> tuple[list[Turn], Bools]:
        """Take a step's events. Returns what is news, in order, and a flag per event: its time is wrong."""
        off: Bools = np.zeros(len(events), dtype=np.bool_)
        rows = np.flatnonzero((events.asset >= 0) & (events.kind != AGAIN) & (events.time > 0))
        if not len(rows):
            return [], off
        asset, time, received = events.asset[rows], events.time[rows], events.received[rows]
        taken = events.kind[rows] == NEW
        touched = self._touched(asset, time, received, taken)
        turns: list[Turn] = []
        if len(touched):
            mine = np.flatnonzero(np.isin(asset, touched))
            order = mine[np.argsort(asset[mine], kind="stable")]
            self._follow(order, asset, time, received, taken, rows, off, turns)
        np.maximum.at(self.newest, asset[taken], time[taken])
        turns.sort(key=lambda turn: (turn.t, turn.asset))  # of one instant the last one counts
        return turns, off

    def _touched(self, asset: Ints, time: Ints, received: Ints, taken: Bools) -> Ints:
        """Assets that must be looked at event by event."""
        offset = time - received
        odd = offset > self._ahead[asset]
        zones = (HALF_HOUR_MS // 2 - offset) // HALF_HOUR_MS
        behind = (zones >= 1) & (np.abs(offset + zones * HALF_HOUR_MS) <= NEAR_MS)
        if behind.any():
            order = np.argsort(asset, kind="stable")
            who = asset[order]
            first = np.append(True, who[1:] != who[:-1])
            group = (np.cumsum(first) - 1) * _SHIFT
            own = np.where(taken[order], time[order], 0)
            upto = np.maximum.accumulate(np.where(first, np.maximum(own, self.newest[who]), own) + group)
            newest = np.empty_like(upto)
            newest[order] = upto - group
            back = np.where(newest > 0, newest - time > BACK_MS, False)
            unknown = (self.newest[asset] == 0) & (-offset >= UNKNOWN_BACK_MS - NEAR_MS)
            odd |= behind & (back | unknown)
        found = np.unique(asset[odd])
        if self.streaks:
            held = np.fromiter(self.streaks, dtype=np.int64)
            found = np.union1d(found, held[np.isin(held, asset)])
        return np.asarray(found)

    def _follow(
        self,
        order: Ints,
        asset: Ints,
        time: Ints,
        received: Ints,
        taken: Bools,
        rows: Ints,
        off: Bools,
        turns: list[Turn],
    ) -> None:
        at, newest = -1, 0
        columns = (order, asset[order], time[order], received[order], taken[order])
        for i, a, t, heard, new in zip(*(c.tolist() for c in columns), strict=True):
            if a != at:
                at, newest = a, int(self.newest[a])
            before = self.streaks.get(a)
            streak, wrong = follow(
                before, t, heard, newest, int(self._ahead[a]), int(self._good[a]), refused=not new
            )
            if new:
                newest = max(newest, t)
            off[rows[i]] = wrong
            if streak == before:
                continue
            self.changed.add(a)
            more = bool(streak and streak.wrong) - bool(before and before.wrong)
            if more and self.source[a] >= 0:
                self._marks.append((heard, SourceAt(int(self.source[a])), more))
            if streak is None:
                if self.streaks.pop(a).wrong:
                    turns.append(Turn(heard, a, Level.CLEAR, t - heard))
                continue
            self.streaks[a] = streak
            # After a silence nothing was known of the clock any more: say it again.
            again = before is not None and heard - before.last >= self._silent_ms[a]
            if streak.n == 2 or (streak.wrong and again):
                turns.append(Turn(heard, a, Level.RAISE, streak.offset))

    def rebase(self, members: Ints, at: int) -> None:
        """The clock of the cockpit was set to `at`: what lies beyond it is void."""
        self.newest[members] = np.minimum(self.newest[members], at)

    def heard(self, asset: AssetAt) -> int:
        """When a device with a wrong clock was last heard, 0 if its clock is right."""
        streak = self.streaks.get(asset)
        return streak.last if streak else 0
