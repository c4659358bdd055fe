"""The fourteen invariants of the life of alerts hold whatever happens: random evidence, what people do, stops,
crashes, writes that fail, and a clock that jumps. Numbers as in the invariants' list."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cockpit.domain.alerting import Level, read_back
from cockpit.domain.alerting.folding import HOLD_MS
from cockpit.domain.alerting.mutes import Mute, muted
from cockpit.domain.alerting.rules import MAX_OFF_MS
from cockpit.domain.instants import iso
from cockpit.engine.silence import SLACK_MS
from cockpit.store import alerting, mutes
from tests.engine.life import DEVICES, RHYTHM_S, RULES, SILENCE, Stage
from tests.store import inside

MINUTE = 60_000
RULE = {one.code: one for one in RULES}
LIFE = ("pending", "near_miss", "opened", "recovering", "again", "closed", "folded", "unfolded")
STATED = {"cleared"}
"""Why an alert may close while rules and devices stay as they are."""

numbers = st.integers(0, 5)
spans = st.sampled_from((15, 40, 75, 130, 200, 400))
ticks = st.sampled_from((10, 30, 60, 400))
soon = st.integers(1, 40).map(lambda n: n * MINUTE // 2)
devices = st.sampled_from(DEVICES)
modes = st.sampled_from(("good", "good", "band", "bad", "bad", "away", "away"))
HANDLING: dict[str, tuple[str, dict[str, Any]]] = {
    "acknowledge": ("acknowledge", {"note": "đang đi"}), "again": ("acknowledge", {"note": "đang đi"}),
    "unacknowledge": ("unacknowledge", {}), "slip": ("acknowledge_undo", {}), "assign": ("assign", {"to": "u2"}),
    "comment": ("comment", {"text": "đã gọi"}), "escalate": ("escalate", {}), "reopen": ("reopen", {}),
    "false_alarm": ("close", {"outcome": "false_alarm"}), "accepted": ("close", {"outcome": "accepted"}),
    "repaired": ("close", {"outcome": "repaired"}),
}  # fmt: skip
HIDING = (
    "silence", "silence of a rule", "silence of a unit", "shelve", "maintenance", "maintenance later",
    "maintenance weekly", "out_of_service", "rule_off", "rule_off",
)  # fmt: skip
BEHIND = {"link-1": DEVICES, "rec-0": DEVICES[2:], "cam-0": DEVICES[3:]}


class Life(RuleBasedStateMachine):
    """What is done; the invariants stand below."""

    @initialize(found=st.dictionaries(devices, modes, max_size=6), seconds=st.sampled_from((65, 200, 400)))
    def begin(self, found: dict[str, str], seconds: int) -> None:
        self.stage = Stage()
        self.stage.mode |= found
        self.stage.pass_time(seconds, 50)
        self.seen = 0  # lines of the log that were looked at
        self.was_muted: dict[int, str] = {}
        self.held = True  # as far as it was looked at
        self.look()

    def teardown(self) -> None:
        if hasattr(self, "stage"):
            try:
                if self.held:
                    self.all_that_hides_ends()
            finally:
                self.stage.close()

    @rule(changed=st.dictionaries(devices, modes, min_size=1, max_size=3), seconds=spans, tick_s=ticks)
    def devices_change(self, changed: dict[str, str], seconds: int, tick_s: int) -> None:
        self.stage.mode |= changed
        self.stage.pass_time(seconds, max(tick_s, seconds // 8))

    @rule(code=st.sampled_from(tuple(BEHIND)), mode=modes, seconds=spans)
    def all_behind_a_device_change(self, code: str, mode: str, seconds: int) -> None:
        for one in BEHIND[code]:
            self.stage.mode[one] = mode
        self.stage.pass_time(seconds, 30)

    @rule(code=devices, modes=st.lists(modes, min_size=2, max_size=4), seconds=st.sampled_from((15, 45, 70)))
    def a_device_comes_and_goes(self, code: str, modes: list[str], seconds: int) -> None:
        for mode in modes:
            self.stage.mode[code] = mode
            self.stage.pass_time(seconds, seconds)

    @rule(seconds=spans, tick_s=ticks)
    def time_passes(self, seconds: int, tick_s: int) -> None:
        self.stage.pass_time(seconds, max(tick_s, seconds // 8))

    @rule(n=numbers, what=st.sampled_from(tuple(HANDLING)), until=st.none() | soon, seconds=st.sampled_from((0, 0, 45, 400)))
    def somebody_handles_an_alert(self, n: int, what: str, until: int | None, seconds: int) -> None:
        """Invariant 3, for people: what is still bad is not repaired."""
        if (alert := self.one(n)) is None:
            return
        name, more = HANDLING[what]
        if name == "acknowledge" and until is not None:
            more = more | {"until_ms": self.stage.now + until}
        state = inside.conditions(self.stage.world.store)[alert["key"]][0]
        result = self.stage.do(name, alert=alert["id"], **more)
        if what == "repaired" and state == "firing":
            assert result.code == "still_active"
        self.stage.pass_time(seconds, 60)

    @rule(n=numbers)
    def two_acknowledge_at_once(self, n: int) -> None:
        """Invariant 10: of two operators at once one wins, and the other is told who and when."""
        if (alert := self.one(n)) is None or alert["ack_by"]:
            return
        seen = {"alert": alert["id"], "version": alert["version"], "note": "đang đi"}
        both = [self.stage.doing.do("acknowledge", actor=name, **seen) for name in ("Lan", "Minh")]
        assert [result.code for result in both] == ["done", "already"]
        assert (both[1].facts["by"], both[1].facts["at"]) == ("Lan", self.stage.now)

    @rule(n=numbers, what=st.sampled_from(HIDING), code=devices, until=soon, seconds=st.sampled_from((0, 0, 45, 400)))
    def somebody_hides_something(self, n: int, what: str, code: str, until: int, seconds: int) -> None:
        alert, now = self.one(n), self.stage.now
        name, matchers = what.split()[0], {"of a unit": {"unit": "u1"}, "of a rule": {"rule": RULES[n].code}}
        args: dict[str, Any] = {"matchers": matchers.get(what.partition(" ")[2], {"asset": code})}
        match name:
            case "shelve":
                args = {"alert": alert["id"] if alert else 1}
            case "out_of_service":
                args = {"asset": code}
            case "rule_off":
                args = {"rule": RULES[n].code}
                self.stage.rules_were_off = True
            case "maintenance" if "later" in what:
                args["starts"] = iso(now + until // 2)
            case "maintenance" if "weekly" in what:
                args["weekly"] = {"days": [1, 7], "from": "14:05", "to": "14:20"}
        self.stage.do(name, "operator" if name in ("silence", "shelve") else "admin", until_ms=now + until, **args)
        self.stage.pass_time(seconds, 60)

    @rule(n=numbers)
    def somebody_shows_again(self, n: int) -> None:
        if kept := self.kept():
            self.stage.do("unsilence", mute=kept[n % len(kept)].mute.number)
        self.stage.do("rule_on", rule=RULES[n].code)

    @rule(n=numbers, what=st.sampled_from(("acknowledge", "unacknowledge", "rule_off", "silence", "close")))
    def somebody_acts_while_a_tick_is_about_to_be_written(self, n: int, what: str) -> None:
        alert, until = self.one(n), self.stage.now + 10 * MINUTE
        args: dict[str, Any] = {
            "rule_off": {"rule": RULES[n].code, "until_ms": until},
            "silence": {"matchers": {"asset": DEVICES[n]}, "until_ms": until},
        }.get(what) or {"alert": alert["id"] if alert else 1}
        args |= {"close": {"outcome": "accepted"}, "acknowledge": {"note": "đang đi"}}.get(what, {})
        self.stage.rules_were_off |= what == "rule_off"
        self.stage.fail_next_write(
            lambda: self.stage.doing.do(what, "operator", "thay thiết bị", **args), fails=False
        )
        self.stage.pass_time(20, 20)
        self.stage.world.engine.tick()

    @rule(crash=st.booleans())
    def the_cockpit_starts_again(self, crash: bool) -> None:
        """Invariant 11: what stands afterwards is held against the world in which nothing happened."""
        self.stage.restart(crash=crash)

    @rule(crash=st.booleans())
    def a_tick_cannot_be_written(self, crash: bool) -> None:
        """Invariant 11: the process ends between finding out and writing, or the disk does not answer once."""
        self.stage.fail_next_write()
        self.stage.world.clock.advance(1000)
        self.stage.calm.clock.advance(1000)
        self.stage.world.engine.guarded_tick()
        self.stage.calm.engine.tick()
        if crash:
            self.stage.restart(crash=True)
        else:
            self.stage.world.engine.tick()

    @rule()
    def the_cockpit_dies_while_it_tells(self) -> None:
        self.stage.notices.collect(kill=True)

    @rule(by=st.sampled_from((5, 20, 200)))
    def the_clock_jumps(self, by: int) -> None:
        """Invariant 13: a jump forward or back neither fires nor clears. The province knows no daylight saving:
        its clock is always the same 7 hours ahead, and nothing is timed by it but windows of maintenance."""
        before = len(self.stage.world.log())
        self.stage.both(lambda world: world.clock.jump(by * MINUTE))
        self.stage.moved()
        told = {line[2] for line in self.stage.world.log()[before:]}
        assert "clock_jump" in told
        assert not told & {"opened", "closed", "pending", "near_miss"}

    @rule(minutes=st.sampled_from((1, 20, 200)))
    def nobody_is_there_for_a_while(self, minutes: int) -> None:
        """Invariants 4 and 13: what passed while the cockpit was off neither fires nor clears."""
        before = len(self.stage.world.log())
        self.stage.both(lambda world: world.restart(away_ms=minutes * MINUTE))
        self.stage.notices.restart()
        self.stage.moved()
        told = {line[2] for line in self.stage.world.log()[before:]}
        assert not told & {"opened", "closed"}

    # What is looked at after each step.

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
        live = {key for key, (state, _) in inside.conditions(self.stage.world.store).items() if state != "pending"}
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
        """Invariants 3 and 4: an alert closes as cleared only after the last value known was good for as long as
        its rule says, and while the device is heard: no data is no good data."""
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
        """Invariant 5: the event log, read from its first line, gives every condition with its timer and every
        alert as it stands in its table."""
        state = read_back(self.lines)
        kept = inside.conditions(self.stage.world.store)
        assert {k: (c.state, c.since) for k, c in state.conditions.items()} == kept
        for alert in self.every:
            told = state.alerts[alert.id]
            names = type(told).__slots__  # type: ignore[attr-defined]
            assert {n: getattr(told, n) for n in names} == {n: getattr(alert, n) for n in names}
        assert len(state.alerts) == len(self.every)
        core = self.stage.world.engine._core
        assert core is not None
        assert {k: (c.state, c.since) for k, c in state.conditions.items()} == {
            core.slots.all[slot].key: (c.state, c.since) for slot, c in core.desk.conditions.items()
        }, "what the engine holds in memory is what it would find after a restart"

    def nothing_that_people_or_faults_do_changes_what_happened(self) -> None:
        """Invariants 6, 7 and 11: what hides an alert, how often the engine looks, where it is stopped, killed or
        cannot write changes no line of the life of any condition. A rule that is off is no cause any more: what
        waits for a cause may then come sooner or later, and what is folded may differ."""
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
        """Invariant 9: an alert is hidden exactly as long as something hides it; shown again it is told again, in
        the log and outside, and is due anew."""
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
        """Invariants 8, 9, 12 at the end: with no cause and no mute left, all that is bad stands for itself."""
        for code in ("link-1", "link-2", "rec-0"):
            self.stage.mode[code] = "good"
        self.stage.pass_time(2400, 600)
        self.holds()
        assert all(mute.matcher.alert for mute in self.standing()), "but what hides an alert until that is over"
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


CHECKS: tuple[Callable[[Life], None], ...] = (
    Life.one_open_alert_a_key, Life.nothing_fires_before_its_time, Life.nothing_closes_before_it_is_good,
    Life.the_log_rebuilds_the_state, Life.nothing_that_people_or_faults_do_changes_what_happened,
    Life.every_mute_ends, Life.what_nothing_hides_is_shown, Life.at_most_one_notice_is_told_twice_a_death,
    Life.no_circle_of_causes,
)  # fmt: skip


def test_the_invariants_hold_whatever_happens() -> None:
    run_state_machine_as_test(Life, settings=settings(max_examples=15, stateful_step_count=25, deadline=None))


@pytest.mark.long
def test_the_invariants_hold_however_long_it_goes_on() -> None:
    run_state_machine_as_test(Life, settings=settings(max_examples=400, stateful_step_count=60, deadline=None))
