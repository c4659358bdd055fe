"""Records: the later event wins, out of order or not, and every transition is counted once."""

from __future__ import annotations

import itertools
import random

import pytest

from cockpit.store import Batch, Store
from cockpit.store.batch import Record
from cockpit.store.queries import observations as q
from tests.store.world import DAY, HOUR, OFFICE, T0, event, recorded

DAY0 = T0 // DAY
NAMES = (
    "received", "online", "solved", "on_time", "digitised", "eresult", "paid_online", "fee_bearing",
    "closed", "rated", "satisfied", "made", "cashless", "failed",
)  # fmt: skip


def counts(store: Store, kind: str, unit: str = "") -> dict[str, dict[int, int]]:
    """Tallies that are not zero: name -> day after DAY0 -> count."""
    with store.read() as conn:
        found = q.tallies(conn, kind, NAMES, DAY0 - 10, DAY0 + 100)
    days = {name: {d - DAY0: n for d, n in units.get(unit, {}).items() if n} for name, units in found.items()}
    return {name: by_day for name, by_day in days.items() if by_day}


LIFE = [
    (0, "received", T0 + 10 * DAY, {"online": True, "fee": True}),
    (DAY, "processing", None, {"digitised": True}),
    (2 * DAY, "solved", None, {"eresult": True, "paid_online": True}),
    (3 * DAY, "returned", None, {}),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::3], ids=str)
def test_a_dossier_ends_the_same_in_any_order_of_arrival(store: Store, order: tuple[int, ...]) -> None:
    for i in order:
        dt, state, due, fields = LIFE[i]
        store.append(
            recorded(f"e{i}", T0 + dt, Record("dossier", "d1", "06001", state, due, dict(fields)))
        ).result()
    with store.read() as conn:
        record = q.record(conn, "dossier", "d1")
    assert record is not None
    assert (record.state, record.opened, record.closed, record.due) == (
        "returned",
        T0,
        T0 + 2 * DAY,
        T0 + 10 * DAY,
    )
    assert record.fields == {
        "online": True,
        "fee": True,
        "digitised": True,
        "eresult": True,
        "paid_online": True,
    }
    expected = {
        "received": {0: 1}, "online": {0: 1}, "fee_bearing": {0: 1}, "paid_online": {0: 1},
        "digitised": {0: 1},
        "solved": {2: 1}, "on_time": {2: 1}, "eresult": {2: 1},
    }  # fmt: skip
    assert counts(store, "dossier") == counts(store, "dossier", "06001") == expected
    assert counts(store, "dossier", "06002") == {}


def test_many_records_in_any_split_give_the_same_tallies(store: Store) -> None:
    rng = random.Random(5)
    events = [(f"d{n}", i) for n in range(30) for i in range(rng.randint(1, 4))]
    rng.shuffle(events)
    while events:
        size = rng.randint(1, 17)
        batch = Batch()
        for key, i in events[:size]:
            dt, state, due, fields = LIFE[i]
            at = event(batch, f"{key}/{i}", T0 + dt, source=OFFICE)
            batch.records.append((at, Record("dossier", key, "06001", state, due, dict(fields))))
        events = events[size:]
        store.append(batch).result()
    found = counts(store, "dossier")
    with store.read() as conn:
        solved = sum(record.closed is not None for record in q.records(conn, "dossier"))
    assert found["received"] == {0: 30}
    assert found.get("solved", {}) == ({2: solved} if solved else {})


def test_a_dossier_that_is_taken_up_again_counts_as_solved_once_at_its_last_end(store: Store) -> None:
    for i, (dt, state) in enumerate(
        [(0, "received"), (DAY, "solved"), (2 * DAY, "processing"), (9 * DAY, "solved")]
    ):
        due = T0 + 5 * DAY if i == 0 else None
        store.append(recorded(f"e{i}", T0 + dt, Record("dossier", "d1", "06001", state, due, {}))).result()
    assert counts(store, "dossier") == {"received": {0: 1}, "solved": {9: 1}}


def test_a_dossier_that_changes_its_unit_moves_in_the_tallies(store: Store) -> None:
    store.append(recorded("a", T0, Record("dossier", "d1", "06001", "received", None, {}))).result()
    store.append(recorded("b", T0 + 1, Record("dossier", "d1", "06002", "processing", None, {}))).result()
    assert counts(store, "dossier", "06001") == {}
    assert counts(store, "dossier", "06002") == counts(store, "dossier") == {"received": {0: 1}}


def test_feedback_payments_and_broadcasts_count_by_their_fields(store: Store) -> None:
    due = T0 + DAY
    store.append(recorded("f1", T0, Record("feedback", "f", "06001", "received", due, {}))).result()
    store.append(
        recorded("f2", T0 + HOUR, Record("feedback", "f", "06001", "closed", None, {"rating": 5}))
    ).result()
    store.append(recorded("g1", T0, Record("feedback", "g", "06001", "received", due, {}))).result()
    store.append(
        recorded("g2", T0 + 2 * DAY, Record("feedback", "g", "06001", "closed", None, {"rating": 2}))
    ).result()
    for i, cashless in enumerate([True, False, True]):
        store.append(
            recorded(f"p{i}", T0, Record("payment", f"p{i}", "06001", "made", None, {"cashless": cashless}))
        )
    for i, ok in enumerate([True, False]):
        store.append(recorded(f"b{i}", T0, Record("broadcast", f"b{i}", "06001", "made", None, {"ok": ok})))
    store.write(lambda conn: None).result()
    assert counts(store, "feedback") == {
        "received": {0: 2}, "closed": {0: 1, 2: 1}, "on_time": {0: 1},
        "rated": {0: 1, 2: 1}, "satisfied": {0: 1},
    }  # fmt: skip
    assert counts(store, "payment") == {"made": {0: 3}, "cashless": {0: 2}}
    assert counts(store, "broadcast") == {"made": {0: 2}, "failed": {0: 1}}


def test_the_day_of_a_tally_is_the_provincial_one(store: Store) -> None:
    store.append(recorded("a", T0 + 17 * HOUR - 1, Record("payment", "a", "", "made", None, {}))).result()
    store.append(recorded("b", T0 + 17 * HOUR, Record("payment", "b", "", "made", None, {}))).result()
    assert counts(store, "payment") == {"made": {0: 1, 1: 1}}


def test_records_are_found_by_what_is_open_and_overdue(store: Store) -> None:
    for i, due in enumerate([T0 + HOUR, T0 + DAY, None]):
        store.append(recorded(f"e{i}", T0, Record("dossier", f"d{i}", "06001", "received", due, {}))).result()
    store.append(recorded("z", T0 + 1, Record("dossier", "d1", "06001", "solved", None, {}))).result()
    with store.read() as conn:
        assert [r.key for r in q.records(conn, "dossier", due_before=T0 + 2 * HOUR)] == ["d0"]
        assert {r.key for r in q.records(conn, "dossier", open_only=True)} == {"d0", "d2"}
        assert next(iter(q.records(conn, "dossier"))).key == "d1"
