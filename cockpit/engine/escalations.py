"""Alerts that nobody acknowledges go up a step at a time, each step at its very instant and once.

What an alert waits for is found anew from its log after a restart. People acknowledge meanwhile: what they
did is seen at the next tick, and once more in the transaction that would write the step.
"""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.alerting.escalation import Next, Steps, above, following, steps_of
from cockpit.domain.numbers import AlertId
from cockpit.engine.acknowledged import EXPIRED as ACK_EXPIRED
from cockpit.engine.columns import DOMAIN, LANES, REAL
from cockpit.engine.core import Core
from cockpit.engine.folds import ENGINE
from cockpit.engine.numbers import Lane
from cockpit.store import alerting, handling
from cockpit.store.alerting import Line
from cockpit.store.handles import Read, Write
from cockpit.store.queries import escalation as queries
from cockpit.store.queries.escalation import HowFar

ESCALATED = "escalated"
SHOWN_AGAIN = ("unmuted", "unfolded")
BY_DOMAIN = ("unacknowledged", ACK_EXPIRED)
"""Lines of what goes by domain time, whatever clock the alert is on."""


@dataclass(slots=True)
class _Waiting:
    """An open alert whose rule or priority has steps. `since`: on the clock of its lane."""

    lane: Lane
    steps: Steps
    since: int
    escalated: str = ""
    acknowledged: bool = False
    held: bool = False  # its step came while it was hidden or folded: it goes on when it is shown again

    @property
    def next(self) -> Next | None:
        if self.acknowledged or self.held:
            return None
        return following(self.steps, self.escalated, self.since)


class Escalations:
    """The open alerts that may go up. Instants are ms on the clock of each alert's lane."""

    def __init__(self) -> None:
        self._waiting: dict[AlertId, _Waiting] = {}
        self._seq: int | None = None  # of the last line of the log that was looked at
        self._taken = 0  # lines of this tick that were looked at
        self._begun = dict.fromkeys(LANES, 0)  # before this nothing was watched: what was due then is late
        self._raised: dict[AlertId, str] = {}
        self._at: dict[Lane, int | None] = dict.fromkeys(LANES)
        self._changed = True  # `_at` is to be found anew

    @property
    def waiting(self) -> bool:
        """Whether something is to be written."""
        return bool(self._raised)

    def look(self, conn: Read, core: Core) -> None:
        """Take note of what people have done since the last tick; of all there is at the first."""
        before, self._seq = self._seq, queries.last_line(conn)
        if before is None:
            self._begun = dict(core.now)
            found = queries.waits(conn)
        else:
            touched = queries.touched(conn, before) if self._seq > before else set()
            found = queries.waits(conn, touched) if touched else []
        for wait in found:
            self._enter(core, wait, first=before is None)

    def _enter(self, core: Core, wait: queries.Wait, *, first: bool) -> None:
        """An alert as it stands on the disk. A clock that came back has left instants that are to come."""
        known = self._waiting.get(wait.id) or self._new(core, wait.key, wait.id, 0)
        if known is None:
            return
        now = core.now[known.lane]
        if first or (known.acknowledged and not wait.acknowledged):
            since = now if known.lane == REAL and wait.by in BY_DOMAIN else wait.since
            since = max(min(since, now), core.leapt[known.lane]) if first else since
            known.since = max(known.since, since)
        known.escalated = self._raised.get(wait.id, wait.escalated)  # of a tick that was not written yet
        known.acknowledged = wait.acknowledged
        self._changed = True

    def _new(self, core: Core, key: str, alert: AlertId, since: int) -> _Waiting | None:
        slot, open_ = core.slots.by_key.get(key), core.desk.folds.by_id.get(alert)
        if slot is None or open_ is None:
            return None
        rule = core.profile.rule.get(open_.rule)
        steps = steps_of(rule, open_.priority, core.profile.escalation)
        if not steps:
            return None
        made = self._waiting[alert] = _Waiting(core.slots.all[slot].lane, steps, since)
        return made

    def due(self, core: Core, upto: int) -> int | None:
        """The first instant of domain time before `upto` at which one goes up, if that is still to come."""
        at = self._soonest(core, DOMAIN)
        return at if at is not None and core.now[DOMAIN] < at < upto else None

    def _soonest(self, core: Core, lane: Lane) -> int | None:
        self._take(core)
        if self._changed:
            steps = [(w.lane, step.at) for w in self._waiting.values() if (step := w.next) is not None]
            self._at = {one: min((at for on, at in steps if on == one), default=None) for one in LANES}
            self._changed = False
        return self._at[lane]

    def run(self, core: Core, lane: Lane, t: int) -> None:
        """With all of a lane evaluated up to `t`: bring up what has waited for so long."""
        soonest = self._soonest(core, lane)
        if soonest is None or soonest > t:
            return
        found = []
        for number, waiting in self._waiting.items():
            step = waiting.next if waiting.lane == lane else None
            if step is not None and step.at <= t:
                found.append((max(step.at, self._begun[lane]), number))
        for at, number in sorted(found):
            self._bring(core, number, at, t)
        self._changed = True

    def _bring(self, core: Core, number: AlertId, at: int, t: int) -> None:
        """What is long overdue goes up all its steps at once."""
        waiting, alert = self._waiting[number], core.desk.folds.by_id.get(number)
        if alert is None or alert.muted or alert.cause is not None:
            waiting.held = True
            return
        while (step := waiting.next) is not None and step.at <= t:
            waiting.escalated = self._raised[number] = step.to
            data = {"key": alert.key, "to": step.to, "after_s": step.after_s}
            core.changes.log.append(Line(max(step.at, at), number, ESCALATED, ENGINE, data))
        self._taken = len(core.changes.log)

    def _take(self, core: Core) -> None:
        """What the engine itself has found since the last look."""
        log = core.changes.log
        for line in log[self._taken :]:
            if line.what == "clock_jump":
                self._jumped(core, Lane(int(line.data["lane"])))
            elif line.alert is not None:
                self._found(core, line, line.alert)
        self._taken = len(log)

    def _found(self, core: Core, line: Line, number: AlertId) -> None:
        if line.what == "opened":
            if self._new(core, str(line.data["key"]), number, line.t) is not None:
                self._changed = True
        elif line.what == "closed":
            if self._waiting.pop(number, None) is not None:
                self._changed = True
        elif (waiting := self._waiting.get(number)) is None:
            return
        elif line.what in SHOWN_AGAIN:
            self._changed = True
            waiting.since, waiting.held = line.t, False
        elif line.what == ACK_EXPIRED:
            self._changed = True
            waiting.since = line.t if waiting.lane == DOMAIN else core.now[REAL]
            waiting.escalated, waiting.acknowledged = "", False

    def _jumped(self, core: Core, lane: Lane) -> None:
        """Nobody could act in what was skipped: the waiting begins anew."""
        self._changed = True
        for waiting in self._waiting.values():
            if waiting.lane == lane:
                waiting.since = core.now[lane]

    def settle(self, conn: Write, core: Core, withdrawn: int) -> None:
        """Before a tick is written: whoever has acknowledged an alert meanwhile, or brought it as far, was
        quicker, and it goes up no further. `withdrawn`: lines of this tick that others have taken back."""
        self._taken = max(0, self._taken - withdrawn)
        if not self._raised:
            return
        stood = queries.brought(conn, self._raised)
        taken_up = {carry.line.alert for carry in alerting.carries(conn, core.changes)}
        ended = {line.alert: line.data["until"] for line in core.changes.log if line.what == ACK_EXPIRED}
        for number in list(self._raised):
            had = stood.get(number, HowFar("", number in taken_up, None))
            if had.acknowledged and ended.get(number) == had.until is not None:
                continue  # that acknowledgement ends with the same tick
            if had.acknowledged or self._raised[number] not in above(had.escalated):
                del self._raised[number]
                mine = (number, ESCALATED, ENGINE)
                gone = [x for x in core.changes.log if (x.alert, x.what, x.actor) == mine]
                for line in gone:
                    core.changes.log.remove(line)
                self._taken -= len(gone)

    def save(self, conn: Write) -> None:
        """Write how far each was brought. The version stays: who acknowledges it meanwhile is not refused."""
        handling.bring(conn, self._raised)

    def saved(self) -> None:
        """What waited is on disk."""
        self._raised = {}
        self._taken = 0
