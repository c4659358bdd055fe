"""One unit: what is open and red there, as the map counts it."""

from __future__ import annotations

import pytest

from cockpit.views import home, unit
from tests.views.province import Province


def test_the_most_urgent_alerts_of_a_unit_come_first_and_all_are_counted(province: Province) -> None:
    code = province.kind("camera")[0].unit
    cameras = [a for a in province.kind("camera") if a.unit == code][: unit.ROWS + 1]
    assert len(cameras) == unit.ROWS + 1
    for camera in cameras[:-1]:
        province.alert(camera.code, "camera-fps")
    province.alert(cameras[-1].code, "camera-fps", priority="critical")
    view = unit.build(province.ctx, code)
    assert len(view.needs) == unit.ROWS
    assert view.needs[0].alert.subject == cameras[-1].code
    assert (view.open, view.waiting) == (unit.ROWS + 1, unit.ROWS + 1)
    assert view.cameras == sum(a.unit == code for a in province.kind("camera"))
    other = next(u.code for u in province.profile.units if u.code != code)
    assert unit.build(province.ctx, other).open == 0


def test_a_unit_lists_the_figures_that_colour_it(province: Province) -> None:
    one = province.profile.units[0].code
    province.figure("I08", "red", 50.0, 40, one, asof=1)  # it answers for this one
    province.figure("I10", "red", 50.0, 40, one, asof=1)  # not for this one
    province.figure("I42", "red", 50.0, 4, one, asof=1)  # a share of four devices
    view = unit.build(province.ctx, one)
    assert [(f.indicator.code, f.value) for f in view.red] == [("I08", 50.0)]
    state = next(u for u in home.build(province.ctx).units if u.unit.code == one)
    assert state.missed == tuple(f.indicator.short for f in view.red)


def test_what_is_no_unit_is_an_error(province: Province) -> None:
    with pytest.raises(KeyError):
        unit.build(province.ctx, "99999")
