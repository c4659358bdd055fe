"""From lines of the log to notices that wait: what is worth telling through one channel."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.clock import Clock
from cockpit.domain.notices import WHAT, What, identity
from cockpit.engine.notices import text
from cockpit.engine.notices.channel import Channel
from cockpit.profiles import Profile
from cockpit.store import Store, notices
from cockpit.store.alerts import Alert
from cockpit.store.handles import Write
from cockpit.store.notices import Draft
from cockpit.store.queries import alerts
from cockpit.store.rows import Logged

FLOOD = 20
"""Alerts that begin together: more than these become one notice."""

_URGENCY = ("critical", "high", "medium", "low")


class Queue:
    """A channel of the outbox that sends nothing itself: notices wait in the store, each for its own time.
    Told the same lines again it adds nothing."""

    def __init__(self, store: Store, profile: Profile, clock: Clock, channel: Channel) -> None:
        self.name = f"{notices.CURSOR}{channel.name}"
        self._store = store
        self.profile = profile
        self._clock = clock
        self._channel = channel

    def send(self, lines: Sequence[Logged]) -> None:
        """Raises StoreError."""
        wanted = [line for line in lines if line.what in WHAT and line.alert is not None]
        if wanted:
            self._store.write(lambda conn: self._put(conn, wanted)).result()

    def _put(self, conn: Write, lines: Sequence[Logged]) -> None:
        firing: list[tuple[Logged, Alert]] = []
        drafts: list[Draft] = []
        begun = set()
        for line in lines:
            assert line.alert is not None  # noqa: S101 - only such lines come here
            what, alert = WHAT[line.what], alerts.one(conn, line.alert)
            if alert is None or not self._tells(what, alert, str(line.data.get("to", ""))):
                continue
            if what == "resolved":
                if line.alert not in begun and not notices.told(conn, self._channel.name, line.alert):
                    continue
            elif alert.closed is not None or alert.cause is not None or alert.muted:
                continue  # over before anybody was told, said by its cause, or hidden
            if what != "resolved":
                begun.add(line.alert)
            if what == "firing":
                firing.append((line, alert))
            else:
                drafts.append(self._draft(what, line, alert))
        single = {line.alert: (line, alert) for line, alert in firing}  # the last word on each
        if len(single) > FLOOD:
            drafts.insert(0, self._flood(list(single.values())))
        else:
            drafts = [self._draft("firing", line, alert) for line, alert in single.values()] + drafts
        notices.put(conn, self._channel.name, drafts, self._clock.real_ms())

    def _tells(self, what: What, alert: Alert, to: str) -> bool:
        units = frozenset({alert.unit, alert.assigned} - {""})
        if what == "resolved":
            return True  # whoever was told that it stands is told that it is over
        return self._channel.wanted.tells(what, to, alert.priority, units)

    def _draft(self, what: What, line: Logged, alert: Alert) -> Draft:
        id_ = identity(self._channel.name, line.seq, line.t, line.what, alert.key)
        body = text.compose(self.profile, self._channel.language, what, alert, id_, line.data)
        return Draft(id_, alert.id, what, alert.priority, line.t, body)

    def _flood(self, found: list[tuple[Logged, Alert]]) -> Draft:
        """Most urgent first. The id is that of the last line in it."""
        found.sort(key=lambda one: (_URGENCY.index(one[1].priority), one[1].opened, one[1].id))
        last = max((line for line, _ in found), key=lambda line: line.seq)
        id_ = identity(self._channel.name, last.seq, last.t, "flood", str(len(found)))
        body = text.of_many(self.profile, self._channel.language, [alert for _, alert in found], id_)
        return Draft(id_, None, "flood", found[0][1].priority, last.t, body)
