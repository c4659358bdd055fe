"""Samples summed up per cell, and a window that days leave."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cockpit.store import Batch, Store
from cockpit.store import coverage as samples
from cockpit.store.queries.coverage import cells
from tests.store import inside
from tests.store.inside import Rows, coverage
from tests.store.world import DAY, HOUR, T0, World, clock_at, sampled

MINUTE = 60_000
MIDNIGHT = T0 + 17 * HOUR
"""The province's day after that of `T0` begins."""

CELL = "88415a0001fffff"


def cell(store: Store, operator: str = "viettel", rows: Rows = Rows.CELLS) -> dict[str, Any] | None:
    found = coverage(store, rows, operator, CELL)
    assert len(found) <= 1
    return found[0] if found else None


def test_samples_are_classed_by_the_profiles_thresholds(store: Store) -> None:
    for i, rsrp in enumerate([-990, -1000, -1001, -1100, -1101]):
        store.append(sampled(f"s{i}", T0 + i, rsrp_cb=rsrp, down_kbps=1000 * i if i else None)).result()
    found = cell(store)
    assert found is not None
    assert (found["n"], found["weak"], found["bad"]) == (5, 2, 1)
    assert (found["rsrp_sum"], found["rsrp_min"]) == (-5192, -1101)
    assert (found["down_n"], found["down_sum"], found["last"]) == (4, 10_000, T0 + 4)
    assert cell(store, "any") == {**found, "operator": "any"}
    assert cell(store, "mobifone") is None


def test_a_group_is_a_device_in_a_place_in_an_hour(store: Store) -> None:
    changes: list[dict[str, Any]] = [
        {}, {"lat": 21.00001}, {"lat": 21.01}, {"device": "phone-2"}, {"operator": "vinaphone"},
    ]  # fmt: skip
    for i, change in enumerate(changes):
        store.append(sampled(f"s{i}", T0 + i, **change)).result()
    store.append(sampled("later", T0 + HOUR)).result()
    viettel, everyone = cell(store), cell(store, "any")
    assert viettel is not None
    assert everyone is not None
    assert (viettel["n"], viettel["groups"], viettel["devices"]) == (5, 4, 2)
    # One phone with two operators at one place is one group of "any".
    assert (everyone["n"], everyone["groups"], everyone["devices"]) == (6, 4, 2)


def test_a_device_on_two_days_is_one_device_of_the_cell(store: Store) -> None:
    store.append(sampled("a", T0)).result()
    store.append(sampled("b", T0 + DAY)).result()
    found = cell(store)
    assert found is not None
    assert (found["devices"], found["groups"]) == (1, 2)


def test_an_expired_day_leaves_the_window_and_stays_by_itself(store: Store) -> None:
    store.append(sampled("a", T0, rsrp_cb=-1200)).result()
    store.append(sampled("b", T0 + DAY, rsrp_cb=-900, device="phone-2", down_kbps=7)).result()
    store.maintain(T0 + 30 * DAY).result()
    found = cell(store)
    assert found is not None
    assert (found["n"], found["groups"], found["devices"], found["bad"]) == (1, 1, 1, 0)
    assert (found["rsrp_sum"], found["rsrp_min"], found["down_sum"]) == (-900, -900, 7)
    store.maintain(T0 + 30 * DAY).result()  # nothing is subtracted twice
    assert cell(store) == found
    store.maintain(T0 + 31 * DAY).result()
    assert cell(store) is None
    assert len(coverage(store, Rows.COVERAGE_DAYS, "any", CELL)) == 2


def test_a_sample_of_a_day_that_has_expired_does_not_enter_the_window(store: Store) -> None:
    store.append(sampled("a", T0)).result()
    store.maintain(T0 + 31 * DAY).result()
    store.append(sampled("late", T0 + 5)).result()
    assert cell(store) is None
    assert cell(store, rows=Rows.COVERAGE_DAYS) is not None


def received(batch: Batch, at: int) -> Batch:
    """The batch as if it had come at this instant."""
    batch.received[:] = at
    return batch


def counts(store: Store, before_ms: int) -> tuple[int, int, int, int]:
    """Samples, groups, devices and the newest instant of what had been received before an instant."""
    with store.read() as conn:
        found = cells(conn, ["viettel"], before_ms).get("viettel", [])
    return (found[0].n, found[0].groups, found[0].devices, found[0].last - T0) if found else (0, 0, 0, 0)


def test_what_had_been_received_by_an_instant_is_told_after_it(store: Store) -> None:
    store.append(received(sampled("a", T0), T0 + MINUTE - 1)).result()
    # One body with what came on both sides of a minute, the later of them first.
    late, early = (received(sampled(name, T0 + t), T0 + t) for name, t in (("c", 2 * MINUTE), ("b", MINUTE)))
    late.samples += [(1, early.samples[0][1])]
    for name in ("key", "source", "time", "received"):
        setattr(late, name, [*getattr(late, name), *getattr(early, name)])
    store.append(late).result()
    store.append(received(sampled("d", T0 + 5, device="phone-2"), T0 + 3 * MINUTE)).result()
    for folded in (0, 2, 3):
        inside.done(store, partial(samples.fold, before_ms=T0 + folded * MINUTE))
        found = [counts(store, T0 + minute * MINUTE) for minute in range(5)]
        assert found[folded:] == [
            (0, 0, 0, 0), (1, 1, 1, 0), (2, 1, 1, MINUTE), (3, 1, 1, 2 * MINUTE), (4, 2, 2, 2 * MINUTE)
        ][folded:]  # fmt: skip


@pytest.mark.parametrize("order", ["housekeeping", "sample"])
def test_a_day_leaves_at_midnight_whenever_that_is_noticed(store: Store, order: str) -> None:
    store.append(sampled("a", T0)).result()
    store.append(sampled("b", T0 + 9 * DAY, device="phone-2")).result()
    leaves = MIDNIGHT + 29 * DAY
    if order == "housekeeping":
        store.maintain(leaves + HOUR).result()
    store.append(received(sampled("c", leaves + 2 * MINUTE), leaves + 2 * MINUTE)).result()
    store.maintain(leaves + HOUR).result()
    assert [counts(store, leaves + minute * MINUTE)[:3] for minute in (-1, 0, 1, 2, 3)] == [
        (2, 2, 2), (1, 1, 1), (1, 1, 1), (1, 1, 1), (2, 2, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("past", [True, False])
def test_the_past_and_what_lives_on_real_time_count_at_once(tmp_path: Path, past: bool) -> None:
    profile = World()
    profile.sources = [s if past else msgspec.structs.replace(s, time="real") for s in profile.sources]
    store = Store(tmp_path / "cockpit.db", profile, clock_at(), writable=True)
    store.start()
    try:
        batch = sampled("a", T0)
        batch.past = past
        store.append(batch).result()
        assert counts(store, MINUTE)[0] == 1
    finally:
        store.close()


def test_where_nobody_looks_housekeeping_folds_what_is_a_day_old(store: Store) -> None:
    for i in range(3):
        store.append(sampled(f"s{i}", T0 + i * DAY)).result()
    store.maintain(T0 + 2 * DAY).result()
    assert inside.count(store, Rows.NEW_SAMPLES) == 2 * 2  # of the operator and of any, of two days
    assert counts(store, T0 + 3 * DAY)[0] == 3
