"""A storm is one wave, two at once are none, and many of a kind are one row."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.alerting.together import LEAST, NEAR_M, NEAR_MS, Begun, gathered, neighbours, waves
from cockpit.domain.numbers import AlertId

KM = 1 / 111.2
"""Degrees of latitude."""


class Place(NamedTuple):
    code: str
    lat: float
    lon: float


ROAD = [Place(f"u{n}", 20.0 + 20 * n * KM, 107.0) for n in range(9)]
"""Units 20 km apart: the next one is near, the one after it is not."""
NEAR = neighbours(ROAD)
HOUR = 3_600_000


def begun(number: int, place: int, hours: float, rule: str = "feeder-out") -> Begun:
    return Begun(AlertId(number), rule, f"u{place}", round(hours * HOUR))


def test_the_two_radii_are_those_of_one_speed() -> None:
    assert round(NEAR_M / 1000 / (NEAR_MS / HOUR), 1) == 17.5
    assert NEAR["u1"] == ("u0", "u1", "u2")


def test_a_storm_that_wanders_is_one_event_named_by_its_first_number() -> None:
    storm = [begun(n + 5, n, n * 0.9) for n in range(9)]
    # The first has but one other near it: it belongs to the wave, and does not name it.
    assert set(waves(storm, NEAR).values()) == {6}
    assert len(waves(storm, NEAR)) == 9


def test_two_at_once_are_no_event_and_neither_are_three_far_apart_in_time_or_place() -> None:
    assert waves([begun(1, 0, 0), begun(2, 0, 0)], NEAR) == {}
    assert waves([begun(n, 0, n * 2.5) for n in range(3)], NEAR) == {}
    assert waves([begun(n, n * 2, 0) for n in range(3)], NEAR) == {}


def test_causes_of_another_rule_or_without_a_place_are_of_no_event() -> None:
    mixed = [
        begun(1, 0, 0),
        begun(2, 0, 0),
        begun(3, 0, 0, "link-down"),
        Begun(AlertId(4), "feeder-out", "", 0),
    ]
    assert waves(mixed, NEAR) == {}


def test_two_storms_on_one_day_are_two_events() -> None:
    morning = [begun(n, n % 2, 6) for n in range(1, 4)]
    evening = [begun(n, n % 2, 18) for n in range(4, 8)]
    assert waves([*evening, *morning], NEAR) == {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 4, 7: 4}


def test_an_event_stays_one_while_what_held_it_together_closes() -> None:
    # The view passes what has closed as well: by what is open alone it would fall in two.
    ends, middle = [begun(n, n, 0) for n in (0, 1, 3, 4)], begun(2, 2, 0)
    whole = waves([*ends, middle], NEAR)
    assert {whole[c.alert] for c in ends} == {1}
    assert waves(ends, NEAR) == {}


causes = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 40), st.sampled_from(["a", "b"])), max_size=30
).map(lambda drawn: [Begun(AlertId(n), r, f"u{p}", t * HOUR // 4) for n, (p, t, r) in enumerate(drawn)])


def by_definition(found: list[Begun]) -> dict[AlertId, AlertId]:
    """Density by every pair: slow, and plainly what the words say."""

    def close(a: Begun, b: Begun) -> bool:
        return a.rule == b.rule and b.unit in NEAR[a.unit] and abs(a.since - b.since) <= NEAR_MS

    dense = [c for c in found if sum(close(c, d) for d in found) >= LEAST]
    name = {c.alert: c.alert for c in dense}
    for _ in dense:
        for c in dense:
            name[c.alert] = min(name[d.alert] for d in dense if close(c, d))
    beside = {c.alert: [name[d.alert] for d in dense if close(c, d)] for c in found if c.alert not in name}
    return name | {alert: min(names) for alert, names in beside.items() if names}


@given(causes)
def test_events_are_what_density_by_every_pair_finds_in_any_order(found: list[Begun]) -> None:
    wanted = by_definition(found)
    assert waves(found, NEAR) == wanted
    assert waves(list(reversed(found)), NEAR) == wanted


@given(causes, st.integers(0, 30))
def test_what_is_of_an_event_stays_of_one_when_more_begins(found: list[Begun], n: int) -> None:
    before, after = waves(found[:n], NEAR), waves(found, NEAR)
    assert before.keys() <= after.keys()
    assert all(after[wave] <= wave for wave in before.values())


@given(st.lists(st.sampled_from([None, "x", "y", "z"]), max_size=20))
def test_rows_of_a_key_stand_together_and_none_is_lost(keys: list[str | None]) -> None:
    rows = list(enumerate(keys))
    found = gathered(rows, lambda row: row[1])
    assert sorted((row for same in found for row in same), key=lambda row: row[0]) == rows
    for same in found:
        assert len(same) == 1 or (len(same) == keys.count(same[0][1]) >= LEAST)
    assert [same[0][0] for same in found] == sorted(same[0][0] for same in found)
