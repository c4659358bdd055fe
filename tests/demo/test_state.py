"""The state of the stage: what may be ordered, what holds when, what is forgotten."""

from __future__ import annotations

import pytest

from cockpit.demo.state import (
    KEEP_MS,
    MAX_OPEN,
    MAX_SECONDS,
    DemoError,
    DemoRun,
    DemoState,
    Kind,
    Library,
    Order,
    Scenario,
    next_epoch,
    state_of,
)
from cockpit.demo.virtual_clock import VirtualClock
from cockpit.domain.catalog import Text
from cockpit.profiles import Profile, load

START = 1_763_800_000_000
HOUR = 3_600_000
KINDS = (
    Kind("camera_loss", ("camera",), 12.0, "%", 60, 1800, 60),
    Kind("source_late", ("source",), 1800.0, "s", 0, 7200, 0),
    Kind("storm", ("unit",), 1.0, "share", 3600, 7200, 3600),
    Kind("flood", ("source",), 8.0, "x", 0, 1200, 0, devices=True),
)
NAME = Text("Tên", "Name")
SCENES = tuple(Scenario(code, NAME, NAME, START, HOUR, (), ()) for code in ("one", "two"))


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load("quang_ninh", size="district")


@pytest.fixture
def stage(profile: Profile) -> DemoRun:
    bill = Library({k.code: k for k in KINDS}, {s.code: s for s in SCENES})
    return DemoRun(VirtualClock(START), profile, bill)


def silent(seconds: int = 60, asset: str = "cam-00001") -> Order:
    return Order(asset, "silent", 0, seconds, 0)


def refusal(stage: DemoRun, order: Order) -> str:
    with pytest.raises(DemoError) as error:
        stage.inject(DemoState(), order, START)
    return error.value.code


def test_an_order_holds_until_its_end_and_no_longer(profile: Profile) -> None:
    now = [0.0]
    clock = VirtualClock(START, monotonic=lambda: now[0])
    clock.reach(START + 600_000)
    stage = DemoRun(clock, profile)
    state, fault = stage.inject(DemoState(), silent(), START)
    stage.adopt(state)
    assert (fault.since_ms, fault.until_ms) == (START, START + 60_000)
    now[0] = 59.9
    assert stage.faults() == [fault]
    now[0] = 60.0
    assert (stage.faults(), stage.ended()) == ([], [fault])


def test_an_order_can_be_undone_once_and_ends_where_it_was(stage: DemoRun) -> None:
    state, fault = stage.inject(DemoState(), silent(), START)
    state = stage.undo(state, fault.id, START + 10_000)
    assert state.faults[0].until_ms == START + 10_000
    with pytest.raises(DemoError) as error:
        stage.undo(state, fault.id, START + 10_000)
    assert error.value.code == "no_fault"


def test_while_a_recording_is_played_nothing_can_be_ordered(profile: Profile) -> None:
    stage = DemoRun(VirtualClock(START), profile, recorded=True)
    assert refusal(stage, silent()) == "recorded"
    with pytest.raises(DemoError, match="a recording is played"):
        stage.begin(DemoState(), "two_faults", START)


def test_an_order_without_lengths_takes_those_of_its_kind(stage: DemoRun) -> None:
    _, fault = stage.inject(DemoState(), Order("cam-00001", "camera_loss"), START)
    assert (fault.ramp_ms, fault.hold_ms, fault.recovery_ms) == (60_000, 1_800_000, 60_000)


def test_a_kind_strikes_what_it_can_and_nothing_else(stage: DemoRun, profile: Profile) -> None:
    unit = profile.asset["cam-00001"].unit
    assert [k.code for k in stage.kinds_on("cam-00001")] == ["camera_loss"]
    assert [k.code for k in stage.kinds_on("cam-vms")] == ["source_late", "flood"]
    assert [k.code for k in stage.kinds_on("mot-cua")] == ["source_late"]
    assert [k.code for k in stage.kinds_on(unit)] == ["camera_loss", "storm"]
    assert refusal(stage, Order("cam-vms", "camera_loss")) == "wrong_subject"
    assert refusal(stage, Order("cam-00001", "storm")) == "wrong_subject"
    assert refusal(stage, silent(asset=unit)) == "wrong_subject"


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (silent(asset="cam-9"), "unknown_asset"),
        (Order("cam-00001", "burn"), "unknown_kind"),
        (silent(0), "bad_seconds"),
        (silent(MAX_SECONDS + 1), "bad_seconds"),
        (Order("cam-00001", "camera_loss", -1), "bad_seconds"),
        (Order("cam-00001", "camera_loss", size=1e9), "bad_size"),
        (Order("cam-00001", "camera_loss", size=12.0 * 20 + 1), "bad_size"),
        (Order("cam-vms", "source_late", size=-60.0), "bad_size"),
        (Order("mot-cua", "flood"), "wrong_subject"),
        (Order("cam-00001", "camera_loss", size=float("nan")), "bad_size"),
    ],
)
def test_a_wrong_order_says_what_is_expected(stage: DemoRun, order: Order, code: str) -> None:
    assert refusal(stage, order) == code


def test_orders_are_bounded_and_ended_ones_make_room(stage: DemoRun) -> None:
    state = DemoState()
    for _ in range(MAX_OPEN):
        state, _ = stage.inject(state, silent(), START)
    with pytest.raises(DemoError) as error:
        stage.inject(state, silent(), START)
    assert error.value.code == "too_many"
    state, fault = stage.inject(state, silent(), START + 60_000)
    assert fault.id == MAX_OPEN + 1
    state, _ = stage.inject(state, silent(), START + KEEP_MS + 60_000)
    assert [f.id for f in state.faults] == [MAX_OPEN + 1, MAX_OPEN + 2]


def test_scenarios_are_combined_taken_off_and_begun_anew(stage: DemoRun) -> None:
    state = stage.begin(stage.begin(DemoState(), "one", START), "two", START + HOUR)
    for wrong, code in (("one", "already"), ("three", "unknown_scenario")):
        with pytest.raises(DemoError) as error:
            stage.begin(state, wrong, START)
        assert error.value.code == code
    state = stage.end(state, "one", START + 2 * HOUR)
    with pytest.raises(DemoError):
        stage.end(state, "one", START + 2 * HOUR)
    stage.adopt(state)
    assert [c.code for c in stage.playing()] == ["two"]
    assert [c.code for c in stage.scenarios()] == ["one", "two"]
    again = stage.begin(state, "one", START + 3 * HOUR)
    assert [c.from_ms for c in again.scenarios if c.ended_ms is None] == [START + HOUR, START + 3 * HOUR]


def test_clearing_ends_everything_at_once(stage: DemoRun) -> None:
    state, _ = stage.inject(stage.begin(DemoState(), "one", START), silent(), START)
    cleared = stage.clear(state, START + 1000)
    assert [c.ended_ms for c in cleared.scenarios] == [START + 1000]
    assert [f.until_ms for f in cleared.faults] == [START + 1000]


def test_a_setting_survives_being_written_down(stage: DemoRun) -> None:
    state, fault = stage.inject(stage.begin(DemoState(), "one", START), silent(), START)
    state = next_epoch(stage.undo(state, fault.id, START + 1000), 7)
    assert state_of(state.dump()) == state
    assert state.epoch == 8
    assert state_of(None) == DemoState()


def test_of_two_settings_the_newer_is_shown(stage: DemoRun) -> None:
    first, _ = stage.inject(DemoState(), silent(), START)
    second, _ = stage.inject(first, silent(), START)
    stage.adopt(second)
    stage.adopt(first)
    assert stage.state == second
    stage.restore(first)
    assert stage.state == first


def test_what_an_earlier_version_kept_of_scenarios_is_understood() -> None:
    kept = (
        '{"castings":[{"code":"two_faults","from_ms":5,"ended_ms":null}],"faults":[],'
        '"next_id":3,"epoch":1,"version":4}'
    )
    state = state_of(kept)
    assert [(c.code, c.from_ms) for c in state.scenarios] == [("two_faults", 5)]
    assert (state.next_id, state.epoch, state.version) == (3, 1, 4)
    assert state_of(state.dump()) == state
