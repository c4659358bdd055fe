"""What people have ordered, and what is waited for from them, followed from instant to instant."""

from __future__ import annotations

from cockpit.engine.acknowledged import Acknowledgements
from cockpit.engine.columns import DOMAIN, REAL
from cockpit.engine.core import Core
from cockpit.engine.escalations import Escalations
from cockpit.engine.following import Following
from cockpit.engine.mutes import Mutes
from cockpit.engine.reminders import Reminders
from cockpit.profiles import Profile
from cockpit.store.handles import Read, Write


class Orders:
    """Mutes, acknowledgements that end, requests that wait for an answer, alerts that wait for somebody."""

    def __init__(self, profile: Profile) -> None:
        self._mutes, self._acks = Mutes(), Acknowledgements()
        self._reminders = Reminders(profile.utc_offset_s)
        self._escalations = Escalations()
        self._all: tuple[Following, ...] = (self._mutes, self._acks, self._reminders, self._escalations)

    @property
    def waiting(self) -> bool:
        """Whether something is to be written."""
        return any(one.waiting for one in self._all)

    def reload(self, conn: Read) -> None:
        """Take the registers as they stand: people act on them."""
        self._mutes.reload(conn)
        self._reminders.reload(conn)

    def look(self, conn: Read, core: Core, upto: int) -> set[int]:
        """The instants of domain time after now, up to `upto`, at which something of it turns."""
        start = core.now[DOMAIN]
        self._escalations.look(conn, core)
        found = self._mutes.look(conn, start, upto) | self._acks.look(conn, start, upto)
        return found | self._reminders.look(start, upto)

    def before(self, core: Core, cut: int) -> int | None:
        """An instant between now and `cut` at which an alert goes up: one that opened since `look`, too."""
        return self._escalations.due(core, cut)

    def run(self, core: Core, t: int) -> None:
        """With all of domain time evaluated up to `t`."""
        self._mutes.run(core, t)
        self._acks.run(core, t)
        self._reminders.run(t)
        self._escalations.run(core, DOMAIN, t)

    def run_real(self, core: Core) -> None:
        """With all of real time evaluated up to now."""
        self._escalations.run(core, REAL, core.now[REAL])

    def settle(self, conn: Write, core: Core) -> None:
        """Before a tick is written: give way to what people have done meanwhile."""
        self._escalations.settle(conn, core, self._acks.settle(conn, core))

    def save(self, conn: Write) -> None:
        """Write what has become of it."""
        for one in self._all:
            one.save(conn)

    def saved(self) -> None:
        """What waited is on disk."""
        for one in self._all:
            one.saved()
