"""Why a rule fires or is quiet, reckoned from the store: it is what the engine itself knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cockpit.domain.alerting import Level
from cockpit.domain.alerting.subjects import ASSET, Subject
from cockpit.domain.catalog import Rule
from cockpit.engine.kinds import KINDS
from cockpit.engine.why import Evaluated, evaluate
from tests.engine.world import T0, World, healthy, province, rule

FPS: dict[str, Any] = {"metric": "fps", "op": "<", "raise_at": 12.0, "clear_at": 18.0}
FEED: dict[str, Any] = {"op": ">", "raise_at": 0.5, "clear_at": 0.2, "least": 1}
RULES = (
    rule("silent", "asset_silent", "camera"),
    rule("skew", "asset_skew", "", op=">", raise_at=120.0, clear_at=60.0),
    rule("out", "group", "feeder", metric="up", op=">", raise_at=0.6, clear_at=0.3, least=1),
    rule("down", "threshold", "link", metric="up", op="<", raise_at=0.5, clear_at=0.5, cause=True),
    rule("slow", "threshold", "camera", for_s=120, **FPS),
    rule("sinking", "change", "camera", metric="fps", op="<", raise_at=-60.0, clear_at=-30.0, span_s=60),
    rule("feed-silent", "source_silent", for_s=0),
    rule("feed-late", "source_late", for_s=0),
    rule("feed-lag", "source_lag", **FEED),
    rule("feed-again", "source_duplicates", **FEED),
    rule("feed-flood", "source_flood", **(FEED | {"raise_at": 4.0, "clear_at": 2.0})),
    rule("feed-refused", "source_refused", **FEED),
    rule("few", "indicator", metric="I42", op="<", raise_at=85.5, clear_at=90.0),
    rule("task-late", "entry_late", metric="task"),
    rule("both", "all_of", of=("slow", "sinking")),
    rule("either", "any_of", of=("slow", "silent")),
    rule("unusual", "usual", "camera", metric="fps", op="<", raise_at=-50.0, clear_at=-20.0),
    rule("many", "many_at_once", op=">", raise_at=0.3, clear_at=0.15, least=3, span_s=300, of=("silent",)),
    rule("told-apart", "differs", op=">", raise_at=5.0, clear_at=3.0),
)


@pytest.fixture
def world() -> Iterator[World]:
    made = World(province(rules=RULES))
    made.engine.tick()
    yield made
    made.close()


def why(world: World, code: str, asset: str) -> Evaluated | None:
    return evaluate(world.store, world.profile, world.profile.rule[code], Subject(ASSET, asset))


def test_each_kind_says_of_everything_it_watches_what_the_engine_knows(world: World) -> None:
    assert {r.kind for r in RULES} == set(KINDS) - {"incoming"}  # whose subjects come from outside
    slow = healthy(world.profile, {"cam-3", "link-2"})
    bad = {"cam-1": {"fps": 5.0}, "link-1": {"up": 0.0}}
    world.run(240, 5, lambda t: [(r, c, v | bad.get(c, {})) for r, c, v in slow(t)])
    core = world.engine._core
    assert core is not None
    seen = set[Rule]()
    for number, slot in core.slots.numbered():
        if number % 7 and slot.subject.code not in ("cam-1", "cam-3", "link-1", "link-2", "feeder-1"):
            continue  # a part of them is enough
        found = evaluate(world.store, world.profile, slot.rule, slot.subject)
        assert found is not None
        level = core.senses.levels[number]
        # Of what has not changed since it started an engine has said nothing; after a restart it does.
        assert found.level == level or (found.level, level) == (Level.CLEAR, Level.GONE), slot.key
        seen.add(slot.rule)
    assert len(seen) > len(RULES) / 2
    out = why(world, "out", "feeder-1")
    assert out is not None
    assert (out.level, out.facts["dark"]) == (Level.RAISE, 1)
    silent = why(world, "slow", "cam-3")
    assert silent is not None
    assert (silent.level, silent.value) == (Level.GONE, None)  # never heard, so no number is told


def test_what_is_bad_says_its_value_and_the_parts_of_a_rule_that_combines(world: World) -> None:
    good = healthy(world.profile)
    world.run(60, 5, good)
    world.run(60, 5, lambda t: [(r, c, v | {"fps": 5.0} if c == "cam-1" else v) for r, c, v in good(t)])
    bad, fine, either = (
        why(world, "slow", "cam-1"),
        why(world, "slow", "cam-2"),
        why(world, "either", "cam-1"),
    )
    assert bad is not None
    assert fine is not None
    assert either is not None
    assert (bad.level, bad.value, bad.facts["raise_at"]) == (Level.RAISE, 5.0, 12.0)
    assert (fine.level, fine.value) == (Level.CLEAR, 25.0)
    assert (either.level, [part.level for part in either.parts]) == (Level.RAISE, [Level.RAISE, Level.CLEAR])


def test_a_number_is_never_made_up_of_what_was_never_heard(world: World) -> None:
    for slot in world.engine._core.slots.all:  # type: ignore[union-attr]
        found = evaluate(world.store, world.profile, slot.rule, slot.subject)
        assert found is not None
        assert found.level in (Level.GONE, Level.CLEAR)
        assert found.value in (None, 0.0)
        if found.level == Level.GONE:
            assert found.value is None, slot.key


def test_what_a_rule_does_not_watch_is_told_apart_from_what_is_well(world: World) -> None:
    assert why(world, "slow", "link-1") is None


def test_asking_writes_nothing_and_changes_no_decision(world: World) -> None:
    world.run(200, 5, healthy(world.profile, {"cam-3"}))
    before = world.log()
    found = why(world, "silent", "cam-2")
    assert found is not None
    assert T0 < found.facts["last"] <= T0 + 200_000
    assert world.log() == before
    assert world.clock.domain == T0 + 200_000
