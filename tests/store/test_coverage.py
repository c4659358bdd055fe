"""Samples summed up per cell, and a window that days leave."""

from __future__ import annotations

from typing import Any

from cockpit.store import Store
from tests.store.world import DAY, HOUR, T0, sampled

CELL = "88415a0001fffff"


def cell(store: Store, operator: str = "viettel", table: str = "coverage_cell") -> dict[str, Any] | None:
    with store.read() as conn:
        rows = conn.execute(
            f"SELECT * FROM {table} WHERE operator = ? AND h3 = ?", (operator, CELL)
        ).fetchall()
    assert len(rows) <= 1
    return dict(rows[0]) if rows else None


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
    with store.read() as conn:
        assert conn.execute("SELECT count(*) FROM coverage_day WHERE operator = 'any'").fetchone()[0] == 2


def test_a_sample_of_a_day_that_has_expired_does_not_enter_the_window(store: Store) -> None:
    store.append(sampled("a", T0)).result()
    store.maintain(T0 + 31 * DAY).result()
    store.append(sampled("late", T0 + 5)).result()
    assert cell(store) is None
    assert cell(store, table="coverage_day") is not None
