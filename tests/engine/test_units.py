"""Rules about the figure of every unit: each unit is a subject of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from cockpit.engine.layout import checked
from cockpit.profiles import ProfileError, load
from cockpit.views import alerts as view
from cockpit.views.context import ViewContext
from tests.engine.world import RULES, World, healthy, province, rule

LOW = rule(
    "online-low-here",
    "indicator",
    metric="I42",
    op="<",
    raise_at=85.5,
    clear_at=90.0,
    for_s=120,
    each_unit=True,
)
OF_SECOND = [f"cam-{n}" for n in range(12, 24)]
"""The cameras of the unit u2; those of u1 go on."""


@pytest.fixture
def world() -> Iterator[World]:
    world = World(province(rules=(*RULES, LOW)))
    yield world
    world.close()


def test_a_unit_whose_figure_is_bad_has_an_alert_and_the_others_have_none(world: World) -> None:
    world.run(120, feed=healthy(world.profile))
    world.run(600, feed=healthy(world.profile, without=OF_SECOND))
    found = world.alerts()
    assert "online-low-here|u1" not in found
    alert = found["online-low-here|u2"]
    assert (alert["subject_kind"], alert["subject"], alert["unit"]) == ("unit", "u2", "u2")
    assert (alert["indicator"], alert["asset"]) == ("I42", "")
    shown = view.build(ViewContext(world.store, world.profile, world.clock.domain, world.clock.real))
    (told,) = [a for a in shown.waiting if a.rule == LOW.code]
    assert (told.subject_name.vi, told.place, alert["value"]) == ("Xã 2", "X. 2", 0.0)
    world.restart()
    assert "online-low-here|u2" in world.alerts()
    world.run(600, feed=healthy(world.profile))
    assert "online-low-here|u2" not in world.alerts()


def test_of_a_few_devices_nothing_follows() -> None:
    world = World(province(cameras=9, rules=(*RULES, LOW)))
    world.run(120, feed=healthy(world.profile))
    world.run(600, feed=healthy(world.profile, without=[f"cam-{n}" for n in range(9)]))
    assert "online-low-here|u1" not in world.alerts()
    assert "online-low|I42" in world.alerts()
    world.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"kind": "threshold", "asset_kind": "camera", "metric": "fps"},
            "by unit only indicator, differs can look",
        ),
        ({"metric": "I10"}, "false: no unit is asked for the target of I10"),
        ({"metric": "I99"}, "key metric: found 'I99', expected a code of indicators.toml"),
    ],
)
def test_a_rule_that_cannot_look_at_units_is_refused_with_its_place(
    change: dict[str, Any], words: str
) -> None:
    wrong = msgspec.structs.replace(LOW, **change)
    base = load("quang_ninh", size="district")
    with pytest.raises(ProfileError) as told:
        checked(replace(base, rules=(wrong, base.rule["incoming"])))
    (sentence,) = told.value.problems
    assert sentence.startswith("rules.toml [[rule]] online-low-here key")
    assert words in sentence


def test_a_profile_may_have_a_rule_about_every_unit() -> None:
    profile = load("quang_ninh", size="district")
    assert LOW in checked(replace(profile, rules=(*profile.rules, LOW))).rules
