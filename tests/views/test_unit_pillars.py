"""Units have a score by pillar from what they answer for themselves, and what draws them down is named."""

from __future__ import annotations

from cockpit.views import unit_pillars
from tests.views.province import Province


def test_a_unit_is_scored_by_pillar_and_its_drivers_are_named(province: Province) -> None:
    low, high = (unit.code for unit in province.profile.units[:2])
    province.figure("I14", "red", 50.0, 500, unit=low)
    province.figure("I08", "green", 100.0, 500, unit=low)
    province.figure("I10", "unjudged", 10.0, 500, unit=low)  # of the province as a whole: no unit's matter
    province.figure("I14", "green", 100.0, 500, unit=high)
    province.figure("I42", "green", 99.0, 500, unit=high)
    view = unit_pillars.build(province.ctx)
    first, second = view.units
    assert [one.unit.code for one in view.units] == [low, high]
    assert [round(one.whole.value or 0) for one in view.units] == [75, 100]
    assert [d.code for d in first.whole.drivers] == ["I14"]
    assert (second.whole.drivers, first.whole.left_out) == ((), 0)
    government, networks = view.pillars
    assert "I14" in government.indicators
    assert "I42" in networks.indicators
    assert first.by_pillar[0] == first.whole
    assert [one.by_pillar[1].value for one in view.units] == [None, 100.0]


def test_what_is_in_doubt_is_not_scored_and_too_little_makes_no_score(province: Province) -> None:
    unit = province.profile.units[0].code
    for code, status in (("I15", "samples"), ("I08", "suspect"), ("I14", "green")):
        province.figure(code, status, 100.0, 500, unit=unit)
    (found,) = unit_pillars.build(province.ctx).units
    assert (found.whole.value, found.whole.left_out) == (None, 2)
