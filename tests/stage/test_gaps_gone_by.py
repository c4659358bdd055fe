"""What a new demo tells of coverage gaps: the province's people were at them before it began."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit.demo.gap_past import BEFORE
from cockpit.domain.coverage import gap_life
from cockpit.domain.coverage.gap_life import MAX_BAD, MIN_GROUPS, STATES
from cockpit.domain.periods import day_number
from cockpit.domain.registers import CLOSED, GAP, Entry
from cockpit.ingest.times import to_ms
from cockpit.profiles import load
from cockpit.store.queries import gap_ground
from cockpit.store.queries import registers as queries
from tests.stage.conftest import START, Demo, running
from tests.store import inside

BEGIN = to_ms(START)
PROFILE = load("quang_ninh", size="district")
SHORT = ("--size", "district", "--history", "1", "--start", START)
OTHER = ("--size", "district", "--history", "2", "--scenario", "two_faults", "--start", START)

Told = dict[int, list[tuple[int, str, str, str, dict[str, Any]]]]
"""By gap: the steps of its life."""


def lives(demo: Demo) -> Told:
    """What became of the gaps before the demo began."""
    with inside.reading(demo.store) as conn:
        found = {
            e.id: [
                (s.t, s.actor, s.what, s.after, dict(s.evidence))
                for s in queries.history(conn, GAP, e.id)
                if s.t < BEGIN
            ]
            for e in queries.entries(conn, GAP)
        }
    return {number: steps for number, steps in found.items() if steps}


def entries(demo: Demo) -> list[Entry]:
    with inside.reading(demo.store) as conn:
        return queries.entries(conn, GAP)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One with a single day of history."""
    with running(tmp_path_factory.mktemp("short"), *SHORT) as found:
        found.clock(paused=True)
        yield found


def test_there_are_gaps_in_every_state_from_a_single_day_of_history_on(demo: Demo) -> None:
    n = Counter(entry.state for entry in entries(demo))
    assert set(n) == set(STATES), n
    again = [e for e in entries(demo) if gap_life.life_of(e).reopened]
    assert [e.state for e in again] == ["verified"]
    told = demo.must("GET", "registers/gap")
    assert {entry["state"] for entry in told["gap"]} == set(STATES)


def test_each_step_was_a_command_of_the_people_of_the_demo(demo: Demo) -> None:
    given = [c for name in BEFORE for c in demo.commands(name)]
    assert {c.outcome for c in given} == {"done"}
    assert {c.name for c in given} == set(BEFORE)
    people = {PROFILE.people["officer"], PROFILE.people["operator"]}
    assert {c.actor for c in given} == people
    assert all(c.t < BEGIN for c in given)
    by_people = [step for life in lives(demo).values() for step in life if step[1] != "engine"]
    assert sorted((t, actor) for t, actor, *_ in by_people) == sorted((c.t, c.actor) for c in given)


def test_what_is_closed_was_proved_by_measurements_after_the_work(demo: Demo) -> None:
    closed = [e for e in entries(demo) if e.state == CLOSED]
    assert closed
    for entry in closed:
        life = gap_life.life_of(entry)
        assert life.built is not None
        assert life.before is not None
        assert life.after is not None
        assert life.before.low > 0.5
        assert life.after.groups >= MIN_GROUPS
        assert life.after.high < MAX_BAD
        first = day_number(life.built, PROFILE.utc_offset_s)
        with inside.reading(demo.store) as conn:
            last = day_number(entry.closed or 0, PROFILE.utc_offset_s)
            there = gap_ground.measured(conn, PROFILE.operators, life.ground, first, last)
        assert sum(c.groups for c in there.values()) >= life.after.groups


def test_nobody_is_late_when_a_demo_begins(demo: Demo) -> None:
    due = {e.id: e.due for e in entries(demo) if e.due is not None}
    assert due
    assert all(at > BEGIN for at in due.values()), due


def test_the_way_back_to_the_start_keeps_what_was_done_before_it(demo: Demo) -> None:
    before, stood = lives(demo), [(e.id, e.state, e.owner, e.due) for e in entries(demo)]
    demo.step(120)
    demo.clock(reset=True)
    assert lives(demo) == before
    assert [(e.id, e.state, e.owner, e.due) for e in entries(demo)] == stood


def test_the_past_of_gaps_is_the_same_with_more_history_and_another_scenario(
    demo: Demo, tmp_path: Path
) -> None:
    with running(tmp_path / "other", *OTHER) as other:
        other.clock(paused=True)
        assert lives(other) == lives(demo)
