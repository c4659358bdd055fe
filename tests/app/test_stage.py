"""Fault orders of a presenter."""

from __future__ import annotations

import pytest

from cockpit.clock import VirtualClock
from cockpit.stage import MAX_OPEN, Stage, StageError

START = 1_763_800_000_000


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


def test_an_order_holds_until_its_end_and_no_longer(clock: VirtualClock) -> None:
    now = [0.0]
    clock = VirtualClock(START, monotonic=lambda: now[0])
    clock.reach(START + 600_000)
    stage = Stage(clock, {"cam-00001"})
    fault = stage.inject("cam-00001", "silent", 60)
    assert (fault.since_ms, fault.until_ms) == (START, START + 60_000)
    now[0] = 59.9
    assert stage.faults() == [fault]
    now[0] = 60.0
    assert stage.faults() == []


def test_an_order_can_be_undone_once(clock: VirtualClock) -> None:
    stage = Stage(clock, {"cam-00001"})
    fault = stage.inject("cam-00001", "silent", 60)
    assert stage.undo(fault.id)
    assert not stage.undo(fault.id)
    assert stage.faults() == []


@pytest.mark.parametrize(
    ("asset", "kind", "seconds", "code"),
    [
        ("cam-9", "silent", 60, "unknown_asset"),
        ("cam-00001", "burn", 60, "unknown_kind"),
        ("cam-00001", "silent", 0, "bad_seconds"),
        ("cam-00001", "silent", 86_401, "bad_seconds"),
    ],
)
def test_a_wrong_order_says_what_is_expected(
    clock: VirtualClock, asset: str, kind: str, seconds: int, code: str
) -> None:
    with pytest.raises(StageError) as error:
        Stage(clock, {"cam-00001"}).inject(asset, kind, seconds)
    assert error.value.code == code


def test_orders_are_bounded(clock: VirtualClock) -> None:
    stage = Stage(clock, {"cam-00001"})
    for _ in range(MAX_OPEN):
        stage.inject("cam-00001", "silent", 60)
    with pytest.raises(StageError) as error:
        stage.inject("cam-00001", "silent", 60)
    assert error.value.code == "too_many"
