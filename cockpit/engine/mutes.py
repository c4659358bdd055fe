"""What is muted: rules that are off and what else stands in the ledger, each until its end.

People give mutes and take them back; the engine begins what was planned, ends what has run out or has nothing
left to hide, and brings the alerts in line at the very instant.
"""

from __future__ import annotations

from collections.abc import Container

from cockpit.domain.alerting import ledger
from cockpit.domain.alerting.mutes import RULE_OFF, Mute, turns
from cockpit.domain.numbers import AlertId
from cockpit.domain.registers import Moved
from cockpit.engine.columns import DOMAIN, REAL
from cockpit.engine.core import Core
from cockpit.engine.folds import ENGINE
from cockpit.store import alerting, mutes, registers
from cockpit.store.alerting import Line
from cockpit.store.handles import Read, Write
from cockpit.store.mutes import Entered


class Mutes:
    """The ledger as the engine knows it."""

    def __init__(self) -> None:
        self._off: list[Mute] = []
        self._kept: dict[int, Entered] = {}
        self._moved: list[Moved] = []

    @property
    def waiting(self) -> bool:
        """Whether something is to be written."""
        return bool(self._moved)

    def reload(self, conn: Read) -> None:
        """Take the ledger as it stands: others write in it too."""
        self._kept = {kept.mute.number: kept for kept in mutes.open_ones(conn)}
        for moved in self._moved:
            self._take(moved)

    def look(self, conn: Read, after: int, upto: int) -> set[int]:
        """The instants within (after, upto] at which what is hidden changes."""
        self._off = [mutes.of_off(off) for off in alerting.rules_off(conn)]
        return turns((*self._off, *(kept.mute for kept in self._kept.values())), after, upto)

    def run(self, core: Core, t: int) -> None:
        """With all evaluated up to `t`: hide what is to be hidden from then on, and show what is not."""
        others = (k.mute for k in self._kept.values() if k.mute.what != RULE_OFF)
        core.desk.mute((*self._off, *others), {DOMAIN: t, REAL: max(core.now[REAL], 1)})
        for off in self._off:
            rule = off.matcher.rule
            if off.until <= t and core.changes.ended.get(rule) != off.until:
                core.changes.ended[rule] = off.until
                core.changes.log.append(Line(t, None, "rule_back", ENGINE, {"rule": rule}))
        for kept in list(self._kept.values()):
            self._step(core, kept, t)

    def _step(self, core: Core, kept: Entered, t: int) -> None:
        """Begin what was planned; end what has run out, or hides an alert that is over."""
        entry, mute = kept
        over = _over(mute, core.desk.folds.by_id)
        if mute.until <= t or over:
            self._move(ledger.ended(entry, t, ENGINE, "cleared" if over else "expired"))
            if mute.what != RULE_OFF:
                data = {"mute": mute.number, "what": mute.what, "reason": "cleared" if over else "expired"}
                core.changes.log.append(Line(t, None, "mute_ended", ENGINE, data))
        elif mute.since <= t and entry.state == ledger.PLANNED:
            self._move(ledger.started(entry, t))
            data = {"mute": mute.number, "what": mute.what}
            core.changes.log.append(Line(t, None, "mute_started", ENGINE, data))

    def _move(self, moved: Moved) -> None:
        self._moved.append(moved)
        self._take(moved)

    def _take(self, moved: Moved) -> None:
        """A step that waits to be written, unless somebody else was quicker."""
        kept = self._kept.get(moved.entry.id)
        if kept is None or kept.entry.version != moved.seen:
            return
        if moved.entry.closed is not None:
            del self._kept[moved.entry.id]
        else:
            self._kept[moved.entry.id] = Entered(moved.entry, kept.mute)

    def save(self, conn: Write) -> None:
        """Write what has become of mutes. What somebody else has changed meanwhile stays as they made it."""
        for moved in self._moved:
            registers.move(conn, moved)

    def saved(self) -> None:
        """What waited is on disk."""
        self._moved = []


def _over(mute: Mute, open_: Container[AlertId]) -> bool:
    return mute.matcher.alert != 0 and AlertId(mute.matcher.alert) not in open_
