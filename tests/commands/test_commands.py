"""Commands: who may, what they change, what two people at once get, what is on record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from cockpit.commands import Actor, Asked, Command, execute
from cockpit.commands.alerts import UNDO_MS
from cockpit.commands.registry import KINDS
from cockpit.domain.alerting import read_back
from cockpit.domain.instants import iso
from cockpit.store import alerting
from tests.engine.world import World, healthy
from tests.store import inside

DAY = 86_400_000


@dataclass
class Running:
    """What a command sees of the cockpit."""

    world: World
    writable: bool = True
    is_demo: bool = True

    @property
    def store(self) -> Any:
        return self.world.store

    @property
    def profile(self) -> Any:
        return self.world.profile

    @property
    def clock(self) -> Any:
        return self.world.clock

    demo: Any = None
    forward: Any = None

    def do(self, name: str, role: Any = "operator", reason: str = "", actor: str = "Lan", **args: Any) -> Any:
        """A command as it comes over the wire; `until_ms` as the wire has it."""
        if "until_ms" in args:
            args["until"] = iso(args.pop("until_ms"))
        return execute(self, Command(Actor(actor, role), Asked(name, args), reason))


@pytest.fixture
def running() -> Iterator[Running]:
    world = World()
    yield Running(world)
    world.close()


@pytest.fixture
def alarmed(running: Running) -> Running:
    world = running.world
    world.run(60, 20, healthy(world.profile))
    world.run(140, 20, healthy(world.profile, without=["cam-3"]))
    return running


def test_an_acknowledged_alert_says_who_and_when(alarmed: Running) -> None:
    result = alarmed.do("acknowledge", alert=1, version=1, note="gọi bảo trì")
    assert (result.ok, result.code) == (True, "done")
    alert = alarmed.world.alerts()["camera-silent|cam-3"]
    assert (alert["ack_by"], alert["ack_at"], alert["ack_note"]) == (
        "Lan",
        alarmed.clock.domain,
        "gọi bảo trì",
    )
    assert alert["version"] == 2
    assert alarmed.world.log()[-1][1:4] == (1, "acknowledged", "Lan")


def test_of_two_people_at_once_one_wins_and_the_other_is_told(alarmed: Running) -> None:
    assert alarmed.do("acknowledge", alert=1, version=1).ok
    second = alarmed.do("acknowledge", actor="Minh", alert=1, version=1)
    assert not second.ok
    assert second.code == "already"
    assert second.facts == {"by": "Lan", "at": alarmed.clock.domain, "version": 2}
    assert alarmed.world.alerts()["camera-silent|cam-3"]["ack_by"] == "Lan"


def test_who_saw_an_older_version_is_told_to_look_again(alarmed: Running) -> None:
    result = alarmed.do("acknowledge", alert=1, version=7)
    assert (result.code, result.facts) == ("changed", {"version": 1})


def test_an_alert_that_has_closed_cannot_be_acknowledged(alarmed: Running) -> None:
    alarmed.world.run(80, 20, healthy(alarmed.world.profile))
    result = alarmed.do("acknowledge", alert=1, version=2)
    assert result.code == "closed"


def test_an_acknowledgement_survives_what_the_engine_writes(alarmed: Running) -> None:
    alarmed.do("acknowledge", alert=1, version=1, note="x")
    alarmed.world.run(80, 20, healthy(alarmed.world.profile))
    alert = alarmed.world.alerts(open_only=False)["camera-silent|cam-3"]
    assert (alert["ack_by"], alert["close_reason"], alert["version"]) == ("Lan", "cleared", 3)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"alert": 99, "version": 1}, "unknown"),
        ({"alert": "1", "version": 1}, "bad_argument"),
        ({"alert": 1, "version": "1"}, "bad_argument"),
        ({"alert": 1, "sinr": 3}, "bad_argument"),
        ({"alert": 1, "version": 1, "note": "x" * 501}, "bad_argument"),
    ],
)
def test_a_wrong_acknowledgement_is_refused(alarmed: Running, args: dict[str, Any], code: str) -> None:
    assert alarmed.do("acknowledge", **args).code == code
    assert alarmed.world.alerts()["camera-silent|cam-3"]["ack_at"] is None


def test_a_rule_is_switched_off_with_a_reason_and_on_again(alarmed: Running) -> None:
    until = alarmed.clock.domain + DAY
    done = alarmed.do("rule_off", "admin", "thay đầu ghi", rule="camera-silent", until_ms=until)
    assert done.ok
    with alarmed.store.read() as conn:
        off = alerting.rules_off(conn)
    assert [(o.rule, o.until, o.actor, o.reason) for o in off] == [
        ("camera-silent", until, "Lan", "thay đầu ghi")
    ]
    alarmed.world.run(20, 20, healthy(alarmed.world.profile, without=["cam-3"]))
    assert [a["muted"] for a in alarmed.world.alerts().values()] == ["rule_off"]
    again = alarmed.do("rule_off", "admin", "thay đầu ghi", rule="camera-silent", until_ms=until)
    assert (again.code, again.facts["by"]) == ("already", "Lan")
    assert alarmed.do("rule_on", "admin", rule="camera-silent").ok
    assert alarmed.do("rule_on", "admin", rule="camera-silent").code == "already"
    alarmed.world.run(100, 20, healthy(alarmed.world.profile, without=["cam-3"]))
    assert [(k, a["muted"]) for k, a in alarmed.world.alerts().items()] == [("camera-silent|cam-3", "")]


def test_a_longer_switch_off_keeps_its_beginning(running: Running) -> None:
    t = running.clock.domain
    running.do("rule_off", "admin", "sửa chữa", rule="camera-silent", until_ms=t + DAY)
    running.clock.advance(1000)
    longer = running.do("rule_off", "admin", "chưa xong", rule="camera-silent", until_ms=t + 2 * DAY)
    assert (longer.code, longer.facts["since"]) == ("done", t)


@pytest.mark.parametrize(
    ("reason", "rule", "until", "code"),
    [
        ("", "camera-silent", DAY, "reason_needed"),
        (" x ", "camera-silent", DAY, "reason_needed"),
        ("x" * 501, "camera-silent", DAY, "reason_too_long"),
        ("sửa chữa", "no-such", DAY, "unknown"),
        ("sửa chữa", "camera-silent", 0, "bad_argument"),
        ("sửa chữa", "camera-silent", 30 * DAY, "done"),
        ("sửa chữa", "camera-silent", 30 * DAY + 1, "too_long"),
    ],
)
def test_nothing_is_switched_off_without_reason_or_for_ever(
    running: Running, reason: str, rule: str, until: int, code: str
) -> None:
    result = running.do("rule_off", "admin", reason, rule=rule, until_ms=running.clock.domain + until)
    assert result.code == code
    assert inside.count(running.store, inside.Rows.RULES_OFF) == (code == "done")


@pytest.mark.parametrize(
    ("role", "name", "may"),
    [
        ("operator", "acknowledge", True), ("admin", "acknowledge", True), ("leader", "acknowledge", False),
        ("reader", "acknowledge", False), ("officer", "rule_off", False),
        ("unit_leader", "rule_on", False), ("operator", "rule_off", True), ("admin", "rule_off", True),
        ("presenter", "rule_off", True), ("leader", "rule_on", False), ("admin", "no_such", False),
    ],
)  # fmt: skip
def test_roles_may_what_they_may(running: Running, role: str, name: str, may: bool) -> None:
    assert (name in KINDS and role in KINDS[name].ROLES) is may
    code = running.do(name, role, "sửa chữa").code
    assert code == (
        "bad_argument" if may else {"reader": "read_only", "admin": "unknown"}.get(role, "no_right")
    )


@pytest.mark.parametrize(
    ("mode", "writable", "actor", "role"),
    [
        ("serve", True, "", "operator"), ("serve", True, "Lan", "reader"),
        ("serve", True, "Lan", "presenter"), ("serve", False, "Lan", "admin"),
        ("demo", False, "Lan", "operator"), ("demo", True, " ", "operator"),
    ],
)  # fmt: skip
def test_without_identity_nothing_can_be_done(
    alarmed: Running, mode: str, writable: bool, actor: str, role: str
) -> None:
    alarmed.is_demo, alarmed.writable = mode == "demo", writable
    assert alarmed.do("acknowledge", role, actor=actor, alert=1, version=1).code == "read_only"
    assert alarmed.world.alerts()["camera-silent|cam-3"]["ack_at"] is None


def test_an_operator_who_is_signed_in_acknowledges_in_earnest_too(alarmed: Running) -> None:
    alarmed.is_demo = False
    assert alarmed.do("acknowledge", "operator", actor="lan@example.org", alert=1, version=1).ok
    assert alarmed.world.alerts()["camera-silent|cam-3"]["ack_by"] == "lan@example.org"


def test_every_command_is_on_record_with_both_times_refused_ones_too(running: Running) -> None:
    running.clock.jump(5000)
    running.do("acknowledge", "leader", alert=1, version=1)
    running.do("rule_off", "admin", "sửa chữa", rule="camera-silent", until_ms=running.clock.domain + DAY)
    rows = inside.commands(running.store)
    assert [(r.actor, r.role, r.name, r.outcome) for r in rows] == [
        ("Lan", "leader", "acknowledge", "no_right"), ("Lan", "admin", "rule_off", "done"),
    ]  # fmt: skip
    assert {(r.t, r.real) for r in rows} == {(running.clock.domain, running.clock.real)}
    assert rows[1].args["reason"] == "sửa chữa"


def test_whoever_acknowledged_takes_it_back_within_ten_seconds_and_both_are_on_record(
    alarmed: Running,
) -> None:
    assert alarmed.do("acknowledge", alert=1, note="nhầm").facts["version"] == 2
    alarmed.clock.advance(UNDO_MS)
    taken = alarmed.do("acknowledge_undo", alert=1, version=2)
    assert (taken.code, taken.facts["version"]) == ("done", 3)
    alert = alarmed.world.alerts()["camera-silent|cam-3"]
    assert (alert["ack_by"], alert["ack_at"], alert["ack_note"], alert["ack_real"]) == (None,) * 4
    assert alarmed.world.log()[-1][1:4] == (1, "unacknowledged", "Lan")
    assert [r.name for r in inside.commands(alarmed.store)] == ["acknowledge", "acknowledge_undo"]
    assert alarmed.do("acknowledge", actor="Minh", alert=1, version=3).ok


def test_after_ten_seconds_of_real_time_an_acknowledgement_stands(alarmed: Running) -> None:
    alarmed.do("acknowledge", alert=1)
    alarmed.clock.advance(UNDO_MS + 1)
    late = alarmed.do("acknowledge_undo", alert=1)
    assert (late.code, late.facts["within_ms"]) == ("too_late", UNDO_MS)
    assert alarmed.world.alerts()["camera-silent|cam-3"]["ack_by"] == "Lan"


@pytest.mark.parametrize(
    ("actor", "role", "version", "code"),
    [
        ("Minh", "operator", 2, "no_right"),
        ("Lan", "leader", 2, "no_right"),
        ("Lan", "operator", 1, "changed"),
    ],
)
def test_nobody_takes_back_what_another_acknowledged_or_what_has_changed(
    alarmed: Running, actor: str, role: str, version: int, code: str
) -> None:
    alarmed.do("acknowledge", alert=1)
    assert alarmed.do("acknowledge_undo", role, actor=actor, alert=1, version=version).code == code
    assert alarmed.world.alerts()["camera-silent|cam-3"]["ack_by"] == "Lan"


def test_there_is_nothing_to_take_back_of_an_alert_that_waits_has_closed_or_is_not_there(
    alarmed: Running,
) -> None:
    assert alarmed.do("acknowledge_undo", alert=99).code == "unknown"
    assert alarmed.do("acknowledge_undo", alert=1).code == "already"
    alarmed.do("acknowledge", alert=1)
    alarmed.world.run(80, 20, healthy(alarmed.world.profile))
    assert alarmed.do("acknowledge_undo", alert=1).code == "closed"


def test_the_log_read_back_knows_what_was_taken_back(alarmed: Running) -> None:
    def acknowledged() -> set[int]:
        lines = ((*row[:4], json.loads(row[4])) for row in alarmed.world.log())
        return {int(number) for number in read_back(lines).acknowledged}

    alarmed.do("acknowledge", alert=1)
    assert acknowledged() == {1}
    alarmed.do("acknowledge_undo", alert=1)
    assert acknowledged() == set()
