"""The fourteen invariants of the life of alerts hold whatever happens: random evidence, what people do,
stops, crashes, writes that fail, and a clock that jumps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from cockpit.domain.instants import iso
from tests.engine.held import Held
from tests.engine.life import DEVICES, RULES, Stage
from tests.store import inside

MINUTE = 60_000
numbers = st.integers(0, 5)
then = st.sampled_from((0, 0, 45, 400))
spans = st.sampled_from((15, 40, 75, 130, 200, 400))
ticks = st.sampled_from((10, 30, 60, 400))
soon = st.integers(1, 40).map(lambda n: n * MINUTE // 2)
devices = st.sampled_from(DEVICES)
modes = st.sampled_from(("good", "good", "band", "bad", "bad", "away", "away"))
HANDLING: dict[str, tuple[str, dict[str, Any]]] = {
    "acknowledge": ("acknowledge", {"note": "đang đi"}), "again": ("acknowledge", {"note": "đang đi"}),
    "unacknowledge": ("unacknowledge", {}), "slip": ("acknowledge_undo", {}),
    "assign": ("assign", {"to": "u2"}), "comment": ("comment", {"text": "đã gọi"}),
    "escalate": ("escalate", {}), "reopen": ("reopen", {}),
    "false_alarm": ("close", {"outcome": "false_alarm"}), "accepted": ("close", {"outcome": "accepted"}),
    "repaired": ("close", {"outcome": "repaired"}),
}  # fmt: skip
HIDING = (
    "silence", "silence of a rule", "silence of a unit", "shelve", "maintenance", "maintenance later",
    "maintenance weekly", "out_of_service", "rule_off", "rule_off",
)  # fmt: skip
BEHIND = {"link-1": DEVICES, "rec-0": DEVICES[2:], "cam-0": DEVICES[3:]}


class Life(RuleBasedStateMachine, Held):
    """What is done; what must hold after each step stands in `held`."""

    @initialize(found=st.dictionaries(devices, modes, max_size=6), seconds=st.sampled_from((65, 200, 400)))
    def begin(self, found: dict[str, str], seconds: int) -> None:
        self.stage = Stage()
        self.stage.mode |= found
        self.stage.pass_time(seconds, 50)
        self.look_at(self.stage)

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

    @rule(
        n=numbers,
        what=st.sampled_from(tuple(HANDLING)),
        until=st.none() | soon,
        seconds=then,
    )
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

    @rule(
        n=numbers,
        what=st.sampled_from(HIDING),
        code=devices,
        until=soon,
        seconds=then,
    )
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
        self.stage.do(
            name, "operator" if name in ("silence", "shelve") else "admin", until_ms=now + until, **args
        )
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
        """Invariant 11: the process ends after finding out, before writing, or the disk fails once."""
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
        """Invariant 13: a jump neither fires nor clears. The province knows no daylight saving: its clock is
        always 7 hours ahead, and nothing is timed by it but windows of maintenance. Back a clock leaps only
        where it is a real one: `test_clock_leap`."""
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


def test_the_invariants_hold_whatever_happens() -> None:
    run_state_machine_as_test(Life, settings=settings(max_examples=12, stateful_step_count=25, deadline=None))


@pytest.mark.long
def test_the_invariants_hold_however_long_it_goes_on() -> None:
    long = settings(max_examples=400, stateful_step_count=60, deadline=None)
    run_state_machine_as_test(Life, settings=long)
