"""Petitions: which are one complaint, how they are counted, and who may read what of one."""

from __future__ import annotations

import random
from typing import Any

import pytest

from cockpit.domain import feedback as life
from cockpit.domain.feedback import LEAST, NEAR_M, NEAR_MS, Petition
from cockpit.domain.periods import DAY_MS, HOUR_MS, MINUTE_MS
from cockpit.domain.roles import ROLES, Reader, Role

T0 = 1_795_312_800_000
A_KM = 1 / 111.2  # degrees of latitude


def petition(n: int, at: int, unit: str = "06652", field: str = "dien", **more: Any) -> Petition:
    return Petition(f"PA-{n:03d}", unit, field, "received", T0 + at, T0 + DAY_MS, None)._replace(**more)


def keys(found: tuple[life.Cluster, ...]) -> list[list[str]]:
    return [[one.key for one in c.petitions] for c in found]


def test_three_of_a_field_in_a_unit_within_hours_are_one_complaint_in_whatever_order() -> None:
    some = [petition(n, n * HOUR_MS) for n in range(LEAST)]
    random.Random(7).shuffle(some)
    (found,) = life.clusters(some)
    assert [one.key for one in found.petitions] == ["PA-000", "PA-001", "PA-002"]
    assert (found.key, found.units, found.open) == ("PA-000", ("06652",), LEAST)
    assert not life.clusters(some[1:])


@pytest.mark.parametrize(
    "other",
    [
        petition(2, NEAR_MS + 2 * MINUTE_MS),  # too late
        petition(2, MINUTE_MS, field="nuoc"),
        petition(2, MINUTE_MS, unit="06661"),
        petition(2, MINUTE_MS, field=""),
        petition(2, MINUTE_MS, unit=""),
    ],
)
def test_another_time_field_or_place_is_another_complaint(other: Petition) -> None:
    two = [petition(0, 0), petition(1, MINUTE_MS)]
    assert not life.clusters([*two, other])
    assert life.clusters([*two, petition(2, NEAR_MS + MINUTE_MS)])


def test_neighbours_over_a_border_are_one_complaint_where_their_feed_says_where() -> None:
    two = [petition(n, n, lat=21.0, lon=107.0) for n in range(2)]
    near = petition(2, 2, unit="06661", lat=21.0 + A_KM * (NEAR_M / 1000 - 0.1), lon=107.0)
    far = near._replace(lat=21.0 + A_KM * (NEAR_M / 1000 + 0.1))
    (found,) = life.clusters([*two, near])
    assert found.units == ("06652", "06661")
    assert not life.clusters([*two, far])
    assert not life.clusters([*two, near._replace(lon=None)])


def test_where_many_write_every_day_three_in_an_afternoon_are_no_sign() -> None:
    burst = [petition(n, 20 * DAY_MS + n * HOUR_MS) for n in range(LEAST)]
    seldom = [petition(100 + day, day * DAY_MS) for day in range(0, 30, 6)]
    often = [petition(100 + n, n * 5 * HOUR_MS) for n in range(144)]
    assert keys(life.clusters([*burst, *seldom])) == [["PA-000", "PA-001", "PA-002"]]
    assert not life.clusters([*burst, *often])


def test_counts_are_of_what_came_and_what_was_closed_in_time() -> None:
    now = T0 + 2 * DAY_MS
    some = [
        petition(0, 0),  # open beyond its due time
        petition(1, 0, due=None),
        petition(2, 0, closed=T0 + DAY_MS, rating=4),
        petition(3, 0, closed=T0 + DAY_MS + 1, rating=3),
        petition(4, -9 * DAY_MS, closed=T0 - 1),  # closed before the days that are counted
    ]
    assert life.count(some, T0, now) == life.Count(4, 2, 1, 2, 1, 2, 1)


FIELDS = {"field": "dien", "text": "Mất điện", "person": "Vũ Thị Lan", "phone": "0912", "cccd": "022"}


@pytest.mark.parametrize("role", [*ROLES, "reader"])
def test_who_wrote_is_told_to_those_who_may_alone(role: Role | Reader) -> None:
    own, other = (set(life.told(FIELDS, life.sight(role, "06652", u))) for u in ("06652", "06661"))
    everything, words = set(FIELDS), {"field", "text"}
    expected = {
        "leader": (everything, everything),
        "admin": (everything, everything),
        "unit_leader": (everything, words),
        "officer": (everything, words),
        "operator": (words, words),
        "presenter": (words, words),
        "reader": ({"field"}, {"field"}),
    }
    assert (own, other) == expected[role]
    assert life.sight(role, "", "") != "all" or role in ("leader", "admin")


def test_a_settlement_is_found_in_words_by_its_whole_name() -> None:
    names = ("Khu 1", "Khu 12", "Thôn Đông")
    assert life.named_in("Tại khu 12, phường Hà Tu mất điện", names) == "Khu 12"
    assert life.named_in("tại THÔN ĐÔNG.", names) == "Thôn Đông"
    assert life.named_in("tại khu 123", names) is None
    assert life.named_in("", ("", "-")) is None
