"""Alerts of another system of monitoring become ours: once, as long as they stand, over when that is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cockpit.domain.alerting import read_back
from cockpit.domain.incoming import HOLDS_MS, Incoming, Reading
from cockpit.domain.instants import iso
from cockpit.ingest.alertmanager import parse_alerts
from cockpit.profiles import Profile
from cockpit.store import incoming, rule_sets
from cockpit.store.incoming import Told
from tests.engine.world import RULES, World, province, rule, source, text
from tests.waiting import PATIENCE_S

MINUTE = 60_000


def monitored(**changes: Any) -> Profile:
    """A province with a system of monitoring that may send alerts."""
    base = province(2, rules=(*RULES, rule("incoming", "incoming", for_s=0, keep_s=0)))
    prom = source(6, "prom", 60, kind="alertmanager", time="real", per_hour=0)
    return replace(base, sources=(*base.sources, prom), bodies={"sct": text("Sở Công Thương")}, **changes)


class Monitoring(World):
    """Sends as Prometheus does. Real time and domain time are days apart, as in a demo."""

    def __init__(self, profile: Profile | None = None) -> None:
        super().__init__(profile or monitored())
        self.clock.real += 40 * 86_400_000
        self.engine.tick()

    def post(self, *labels: dict[str, str], ends: int | None = 240_000, **more: Any) -> Told:
        """Alerts with these labels, which hold until `ends` ms from now; over, where that is past."""
        now = self.clock.real
        body = [
            {"labels": {"alertname": "InstanceDown"} | one, "startsAt": iso(now - 30_000)} | more
            | ({} if ends is None else {"endsAt": iso(now + ends)})
            for one in labels
        ]  # fmt: skip
        parsed = parse_alerts(json.dumps(body).encode(), now)
        assert not parsed.wrong, parsed.wrong
        return self.store.write(lambda conn: incoming.take(conn, "prom", parsed.alerts, now)).result(
            PATIENCE_S
        )

    def over(self, *labels: dict[str, str], **more: Any) -> Told:
        return self.post(*labels, ends=-1, **more)

    def step(self, ms: int = 1000) -> None:
        self.clock.advance(ms)
        self.engine.tick()

    def all(self) -> list[dict[str, Any]]:
        """Every alert of theirs, the oldest first, with its facts read."""
        found = [
            a for a in self.alerts(open_only=False).values() if a["subject_kind"] == "incoming"
        ]  # the newest of a key
        return [a | {"facts": json.loads(a["facts"])} for a in sorted(found, key=lambda a: a["id"])]

    def told(self) -> list[str]:
        return [line[2] for line in self.log() if "incoming" in line[4]]


@pytest.fixture
def world() -> Iterator[Monitoring]:
    made = Monitoring()
    yield made
    made.close()


A, B = {"instance": "a:9100"}, {"instance": "b:9100"}


def test_one_that_stands_is_ours_from_when_they_say_it_began_and_ends_when_they_say_so(
    world: Monitoring,
) -> None:
    began = world.clock.real - 30_000
    world.post({**A, "severity": "critical"}, annotations={"summary": "a is gone"})
    world.step()
    (one,) = world.all()
    assert (one["rule"], one["source"], one["priority"], one["closed"]) == (
        "incoming",
        "prom",
        "critical",
        None,
    )
    assert (one["subject_kind"], one["key"]) == ("incoming", f"incoming|{one['subject']}")
    assert one["first_seen"] == began, "on their clock, which is the real one"
    assert one["opened"] > began
    assert one["simulated"] == 0, "it is real, whatever domain time is"
    assert one["facts"]["labels"] == {"alertname": "InstanceDown", **A, "severity": "critical"}
    assert one["facts"]["annotations"] == {"summary": "a is gone"}
    assert one["facts"]["name"]["vi"] == "InstanceDown (a:9100)"
    world.over({**A, "severity": "critical"}, annotations={"summary": "a is gone"})
    world.step()
    (one,) = world.all()
    assert (one["close_reason"], one["closed"]) == ("cleared", world.clock.real - 500 - 500)
    assert one["facts"]["ended"] < one["closed"]
    assert world.told() == ["opened", "closed"]


def test_sent_again_it_is_the_same_one_and_what_is_written_of_it_the_newest(world: Monitoring) -> None:
    for n in range(5):
        world.post(A, annotations={"value": str(n)})
        world.step(MINUTE)
    (one,) = world.all()
    assert one["facts"]["annotations"] == {"value": "4"}
    assert one["facts"]["starts"] == one["first_seen"], "of two beginnings the first stands"
    assert "stale" not in one["facts"]
    assert world.told() == ["opened"]
    world.post(A, annotations={"value": "4"})
    world.step()
    assert [a["updated"] for a in world.all()] == [one["updated"]], "nothing is written that has not changed"


def test_all_labels_make_it_what_it_is_in_whatever_order(world: Monitoring) -> None:
    world.post({**A, "job": "x"}, {**A, "job": "y"}, {"job": "x", **A}, {**A, "job": "x", "empty": ""})
    world.step()
    assert len(world.all()) == 2


def test_that_an_unknown_one_is_over_opens_nothing_and_over_is_told_once(world: Monitoring) -> None:
    assert world.over(A) == (0, 0, 0)
    world.step()
    assert world.all() == []
    world.post(A)
    world.step()
    assert world.over(A) == (0, 1, 0)
    world.step()
    closed = world.all()
    for _ in range(3):  # Prometheus goes on for a quarter of an hour
        assert world.over(A) == (0, 0, 0)
        world.step(MINUTE)
    assert world.all() == closed


def test_what_comes_back_is_a_new_alert_of_the_same_matter(world: Monitoring) -> None:
    world.post(A)
    world.step()
    (first,) = world.all()
    world.over(A)
    world.step()
    world.post(A)
    world.step()
    (second,) = world.all()
    assert (first["key"], first["id"] + 1) == (second["key"], second["id"])
    assert world.told() == ["opened", "closed", "opened"]


@pytest.mark.parametrize("ends", [None, HOLDS_MS])
def test_what_is_not_sent_again_is_stale_and_not_over(world: Monitoring, ends: int | None) -> None:
    world.post(A, ends=ends)
    heard = world.clock.real
    world.step(HOLDS_MS - 1000)
    assert "stale" not in world.all()[0]["facts"]
    world.step(3000)
    (one,) = world.all()
    assert (one["closed"], one["facts"]["stale"]) == (None, heard)
    world.step(86_400_000)
    assert world.all()[0]["closed"] is None, "nobody has said that it is over"
    assert world.told() == ["opened", "stale"]
    world.post(A)
    world.step()
    (one,) = world.all()
    assert (one["closed"], "stale" in one["facts"]) == (None, False)
    assert world.told() == ["opened", "stale", "heard_again"]
    world.over(A)
    world.step()
    assert world.all()[0]["close_reason"] == "cleared"


def test_one_that_was_stale_ends_when_that_is_said_at_last(world: Monitoring) -> None:
    world.post(A)
    world.step(20 * MINUTE)
    world.over(A)
    world.step()
    (one,) = world.all()
    assert (one["close_reason"], "stale" in one["facts"]) == ("cleared", False)


@pytest.mark.parametrize("crash", [False, True])
def test_a_restart_loses_nothing_and_opens_nothing_twice(world: Monitoring, crash: bool) -> None:
    world.post(A, B)
    world.step()
    world.over(B)  # told, and no engine has looked since
    world.post({"instance": "c"})
    before = world.all()
    assert len(before) == 2
    world.restart(crash=crash, away_ms=20 * MINUTE)
    world.step()
    a, b, c = world.all()
    assert (a["id"], a["closed"], b["id"], b["close_reason"]) == (1, None, 2, "cleared")
    assert c["closed"] is None
    assert "stale" not in a["facts"], "nobody could send meanwhile"
    world.step(HOLDS_MS)
    world.step()
    assert "stale" in world.all()[0]["facts"], "but had time to since"
    world.restart(crash=crash)
    world.post(A)
    world.step()
    world.over(A)
    world.step()
    assert [one["closed"] is None for one in world.all()] == [False, False, True]
    assert world.told().count("opened") == 3
    read_back((*line[:4], json.loads(line[4])) for line in world.log())


def test_a_second_engine_that_begins_writes_nothing_of_it_twice(world: Monitoring) -> None:
    world.post(A)
    world.step()
    world.step(20 * MINUTE)
    lines = world.told()
    world.restart()
    world.step()
    assert world.told() == lines == ["opened", "stale"]


def test_unit_owner_and_priority_are_those_of_the_labels_where_they_are_known() -> None:
    world = Monitoring(monitored(incoming=Reading(severity={"p1": "critical"}, owner_label="team")))
    try:
        world.post(
            {"n": "1", "severity": "P1", "unit": "u2", "team": "sct"},
            {"n": "2", "severity": "warning", "unit": "nowhere", "team": "nobody"},
            {"n": "3", "severity": "🔥"},
            {"n": "4"},
        )
        world.step()
        found = {a["facts"]["labels"]["n"]: a for a in world.all()}
        assert [found[n]["priority"] for n in "1234"] == ["critical", "medium", "medium", "medium"]
        assert [found[n]["unit"] for n in "1234"] == ["u2", "", "", ""]
        assert [found[n]["owner"] for n in "12"] == ["Sở Công Thương", "owner of prom"]
        assert found["1"]["due"] - found["1"]["opened"] == 3_600_000
    finally:
        world.close()


def test_ten_thousand_may_stand_at_once_and_one_more_is_left_out(world: Monitoring) -> None:
    many = [{"instance": f"host-{n}"} for n in range(incoming.MOST)]
    assert world.post(*many) == (incoming.MOST, 0, 0)
    assert world.post({"instance": "late"}, many[0]) == (1, 0, 1)
    world.step()
    assert len(world.all()) == incoming.MOST
    assert world.over(*many).over == incoming.MOST
    assert world.post({"instance": "late"}) == (1, 0, 0), "there is room again"
    world.step()
    assert len(world.alerts()) == 1
    assert len(world.engine._core.slots.entries) == 1, "what is over takes no place"  # type: ignore[union-attr]


def test_what_has_been_over_for_a_month_is_forgotten_and_its_alert_is_not(
    world: Monitoring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "KEPT", 2)
    for n in range(5):
        world.post({"instance": f"old-{n}"})
        world.step()
        world.over({"instance": f"old-{n}"})
        world.step()
    world.post(A)
    world.step()
    with world.store.read() as conn:
        kept = incoming.since(conn, 0)
    assert [one.labels["instance"] for one in kept] == ["old-3", "old-4", "a:9100"]
    world.step(40 * 86_400_000)
    world.post(B)
    world.step()
    with world.store.read() as conn:
        assert {one.labels["instance"] for one in incoming.since(conn, 0)} == {"a:9100", "b:9100"}
    assert len(world.all()) == 7


def test_a_name_is_what_can_be_seen_of_a_line_and_never_too_long() -> None:
    def named(**labels: str) -> str:
        return Incoming(1, "prom", labels, {}, "", 0, 0, 0, None).name

    assert named(alertname="Đĩa đầy", instance="db\n1", job="x") == "Đĩa đầy (db 1)"
    assert named(alertname="Đĩa đầy", job="x") == "Đĩa đầy (x)"
    assert named(colour="red", shape="round") == "colour=red, shape=round"
    assert named(alertname="x" * 500).endswith("x…")
    assert named(alertname="\u202eabc") == "abc"


def test_other_rules_leave_those_that_stand_alone_and_what_is_over_meanwhile_ends() -> None:
    world = Monitoring()
    world.post(A, B)
    world.step()
    others = (*world.profile.rules, rule("quiet", "asset_silent", "camera", for_s=60))
    world.store.write(lambda conn: rule_sets.put(conn, others)).result(PATIENCE_S)
    world.step()
    assert [(one["id"], one["closed"]) for one in world.all()] == [(1, None), (2, None)]
    world.over(A)
    world.step()
    assert [one["closed"] is None for one in world.all()] == [False, True]
    without = tuple(one for one in others if one.code != "incoming")
    world.store.write(lambda conn: rule_sets.put(conn, without)).result(PATIENCE_S)
    world.step()
    assert [one["close_reason"] for one in world.all()] == ["cleared", "rule_deleted"]
    assert all(one["closed"] >= one["opened"] for one in world.all()), "on the clock of what was told"
    world.store.write(lambda conn: rule_sets.put(conn, others)).result(PATIENCE_S)
    world.step()
    world.step()
    assert [one["closed"] is None for one in world.all()] == [False, True]
    world.close()
