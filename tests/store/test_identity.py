"""What was answered once is stored once, whatever is sent again and when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.catalog import Source
from cockpit.domain.numbers import SourceId
from cockpit.store import Batch, Store, identity
from cockpit.store.batch import Record, Report, Rollup
from cockpit.store.queries import observations as q
from tests.clocks import HandClock
from tests.store import inside
from tests.store.world import (
    DAY,
    HOUR,
    NAME,
    OFFICE,
    T0,
    World,
    clock_at,
    event,
    key_of,
    observe,
    recorded,
    reported,
    rolled,
    sampled,
    seen,
    series,
)


def count(store: Store, asset: int = 1) -> int:
    """Observations of the asset's first metric, by what is kept one by one."""
    with store.read() as conn:
        return len(q.observations(conn, series(asset), T0 - 2 * DAY, T0 + 2 * DAY).time)


def test_an_event_repeated_in_the_same_body_counts_once(store: Store) -> None:
    batch = observe(seen("a", T0), "a", T0, 1, {1: 9})
    outcome = store.append(batch).result()
    assert (outcome.accepted, outcome.duplicates) == (1, 1)
    with store.read() as conn:
        assert q.observations(conn, series(1), T0, T0 + 1).value.tolist() == [5]  # the first counts


@pytest.mark.parametrize("later", [1_000, HOUR, DAY - 60_000], ids=["1 s", "1 h", "the window's edge"])
def test_an_event_sent_again_later_is_a_repeat(store: Store, clock: HandClock, later: int) -> None:
    store.append(seen("a", T0)).result()
    clock.domain = T0 + later
    store.maintain(clock.domain).result()
    outcome = store.append(seen("a", T0)).result()
    assert (outcome.accepted, outcome.duplicates) == (0, 1)
    assert count(store) == 1


def test_a_repeat_is_known_after_a_restart(opened: Callable[..., Store], path: Path) -> None:
    store = opened(path)
    store.append(seen("a", T0)).result()
    store.close()
    store = opened(path)
    assert store.append(seen("a", T0)).result().duplicates == 1


def test_a_repeat_is_known_after_a_crash(opened: Callable[..., Store], path: Path) -> None:
    store = opened(path)
    store.append(seen("a", T0)).result()
    store.abandon()
    store = opened(path)
    assert store.append(seen("a", T0)).result().duplicates == 1
    assert count(store) == 1


def test_a_repeat_is_known_after_sealing_and_a_restart(
    opened: Callable[..., Store], path: Path, clock: HandClock
) -> None:
    store = opened(path, clock)
    store.append(seen("a", T0)).result()
    store.maintain(T0 + 4 * HOUR).result()
    assert inside.count(store, inside.Rows.IDENTITIES) == 0
    assert inside.count(store, inside.Rows.SEALED_IDENTITIES) == 1
    assert store.append(seen("a", T0)).result().duplicates == 1
    store.close()
    store = opened(path, clock)
    assert store.append(seen("a", T0)).result().duplicates == 1
    assert store.append(seen("b", T0)).result().accepted == 1
    store.maintain(T0 + 4 * HOUR).result()  # sealed a second time, joined with the first
    for name in "ab":
        assert store.append(seen(name, T0)).result().duplicates == 1


def test_identities_leave_after_the_window_and_longer_windows_stay(store: Store) -> None:
    store.append(seen("a", T0)).result()
    store.append(sampled("s", T0)).result()
    store.append(observe(Batch(), "o", T0, 20, {1: 1}, source=OFFICE)).result()
    store.maintain(T0 + 4 * HOUR).result()
    for days, left in ((2, "so"), (8, "o"), (31, "")):
        store.maintain(T0 + days * DAY).result()
        with store.read() as conn:
            assert [name for name in "aso" if q.event_stored(conn, key_of(name))] == list(left)
        if days == 2:
            assert store.append(sampled("s", T0)).result().duplicates == 1


def test_records_and_reports_are_known_for_ever_whatever_their_time(store: Store) -> None:
    record = Record("payment", "p1", "06001", "made", None, {"cashless": True})
    report = Report("I42", "", "2024-10", 7.5, "an", "")
    store.append(recorded("r", T0, record)).result()
    store.append(reported("t", T0, report)).result()
    store.maintain(T0 + 90 * DAY).result()
    assert store.append(recorded("r", T0 + 80 * DAY, record)).result().duplicates == 1
    assert store.append(reported("t", T0 + 80 * DAY, report)).result().duplicates == 1
    assert inside.count(store, inside.Rows.RECORD_EVENTS) == 1
    assert inside.count(store, inside.Rows.REPORTS) == 1


def test_two_batches_of_one_commit_with_the_same_event_store_it_once(store: Store) -> None:
    futures = [store.append(seen("a", T0)) for _ in range(20)]
    outcomes = [f.result() for f in futures]
    assert [o.accepted for o in outcomes] == [1] + [0] * 19
    assert count(store) == 1


def test_a_large_body_with_some_repeats_stores_the_rest(store: Store) -> None:
    first, second = Batch(), Batch()
    for i in range(1_500):
        observe(first, f"e{i}", T0 + i, 1, {1: i})
    for i in range(1_000, 2_700):
        observe(second, f"e{i}", T0 + i, 1, {1: i})
    assert store.append(first).result().accepted == 1_500
    outcome = store.append(second).result()
    assert (outcome.accepted, outcome.duplicates) == (1_200, 500)
    assert count(store) == 2_700


def test_whether_an_event_is_stored_can_be_asked_with_and_without_its_minute(store: Store) -> None:
    store.append(seen("a", T0)).result()
    with store.read() as conn:
        assert q.event_stored(conn, key_of("a"), T0 // 60_000)
        assert q.event_stored(conn, key_of("a"))
        assert not q.event_stored(conn, key_of("a"), T0 // 60_000 + 1)
        assert not q.event_stored(conn, key_of("b"))


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("days", [[1, 3], [9, 1], [3, 9, 1, 3]])
def test_a_window_that_a_profile_changes_lets_nothing_in_twice(
    path: Path, days: list[int], *, sealed: bool
) -> None:
    clock = clock_at()
    stored = []
    for turn, window in enumerate(days):
        world = World()
        first = Source(SourceId(1), "cams", "S3", NAME, NAME, "machine", "domain", 15, 60, 120,
                       window * 86_400, 300, 0, "always", ())  # fmt: skip
        world.sources[0] = world.source["cams"] = first
        store = Store(path, world, clock, writable=True)
        store.start()
        store.append(seen(f"e{turn}", T0, value=turn)).result()
        stored.append(f"e{turn}")
        assert [store.append(seen(name, T0)).result().duplicates for name in stored] == [1] * len(stored)
        if sealed:
            clock.domain = T0 + 4 * HOUR + turn * HOUR
            store.maintain(clock.domain).result()
            assert [store.append(seen(name, T0)).result().duplicates for name in stored] == [1] * len(stored)
        store.close()


RUNS = st.lists(st.sets(st.integers(-50, 50), max_size=20), max_size=12)


@given(RUNS, st.lists(st.integers(-60, 60), max_size=40))
def test_keys_hold_what_was_added_and_nothing_else(runs: list[set[int]], wanted: list[int]) -> None:
    keys, known = identity.Keys(np.empty(0, np.int64)), set[int]()
    for run in runs:
        new = sorted(run - known)
        keys.add(np.array(new, np.int64))
        known |= run
    asked = np.array(wanted, np.int64)
    assert keys.hold(asked).tolist() == [key in known for key in wanted]
    assert len(keys) == len(known)


def test_keys_that_are_held_no_more_are_read_again(
    opened: Callable[..., Store], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "HELD_LOTS", 2)
    store = opened(path)
    minutes = [T0 + n * 60_000 for n in range(5)]
    for _ in range(2):
        for n, t in enumerate(minutes):
            store.append(seen(f"e{n}", t)).result()
    assert count(store) == 5
    assert [store.append(seen(f"f{n}", t)).result().accepted for n, t in enumerate(minutes)] == [1] * 5


def test_what_a_failed_transaction_would_have_stored_is_no_repeat(store: Store) -> None:
    unknown = rolled("h", Rollup(999, T0 // DAY, {1: np.ones((4, 24), np.int64)}))
    both = [store.append(batch) for batch in (seen("a", T0), unknown)]
    assert both[0].result().accepted == 1
    assert both[1].exception() is not None
    mixed = seen("b", T0)
    mixed.rollups = [(event(mixed, "h2", T0), unknown.rollups[0][1])]
    assert store.append(mixed).exception() is not None
    assert store.append(seen("b", T0)).result().accepted == 1
