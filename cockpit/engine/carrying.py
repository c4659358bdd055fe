"""Other rules without a restart: what an engine knows of the world goes on under them, at the same instant.

What no rule decides is taken over as it is, what rules make of it is reckoned anew as after a restart. So
what a rule that stays has found goes on undisturbed, and a restart a moment later finds the same.
"""

from __future__ import annotations

import numpy as np

from cockpit.engine.columns import DOMAIN, LANES, REAL
from cockpit.engine.core import Core
from cockpit.engine.long_ago import of_store
from cockpit.engine.restore import levels, past_of, takes_incoming
from cockpit.engine.senses import Values
from cockpit.profiles import Profile
from cockpit.store import Store, alerting, incoming
from cockpit.store.queries.registers import closed_with_alerts


def carried(store: Store, old: Core, profile: Profile) -> Core:
    """A core under the rules of `profile`, which differs from the old one's by its rules alone, as far as the
    old one has evaluated. All that has found must be on disk. Events that wait are its own from here on."""
    core = Core(profile, old.work, virtual=old.virtual, ago=of_store(store, profile.utc_offset_s))
    now = dict(old.now)
    with store.read() as conn:
        kept = alerting.kept(conn)
        closed = closed_with_alerts(conn)
        told = list(old.incoming.told.values()) if takes_incoming(old) else incoming.at_work(conn)
        past = {
            code: np.concatenate([past_of(conn, core, memory, lane, now[lane]) for lane in LANES])
            for code, memory in core.senses.memory.items()
        }
    core.now.update(now)
    core.anew.update(old.anew)
    core.leapt.update(old.leapt)
    core.intake = old.intake
    core.assets.take_over(old.assets)
    core.sources.take_over(old.sources)
    _entries(core, old)
    if takes_incoming(core):
        core.incoming.take_over(old.incoming)
        for one in told:
            core.hear(one, now[REAL])
        core.incoming.step(now[REAL])
    core.incoming.seq = old.incoming.seq
    for entry in closed:  # its alert ends as it would have
        core.watch(entry, now[DOMAIN])
        core.unwatch(entry.subject, now[DOMAIN])
    core.entries.step(now[DOMAIN])
    core.thresholds.take_over(old.thresholds, _same_slots(core, old))
    heard = np.flatnonzero(core.thresholds.heard)
    columns = (core.thresholds.times, core.thresholds.heard, core.thresholds.values)
    newest = Values(heard, *(column[heard] for column in columns))
    for code, memory in core.senses.memory.items():
        memory.restore(*past[code].T)
        memory.know(newest)
        if code in old.senses.memory:
            memory.take_over(old.senses.memory[code])
    core.clocks.take_over(old.clocks)
    core.refused.update(old.refused)
    core.senses.aims.update(old.senses.aims)
    core.senses.told.update(old.senses.told)
    core.groups.restore(core.assets.state.tolist(), core.sources.state.tolist())
    for lane in LANES:
        core.feeds.reset(lane, now[lane])
        core.feeds.restore(lane, old.feeds.save(lane))
    core.source_states.count()
    core.source_states.wrong = old.source_states.wrong
    core.desk.know(old.desk.mutes, now[DOMAIN])
    core.desk.restore(kept, now, dict.fromkeys(LANES, False))
    for lane in LANES:
        news = [n for n in levels(core, now) if core.slots.all[n.slot].lane == lane]
        core.desk.process(news, lane, now[lane])
    return core


def _entries(core: Core, old: Core) -> None:
    """What is open in the registers, and how late it is found to be."""
    core.entries.take_over(old.entries)
    for entry in old.entries.open.values():
        core.watch(entry, core.now[DOMAIN])


def _same_slots(core: Core, old: Core) -> dict[int, int]:
    """Numbers of slots whose rule has stayed as it was, each with its number before."""
    same: dict[int, int] = {}
    for number, slot in core.slots.numbered():
        before = old.slots.by_key.get(slot.key)
        if before is not None and old.slots.all[before].rule == slot.rule:
            same[number] = before
    return same
