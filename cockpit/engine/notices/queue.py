"""From lines of the log to notices that wait: what is worth telling through one channel."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from cockpit.clock import Clock
from cockpit.domain.alerting import of_kept
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
        self._profile = profile
        self._clock = clock
        self._channel = channel

    def send(self, lines: Sequence[Logged]) -> None:
        """Raises StoreError."""
        wanted = [line for line in lines if line.what in WHAT and line.alert is not None]
        if wanted:
            self._store.write(lambda conn: self._put(conn, wanted)).result()

    def _put(self, conn: Write, lines: Sequence[Logged]) -> None:
        firing: list[tuple[Logged, Alert]] = []
        risen: dict[str, list[tuple[Logged, Alert]]] = {}  # by the role that they were brought to
        others: list[tuple[What, Logged, Alert]] = []
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
            elif "after_s" in line.data and alert.ack_at is not None:
                continue  # brought up by time, and somebody has it by now
            if what != "resolved":
                begun.add(line.alert)
            if what == "firing":
                firing.append((line, alert))
            elif what == "escalated" and "after_s" in line.data:
                risen.setdefault(str(line.data.get("to", "")), []).append((line, alert))
            else:
                others.append((what, line, alert))
        every = [*firing, *chain.from_iterable(risen.values()), *((one, alert) for _, one, alert in others)]
        rules = _born(conn, [alert for _, alert in every])
        drafts = [self._draft(what, line, alert, rules) for what, line, alert in others]
        for same in risen.values():
            if len(same) > FLOOD:
                drafts.append(self._many("escalated", same, rules))
            else:
                drafts += [self._draft("escalated", line, alert, rules) for line, alert in same]
        single = {line.alert: (line, alert) for line, alert in firing}  # the last word on each
        if len(single) > FLOOD:
            drafts.insert(0, self._many("flood", list(single.values()), rules))
        else:
            begun_now = [self._draft("firing", line, alert, rules) for line, alert in single.values()]
            drafts = begun_now + drafts
        notices.put(conn, self._channel.name, drafts, self._clock.real_ms())

    def _tells(self, what: What, alert: Alert, to: str) -> bool:
        units = frozenset({alert.unit, alert.assigned} - {""})
        if what == "resolved":
            return True  # whoever was told that it stands is told that it is over
        return self._channel.wanted.tells(what, to, alert.priority, units)

    def _draft(self, what: What, line: Logged, alert: Alert, rules: text.Rules) -> Draft:
        id_ = identity(self._channel.name, line.seq, line.t, line.what, alert.key)
        body = text.compose(self._profile, self._channel.language, what, alert, id_, line.data, rules)
        return Draft(id_, alert.id, what, alert.priority, line.t, body)

    def _many(self, what: What, found: list[tuple[Logged, Alert]], rules: text.Rules) -> Draft:
        """Most urgent first. The id is that of the last line in it."""
        found.sort(key=lambda one: (_URGENCY.index(one[1].priority), one[1].opened, one[1].id))
        last = max((line for line, _ in found), key=lambda line: line.seq)
        id_ = identity(self._channel.name, last.seq, last.t, what, str(len(found)))
        told, language = [alert for _, alert in found], self._channel.language
        body = text.of_many(self._profile, language, told, id_, rules, to=str(last.data.get("to", "")))
        return Draft(id_, None, what, found[0][1].priority, last.t, body)


def _born(conn: Write, told: Sequence[Alert]) -> text.Rules:
    """The rules that alerts were born under, of those that were kept: the names of today may be others."""
    bodies = alerts.rules_kept(conn, {alert.born for alert in told})
    found = ((alert.id, of_kept(bodies.get(alert.born, ""))) for alert in told)
    return {number: rule for number, rule in found if rule is not None}
