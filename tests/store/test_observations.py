"""Reading back: the newest of a series, sealed and unsealed observations, minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.numbers import AssetId, MetricId
from cockpit.store import Batch, Committed, Store, blocks
from cockpit.store.batch import AGAIN, NEW, REFUSED, Record
from cockpit.store.queries import observations as q
from tests.store import inside
from tests.store.world import HOUR, T0, clock_at, observe, recorded, refused, sampled, seen, series


def test_latest_is_the_newest_by_time_of_event_whatever_comes_last(store: Store) -> None:
    store.append(seen("b", T0 + 10, value=2)).result()
    store.append(seen("a", T0, value=1)).result()
    batch = observe(Batch(), "c", T0 + 5, 2, {1: 7})
    observe(batch, "d", T0 + 4, 2, {1: 8})
    store.append(batch).result()
    with store.read() as conn:
        found = q.latest(conn)
        assert found.series.tolist() == [257, 513]
        assert found.time.tolist() == [T0 + 10, T0 + 5]
        assert found.value.tolist() == [2, 7]
        assert found.received.tolist() == [T0 + 110, T0 + 105]
        assert q.latest(conn, [AssetId(2)]).series.tolist() == [513]
        assert len(q.latest(conn, [AssetId(3)]).series) == 0


def test_two_values_of_one_instant_leave_the_same_latest_in_either_order(store: Store) -> None:
    for asset, order in ((1, (3, 9)), (2, (9, 3))):
        for value in order:
            store.append(seen(f"{asset}/{value}", T0, asset=asset, value=value)).result()
    with store.read() as conn:
        assert q.latest(conn).value.tolist() == [9, 9]


def test_observations_read_the_same_before_and_after_sealing(store: Store) -> None:
    batch = Batch()
    for i in range(500):
        observe(batch, f"e{i}", T0 + (i * 7919) % (3 * HOUR), 1 + i % 3, {1: (i * 31) % 97 - 40, 2: i})
    store.append(batch).result()
    spans = [(T0, T0 + 3 * HOUR), (T0 + 1000, T0 + 2 * HOUR), (T0 + 10 * HOUR, T0 + 11 * HOUR)]

    def read() -> list[list[list[int]]]:
        with store.read() as conn:
            return [
                [c.tolist() for c in q.observations(conn, one, *span)]
                for one in (series(1), series(1, 2), series(2))
                for span in spans
            ]

    before = read()
    store.maintain(T0 + 9 * HOUR).result()
    assert inside.count(store, inside.Rows.RAW_HOURS) == 0
    assert read() == before
    store.append(seen("late", T0 + 77, value=1000)).result()
    with_late = read()
    store.maintain(T0 + 9 * HOUR).result()
    assert read() == with_late
    assert 1000 in with_late[0][1]
    with store.read() as conn:
        times = q.observations(conn, series(1), T0, T0 + 3 * HOUR, limit=5).time.tolist()
        assert times == before[0][0][-5:]


def test_a_seal_of_an_open_hour_leaves_later_observations_hot(
    opened: Callable[..., Store], path: Path, monkeypatch: object
) -> None:
    from cockpit.store import keeper

    monkeypatch.setattr(keeper, "EARLY_ROWS", 8)  # type: ignore[attr-defined]
    monkeypatch.setattr(keeper, "EARLY_PER_ASSET", 0)  # type: ignore[attr-defined]
    monkeypatch.setattr(keeper, "SEAL_ROWS", 7)  # type: ignore[attr-defined]
    store = opened(path, clock_at())
    batch = Batch()
    for i in range(20):
        observe(batch, f"e{i}", T0 + i, 1, {1: i})
    store.append(batch).result()
    store.maintain(T0 + 60_000).result()
    store.append(seen("more", T0 + 30, value=99)).result()
    assert inside.sealed_rows(store) == [16]
    with store.read() as conn:
        assert q.observations(conn, series(1), T0, T0 + 100).value.tolist() == [*range(20), 99]
    store.maintain(T0 + 9 * HOUR).result()
    with store.read() as conn:
        assert q.observations(conn, series(1), T0, T0 + 100).value.tolist() == [*range(20), 99]
        hours = q.rollups_1h(conn, AssetId(1), 20_000, 20_000, offset_s=25_200)[20_000][MetricId(1)]
        assert hours[:, 7].tolist() == [21, 289, 0, 99]


def test_an_open_hour_sealed_piece_by_piece_reads_as_if_it_were_not(
    opened: Callable[..., Store], path: Path, monkeypatch: object
) -> None:
    from cockpit.store import keeper

    for name, value in (("EARLY_ROWS", 60), ("EARLY_PER_ASSET", 0), ("SEAL_ROWS", 25)):
        monkeypatch.setattr(keeper, name, value)  # type: ignore[attr-defined]
    store = opened(path, clock_at())
    want: dict[int, list[tuple[int, int]]] = {1: [], 2: [], 3: []}
    for turn in range(6):  # each with some that come late and some at an instant that was there before
        batch = Batch()
        for i in range(30):
            asset, t = 1 + i % 3, turn * 1000 + (i * 7919) % 1700 - (i % 3) * 100
            value = (i * 31) % 97 - 40
            observe(batch, f"e{turn}/{i}", T0 + 10_000 + t, asset, {1: value, 2: i})
            want[asset].append((T0 + 10_000 + t, value))
        store.append(batch).result()
        store.maintain(T0 + 60_000).result()
    (sealed,) = inside.sealed_rows(store)
    assert sealed > 250
    with store.read() as conn:
        for asset, rows in want.items():
            found = q.observations(conn, series(asset), T0, T0 + HOUR)
            assert list(zip(found.time.tolist(), found.value.tolist(), strict=True)) == sorted(rows)


def test_minutes_are_summed_up_from_single_observations(store: Store) -> None:
    for i, (dt, value) in enumerate([(0, 4), (59_999, 6), (60_000, 1)]):
        store.append(seen(f"e{i}", T0 + dt, value=value)).result()
    with store.read() as conn:
        minutes, sums = q.minute_rollups(conn, series(1), T0, T0 + HOUR)
    assert (minutes - T0 // 60_000).tolist() == [0, 1]
    assert sums.tolist() == [[2, 10, 4, 6], [1, 1, 1, 1]]


def test_listeners_hear_of_what_is_new_before_the_sender_does(store: Store) -> None:
    heard: list[Committed] = []
    store.subscribe(heard.append)
    batch = observe(Batch(), "a", T0, 1, {1: 4, 2: 5})
    observe(batch, "a", T0, 1, {1: 4})
    observe(batch, "b", T0 + 1, 2, {1: 6})
    store.append(batch).result()
    (first,) = heard
    assert first.series.tolist() == [257, 258, 513]
    assert first.value.tolist() == [4, 5, 6]
    assert first.time.tolist() == [T0, T0, T0 + 1]
    new = first.events.of(NEW)
    assert new.asset.tolist() == [1, 2]
    assert new.source.tolist() == [1, 1]
    assert new.received.tolist() == [T0 + 100, T0 + 101]
    store.append(recorded("r", T0, Record("payment", "p", "", "made", None, {}))).result()
    store.append(sampled("s", T0)).result()
    assert [r.key for r in heard[1].records] == ["p"]
    assert heard[1].events.asset.tolist() == [0]
    assert heard[2].samples == 1


def test_listeners_hear_of_times_repeats_and_refusals(store: Store) -> None:
    heard: list[Committed] = []
    store.subscribe(heard.append)
    batch = observe(Batch(), "a", T0, 1, {1: 4})
    observe(batch, "a", T0, 1, {1: 4})
    batch.refused.append(replace(refused(b"{}"), asset=7, time=T0 + HOUR, heard=T0 + 5))
    batch.refused.append(refused(b"{}"))
    batch.refused.append(refused(b"{}", source=0))
    store.append(batch).result()
    (first,) = heard
    new, again, refused_ = (first.events.of(kind) for kind in (NEW, AGAIN, REFUSED))
    assert new.time.tolist() == [T0]
    assert (again.source.tolist(), again.received.tolist()) == ([1], [T0 + 100])
    assert again.time.tolist() == [T0]
    assert refused_.source.tolist() == [1, 1]
    assert refused_.received.tolist() == [T0 + 5, T0]
    assert refused_.asset.tolist() == [7, 0]
    assert refused_.time.tolist() == [T0 + HOUR, 0]
    past = observe(Batch(past=True), "b", T0, 1, {1: 4})
    past.refused.append(refused(b"{}"))
    store.append(past).result()
    assert len(heard[1].events) == 0


def test_a_listener_that_fails_harms_nobody(store: Store) -> None:
    def fail(_: Committed) -> None:
        raise RuntimeError("no")

    heard: list[Committed] = []
    store.subscribe(fail)
    store.subscribe(heard.append)
    assert store.append(seen("a", T0)).result().accepted == 1
    assert len(heard) == 1


rows = st.lists(st.tuples(st.integers(0, HOUR - 1), st.integers(-(2**62), 2**62)), min_size=1, max_size=40)


@given(st.dictionaries(st.integers(1, 255), rows, min_size=1, max_size=4))
def test_blocks_read_back_as_they_were(metrics: dict[int, list[tuple[int, int]]]) -> None:
    made = {MetricId(m): tuple(np.array(sorted(r), np.int64).T) for m, r in metrics.items()}
    found = blocks.unpack(blocks.pack(made))
    assert {m: [c.tolist() for c in s] for m, s in found.items()} == {
        m: [c.tolist() for c in s] for m, s in made.items()
    }
