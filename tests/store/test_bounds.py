"""What is kept is bounded: quarantine, raw data, memory; and counters tell what came."""

from __future__ import annotations

import gc
import tracemalloc

from cockpit.domain.numbers import AssetId, MetricId, SourceId
from cockpit.store import Batch, Store
from cockpit.store.batch import Rollup
from cockpit.store.quarantine import MAX_BYTES, MAX_PAYLOAD, MAX_ROWS
from cockpit.store.queries import observations as q
from cockpit.store.queries import sources
from tests.store.inside import Rows, count
from tests.store.test_rollups import day_of
from tests.store.world import DAY, HOUR, MACHINE, OFFICE, T0, observe, refused, rolled, seen, series


def quarantine(store: Store, source: SourceId) -> tuple[int, int]:
    """How many refusals are kept of a source, and the bytes of what came."""
    with store.read() as conn:
        kept = sources.quarantine(conn, source, 10 * MAX_ROWS)
    return len(kept), sum(len(one.payload) for one in kept)


def test_quarantine_keeps_the_newest_thousand_of_a_source(store: Store) -> None:
    for n in range(3):
        batch = Batch()
        batch.refused = [refused(f"{n}/{i}".encode()) for i in range(700)]
        store.append(batch).result()
    other = Batch()
    other.refused = [refused(b"other", source=OFFICE)]
    store.append(other).result()
    assert quarantine(store, MACHINE)[0] == MAX_ROWS
    assert quarantine(store, OFFICE)[0] == 1
    with store.read() as conn:
        *_, oldest = sources.quarantine(conn, MACHINE, MAX_ROWS)
    assert oldest.payload == b"1/400"


def test_one_body_of_more_refusals_than_fit_keeps_the_newest(store: Store) -> None:
    batch = Batch()
    batch.refused = [refused(b"%d" % i) for i in range(5_000)]
    store.append(batch).result()
    assert quarantine(store, MACHINE)[0] == MAX_ROWS
    with store.read() as conn:
        assert q.source_hours(conn, T0 // HOUR, T0 // HOUR + 1)[0].rejected == 5_000


def test_quarantine_is_bounded_in_bytes_and_payloads_are_cut(store: Store) -> None:
    for _ in range(3):
        batch = Batch()
        batch.refused = [refused(b"x" * 50_000) for _ in range(150)]
        store.append(batch).result()
    rows, size = quarantine(store, MACHINE)
    assert size <= MAX_BYTES
    assert size > MAX_BYTES - 2 * MAX_PAYLOAD
    assert size // rows == MAX_PAYLOAD
    with store.read() as conn:
        assert {one.size for one in sources.quarantine(conn, None, MAX_ROWS)} == {50_000}


def test_counters_tell_volume_lateness_repeats_and_refusals_by_hour(store: Store) -> None:
    batch = observe(Batch(), "a", T0, 1, {1: 1, 2: 2})
    observe(batch, "b", T0 + 1, 2, {1: 1}, received=T0 + 61_002)
    batch.refused = [refused(b"?", at=T0 + HOUR)]
    store.append(batch).result()
    store.append(seen("a", T0)).result()
    with store.read() as conn:
        first, second = q.source_hours(conn, T0 // HOUR, T0 // HOUR + 5)
    assert (first.events, first.observations, first.duplicates, first.rejected, first.late) == (2, 3, 1, 0, 1)
    assert first.last == T0 + 1
    assert (second.events, second.rejected) == (0, 1)


def test_history_counts_in_the_hours_it_describes(store: Store) -> None:
    store.append(rolled("h", Rollup(1, T0 // DAY, {1: day_of(7), 2: day_of(8)}))).result()
    with store.read() as conn:
        hours = q.source_hours(conn, 0, 10**7)
    assert len(hours) == 24
    assert {(h.events, h.observations) for h in hours} == {(2, 4)}
    assert hours[0].hour == T0 // HOUR - 7


def test_single_observations_leave_after_36_hours_and_roll_ups_stay(store: Store) -> None:
    store.append(seen("a", T0)).result()
    store.append(seen("b", T0 + 5 * HOUR)).result()
    store.maintain(T0 + 38 * HOUR).result()
    with store.read() as conn:
        assert q.observations(conn, series(1), T0, T0 + DAY).time.tolist() == [T0 + 5 * HOUR]
        a = q.rollups_1h(conn, AssetId(1), T0 // DAY, T0 // DAY, offset_s=25_200)[T0 // DAY][MetricId(1)]
        assert a[0].sum() == 2
    store.maintain(T0 + 402 * DAY).result()
    for rows in (
        Rows.BLOCKS, Rows.ROLLUPS, Rows.GROUP_ROLLUPS, Rows.SOURCE_HOURS, Rows.IDENTITIES,
        Rows.SEALED_IDENTITIES,
    ):  # fmt: skip
        assert count(store, rows) == 0, rows


def test_real_time_sources_live_beside_a_domain_time_far_away(store: Store, clock: object) -> None:
    now = clock.real_ms()  # type: ignore[attr-defined]
    store.append(seen("real", now - 5_000)).result()
    store.append(seen("domain", T0 - 5_000)).result()
    store.maintain(T0).result()
    with store.read() as conn:
        assert len(q.observations(conn, series(1), now - HOUR, now).time) == 1
        assert len(q.observations(conn, series(1), T0 - HOUR, T0).time) == 1
    assert count(store, Rows.IDENTITIES) == 2


def test_nothing_grows_in_memory_with_the_number_of_batches(store: Store) -> None:
    def push(first: int, count: int) -> None:
        for n in range(first, first + count):
            batch = Batch()
            for i in range(12):
                observe(batch, f"{n}/{i}", T0 + n * 1_000, i + 1, {1: n, 2: i})
            batch.refused = [refused(b"no")]
            store.append(batch).result()
        store.flush()

    push(0, 300)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    push(300, 1_000)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 300_000
