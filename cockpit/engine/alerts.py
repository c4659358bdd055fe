"""The desk: runs every condition through its life, opens and closes alerts, all in order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import groupby
from typing import Any

from cockpit.domain.alerting import (
    ANEW,
    CLEAR,
    Condition,
    Level,
    Transition,
    advance,
    due,
    feed,
    kept,
    open_late,
    owner_of,
)
from cockpit.domain.alerting.mutes import RULE_OFF, Mute, muted
from cockpit.domain.catalog import Text
from cockpit.domain.numbers import AlertId
from cockpit.engine.begun import begun_at, state_of
from cockpit.engine.columns import DOMAIN, LANES, REAL
from cockpit.engine.combined import Combined
from cockpit.engine.folds import ENGINE, Folds
from cockpit.engine.held import Held
from cockpit.engine.numbers import Lane, SlotNo
from cockpit.engine.slots import REAL_KINDS, News, Slot, Slots
from cockpit.engine.surges import Surges
from cockpit.profiles import Profile
from cockpit.store.alerting import Changes, Kept, Line, dump
from cockpit.store.alerts import Alert

_LEVELS = tuple(Level)

POLL_MS = 15_000
"""How often what waits for its cause is looked at again, at least."""


class Desk:
    """Conditions by slot (only those not clear), open alerts, timers. Changes gather in `changes`.

    `levels` of all slots are kept here, also of rules that are switched off or open no alerts: others may
    combine them. `facts(slot, t, value)` gives the figures that explain an alert, kept with it as JSON.
    `waits(slot, t)` tells whether a cause above may soon be found: the alert of a mere symptom waits for it.
    """

    def __init__(
        self,
        profile: Profile,
        slots: Slots,
        levels: bytearray,
        surges: Surges,
        changes: Changes,
        facts: Callable[[Slot, int, float | None], dict[str, Any]],
        simulated: Callable[[Slot], bool],
        waits: Callable[[SlotNo, int], bool],
        owner: Callable[[Slot], Text | None] = lambda slot: None,
    ) -> None:
        """`owner`: of the entry of a register that a slot is about."""
        self._profile = profile
        self._slots = slots
        self._changes = changes
        self._facts = facts
        self._simulated = simulated
        self._waits = waits
        self._owner = owner
        self._surges = surges
        self.folds = Folds(slots, changes, surges)
        self.conditions: dict[SlotNo, Condition] = {}
        self.levels = levels
        self._combined = Combined(slots, levels)
        self.off: set[str] = set()  # rules that are switched off
        self._mutes: tuple[Mute, ...] = ()  # what may be hidden, and as of which instant it is
        self._muted_at = 0
        self._timers: dict[Lane, list[tuple[int, int, SlotNo]]] = {lane: [] for lane in LANES}
        self._held = Held(slots.all)  # what waits for its cause
        self._next_alert = AlertId(1)

    def restore(self, kept: Kept, start: dict[Lane, int], gap: dict[Lane, bool]) -> None:
        """Take up what an earlier engine left, at instant `start` of each lane. After a gap timers begin
        anew there. What no rule or asset knows any more is closed with its reason."""
        self._next_alert = kept.next_alert
        begun: dict[Lane, list[str]] = {lane: [] for lane in LANES}
        for key, (state, since) in sorted(kept.conditions.items()):
            slot = self._slots.by_key.get(key)
            if slot is None:
                self._changes.conditions[key] = None
                if state != "pending":
                    continue  # its alert is closed below
                self._changes.log.append(
                    Line(start[DOMAIN], None, "near_miss", ENGINE, {"key": key, "reason": "removed"})
                )
                continue
            lane = self._slots.all[slot].lane
            anew = gap[lane] and state in ("pending", "recovering")
            if anew:
                begun[lane].append(key)
            self._set(slot, Condition(state_of(state), start[lane] if anew else since))
            self._hold_on(slot, start[lane])
        for lane, keys in begun.items():
            self._note_anew(keys, start[lane])
        closed, mine = dict(kept.closed_causes), list[tuple[SlotNo, Alert]]()
        for alert in kept.alerts:
            slot = self._slots.by_key.get(alert.key)
            if slot is not None and self._slots.all[slot].rule.version == alert.rule_version:
                mine.append((slot, alert))
                continue
            at = start[self._slots.all[slot].lane if slot is not None else self._lane_of(alert)]
            known = alert.rule in self._profile.rule
            reason = "updated" if slot is not None else "removed" if known else "rule_deleted"
            self._end(alert, at, reason)
            closed[alert.id] = at
            if slot is not None:
                self._set(slot, CLEAR)
        # What is folded under one that has just ended is held for a while, then stands for itself.
        for slot, alert in mine:
            self.folds.restore(slot, alert, None if alert.cause is None else closed.get(alert.cause))
            if slot not in self.conditions:
                self._set(slot, Condition("firing", alert.opened))
        self._mute(start)  # a mute may have come or ended while nothing ran
        self._surges.restore(self._slots, self.conditions, self.folds.open)
        # A condition that says firing without its alert cannot be: begin it anew.
        for slot in [
            s for s, c in self.conditions.items() if c.state != "pending" and s not in self.folds.open
        ]:
            self._set(slot, CLEAR)

    def process(self, news: list[News], lane: Lane, upto: int) -> None:
        """Take the news of a lane's step, none after `upto`, and let its timers run to `upto`, all in
        order of time."""
        order = self._slots.order
        news.sort(key=lambda n: (n.t, order[n.slot]))
        for t, same in groupby(news, key=lambda n: n.t):
            self._run_timers(lane, t - 1)
            items = list(same)
            for item in items:
                self.levels[item.slot] = item.level
                self._feed(item)
            combined = list(self._combined.news(t, items))
            for item in combined:
                self._feed(item)
            for item in self._surges.news(t, [*items, *combined], self.levels, self.conditions):
                self._feed(item)
        self._run_timers(lane, upto)

    @property
    def mutes(self) -> tuple[Mute, ...]:
        """What may be hidden."""
        return self._mutes

    def know(self, mutes: tuple[Mute, ...], t: int) -> None:
        """These mutes are what there is at an instant of domain time; no alert changes yet."""
        self._mutes, self._muted_at = mutes, t
        self.off = {m.matcher.rule for m in mutes if m.what == RULE_OFF and m.stands(t)}

    def mute(self, mutes: tuple[Mute, ...], at: dict[Lane, int]) -> None:
        """These mutes are what there is, at an instant of each lane. What is hidden goes on being evaluated;
        what the alerts of a rule that is off explained stands for itself."""
        before = self._standing()
        self.know(mutes, at[DOMAIN])
        if self._standing() != before:
            self._mute(at)

    def _standing(self) -> list[tuple[Mute, bool]]:
        t = self._muted_at
        return [(mute, t < mute.critical_until) for mute in self._mutes if mute.stands(t)]

    def _mute(self, at: dict[Lane, int]) -> None:
        """Bring all open alerts in line with what is hidden."""
        for slot, alert in sorted(self.folds.open.items()):
            before, why = alert.muted, muted(self._mutes, alert, self._muted_at)
            if why == before:
                continue
            s = self._slots.all[slot]
            t = at[s.lane]
            alert.muted, alert.updated = why, t
            if not why:  # nobody could act on what was not shown
                alert.due = max(alert.due, t + s.rule.respond_s * 1000)
            self._changes.alerts[alert.id] = alert
            if why:
                self._log(t, slot, "muted", alert.id, reason=why)
            else:
                self._log(t, slot, "unmuted", alert.id)
            if RULE_OFF in (before, why):
                self.folds.muted(slot, t)

    def restart_timers(self, lane: Lane, at: int) -> None:
        """Begin `for` and keep anew: after a jump of the clock nothing fires or clears by itself."""
        begun = []
        for slot, condition in sorted(self.conditions.items()):
            if self._slots.all[slot].lane == lane and condition.state in ("pending", "recovering"):
                self._set(slot, Condition(condition.state, at))
                begun.append(self._slots.all[slot].key)
        self._note_anew(begun, at)

    def _note_anew(self, keys: list[str], at: int) -> None:
        if keys:
            self._changes.log.append(Line(at, None, ANEW, ENGINE, {"keys": keys}))

    def _lane_of(self, alert: Alert) -> Lane:
        """The lane of an alert whose slot is gone: that of its source."""
        source = self._profile.source.get(alert.source)
        real = source is not None and source.time == "real" and alert.subject_kind in REAL_KINDS
        return REAL if real else DOMAIN

    def note(self, slot: SlotNo, t: int, what: str, **data: Any) -> None:
        """Put something that happened to an open alert on record, which changes nothing of its life."""
        alert = self.folds.open.get(slot)
        if alert is not None:
            self._log(t, slot, what, alert.id, **data)

    def _run_timers(self, lane: Lane, upto: int) -> None:
        timers = self._timers[lane]
        while True:
            while timers and self._stale(timers[0][0], timers[0][2]):
                heapq.heappop(timers)
            at = timers[0][0] if timers else None
            hold = self.folds.due(lane)
            if hold is not None and hold <= upto and (at is None or hold < at):
                self.folds.end_hold(lane, self._recovering)
                continue
            if at is None or at > upto:
                return
            _, _, slot = heapq.heappop(timers)
            before, timing = self.conditions[slot], self._slots.all[slot].timing
            if before.state == "pending":
                if self._must_wait(slot, at):
                    self._wake(slot, at + self._poll_ms(slot))
                    continue
                condition, transition = open_late(before, at)
                self._apply(slot, condition, transition, None)
                continue
            condition, closing = advance(before, timing, upto)
            if closing is not None:
                self._apply(slot, condition, closing, None)

    def _must_wait(self, slot: SlotNo, t: int, *, explained: bool = False) -> bool:
        """Whether a cause may soon be found; `explained`: what to say where one is there."""
        waits = self._waits(slot, t)
        if not waits and not explained:
            return False
        s, since = self._slots.all[slot], self.condition(slot).since or t
        begun = begun_at(s, since, self._facts(s, t, None))
        if not self._surges.members(slot) and self.folds.explained(slot, begun):
            return explained
        return waits  # of a surge it is asked what explains its members

    def _wake(self, slot: SlotNo, at: int) -> None:
        self._held.wait(slot, at)
        heapq.heappush(self._timers[self._slots.all[slot].lane], (at, self._slots.order[slot], slot))

    def _poll_ms(self, slot: SlotNo) -> int:
        return max(POLL_MS, self._slots.all[slot].rhythm_s * 500)

    def _hold_on(self, slot: SlotNo, now: int) -> None:
        """What waited for its cause before a restart goes on as it would have."""
        condition = self.conditions[slot]
        at = due(condition, self._slots.all[slot].timing)
        if condition.state == "pending" and at is not None and at <= now:
            poll = self._poll_ms(slot)
            self._wake(slot, at + ((now - at) // poll + 1) * poll)

    def _wake_below(self, slot: SlotNo, t: int) -> None:
        """A cause has opened: what waited for it opens too, and is folded at once."""
        for held in self._held.below(self._slots.all[slot].node):
            self._wake(held, t)

    def stands_alone(self, slot: SlotNo, t: int) -> bool:
        """Whether the alert of what is bad stands for itself, or would if it opened at `t`."""
        s, alert = self._slots.all[slot], self.folds.open.get(slot)
        if s.rule.code in self.off:
            return False
        return alert.cause is None if alert is not None else not self._must_wait(slot, t, explained=True)

    def condition(self, slot: SlotNo) -> Condition:
        """Where a slot stands."""
        return self.conditions.get(slot, CLEAR)

    def _recovering(self, slot: SlotNo) -> bool:
        return self.conditions.get(slot, CLEAR).state == "recovering"

    def _stale(self, at: int, slot: SlotNo) -> bool:
        held = self._held.at(slot)
        if held is not None:
            return held != at
        return due(self.conditions.get(slot, CLEAR), self._slots.all[slot].timing) != at

    def _feed(self, item: News) -> None:
        before = self.conditions.get(item.slot)
        if before is None and item.level != Level.RAISE:
            return  # most news: what is well stays well
        s = self._slots.all[item.slot]
        if not s.rule.announce:
            return
        condition, transition = feed(before or CLEAR, s.timing, item.t, _LEVELS[item.level])
        if transition is not None:
            self._apply(item.slot, condition, transition, item.value)

    def _apply(self, slot: SlotNo, condition: Condition, transition: Transition, value: float | None) -> None:
        self._set(slot, condition)
        t, what = transition.t, transition.what
        if what == "opened":
            self._open(slot, transition, value)
        elif what == "closed":
            self._close(slot, t, "cleared")
        else:
            alert = self.folds.open.get(slot)
            self._log(t, slot, what, alert.id if alert else None)
            if alert is not None:
                alert.updated = t
                self._changes.alerts[alert.id] = alert
                if what == "again":
                    self.folds.fires_again(slot, t)

    def _open(self, slot: SlotNo, transition: Transition, value: float | None) -> None:
        s, t = self._slots.all[slot], transition.t
        rule, source = s.rule, self._profile.source.get(s.source)
        facts = self._facts(s, t, value)
        if value is None:
            found = facts.get("value")
            value = float(found) if found is not None else None
        first_seen = begun_at(s, transition.first_seen, facts)
        owner = owner_of(rule, source, self._owner(s))
        born, body = kept(rule)
        self._changes.rules[born] = body
        alert = Alert(
            id=self._next_alert,
            key=s.key,
            rule=rule.code,
            rule_version=rule.version,
            priority=rule.priority,
            asset=s.subject.asset,
            source=s.source,
            indicator=s.indicator,
            subject_kind=s.subject.kind,
            subject=s.subject.code,
            unit=s.unit,
            owner=owner.vi,
            owner_en=owner.en,
            simulated=int(self._simulated(s)),
            first_seen=first_seen,
            opened=t,
            updated=t,
            due=t + rule.respond_s * 1000,
            closed=None,
            close_reason=None,
            value=value,
            peak=value,
            facts=dump(facts),
            cause=None,
            folded=0,
            born=born,
        )
        alert.muted = muted(self._mutes, alert, self._muted_at)
        self._next_alert = AlertId(self._next_alert + 1)
        self._changes.alerts[alert.id] = alert
        waited = t - transition.first_seen - s.timing.for_ms
        more: dict[str, Any] = {"waited_ms": waited} if waited > 0 else {}
        if alert.muted:
            more["muted"] = alert.muted
        self._log(t, slot, "opened", alert.id, first_seen=first_seen, version=rule.version, **more)
        self.folds.opened(slot, alert, t)
        if s.explains and alert.muted != RULE_OFF:
            self._wake_below(slot, t)

    def _close(self, slot: SlotNo, t: int, reason: str) -> None:
        alert = self.folds.open[slot]
        self._end(alert, t, reason)
        self.folds.closed(slot, t)

    def _end(self, alert: Alert, t: int, reason: str) -> None:
        alert.closed, alert.close_reason, alert.updated = t, reason, t
        self._changes.alerts[alert.id] = alert
        self._changes.log.append(Line(t, alert.id, "closed", ENGINE, {"key": alert.key, "reason": reason}))

    def _set(self, slot: SlotNo, condition: Condition) -> None:
        key = self._slots.all[slot].key
        self._held.let_go(slot)
        if condition.state == "clear":
            self.conditions.pop(slot, None)
            self._changes.conditions[key] = None
            return
        self.conditions[slot] = condition
        self._changes.conditions[key] = condition.state, condition.since
        at = due(condition, self._slots.all[slot].timing)
        if at is not None:
            heapq.heappush(self._timers[self._slots.all[slot].lane], (at, self._slots.order[slot], slot))

    def _log(self, t: int, slot: SlotNo, what: str, alert: AlertId | None, **data: Any) -> None:
        data["key"] = self._slots.all[slot].key
        self._changes.log.append(Line(t, alert, what, ENGINE, data))
