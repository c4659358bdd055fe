"""Departments report their own part of a figure, and their parts are those of the province."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as some

from cockpit.domain.indicators import agrees
from cockpit.profiles import Profile
from simulator.play import Play
from simulator.simulation import Department
from simulator.systems import shared, whose

DAY = 20_787  # 2026-11-30, a Monday

weights = some.lists(some.tuples(some.integers(1, 50), some.integers(-50, 50)), min_size=1, max_size=12)


@given(weights, some.integers(0, 10**6), some.integers(0, 1000), some.data())
def test_parts_of_departments_add_up_and_none_does_more_than_all_of_its_own(
    weighed: list[tuple[int, int]], whole: int, per_mille: int, data: some.DataObject
) -> None:
    made = data.draw(some.integers(0, whole))
    departments = [Department(f"d{n}", weight, better) for n, (weight, better) in enumerate(weighed)]
    found = shared(made, whole, per_mille, departments)
    total = whole * per_mille // 1000
    assert sum(bottom for _, bottom in found) == total
    assert sum(top for top, _ in found) == (made * total // whole if total else 0)
    assert all(0 <= top <= bottom for top, bottom in found)


def test_each_department_reports_once_a_day_and_money_adds_up_to_the_province(district: Profile) -> None:
    play = Play(district, 7)
    sent = [e for e in play.systems.day(DAY - 28) if e.type == "report"]  # the first working day of the month
    sent += [e for day in range(DAY - 27, DAY + 1) for e in play.systems.day(day) if e.type == "report"]
    own, all_of = defaultdict(list), {}
    for entry in sent:
        code, department = whose(entry)
        if department:
            assert department in district.bodies
            own[code, entry.time].append(entry)
        else:
            all_of[code, entry.time] = entry
    assert {code for code, _ in own} == {"I23", "I26", "I27", "I28"}
    indicators = district.indicator
    for (code, time), entries in own.items():
        assert len({whose(e) for e in entries}) == len(entries), "each once"
        made = sum(float(str(e.data["numerator"])) for e in entries)
        whole = sum(float(str(e.data["denominator"])) for e in entries)
        province = all_of[code, time].data
        if code == "I28":
            assert abs(made - float(str(province["numerator"]))) < 0.001
            assert abs(whole - float(str(province["denominator"]))) < 0.001
        else:
            assert made <= float(str(province["numerator"]))
            assert whole < float(str(province["denominator"]))
        for entry in entries:
            n, d, value = (float(str(entry.data[key])) for key in ("numerator", "denominator", "value"))
            assert agrees(value, n, d, indicators[code].factor, indicators[code].decimals)
    numbers = [(e.type, e.subject, e.n) for e in sent]
    assert len(set(numbers)) == len(numbers)
