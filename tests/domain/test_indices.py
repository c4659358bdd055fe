"""Published indices, reckoned anew from their components: totals, classes, and who costs what."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.indices import dti, service
from cockpit.domain.indices.dti import Index
from cockpit.domain.indices.service import COMPONENTS, PARTS, ComponentCode, Count

QUANG_NAM: dict[ComponentCode, float] = {
    "openness": 13.2, "progress": 18.4, "online": 7.7, "payment": 7.6, "satisfaction": 17.6,
    "digitisation": 15.6,
}  # fmt: skip
"""19 August 2024, as its portal published it: 80.1, class "Tốt"."""

LIMIT_POINTS = (15.8, 14.1, 11.2, 9.9, 17.9, 11.1)
"""80 in all, of which adding up fractions of two leaves a little less."""

MAIN: tuple[Index, ...] = tuple(dti.POINTS)
PUBLISHED_2022 = {
    "Đà Nẵng": ((1.0, 0.9, 0.8253, 0.8487, 0.7578, 0.8575, 0.7836, 0.5197), 0.8002),
    "TP. Hồ Chí Minh": ((0.8917, 0.9, 0.8258, 0.6267, 0.558, 0.8406, 0.7611, 0.359), 0.7163),
    "Quảng Ninh": ((0.9581, 0.9, 0.7648, 0.625, 0.5382, 0.8385, 0.5904, 0.4505), 0.7024),
    "Thừa Thiên Huế": ((0.95, 0.9, 0.6823, 0.6794, 0.6423, 0.8262, 0.6787, 0.3001), 0.6975),
    "Cần Thơ": ((0.9, 0.8, 0.7233, 0.7376, 0.7226, 0.7325, 0.7556, 0.2947), 0.6924),
}
"""Main indices and DTI on dti.gov.vn/xep-hang-2022."""


def values_of(name: str) -> dict[Index, float]:
    return dict(zip(MAIN, PUBLISHED_2022[name][0], strict=True))


def test_quang_nam_had_80_1_points_and_was_good() -> None:
    assert service.total(QUANG_NAM) == 80.1
    assert service.grade(80.1) == "tot"
    assert service.to_next(80.1) == (9.9, "xuat_sac")
    (worst, lost), *_ = service.lost(QUANG_NAM).items()
    assert worst == "digitisation"
    assert lost == pytest.approx(6.4)


def test_the_components_have_the_points_of_the_decision() -> None:
    assert [c.most for c in COMPONENTS] == [18, 20, 12, 10, 18, 22]
    assert service.TOTAL == 100
    for component in COMPONENTS:
        assert math.fsum(part.most for part in component.parts) == pytest.approx(component.most)
    quoted = {code: part.most for code, part in PARTS.items() if part.quoted}
    assert quoted == {"published": 4, "on_time": 20, "procedures": 6}


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        (100, "xuat_sac"), (90, "xuat_sac"), (89.99, "tot"), (83.8, "tot"), (80, "tot"), (79.99, "kha"),
        (70, "kha"), (69.9, "trung_binh"), (50, "trung_binh"), (49.99, "yeu"), (0, "yeu"),
    ],
)  # fmt: skip
def test_a_class_begins_at_its_least_points(total: float, grade: str) -> None:
    assert service.grade(total) == grade


def test_a_total_that_sums_to_a_limit_has_its_class_whatever_the_fractions() -> None:
    points = dict(zip(service.CODES, LIMIT_POINTS, strict=True))
    assert sum(points.values()) < 80
    assert service.grade(service.total(points)) == "tot"
    assert service.to_next(95) is None


@pytest.mark.parametrize("wrong", [{"openness": 18.1}, {"payment": -0.1}, {"online": math.nan}])
def test_points_outside_a_component_are_no_index(wrong: dict[ComponentCode, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        service.total(QUANG_NAM | wrong)


def test_a_missing_component_is_no_zero() -> None:
    points: dict[ComponentCode, float] = {c: n for c, n in QUANG_NAM.items() if c != "payment"}
    with pytest.raises(ValueError, match="payment: nothing"):
        service.total(points)


@pytest.mark.parametrize("name", PUBLISHED_2022)
def test_the_dti_of_2022_is_met_within_its_last_decimal(name: str) -> None:
    assert dti.dti(values_of(name)).dti == pytest.approx(PUBLISHED_2022[name][1], abs=1.01e-4)


def test_quang_ninh_s_dti_of_2022_and_its_pillars_are_the_published_ones() -> None:
    made = dti.dti(values_of("Quảng Ninh"))
    assert made.dti == 0.7024
    assert made.pillars == {"government": 0.7804, "economy": 0.7187, "society": 0.6864}


def test_what_main_indices_lose_is_what_the_dti_lacks() -> None:
    lost = dti.lost(values_of("Quảng Ninh"))
    assert list(lost)[:2] == ["society", "economy"]
    assert lost["society"] == pytest.approx(0.0824, abs=5e-5)
    assert math.fsum(lost.values()) == pytest.approx(1 - 0.7024, abs=5e-5)


def test_a_main_index_that_is_missing_or_over_one_makes_no_dti() -> None:
    values = values_of("Quảng Ninh")
    with pytest.raises(ValueError, match="security"):
        dti.dti({index: value for index, value in values.items() if index != "security"})
    with pytest.raises(ValueError, match=r"economy: 59\.04"):
        dti.dti(values | {"economy": 59.04})


counts = st.integers(0, 500).flatmap(lambda n: st.builds(Count, st.integers(0, n), st.just(n)))
units = st.dictionaries(
    st.sampled_from([f"{n:05}" for n in range(8)]),
    st.dictionaries(st.sampled_from(sorted(PARTS)), counts),
    max_size=8,
)


@given(units)
def test_what_units_cost_adds_up_to_what_all_of_them_lack(found: dict[str, dict[str, Count]]) -> None:
    whole = service.together(found.values())
    costs = service.costs(found)
    assert [c.lost for c in costs] == sorted((c.lost for c in costs), reverse=True)
    for component in COMPONENTS:
        lacks = math.fsum(
            part.most - points
            for part in component.parts
            if (points := service.of_part(part, whole.get(part.code))) is not None
        )
        mine = math.fsum(c.lost for c in costs if c.component == component.code)
        assert mine == pytest.approx(lacks, abs=1e-9)


@given(units, units)
def test_any_split_of_records_over_units_gives_the_same_index(
    one: dict[str, dict[str, Count]], other: dict[str, dict[str, Count]]
) -> None:
    halves = service.together([service.together(one.values()), service.together(other.values())])
    assert halves == service.together([*one.values(), *other.values()])


def test_a_part_with_nothing_to_do_leaves_its_component_unknown() -> None:
    full = {code: Count(9, 10) for code in PARTS}
    assert service.total(service.points(full)) == 90
    without = full | {"paid": Count(0, 0)}
    assert set(service.points(without)) == {c.code for c in COMPONENTS if c.code != "payment"}
