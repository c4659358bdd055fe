"""Requests for an explanation in the engine: a late answer is an alert of the unit that was asked, until it
answers, and again where its answer is sent back and the next one is late."""

from __future__ import annotations

from collections.abc import Callable

from cockpit.domain import requests as life
from cockpit.domain.catalog import Text
from cockpit.domain.registers import REQUEST, Moved
from cockpit.domain.requests import About, Request, RequestFacts, request_of
from cockpit.store import registers
from cockpit.store.queries import registers as entries
from tests.engine.test_plan_targets import BY_ENTRY
from tests.engine.world import RULES, World, province, rule
from tests.store import inside

Worlds = Callable[..., World]
LATE = province(
    rules=(*RULES, rule("request-late", "entry_late", metric="request", for_s=0, keep_s=0, owner=BY_ENTRY)),
    bodies={"b": Text("Sở B", "Department B")},
)
NAME = Text("Hồ sơ trễ", "Late dossiers")


def move(world: World, moved: Moved) -> Request:
    assert inside.done(world.store, lambda conn: registers.move(conn, moved))
    return request_of(moved.entry)


def ask(world: World, due: int, number: int = 1) -> Request:
    facts = RequestFacts(
        about=About("indicator", "I1"), name=NAME, asker="Lan", role="leader", question="Vì sao?", due=due
    )
    return move(world, life.asked(number, facts, "b", "", world.clock.domain))


def test_a_late_answer_is_an_alert_of_the_unit_until_it_answers_and_again_when_sent_back(
    worlds: Worlds,
) -> None:
    world = worlds(LATE)
    due = world.clock.domain + 120_000
    asked = ask(world, due)
    world.run(60, 20)
    assert "request-late|1" not in world.alerts()
    world.run(120, 20)
    alert = world.alerts()["request-late|1"]
    assert (alert["opened"], alert["owner"], alert["subject_kind"]) == (due, "Sở B", "request")
    assert '"entry":"request-1"' in alert["facts"]
    answered = move(world, life.answered(asked, "Do mưa", (), world.clock.domain, "Minh"))
    world.run(60, 20)
    assert "request-late|1" not in world.alerts()
    again = world.clock.domain + 60_000
    move(world, life.sent_back(answered, "Chưa đủ", again, world.clock.domain, "Lan"))
    world.run(120, 20)
    assert world.alerts()["request-late|1"]["opened"] == again


def test_the_alerts_of_late_answers_are_the_same_at_every_speed(worlds: Worlds) -> None:
    logs = []
    for tick_s in (1, 60):
        world = worlds(LATE)
        for number in (1, 2):
            ask(world, world.clock.domain + 90_000 * number, number)
        world.run(300, tick_s)
        logs.append([line for line in world.log() if "request-late" in line[4]])
    assert len(logs[0]) == 2
    assert logs[0] == logs[1]


def test_reminders_come_at_their_instant_at_any_speed_and_once_after_a_restart(worlds: Worlds) -> None:
    found = []
    for tick_s in (1, 60):
        world = worlds(LATE)
        world.run(60, 60)
        asked = ask(world, world.clock.domain + 90_000)
        begun = asked.entry.opened
        world.run(150, tick_s)
        world.restart()
        world.run(60, tick_s)
        with world.store.read() as conn:
            steps = entries.history(conn, REQUEST, 1)
            version = entries.entry(conn, REQUEST, 1)
        assert version is not None
        assert version.version == 1  # who read it before may still answer
        found.append([(step.t - begun, step.what, step.evidence.get("to")) for step in steps[1:]])
    assert found[0] == [(45_000, "reminded", None), (90_000, "escalated", "unit_leader")]
    assert found[0] == found[1]


def test_who_answers_in_time_hears_nothing_more(worlds: Worlds) -> None:
    world = worlds(LATE)
    asked = ask(world, world.clock.domain + 90_000)
    world.run(20, 20)
    move(world, life.answered(asked, "Do mưa", (), world.clock.domain, "Minh"))
    world.run(120, 20)
    with world.store.read() as conn:
        assert [step.what for step in entries.history(conn, REQUEST, 1)] == ["asked", "answered"]
