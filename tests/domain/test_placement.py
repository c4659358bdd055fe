"""Where to build next: small cases against every plan there is, the province against its certificate."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from itertools import combinations

import h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.coverage.certificate import certify
from cockpit.domain.coverage.people import ground, spread
from cockpit.domain.coverage.placement import Wish, knee, outcome, suggest
from cockpit.domain.coverage.reach import Ground, by_name, candidates
from cockpit.profiles import load

CELLS = "abcdefgh"
SITES = [f"s{n}" for n in range(8)]
people_of = st.dictionaries(st.sampled_from(CELLS), st.integers(1, 900), min_size=1)
reach_of = st.dictionaries(st.sampled_from(SITES), st.frozensets(st.sampled_from(CELLS)), min_size=1)


@cache
def province() -> tuple[dict[str, int], dict[str, str], Ground, dict[str, tuple[str, ...]]]:
    profile = load("quang_ninh", "district")
    features = json.loads(profile.areas_path.read_bytes())["features"]
    land = ground(
        [(f["properties"]["code"], f["geometry"]) for f in features],
        {u.code: (u.lat, u.lon) for u in profile.units},
    )
    people = spread({u.code: u.population for u in profile.units}, land)
    plane = Ground(list(land))
    names = candidates(land)
    reach = by_name(names, plane.reached([h3.cell_to_latlng(c) for c in names], -110.0), plane.cells)
    return people, land, plane, dict(reach)


def brute(people: dict[str, int], reach: dict[str, frozenset[str]], wish: Wish) -> int:
    best = 0
    for n in range(len(reach) + 1):
        for some in combinations(sorted(reach), n):
            if wish.sites is not None and n > wish.sites:
                continue
            if wish.budget is not None and sum(wish.price(s) for s in some) > wish.budget:
                continue
            best = max(best, outcome(people, reach, some).total)
    return best


@settings(deadline=None, max_examples=60)
@given(people_of, reach_of, st.integers(1, 4))
def test_against_every_plan_there_is(
    people: dict[str, int], reach: dict[str, frozenset[str]], n: int
) -> None:
    wish = Wish(sites=n)
    plan, best = suggest(people, reach, wish), brute(people, reach, wish)
    assert 0.632 * best <= plan.total <= best
    told = certify(people, reach, wish, plan)
    assert (told.optimum, told.proved) == (best, True)
    assert plan.total == outcome(people, reach, plan.sites).total
    gains = [step.gain for step in plan.steps]
    assert gains == sorted(gains, reverse=True)


@settings(deadline=None, max_examples=40)
@given(people_of, reach_of, st.integers(1, 9), st.lists(st.integers(1, 5), min_size=8, max_size=8))
def test_a_budget_is_kept_and_the_certificate_is_the_best_plan(
    people: dict[str, int], reach: dict[str, frozenset[str]], budget: int, costs: list[int]
) -> None:
    wish = Wish(budget=budget, cost=dict(zip(SITES, costs, strict=True)))
    plan = suggest(people, reach, wish)
    assert sum(wish.price(s) for s in plan.sites) <= budget
    assert certify(people, reach, wish, plan).optimum == brute(people, reach, wish)


@given(people_of, reach_of, st.randoms())
def test_the_order_of_what_is_given_changes_nothing(
    people: dict[str, int], reach: dict[str, frozenset[str]], chance: object
) -> None:
    turned = dict(reversed(people.items())), dict(reversed(reach.items()))
    assert suggest(*turned, Wish(sites=3)).steps == suggest(people, reach, Wish(sites=3)).steps


def test_of_equals_the_lower_id_comes_first() -> None:
    reach = {"z": ["a"], "b": ["c"], "m": ["b"]}
    assert suggest({"a": 5, "b": 5, "c": 5}, reach, Wish(sites=2)).sites == ("b", "m")


def test_a_fixed_site_is_built_first_and_an_excluded_one_never() -> None:
    people = {"a": 9, "b": 4, "c": 3}
    reach = {"s1": ["a"], "s2": ["a", "b"], "s3": ["c"]}
    plan = suggest(people, reach, Wish(sites=1, fixed=("s1",), excluded=frozenset({"s2"})))
    assert [(s.site, s.gain) for s in plan.steps] == [("s1", 9), ("s3", 3)]
    assert certify(people, reach, Wish(sites=1, fixed=("s1",), excluded=frozenset({"s2"})), plan).ratio == 1


def test_a_least_share_serves_a_small_unit_before_more_of_a_large_one() -> None:
    people = {"a": 100, "b": 90, "c": 5}
    reach = {"s1": ["a"], "s2": ["b"], "s3": ["c"]}
    unit = {"a": "large", "b": "large", "c": "small"}
    assert suggest(people, reach, Wish(sites=2), unit).sites == ("s1", "s2")
    assert set(suggest(people, reach, Wish(sites=2, least=Fraction(1, 2)), unit).sites) == {"s1", "s3"}


def test_after_the_knee_no_site_brings_fifty_people() -> None:
    people = {"a": 300, "b": 112, "c": 49, "d": 2}
    plan = suggest(people, {c: [c] for c in people}, Wish())
    told = knee(plan, 50)
    assert (told.sites, told.people, told.more) == (2, 412, 2)


def test_wishes_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="costs above 0"):
        suggest({"a": 1}, {"s": ["a"]}, Wish(budget=3, cost={"s": 0}))


def test_the_plan_of_the_province_is_near_the_certified_best() -> None:
    people, land, _, reach = province()
    # Every third commune is without: holes with good ground between them.
    without = {c: n for c, n in people.items() if int(land[c]) % 3 == 0}
    wish = Wish(sites=10)
    plan = suggest(without, reach, wish)
    told = certify(without, reach, wish, plan, seconds=60)
    assert len(plan.steps) == 10
    assert told.ratio >= 0.98


def test_a_planted_best_site_comes_first() -> None:
    _, _, _, reach = province()
    best = sorted(reach)[len(reach) // 2]
    without = dict.fromkeys(reach[best], 100)
    assert suggest(without, reach, Wish(sites=3)).sites == (best,)


def test_reach_is_no_circle_and_goes_farther_over_water() -> None:
    _, _, plane, reach = province()
    far = {site: max((h3.great_circle_distance(*map(h3.cell_to_latlng, (site, c))) for c in found), default=0)
           for site, found in reach.items()}  # fmt: skip
    assert all(site in found for site, found in reach.items())
    inland = h3.latlng_to_cell(21.45, 107.35, 8)
    site = min(reach, key=lambda s: h3.great_circle_distance(*map(h3.cell_to_latlng, (s, inland))))
    assert 1.0 < far[site] < 6.0
    assert max(far.values()) > 8.0
    low = plane.reached([h3.cell_to_latlng(site)], -110.0, heights=[20.0])[0]
    assert set(low.tolist()) < {plane.number[c] for c in reach[site]}
