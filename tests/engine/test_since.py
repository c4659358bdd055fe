"""Since when the evaluator has watched without a gap: before that nobody counted what opened and closed."""

from __future__ import annotations

from cockpit.store.queries.strip import watched_since
from tests.engine.world import World, healthy


def since(world: World) -> int:
    with world.store.read() as conn:
        value = watched_since(conn)
    assert value is not None
    return value


def test_watching_begins_with_the_first_start_and_anew_after_a_long_lapse(world: World) -> None:
    begun = world.clock.domain
    world.run(60, 20, healthy(world.profile))
    first = since(world)
    assert begun <= first <= begun + 60_000
    world.restart()
    world.run(20, 20, healthy(world.profile))
    assert since(world) == first
    world.restart(away_ms=3_600_000)
    world.run(20, 20, healthy(world.profile))
    assert since(world) >= first + 3_600_000
