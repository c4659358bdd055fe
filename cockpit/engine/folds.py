"""Which open alert is folded under which, kept up to date as alerts open and close."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from typing import Any

from cockpit.domain.alerting.folding import HOLD_MS, Cause, latest, node_of_source, topmost
from cockpit.domain.alerting.mutes import RULE_OFF
from cockpit.domain.numbers import AlertId
from cockpit.engine.columns import LANES
from cockpit.engine.numbers import Lane, SlotNo
from cockpit.engine.slots import SILENCE_RANK, Slots
from cockpit.engine.surges import Surges
from cockpit.store.alerting import Changes, Line, dump
from cockpit.store.alerts import Alert

ENGINE = "engine"

NOT_OPEN = AlertId(0)
"""The number of what has none yet."""


class Folds:
    """The open alerts and the causes among them."""

    def __init__(self, slots: Slots, changes: Changes, surges: Surges) -> None:
        self._slots = slots.all
        self._changes = changes
        self._surges = surges
        self.open: dict[SlotNo, Alert] = {}
        self.by_id: dict[AlertId, Alert] = {}
        self._slot_of: dict[AlertId, SlotNo] = {}
        self._causes: dict[str, dict[AlertId, tuple[int, Cause]]] = {}
        self._below: dict[str, set[SlotNo]] = {}
        self._hearsay: dict[str, dict[AlertId, str]] = {}  # source node -> node of the cause
        self._held: dict[SlotNo, int | None] = {}  # when to unfold; None: as soon as it fires again
        self._holds: dict[Lane, list[tuple[int, SlotNo]]] = {lane: [] for lane in LANES}

    def restore(self, slot: SlotNo, alert: Alert, cause_closed: int | None) -> None:
        """Take up an open alert; `cause_closed` if what it is folded under has closed meanwhile."""
        self._enter(slot, alert)
        if cause_closed is not None:
            self._hold(slot, cause_closed)

    def update(self, slot: SlotNo, t: int, value: float, peak: float, facts: str = "") -> None:
        """The newest value of an open alert, the worst one, and what explains it where that changes."""
        alert = self.open.get(slot)
        if alert is None:
            return
        facts = facts or alert.facts
        if (alert.value, alert.peak, alert.facts) != (value, peak, facts):
            alert.value, alert.peak, alert.facts, alert.updated = value, peak, facts, t
            self._changes.alerts[alert.id] = alert

    def explain(self, slot: SlotNo, t: int, facts: dict[str, Any]) -> None:
        """What explains an open alert from `t` on, where that has changed."""
        alert = self.open.get(slot)
        if alert is not None and alert.facts != (text := dump(facts)):
            alert.facts, alert.updated = text, t
            self._changes.alerts[alert.id] = alert

    def opened(self, slot: SlotNo, alert: Alert, t: int) -> None:
        """An alert opens: find its cause, and fold under it what it explains."""
        self._enter(slot, alert)
        self._refold([slot], t)
        if self._slots[slot].explains:
            self._refold(self._affected(slot), t)
        self._refold(self._gathered(slot), t)

    def closed(self, slot: SlotNo, t: int) -> None:
        """An alert has closed: what it explained is held for a while, then stands for itself."""
        alert = self.open.pop(slot)
        s = self._slots[slot]
        del self.by_id[alert.id], self._slot_of[alert.id]
        self._held.pop(slot, None)
        for node in {*s.chain, s.node}:
            self._below[node].discard(slot)
        if alert.cause is not None and alert.cause in self.by_id:
            self._count(alert.cause, -1, t)
        if s.explains:
            affected = self._affected(slot)
            self._causes[s.node].pop(alert.id)
            self._hearsay.get(node_of_source(s.source), {}).pop(alert.id, None)
            self._refold(affected, t)
        self._refold(self._gathered(slot), t)

    def muted(self, slot: SlotNo, t: int) -> None:
        """The rule of an alert was switched off, or is on again: what is hidden so explains nothing, and what
        it explained stands for itself at once; what has come back explains again."""
        if self._slots[slot].explains:
            self._refold(self._affected(slot), t, at_once=True)
        self._refold(self._gathered(slot), t, at_once=True)

    def fires_again(self, slot: SlotNo, t: int) -> None:
        """It was recovering and is bad again: if its hold is over, it is no symptom any more."""
        if slot in self._held and self._held[slot] is None:
            self._unfold(slot, t)

    def explained(self, slot: SlotNo, begun: int) -> bool:
        """Whether an alert of this slot that began at `begun`, if it opened now, would be folded."""
        return self._topmost(slot, NOT_OPEN, begun) is not None

    def due(self, lane: Lane) -> int | None:
        """When the next hold of a lane ends."""
        holds = self._holds[lane]
        while holds and self._held.get(holds[0][1]) != holds[0][0]:
            heapq.heappop(holds)
        return holds[0][0] if holds else None

    def end_hold(self, lane: Lane, recovering: Callable[[SlotNo], bool]) -> None:
        """End the hold that is due. What is `recovering` waits: it is about to close by itself."""
        t, slot = heapq.heappop(self._holds[lane])
        if recovering(slot):
            self._held[slot] = None
        else:
            self._unfold(slot, t)

    def _enter(self, slot: SlotNo, alert: Alert) -> None:
        s = self._slots[slot]
        self.open[slot] = alert
        self.by_id[alert.id] = alert
        self._slot_of[alert.id] = slot
        for node in {*s.chain, s.node}:
            self._below.setdefault(node, set()).add(slot)
        if s.explains:
            source = node_of_source(s.source)
            hearsay = bool(s.subject.asset) and s.rank == SILENCE_RANK
            since, upto = alert.first_seen, latest(alert.first_seen, s.rhythm_s)
            cause = Cause(alert.id, s.node, hearsay, source, s.only, since, upto, s.parts, s.rule.code)
            self._causes.setdefault(s.node, {})[alert.id] = s.rank, cause
            if hearsay:
                self._hearsay.setdefault(source, {})[alert.id] = s.node

    def _affected(self, slot: SlotNo) -> list[SlotNo]:
        """Open alerts whose cause may change when this one opens or closes, in order."""
        s = self._slots[slot]
        found = set(self._below.get(s.node, ()))
        if s.subject.source:
            for node in set(self._hearsay.get(s.node, {}).values()):
                found |= self._below.get(node, set())
        found.discard(slot)
        return sorted(found)

    def _refold(self, slots: list[SlotNo], t: int, *, at_once: bool = False) -> None:
        for slot in slots:
            alert, s = self.open[slot], self._slots[slot]
            if s.indicator:
                found = self._of_indicator(slot, alert)
            else:
                found = self._topmost(slot, alert.id, alert.first_seen)
            if found is None:
                found = self._surge(slot, alert)
            if found is not None:
                self._held.pop(slot, None)
                if found != alert.cause:
                    self._fold(slot, alert, found, t)
            elif alert.cause is not None and at_once and alert.cause in self.by_id:
                self._unfold(slot, t)
            elif alert.cause is not None and slot not in self._held:
                self._hold(slot, t)

    def _topmost(self, slot: SlotNo, alert: AlertId, begun: int) -> AlertId | None:
        s = self._slots[slot]
        if not any(self._causes.get(node) for node in s.chain):
            return None  # nothing above it is known to be bad
        upto = latest(begun, s.rhythm_s)
        return topmost(
            s.chain, alert, s.rank, self._causes_at, self._silent, s.rule.kind, upto, s.rule.code, s.rests_on
        )

    def _gathered(self, slot: SlotNo) -> list[SlotNo]:
        """Open alerts of what a slot gathers, in order."""
        members = self._surges.members(slot)
        return sorted(self.open.keys() & set(members)) if members else []

    def _surge(self, slot: SlotNo, alert: Alert) -> AlertId | None:
        """The open alert about the surge that this one is of: it has opened since that began."""
        surges = (self.open[n] for n in self._surges.of.get(slot, ()) if n in self.open)
        mine = (one.id for one in surges if one.muted != RULE_OFF and alert.opened >= one.first_seen)
        return min(mine, default=None)

    def _of_indicator(self, slot: SlotNo, alert: Alert) -> AlertId | None:
        """Any silent source explains an indicator; the first in the catalogue's order is named. Else what
        combines its rule does."""
        s, upto = self._slots[slot], latest(alert.first_seen, 0)
        for node in s.chain:
            for rank, cause in self._causes_at(node):
                if rank == SILENCE_RANK and cause.alert != alert.id and cause.since <= upto:
                    return cause.alert
        whole = (c.alert for _, c in self._causes_at(s.node) if s.rule.code in c.parts)
        return min(whole, default=None)

    def _causes_at(self, node: str) -> Iterable[tuple[int, Cause]]:
        """What somebody hid for itself alone goes on explaining: its symptoms stay folded under it."""
        found = self._causes.get(node, {}).values()
        return (c for c in found if self.by_id[c[1].alert].muted != RULE_OFF)

    def _silent(self, node: str, upto: int) -> bool:
        return any(rank == SILENCE_RANK and cause.since <= upto for rank, cause in self._causes_at(node))

    def _fold(self, slot: SlotNo, alert: Alert, cause: AlertId, t: int) -> None:
        if alert.cause is not None:
            self._count(alert.cause, -1, t)
        alert.cause, alert.updated = cause, t
        self._count(cause, 1, t)
        self._changes.alerts[alert.id] = alert
        self._log(t, alert, "folded", cause)

    def _unfold(self, slot: SlotNo, t: int) -> None:
        self._held.pop(slot, None)
        alert = self.open[slot]
        if alert.cause is None:
            return
        self._log(t, alert, "unfolded", alert.cause)
        self._count(alert.cause, -1, t)
        alert.cause, alert.updated = None, t
        self._changes.alerts[alert.id] = alert

    def _hold(self, slot: SlotNo, t: int) -> None:
        at = t + max(HOLD_MS, self._slots[slot].rhythm_s * 1500)
        self._held[slot] = at
        heapq.heappush(self._holds[self._slots[slot].lane], (at, slot))

    def _count(self, cause: AlertId, by: int, t: int) -> None:
        alert = self.by_id.get(cause)
        if alert is not None:
            alert.folded = max(0, alert.folded + by)
            alert.updated = max(alert.updated, t)
            self._changes.alerts[cause] = alert

    def _log(self, t: int, alert: Alert, what: str, cause: AlertId) -> None:
        self._changes.log.append(Line(t, alert.id, what, ENGINE, {"cause": cause, "key": alert.key}))
