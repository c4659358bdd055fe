"""What must hold after each step of a life of alerts, each with its number in the list of invariants."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis.stateful import invariant

from cockpit.domain.alerting import Level, read_back
from cockpit.domain.alerting.folding import HOLD_MS
from cockpit.domain.alerting.mutes import Mute, muted
from cockpit.domain.alerting.rules import MAX_OFF_MS
from cockpit.engine.silence import SLACK_MS
from cockpit.store import alerting, mutes
from tests.engine.life import DEVICES, RHYTHM_S, RULES, SILENCE, Stage
from tests.store import inside

RULE = {one.code: one for one in RULES}
LIFE = ("pending", "near_miss", "opened", "recovering", "again", "closed", "folded", "unfolded")
STATED = {"cleared"}
"""Why an alert may close while rules and devices stay as they are."""


class Held:
    """`look` reads all there is; `new` are the lines of the log since the last look."""

    def look_at(self, stage: Stage) -> None:
        self.stage = stage
        self.seen = 0  # lines of the log that were looked at
        self.held = True  # as far as it was looked at
        self.was_muted: dict[int, str] = {}
        self.look()

    def one(self, n: int) -> dict[str, Any] | None:
        """One of the open alerts."""
        found = sorted(self.stage.world.alerts().values(), key=lambda alert: alert["id"])
        return dict(found[n % len(found)]) if found else None

    def kept(self) -> list[mutes.Entered]:
        with self.stage.world.store.read() as conn:
            return mutes.open_ones(conn)

    def standing(self) -> list[Mute]:
        """All that may hide, rules that are off included."""
        with self.stage.world.store.read() as conn:
            offs = [mutes.of_off(off) for off in alerting.rules_off(conn)]
        return [*offs, *(one.mute for one in self.kept())]

    def look(self) -> None:
        world = self.stage.world
        self.lines = [(*row[:4], json.loads(row[4])) for row in world.log()]
        self.every = inside.alerts(world.store)
        self.open = {alert.id: alert for alert in self.every if alert.closed is None}
        self.new = self.lines[self.seen :]
        self.seen = len(self.lines)

    @invariant()
    def holds(self) -> None:
        self.held = False
        self.look()
        for check in CHECKS:
            check(self)
        self.held = True
        self.was_muted = {number: alert.muted for number, alert in self.open.items()}

    def one_open_alert_a_key(self) -> None:
        """Invariant 1: there is at most one open alert of a rule about a thing."""
        keys = Counter(alert.key for alert in self.open.values())
        assert max(keys.values(), default=1) == 1
        live = {
            key for key, (state, _) in inside.conditions(self.stage.world.store).items() if state != "pending"
        }
        assert live == set(keys), "what fires or recovers has its alert, and nothing else has"

    def nothing_fires_before_its_time(self) -> None:
        """Invariant 2: nothing fires that was not bad for as long as its rule says, on a clock that ran."""
        for t, _, what, _, data in self.new:
            if what != "opened":
                continue
            one, about = self.rule_and_device(data["key"])
            if about is None:
                continue
            evidence = self.stage.evidence[about]
            if one.code in SILENCE:
                begun = evidence.last(t)
            else:
                begun, level = evidence.since(t)
                assert level == Level.RAISE
            assert t - max(begun, self.stage.anew) >= one.for_s * 1000, (t, data)

    def nothing_closes_before_it_is_good(self) -> None:
        """Invariants 3 and 4: an alert closes as cleared only after the last value known was good for as long
        as its rule says, and while the device is heard: no data is no good data."""
        for t, alert, what, _, data in self.new:
            if what != "closed":
                continue
            assert data["reason"] in STATED
            one, about = self.rule_and_device(data["key"])
            if about is None:
                continue
            evidence, opened = self.stage.evidence[about], next(a.opened for a in self.every if a.id == alert)
            within = 2 * RHYTHM_S[about] * 1000 + SLACK_MS
            assert t - max(evidence.last(t), self.stage.anew) <= within, "it is heard"
            if one.code in SILENCE:
                assert evidence.last(t) > opened or self.stage.anew > opened
            else:
                good, level = evidence.since(t)
                assert level == Level.CLEAR
                assert t - max(good, self.stage.anew) >= one.keep_s * 1000

    def the_log_rebuilds_the_state(self) -> None:
        """Invariant 5: the event log, read from its first line, gives every condition with its timer and
        every alert as it stands in its table."""
        state = read_back(self.lines)
        held = inside.conditions(self.stage.world.store)
        assert {k: (c.state, c.since) for k, c in state.conditions.items()} == held
        for alert in self.every:
            told = state.alerts[alert.id]
            names = type(told).__slots__
            kept = {name: getattr(alert, name) for name in names}
            assert {name: getattr(told, name) for name in names} == kept, alert
        assert len(state.alerts) == len(self.every)
        core = self.stage.world.engine._core
        assert core is not None
        assert {k: (c.state, c.since) for k, c in state.conditions.items()} == {
            core.slots.all[slot].key: (c.state, c.since) for slot, c in core.desk.conditions.items()
        }, "what the engine holds in memory is what it would find after a restart"

    def nothing_that_people_or_faults_do_changes_what_happened(self) -> None:
        """Invariants 6, 7 and 11: what hides an alert, how often the engine looks, where it is stopped,
        killed or cannot write changes no line of the life of any condition. A rule that is off is no cause
        any more: what waits for a cause may then come sooner or later, and what is folded may differ."""
        skip = SILENCE if self.stage.rules_were_off else set()
        what = LIFE[:-2] if self.stage.rules_were_off else LIFE

        def life(lines: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
            found = []
            for t, alert, name, _, data in lines:
                if name in what and str(data["key"]).partition("|")[0] not in skip:
                    more = {k: v for k, v in data.items() if k != "muted"}
                    found.append((t, name, None if skip else alert, more))
            return sorted(found, key=lambda one: one[0]) if skip else found

        calm = [(*row[:4], json.loads(row[4])) for row in self.stage.calm.log()]
        here, there = life(self.lines), life(calm)
        assert [one for one in here if one not in there] == [], "what only happened where people acted"
        assert [one for one in there if one not in here] == [], "what only happened where nobody did"
        assert here == there

    def every_mute_ends(self) -> None:
        """Invariant 8: whatever hides something has an owner and an end, and past that end hides nothing."""
        for one in self.standing():
            assert one.actor
            assert one.since < one.until <= one.since + MAX_OFF_MS
        for kept in self.kept():
            assert kept.mute.until > self.stage.now, "what has run out has ended"
            assert kept.entry.due == kept.mute.until

    def what_nothing_hides_is_shown(self) -> None:
        """Invariant 9: an alert is hidden exactly as long as something hides it; then it is told
        again, in the log and outside, and is due anew."""
        standing = self.standing()
        for number, alert in self.open.items():
            assert alert.muted == muted(standing, alert, self.stage.now)
            if self.was_muted.get(number) and not alert.muted:
                shown = [t for t, of, what, _, _ in self.new if (of, what) == (number, "unmuted")]
                assert shown
                assert alert.due >= shown[-1] + RULE[alert.rule].respond_s * 1000

    def at_most_one_notice_is_told_twice_a_death(self) -> None:
        """Invariant 11: what was told is told again only where the cockpit died before it noted that."""
        told = Counter(self.stage.notices.told)
        assert sum(told.values()) - len(told) <= self.stage.notices.kills
        assert {one.id for one in self.stage.notices.kept() if one.state == "sent"} <= set(told)

    def no_circle_of_causes(self) -> None:
        """Invariant 12: whatever is folded is folded under something that is not folded under it, and counts
        there; a cause that has closed holds what it explained no longer than it takes to come back."""
        below = Counter(alert.cause for alert in self.open.values() if alert.cause is not None)
        every = {alert.id: alert for alert in self.every}
        states = inside.conditions(self.stage.world.store)
        for number, alert in self.open.items():
            assert alert.folded == below[number]
            path, at = [number], alert.cause
            while at is not None:
                assert at not in path
                path.append(at)
                at = every[at].cause
            if alert.cause is not None and (closed := every[alert.cause].closed) is not None:
                held = max(HOLD_MS, self.rhythm_of(alert.asset) * 1500)
                late = self.stage.now - max(closed, self.stage.anew) > held
                assert not late or states[alert.key][0] == "recovering"

    def all_that_hides_ends(self) -> None:
        """Invariants 8, 9, 12 at the end: with no cause and no mute left, what is bad stands for itself."""
        for code in ("link-1", "link-2", "rec-0"):
            self.stage.mode[code] = "good"
        self.stage.pass_time(2400, 600)
        self.holds()
        assert all(mute.matcher.alert for mute in self.standing()), (
            "but what hides an alert until that is over"
        )
        states = inside.conditions(self.stage.world.store)
        for alert in self.open.values():
            assert alert.muted in ("", "accepted", "false_alarm")
            assert alert.cause is None or alert.cause in self.open or states[alert.key][0] == "recovering"
        told = {one.alert for one in self.stage.notices.kept() if one.alert} | {
            alert.id for alert in self.open.values() if alert.cause is not None
        }
        many = [one for one in self.stage.notices.kept() if one.what == "flood"]
        shown = {number for number, alert in self.open.items() if not alert.muted}
        assert many or shown <= told, "each that stands was told"

    def rule_and_device(self, key: str) -> tuple[Any, str | None]:
        code, _, about = key.partition("|")
        return RULE[code], about if about in DEVICES else None

    def rhythm_of(self, asset: str) -> int:
        return RHYTHM_S.get(asset, 0)


CHECKS: tuple[Callable[[Held], None], ...] = (
    Held.one_open_alert_a_key, Held.nothing_fires_before_its_time, Held.nothing_closes_before_it_is_good,
    Held.the_log_rebuilds_the_state, Held.nothing_that_people_or_faults_do_changes_what_happened,
    Held.every_mute_ends, Held.what_nothing_hides_is_shown, Held.at_most_one_notice_is_told_twice_a_death,
    Held.no_circle_of_causes,
)  # fmt: skip
