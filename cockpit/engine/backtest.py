"""What a rule would have done over the stored past. Nothing is written.

Where values are kept one by one they go through the same functions as when they came, each received at its
own time. Further back the hours tell what they can (`cockpit.engine.rolled`). Of other rules only those are
there that it rests on: nothing waits for a cause, and nothing is folded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cockpit.domain.alerting.subjects import Subject
from cockpit.domain.catalog import Rule
from cockpit.domain.freshness import WorkTime
from cockpit.domain.numbers import AssetId
from cockpit.domain.periods import DAY_MS, HOUR_MS, MINUTE_MS
from cockpit.engine.columns import LANES, Ints
from cockpit.engine.core import Core
from cockpit.engine.kinds import kind_of
from cockpit.engine.kinds.kind import Kept
from cockpit.engine.long_ago import of_store
from cockpit.engine.numbers import AssetAt, Lane, SlotNo
from cockpit.engine.rolled import Hours
from cockpit.engine.silence import FRESH, SILENT
from cockpit.engine.slots import News
from cockpit.engine.why import alone
from cockpit.profiles import Profile
from cockpit.store import Store
from cockpit.store.alerts import Alert
from cockpit.store.batch import NEW, Committed, Heard
from cockpit.store.handles import Read
from cockpit.store.observations import KEPT_MS
from cockpit.store.queries import backtest as queries
from cockpit.store.queries.backtest import Did
from cockpit.store.queries.observations import observations_of

AT_ONCE = 500
"""Devices whose hours are looked at together."""

WHOLE = 0.9
"""Of what an hour's roll-up has counted: so much must be kept one by one, or the roll-up tells more."""

NEAR_MS = HOUR_MS
"""What a rule would have done and what one did are the same matter where they overlap, or the later one
begins at most so long after the other's end."""


@dataclass(frozen=True, slots=True)
class Found:
    """An alert as it would have been; `closed` is None where it would be open. `rolled`: it opened where only
    roll-ups tell; `value`: the one by which it was bad then, in the metric's unit."""

    key: str
    subject: Subject
    opened: int
    closed: int | None
    value: float | None
    rolled: bool


@dataclass(frozen=True, slots=True)
class Backtest:
    """Of `rule` between `start` and `end` (ms on its clock). `single_from`: since when values one by one
    tell, None where none do; before that, roll-ups. `kept`: from what of the past its levels can be found;
    empty: from nothing, so nothing is known. `did`: what rules of this code did do in this time."""

    rule: Rule
    start: int
    end: int
    single_from: int | None
    kept: frozenset[Kept]
    found: tuple[Found, ...]
    did: tuple[Did, ...]

    @property
    def both(self) -> tuple[Found, ...]:
        """What would have been and was."""
        return tuple(one for one in self.found if any(_same(one, other) for other in self.did))

    @property
    def missed(self) -> tuple[Did, ...]:
        """What was and would not have been."""
        return tuple(other for other in self.did if not any(_same(one, other) for one in self.found))


def _same(one: Found, other: Did) -> bool:
    ends = [t for t in (one.closed, other.closed) if t is not None]
    begins = max(one.opened, other.opened)
    return one.key == other.key and begins - NEAR_MS <= min(ends, default=begins)


def backtest(store: Store, profile: Profile, rule: Rule, days: int, now: dict[Lane, int]) -> Backtest:
    """`now`: the present of each lane. Raises StoreError."""
    run, kept, lanes = _run(store, profile, rule, days, now)
    end = max((now[lane] for lane in lanes), default=now[LANES[0]])
    with store.read() as conn:
        did = tuple(queries.alerts_of(conn, rule.code, end - days * DAY_MS))
    single = min(run.single_from.values(), default=None)
    return Backtest(rule, run.start or end - days * DAY_MS, end, single, kept, run.told(), did)


def closed_alerts(store: Store, profile: Profile, rule: Rule, days: int, now: dict[Lane, int]) -> list[Alert]:
    """The alerts of `backtest` that are over, as an engine would have stored them but for their numbers,
    which mean nothing; each with the value that told. Raises StoreError."""
    run, _, _ = _run(store, profile, rule, days, now)
    return [
        replace(
            alert, value=found.value, peak=found.value if found.rolled else alert.peak, cause=None, folded=0
        )
        for found, alert in run.pairs()
        if alert.closed is not None
    ]


def _run(
    store: Store, profile: Profile, rule: Rule, days: int, now: dict[Lane, int]
) -> tuple[_Run, frozenset[Kept], set[Lane]]:
    core = Core(
        alone(profile, rule),
        WorkTime(profile.utc_offset_s),
        virtual=False,
        ago=of_store(store, profile.utc_offset_s),
    )
    rules = core.profile.rules
    kept = frozenset.intersection(*(kind_of(one).past(one) for one in rules))
    lanes = {core.slots.all[n].lane for n in core.slots.by_rule[rule.code]}
    run = _Run(core, rule, kept)
    with store.read() as conn:
        for lane in sorted(lanes if kept else ()):
            run.over(conn, lane, now[lane] - days * DAY_MS, now[lane])
    return run, kept, lanes


class _Run:
    """One rule through the past of its lanes."""

    def __init__(self, core: Core, rule: Rule, kept: frozenset[Kept]) -> None:
        self._core = core
        self._rule = rule
        self._kept = kept
        self._bad: dict[SlotNo, list[tuple[int, float]]] = {}  # by roll-ups: since when bad by what
        self.single_from: dict[Lane, int] = {}
        self.start = 0

    def over(self, conn: Read, lane: Lane, start: int, now: int) -> None:
        """Evaluate a lane from `start` to `now`."""
        core, assets = self._core, self._assets(lane)
        ids = [core.profile.assets[a].id for a in assets]
        first, last = start // HOUR_MS, now // HOUR_MS
        single = self._single_from(conn, ids, last, now) if "values" in self._kept and assets else now
        begin = max(start, single) if "hours" not in self._kept else start
        self.start = min(self.start or begin, begin)
        core.now[lane] = begin
        core.feeds.reset(lane, begin)
        if begin < single:
            news = self._rolled(conn, lane, (first, last + 1), single, assets)
            for one in news:
                if one.value is not None:
                    self._bad.setdefault(one.slot, []).append((one.t, one.value))
            core.desk.process(news, lane, single)
        if single < now:
            self.single_from[lane] = single
            core.now[lane] = max(begin, single)
            core.feeds.reset(lane, core.now[lane])
            self._one_by_one(conn, lane, np.array(sorted(ids), np.int64), now)

    def _assets(self, lane: Lane) -> list[AssetAt]:
        """Devices that the rules look at, what depends on them included where they do."""
        core = self._core
        found = {core.senses.asset_at[s.subject.asset] for s in core.slots.all if s.subject.asset}
        found.update(member for members in core.groups.members.values() for member in members)
        return sorted(a for a in found if core.columns.lane_of(a) == lane and core.profile.assets[a].rhythm_s)

    def _single_from(self, conn: Read, ids: Sequence[AssetId], last: int, now: int) -> int:
        """The begin of the first hour from which on all is kept one by one; `now` where not even the last."""
        first = (now - KEPT_MS) // HOUR_MS + 1
        single = queries.kept_one_by_one(conn, ids, first, last + 1)
        offset_s = self._core.profile.utc_offset_s
        rolled = queries.asset_hours(conn, ids, (), (first, last + 1), offset_s=offset_s).observations
        hour = last + 1 if single[-1] or rolled[-1] else last  # it may have just begun
        while hour > first and single[hour - 1 - first] >= max(1, WHOLE * rolled[hour - 1 - first]):
            hour -= 1
        return hour * HOUR_MS if single[hour - first :].any() else now

    def _rolled(
        self, conn: Read, lane: Lane, span: tuple[int, int], until: int, assets: Sequence[AssetAt]
    ) -> list[News]:
        """What roll-ups tell up to `until`; devices are known from there on as they were then."""
        core, news = self._core, list[News]()
        profile, work = core.profile, WorkTime(core.profile.utc_offset_s)
        feeds = {
            at: rows
            for source, rows in queries.feed_hours(conn, *span).items()
            if source in profile.source_by_id
            for at in (core.senses.source_at[profile.source_by_id[source].code],)
            if core.columns.lane_of_source(at) == lane
        }
        days = {
            one.metric: self._days(conn, one.metric, span)
            for one in profile.rules
            if one.metric in profile.indicator
        }
        metrics = {profile.metric[r.metric].id for r in profile.rules if r.metric in profile.metric}
        for at in range(0, len(assets) or 1, AT_ONCE):
            part = assets[at : at + AT_ONCE]
            ids = [profile.assets[a].id for a in part]
            found = queries.asset_hours(conn, ids, metrics, span, offset_s=profile.utc_offset_s)
            hours = Hours(
                span[0] * HOUR_MS, span[1] - span[0], work, part, found.heard, found.metrics,
                feeds if not at else {}, days if not at else {},
            )  # fmt: skip
            for rule in profile.rules:
                if not at or self._of_assets(rule):  # feeds and figures are told with the first
                    found_now = kind_of(rule).rolled(rule, core.senses, hours)
                    news += (n for n in found_now if n.t < until and core.slots.all[n.slot].lane == lane)
            self._known(hours, until)
        begin = core.now[lane]
        return [one._replace(t=max(one.t, begin)) for one in _latest(news, begin)]

    def _of_assets(self, rule: Rule) -> bool:
        slots = self._core.slots
        return any(slots.all[number].subject.asset for number in slots.by_rule[rule.code])

    def _days(self, conn: Read, code: str, span: tuple[int, int]) -> list[tuple[int, float, int]]:
        offset_ms = self._core.profile.utc_offset_s * 1000
        day0, day1 = ((hour * HOUR_MS + offset_ms) // DAY_MS for hour in span)
        rows = queries.figures_of_days(conn, code, day0 - 1, day1)
        return [((day + 1) * DAY_MS - offset_ms, value, n) for day, value, n in rows]

    def _known(self, hours: Hours, until: int) -> None:
        """When devices were heard last before `until`."""
        assets = self._core.assets
        before = hours.heard[:, : (until - hours.start) // HOUR_MS]
        for row, asset in enumerate(hours.assets):
            came = np.flatnonzero(before[row])
            if came.size:
                last = hours.start + (int(came[-1]) + 1) * HOUR_MS
                limit = assets.silent_ms(asset)
                silent = bool(limit) and last + limit <= until
                assets.restore(asset, SILENT if silent else FRESH, last + limit if silent else last, last)

    def _one_by_one(self, conn: Read, lane: Lane, ids: Ints, now: int) -> None:
        core = self._core
        series = core.columns.series[np.isin(core.columns.series >> 8, ids)]
        while core.now[lane] < now:
            begin = core.now[lane]
            upto = min(now, (begin // HOUR_MS + 1) * HOUR_MS)
            rows = observations_of(conn, series, begin, upto)
            if len(rows):
                core.intake.push(self._committed(rows))
            for t in (*range(begin + MINUTE_MS, upto, MINUTE_MS), upto):  # the values told are those of then
                core.step(lane, t)

    def _committed(self, rows: Ints) -> Committed:
        """Values as if they had been received at their own time."""
        core = self._core
        events = np.unique(np.stack((rows[:, 0] >> 8, rows[:, 1]), axis=1), axis=0)
        ids = np.array([s.id for s in core.profile.sources], dtype=np.int64)
        return Committed(
            series=rows[:, 0], time=rows[:, 1], received=rows[:, 1], value=rows[:, 2],
            events=Heard(
                source=ids[core.columns.asset_source[core.columns.assets_at(events[:, 0])]],
                asset=events[:, 0], received=events[:, 1], time=events[:, 1],
                kind=np.full(len(events), NEW),
            ),
            records=[], samples=0,
        )  # fmt: skip

    def told(self) -> tuple[Found, ...]:
        """The alerts, oldest first."""
        return tuple(sorted((one for one, _ in self.pairs()), key=lambda one: (one.opened, one.key)))

    def pairs(self) -> Iterator[tuple[Found, Alert]]:
        """Each with the alert as an engine keeps it."""
        core = self._core
        for alert in core.changes.alerts.values():
            if alert.rule != self._rule.code:
                continue
            slot = core.slots.by_key[alert.key]
            single = self.single_from.get(core.slots.all[slot].lane)
            rolled = single is None or alert.opened < single
            known = [value for t, value in self._bad.get(slot, ()) if t <= alert.opened]
            value = (known[-1] if known else None) if rolled else alert.value
            subject = core.slots.all[slot].subject
            yield Found(alert.key, subject, alert.opened, alert.closed, value, rolled), alert


def _latest(news: list[News], begin: int) -> list[News]:
    """Of what was known before `begin` the last word on each slot."""
    before: dict[SlotNo, News] = {}
    for one in sorted(news, key=lambda n: n.t):
        if one.t <= begin:
            before[one.slot] = one
    return [*before.values(), *(one for one in news if one.t > begin)]
