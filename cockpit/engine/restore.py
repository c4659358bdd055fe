"""The way back after a restart: state from the store, nothing raised by the pause itself."""

from __future__ import annotations

import json

import numpy as np

from cockpit.domain.alerting import Level
from cockpit.domain.alerting.mutes import RULE_OFF
from cockpit.domain.alerting.skew import Streak
from cockpit.domain.numbers import AssetId, SourceId
from cockpit.domain.registers import LATE
from cockpit.engine.columns import DOMAIN, LANES, REAL, Ints
from cockpit.engine.core import ANEW_KEY, FEEDS_KEY, Core
from cockpit.engine.kinds import ALL, kind_of
from cockpit.engine.listening import resume
from cockpit.engine.numbers import AssetAt, Lane, SourceAt
from cockpit.engine.senses import Memory, Values
from cockpit.engine.silence import FRESH, NAMES, NEVER
from cockpit.engine.slots import News
from cockpit.store import Store, alerting, incoming, mutes
from cockpit.store.batch import NEW, Committed, Heard
from cockpit.store.handles import Read
from cockpit.store.queries.observations import observations_of
from cockpit.store.queries.registers import closed_with_alerts, open_entries
from cockpit.store.rows import SourceNow

GAP_MS = 3000
"""A restart within this much time of a lane goes on as if nothing had been; after more, nobody knows
what was sent meanwhile, and timers begin anew."""

LAPSE_MS = 900_000
"""After a lapse longer than this what is opened and closed is counted anew: what came and went meanwhile
nobody saw. What lasts is found again after a shorter one."""

_CODES: dict[str, int] = {name: code for code, name in enumerate(NAMES)}


def restore(store: Store, core: Core, instants: dict[Lane, int] | None) -> None:
    """Fill an empty core from the store; `instants` is the present of each lane, None where that is as the
    engine left it."""
    with store.read() as conn:
        kept = alerting.kept(conn)
        done = {
            DOMAIN: int(kept.meta.get("engine_domain_ms", "0")),
            REAL: int(kept.meta.get("engine_real_ms", "0")),
        }
        if instants is None:
            instants = done
        rows = alerting.newest(conn)
        heard = alerting.source_last(conn)
        offs = [mutes.of_off(off) for off in alerting.rules_off(conn)]
        others = [kept.mute for kept in mutes.open_ones(conn) if kept.mute.what != RULE_OFF]
        entries = open_entries(conn)
        closed = closed_with_alerts(conn)
        others_told = incoming.at_work(conn) if takes_incoming(core) else []
        seq = incoming.last_seq(conn)
        past = {
            code: np.concatenate([past_of(conn, core, memory, lane, instants[lane]) for lane in LANES])
            for code, memory in core.senses.memory.items()
        }
    gap = {lane: not 0 <= instants[lane] - done[lane] <= GAP_MS for lane in LANES}
    start = {lane: instants[lane] if gap[lane] else done[lane] for lane in LANES}
    core.now.update(start)
    for entry in entries:
        if entry.kind not in LATE:
            continue
        core.watch(entry, start[DOMAIN])
    for entry in closed:  # its alert ends as it would have
        core.watch(entry, start[DOMAIN])
        core.unwatch(entry.subject, start[DOMAIN])
    core.entries.step(start[DOMAIN])  # what is late by now is among the levels
    resume(core, others_told, seq, done[REAL] if gap[REAL] else start[REAL], start[REAL])
    if not 0 <= start[DOMAIN] - done[DOMAIN] <= LAPSE_MS:
        core.changes.meta["engine_since"] = str(start[DOMAIN])
    unseen = _values(core, rows, start)
    for code, memory in core.senses.memory.items():
        _remember(core, memory, past[code], unseen, start)
    _clocks(core, kept, rows)
    last = _assets(core, kept, rows, start)
    _sources(core, kept, heard, last, start)
    begun = json.loads(kept.meta.get(ANEW_KEY, "{}"))
    for lane in LANES:
        anew, leapt = (min(start[lane], int(at)) for at in begun.get(str(lane), (0, 0)))
        core.leapt[lane] = leapt
        _anew(core, lane, start[lane] if gap[lane] else anew)
    core.groups.restore(core.assets.state.tolist(), core.sources.state.tolist())
    _feeds(core, kept, start, gap)
    core.source_states.count()
    core.desk.know((*offs, *others), start[DOMAIN])
    core.desk.restore(kept, start, gap)
    core.explain_incoming(start[REAL], [told.subject for told in others_told])
    for lane in LANES:
        news = [n for n in levels(core, start) if core.slots.all[n.slot].lane == lane]
        core.desk.process(news, lane, start[lane])
    if len(unseen):
        core.intake.push(_committed(core, unseen))


def _anew(core: Core, lane: Lane, begun: int) -> None:
    """Timers run since `begun`: what was heard before that tells of no silence."""
    core.anew[lane] = begun
    assets, sources = core.columns.members[lane], core.columns.source_members[lane]
    core.assets.rebase(assets[core.assets.last[assets] < begun], begun)
    core.sources.rebase(sources[core.sources.last[sources] < begun], begun)


def takes_incoming(core: Core) -> bool:
    """Whether a rule makes ours of alerts of other systems."""
    return any(kind_of(rule).of_incoming for rule in core.profile.rules)


def _values(core: Core, rows: Ints, start: dict[Lane, int]) -> Ints:
    """Newest values that an engine has seen already; returns the rows that none has."""
    at = core.columns.series_at(rows[:, 0])
    known = at >= 0
    rows, at = rows[known], at[known]
    old = rows[:, 2] <= _starts(core, at, start)
    core.thresholds.restore(at[old], rows[old, 3], rows[old, 1], rows[old, 2])
    for memory in core.senses.memory.values():
        memory.know(Values(at[old], rows[old, 1], rows[old, 2], rows[old, 3]))
    return np.asarray(rows[~old])


def past_of(conn: Read, core: Core, memory: Memory, lane: Lane, now: int) -> Ints:
    """series, time, value (n, 3) of what a kind needs of a lane's past, by time. Of what has been
    silent for longer nothing is needed: whatever it says next has nothing to be compared with."""
    numbers = memory.numbers
    numbers = numbers[core.columns.series_lane[core.columns.series_at(numbers)] == lane]
    if not len(numbers):
        return np.empty((0, 3), dtype=np.int64)
    return observations_of(conn, numbers, now - memory.reach_ms, now + 1)


def _remember(core: Core, memory: Memory, past: Ints, unseen: Ints, start: dict[Lane, int]) -> None:
    """What an engine has seen of the past; the newest that none has seen arrives now."""
    fresh = dict(zip(unseen[:, 0].tolist(), unseen[:, 1].tolist(), strict=True))
    lane = _starts(core, core.columns.series_at(past[:, 0]), start)
    seen = past[:, 1] <= lane
    seen &= np.array([t < fresh.get(s, t + 1) for s, t in past[:, :2].tolist()], dtype=np.bool_)
    memory.restore(*past[seen].T)


def _starts(core: Core, series: Ints, start: dict[Lane, int]) -> Ints:
    per_lane = np.array([start[lane] for lane in LANES], dtype=np.int64)
    return np.asarray(per_lane[core.columns.series_lane[series]])


def _assets(core: Core, kept: alerting.Kept, rows: Ints, start: dict[Lane, int]) -> Ints:
    """States of assets; returns when each was last heard (0: never)."""
    at = core.columns.series_at(rows[:, 0])
    rows, at = rows[at >= 0], at[at >= 0]
    last = np.zeros(len(core.profile.assets), dtype=np.int64)
    np.maximum.at(last, core.columns.series_asset[at], np.minimum(rows[:, 2], _starts(core, at, start)))
    for position, streak in core.clocks.streaks.items():
        # Refused or out of order, its events are not the newest of any series, yet it was heard.
        last[position] = max(last[position], min(streak.last, start[core.columns.lane_of(position)]))
    for position, heard_at in _refused(core, kept).items():
        heard_at = min(heard_at, start[core.columns.lane_of(position)])
        if heard_at > last[position]:
            last[position] = core.refused[position] = heard_at
    for position in map(AssetAt, np.flatnonzero(last).tolist()):
        asset = core.profile.assets[position]
        heard = int(last[position])
        if asset.id in kept.assets:
            state, since = kept.assets[asset.id]
            upto = start[core.columns.lane_of(position)]
            if since > upto:  # the clock was ahead
                since = upto
                core.changes.assets[asset.id] = state, since
        else:
            state, since = "fresh", heard
            core.changes.assets[asset.id] = state, since
        code = _CODES[state]
        core.assets.restore(position, FRESH if code == NEVER else code, since, heard)
    return last


def _refused(core: Core, kept: alerting.Kept) -> dict[AssetAt, int]:
    """Devices whose newest event was refused: it is the newest of no series, yet they live."""
    at_id = _by_id(core)
    found = json.loads(kept.meta.get(alerting.REFUSED, "{}"))
    when = {AssetId(int(asset)): int(at) for asset, at in found.items()}
    return {at_id[asset]: at for asset, at in when.items() if asset in at_id}


def _by_id(core: Core) -> dict[AssetId, AssetAt]:
    return {a.id: AssetAt(i) for i, a in enumerate(core.profile.assets)}


def _sources(
    core: Core, kept: alerting.Kept, heard: dict[SourceId, int], last: Ints, start: dict[Lane, int]
) -> None:
    by_source = np.zeros(len(core.profile.sources), dtype=np.int64)
    fed = core.columns.asset_source >= 0
    np.maximum.at(by_source, core.columns.asset_source[fed], last[fed])
    for at, source in enumerate(core.profile.sources):
        position = SourceAt(at)
        before = kept.sources.get(source.id, SourceNow(source.id, "never", 0, 0, 0, 0, 0, 0))
        state, since = before.state, before.since
        newest = max(before.last, heard.get(source.id, 0), int(by_source[position]))
        newest = min(newest, start[core.columns.lane_of_source(position)])
        if newest > 0:
            code = _CODES[state]
            core.sources.restore(position, FRESH if code == NEVER else code, since or newest, newest)


def _clocks(core: Core, kept: alerting.Kept, rows: Ints) -> None:
    """Streaks of wrong times, and the newest time of every device."""
    at_id = _by_id(core)
    for asset_id, (n, offset, last, refused) in kept.clocks.items():
        if asset_id in at_id:
            core.clocks.restore(at_id[asset_id], Streak(n, offset, last, bool(refused)))
    at = core.columns.series_at(rows[:, 0])
    np.maximum.at(core.clocks.newest, core.columns.series_asset[at[at >= 0]], rows[at >= 0, 1])


def _feeds(core: Core, kept: alerting.Kept, start: dict[Lane, int], gap: dict[Lane, bool]) -> None:
    """Counts of the last minutes; after a gap they begin anew."""
    found = json.loads(kept.meta.get(FEEDS_KEY, "{}"))
    for lane in LANES:
        core.feeds.reset(lane, start[lane])
        if not gap[lane] and str(lane) in found:
            core.feeds.restore(lane, found[str(lane)])


def levels(core: Core, start: dict[Lane, int]) -> list[News]:
    """What is known about every slot, as news of the moment."""
    found = [pair for kind in ALL for pair in kind.levels(core.senses)]
    lanes = core.slots.all
    return [News(start[lanes[slot].lane], slot, level) for slot, level in found if level != Level.GONE]


def _committed(core: Core, rows: Ints) -> Committed:
    """What was committed after the last tick of the engine before counts as arriving now."""
    ids = np.array([s.id for s in core.profile.sources], dtype=np.int64)
    events = np.unique(np.stack((rows[:, 0] >> 8, rows[:, 1], rows[:, 2]), axis=1), axis=0)
    return Committed(
        series=rows[:, 0],
        time=rows[:, 1],
        received=rows[:, 2],
        value=rows[:, 3],
        events=Heard(
            source=ids[core.columns.asset_source[core.columns.assets_at(events[:, 0])]],
            asset=events[:, 0],
            received=events[:, 2],
            time=events[:, 1],
            kind=np.full(len(events), NEW),
        ),
        records=[],
        samples=0,
    )
