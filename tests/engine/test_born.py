"""An alert keeps the rule it was born under: editing a rule rewrites no history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from cockpit.domain.catalog import Text
from cockpit.views import alert as alert_view
from cockpit.views import alerts as alerts_view
from cockpit.views.context import ViewContext
from tests.engine.world import World, healthy
from tests.store import inside

Worlds = Callable[..., World]


def edit(world: World, **changes: Any) -> None:
    """Another engine starts, with a rule that says something else."""
    rules = tuple(
        msgspec.structs.replace(r, **changes) if r.code == "camera-silent" else r for r in world.profile.rules
    )
    world.profile = replace(world.profile, rules=rules)
    world.restart()


def shown(world: World) -> alerts_view.AlertsView:
    return alerts_view.build(context(world))


def context(world: World) -> ViewContext:
    return ViewContext(world.store, world.profile, world.clock.domain, world.clock.real, False)


NEW: dict[str, Any] = {
    "name": Text("mới", "new"), "owner": Text("người khác", "somebody else"), "next_step": Text("b", "b"),
}  # fmt: skip


@pytest.mark.parametrize("version", [1, 2])
def test_a_closed_alert_is_told_as_it_was_whatever_the_rule_says_now(world: World, version: int) -> None:
    world.run(60, 20, healthy(world.profile))
    world.run(200, 20, healthy(world.profile, without=["cam-3"]))
    world.run(120, 20, healthy(world.profile))
    before = shown(world).closed[0]
    assert not before.of_today
    edit(world, version=version, **NEW)
    after = shown(world).closed[0]
    assert (after.rule_name, after.owner, after.next_step) == (
        before.rule_name,
        before.owner,
        before.next_step,
    )
    assert after.rule_name != NEW["name"]
    detail = alert_view.build(context(world), after.id)
    assert detail is not None
    assert detail.rule is not None
    assert (detail.rule.name, detail.rule.version) == (before.rule_name, 1)


def test_an_open_alert_keeps_its_rule_until_the_version_goes_up(world: World) -> None:
    quiet = healthy(world.profile, without=["cam-3"])
    world.run(60, 20, healthy(world.profile))
    world.run(200, 20, quiet)
    edit(world, **NEW)
    world.run(20, 20, quiet)
    assert [a.rule_name for a in shown(world).waiting] == [Text("camera-silent", "camera-silent")]
    edit(world, version=2)
    world.run(120, 20, quiet)
    view = shown(world)
    assert [(a.rule_name, a.owner) for a in view.waiting] == [(NEW["name"], NEW["owner"])]
    assert [a.close_reason for a in view.closed] == ["updated"]


def test_an_alert_whose_rule_was_not_kept_is_told_by_todays_and_says_so(world: World) -> None:
    world.run(60, 20, healthy(world.profile))
    world.run(200, 20, healthy(world.profile, without=["cam-3"]))
    for one in inside.alerts(world.store):
        inside.change_alert(world.store, one.id, born="", owner_en="")
    edit(world, **NEW)
    (found,) = shown(world).waiting
    assert (found.of_today, found.rule_name, found.owner) == (True, NEW["name"], NEW["owner"])


def test_what_is_folded_under_an_alert_that_ends_with_its_rule_stands_for_itself(world: World) -> None:
    behind = healthy(world.profile, without=["rec-0", *(f"cam-{n}" for n in range(12))])
    world.run(60, 20, healthy(world.profile))
    world.run(300, 20, behind)
    cause = world.alerts()["recorder-silent|rec-0"]["id"]
    assert {a["cause"] for k, a in world.alerts().items() if k.startswith("camera")} == {cause}
    rules = tuple(
        msgspec.structs.replace(r, version=2, for_s=86_400) if r.code == "recorder-silent" else r
        for r in world.profile.rules
    )
    world.profile = replace(world.profile, rules=rules)
    world.restart()
    world.run(300, 20, behind)
    assert {a["cause"] for k, a in world.alerts().items() if k.startswith("camera")} == {None}


def test_a_rule_of_a_kind_that_is_no_more_is_told_by_todays(world: World) -> None:
    world.run(60, 20, healthy(world.profile))
    world.run(200, 20, healthy(world.profile, without=["cam-3"]))
    inside.rename_in_kept_rules(world.store, "asset_silent", "asset_gone")
    (found,) = shown(world).waiting
    assert found.of_today
