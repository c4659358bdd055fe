"""Roll-ups equal a recomputation from the observations, for any order, split, flush and crash."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.numbers import AssetId, MetricId
from cockpit.store import Batch, Store, codec
from cockpit.store.batch import Rollup
from cockpit.store.queries import observations as q
from tests.clocks import HandClock
from tests.store.inside import Rows, count
from tests.store.world import DAY, HOUR, T0, World, observe, open_store, rolled, seen, series

Obs = tuple[int, int, int, int]  # asset, metric, ms after T0, value
DAY0 = T0 // DAY


def expected(
    observations: list[Obs], of: Callable[[int, int], object]
) -> dict[object, dict[int, list[list[int]]]]:
    """Naively: per group and provincial day, (4, 24) of n, sum, min, max."""
    found: dict[object, dict[int, np.ndarray]] = {}
    for asset, metric, dt, value in observations:
        day, rest = divmod(T0 + dt + 7 * HOUR, DAY)
        a = found.setdefault(of(asset, metric), {}).setdefault(day, np.zeros((4, 24), np.int64))
        n, total, low, high = a[:, rest // HOUR].tolist()
        a[:, rest // HOUR] = (
            n + 1, total + value, min(low, value) if n else value, max(high, value) if n else value,
        )  # fmt: skip
    return {group: {day: a.tolist() for day, a in days.items()} for group, days in found.items()}


def assert_rolled_up(store: Store, observations: list[Obs]) -> None:
    units: dict[int, str] = {a.id: a.unit for a in World().assets}
    store.flush()
    with store.read() as conn:
        per_series = expected(observations, lambda asset, metric: (asset, metric))
        found: dict[object, dict[int, list[list[int]]]] = {}
        for asset in {o[0] for o in observations}:
            for day, metrics in q.rollups_1h(
                conn, AssetId(asset), DAY0 - 3, DAY0 + 3, offset_s=25_200
            ).items():
                for metric, a in metrics.items():
                    found.setdefault((asset, metric), {})[day] = a.tolist()
        assert found == per_series
        for unit in ("", "06001", "06002", "06003"):
            mine = [o for o in observations if not unit or units[o[0]] == unit]
            per_metric = expected(mine, lambda _, metric: metric)
            for metric in (MetricId(1), MetricId(2)):
                days = q.group_rollups(conn, "camera", unit, metric, DAY0 - 3, DAY0 + 3)
                assert {d: a.tolist() for d, a in days.items()} == per_metric.get(metric, {})


observation = st.tuples(
    st.integers(1, 12), st.integers(1, 2), st.integers(-20 * HOUR, 20 * HOUR), st.integers(-(10**9), 10**9)
)
step = st.sampled_from(["go on", "flush", "crash", "restart", "maintain"])


@settings(max_examples=25, deadline=None)
@given(st.lists(observation, min_size=1, max_size=60), st.data())
def test_rollups_equal_a_recomputation_for_any_order_split_and_crash(
    made: list[Obs], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "cockpit.db"
        store = open_store(path)
        try:  # also where Hypothesis ends an example before its end
            left = list(enumerate(made))
            while left:
                size = data.draw(st.integers(1, len(left)), label="events in the batch")
                batch = Batch()
                for i, (asset, metric, dt, value) in left[:size]:
                    observe(batch, f"e{i}", T0 + dt, asset, {metric: value})
                left = left[size:]
                store.append(batch).result()
                match data.draw(step, label="then"):
                    case "flush":
                        store.flush()
                    case "crash":
                        store.abandon()
                        store = open_store(path)
                    case "restart":
                        store.close()
                        store = open_store(path)
                    case "maintain":
                        store.maintain(T0 + data.draw(st.integers(0, 30)) * HOUR).result()
            assert_rolled_up(store, made)
            with store.read() as conn:
                kept = [
                    len(q.observations(conn, series(a, m), T0 - DAY, T0 + DAY).time)
                    for a in range(1, 13)
                    for m in (1, 2)
                ]
            assert sum(kept) <= len(made)
        finally:
            store.close()


def test_what_is_pending_at_a_crash_is_taken_up_again(opened: Callable[..., Store], path: Path) -> None:
    store = opened(path)
    store.append(seen("a", T0, value=3)).result()
    store.flush()
    store.append(seen("b", T0, value=4)).result()
    store.abandon()
    store = opened(path)
    assert_rolled_up(store, [(1, 1, 0, 3), (1, 1, 0, 4)])


def test_a_late_event_is_added_to_a_closed_day(store: Store) -> None:
    store.append(seen("a", T0, value=3)).result()
    store.maintain(T0 + 30 * HOUR).result()
    assert count(store, Rows.OPEN_ROLLUPS) == 0
    assert count(store, Rows.ROLLUPS) == 1
    store.append(seen("late", T0 + 1, value=9)).result()
    assert_rolled_up(store, [(1, 1, 0, 3), (1, 1, 1, 9)])
    store.maintain(T0 + 30 * HOUR).result()
    assert_rolled_up(store, [(1, 1, 0, 3), (1, 1, 1, 9)])


def day_of(value: int, hours: range = range(24)) -> np.ndarray:
    a = np.zeros((4, 24), np.int64)
    for hour in hours:
        a[:, hour] = (2, 2 * value, value, value)
    return a


def test_history_enters_as_whole_days_and_counts_in_the_groups(store: Store) -> None:
    assert store.append(rolled("h", Rollup(1, DAY0 - 1, {1: day_of(7)}))).result().accepted == 1
    assert store.append(rolled("h", Rollup(1, DAY0 - 1, {1: day_of(7)}))).result().duplicates == 1
    assert store.append(rolled("i", Rollup(2, DAY0 - 1, {1: day_of(9)}))).result().accepted == 1
    store.flush()
    with store.read() as conn:
        hours = q.rollups_1h(conn, AssetId(1), DAY0 - 1, DAY0, offset_s=25_200)[DAY0 - 1]
        assert hours[MetricId(1)].tolist() == day_of(7).tolist()
        province = q.group_rollups(conn, "camera", "", MetricId(1), DAY0 - 1, DAY0)[DAY0 - 1]
        assert province[:, 5].tolist() == [4, 32, 7, 9]


def test_a_history_hour_never_replaces_what_observations_made(store: Store) -> None:
    noon = T0 + 5 * HOUR  # hour 12 of the provincial day
    store.append(seen("a", noon, value=3)).result()
    for name, prepare in (("pending", None), ("open", store.flush), ("closed", None)):
        if prepare is not None:
            prepare()
        if name == "closed":
            store.maintain(T0 + 30 * HOUR).result()
        outcome = store.append(rolled(name, Rollup(1, DAY0, {1: day_of(7)}))).result()
        assert outcome.accepted == 1
        assert outcome.ignored_hours == (1 if name == "pending" else 24)
    store.flush()
    with store.read() as conn:
        a = q.rollups_1h(conn, AssetId(1), DAY0, DAY0, offset_s=25_200)[DAY0][MetricId(1)]
        assert a[:, 12].tolist() == [1, 3, 3, 3]
        assert a[:, 11].tolist() == [2, 14, 7, 7]
        assert q.group_rollups(conn, "camera", "", MetricId(1), DAY0, DAY0)[DAY0].tolist() == a.tolist()


def test_groups_are_whole_after_a_crash_in_the_middle_of_an_import(
    opened: Callable[..., Store], path: Path
) -> None:
    store = opened(path)
    store.append(rolled("h", Rollup(1, DAY0 - 1, {1: day_of(7)}))).result()
    store.append(seen("a", T0 - 10 * HOUR, asset=2, value=4)).result()
    store.abandon()
    store = opened(path)
    store.flush()
    assert count(store, Rows.DAYS_TO_REGROUP) == 0
    with store.read() as conn:
        a = q.group_rollups(conn, "camera", "", MetricId(1), DAY0 - 1, DAY0)[DAY0 - 1]
        assert a[0].sum() == 24 * 2 + 1
        assert a[:, 21].tolist() == [3, 18, 4, 7]


def test_a_rollup_of_an_unknown_asset_harms_no_neighbour(store: Store) -> None:
    futures = [store.append(seen("a", T0)), store.append(rolled("h", Rollup(999, DAY0, {1: day_of(1)})))]
    assert futures[0].result().accepted == 1
    assert "999" in str(futures[1].exception())
    assert store.append(seen("b", T0)).result().accepted == 1
    assert_rolled_up(store, [(1, 1, 0, 5), (1, 1, 0, 5)])


numbers = st.integers(-(2**62), 2**62)


@given(st.lists(st.tuples(st.integers(0, 2**31), numbers, numbers, numbers), min_size=24, max_size=24))
def test_packed_rollups_read_back_as_they_were(hours: list[tuple[int, int, int, int]]) -> None:
    a = np.array(hours, np.int64).T[None].copy()
    a[0, 1:, a[0, 0] == 0] = 0
    blob = codec.encode(np.array([200]), a)[0]
    assert codec.decode(blob)[MetricId(200)].tolist() == a[0].tolist()


def test_ordinary_hours_take_few_bytes() -> None:
    rng = np.random.Generator(np.random.Philox(1))
    low = rng.integers(200, 300, (1, 24))
    n = np.full((1, 24), 240)
    a = np.stack((n, n * low + 5_000, low, low + 60), axis=1)
    assert len(codec.encode(np.array([1]), a)[0]) < 130


def test_a_flush_comes_by_itself_when_it_is_due(store: Store, clock: HandClock) -> None:
    store.append(seen("a", T0)).result()
    clock.mono += 60
    store.append(seen("b", T0)).result()
    store.write(lambda conn: None).result()  # the flush follows the commit on the same thread
    store.write(lambda conn: None).result()
    assert count(store, Rows.OPEN_ROLLUPS) == 1
