"""What is new to a person: since their last look, over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from cockpit.commands import Actor, Command, execute
from cockpit.commands.forwarding import Forward
from cockpit.commands.visits import Seen
from cockpit.domain.roles import ROLES, Role, roles_of
from cockpit.domain.visits import APART_MS, GONE_MS, PAUSE_MS, VISIT_MS, Visit
from cockpit.store import meta
from tests.commands.test_forwarding import Pages
from tests.store import inside
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench, serving
from tests.wire.test_commands import give, person

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
News = tuple[int, str, int, int]
"""How long ago it is counted from, what that is, causes that opened and that are over."""


@pytest.fixture
def at(bench: Bench) -> Callable[[int], None]:
    """Let it be so many ms after the start."""

    def set_(ms: int) -> None:
        clock: Any = bench.clock
        further = START + ms - clock.domain
        if further >= 0:
            clock.advance(further)
        else:  # set back: what measures durations goes on
            clock.domain = clock.real = START + ms

    return set_


def news(bench: Bench, client: Any) -> News:
    told = client.get("/api/v1/home").json()["news"]
    return bench.clock.domain_ms() - told["since"], told["counted"], told["opened"], told["over"]


def look(client: Any) -> dict[str, Any]:
    answer = give(client, "seen", {})
    assert (answer.status_code, answer.json()["code"]) == (200, "done"), answer.text
    return dict(answer.json()["facts"])


def opens(bench: Bench, ms: int, **columns: Any) -> None:
    """An alert that opened so many ms after the start."""
    t = START + ms
    inside.put_alert(
        bench.store, key=f"x{ms}", rule="camera-silent", priority="high", source="cam-vms", first_seen=t,
        opened=t, updated=t, due=t + HOUR, subject_kind="asset", subject="cam-00001", asset="cam-00001",
        **columns,
    )  # fmt: skip


Set = Callable[[int], None]


def test_the_first_look_of_a_person_counts_a_day_and_so_does_the_rest_of_that_visit(
    bench: Bench, at: Set
) -> None:
    lan = person(bench, "leader")
    opens(bench, -25 * HOUR)
    opens(bench, -HOUR)
    assert news(bench, lan) == (DAY, "day", 1, 0)
    assert look(lan) == {"at": START, "since": START - DAY, "counted": "day"}
    assert news(bench, lan) == (DAY, "day", 1, 0)
    at(20 * MINUTE)
    look(lan)
    assert news(bench, lan) == (DAY, "day", 1, 0)


def test_after_a_pause_it_is_counted_from_the_last_look_of_the_visit_before(bench: Bench, at: Set) -> None:
    lan = person(bench, "leader")
    for ms in (0, 20 * MINUTE):
        at(ms)
        look(lan)
    opens(bench, 30 * MINUTE)
    opens(bench, 40 * MINUTE, closed=START + 50 * MINUTE, close_reason="cleared")
    at(20 * MINUTE + PAUSE_MS)
    assert news(bench, lan)[1] == "day", "a pause that is not longer ends no visit"
    at(2 * HOUR)
    expected = (2 * HOUR - 20 * MINUTE, "look", 2, 1)
    assert news(bench, lan) == expected
    look(lan)
    assert news(bench, lan) == expected, "it stays news while the visit lasts"
    at(2 * HOUR + 25 * MINUTE)
    assert news(bench, lan)[:2] == (expected[0] + 25 * MINUTE, "look")
    look(lan)
    at(2 * HOUR + 50 * MINUTE)
    assert news(bench, lan) == (2 * HOUR + 30 * MINUTE, "look", 2, 1), "50 minutes after the visit began"
    at(5 * HOUR)
    assert news(bench, lan) == (2 * HOUR + 35 * MINUTE, "look", 0, 0)


def test_a_screen_that_is_never_closed_counts_half_a_day(bench: Bench, at: Set) -> None:
    lan = person(bench, "leader")
    look(lan)
    at(3 * DAY)
    for step in range(30):
        at(3 * DAY + step * 25 * MINUTE)
        look(lan)
    assert news(bench, lan)[1:2] == ("visit",)
    assert news(bench, lan)[0] == VISIT_MS


def test_two_people_count_apart(bench: Bench, at: Set) -> None:
    lan, minh = person(bench, "leader"), person(bench, "leader", "Minh")
    look(lan)
    at(2 * HOUR)
    look(minh)
    opens(bench, 3 * HOUR)
    at(4 * HOUR)
    assert news(bench, lan) == (4 * HOUR, "look", 1, 0)
    assert news(bench, minh) == (2 * HOUR, "look", 1, 0)
    look(minh)
    assert news(bench, lan) == (4 * HOUR, "look", 1, 0)


def test_two_browsers_of_one_person_are_one(bench: Bench, at: Set) -> None:
    desk, phone = person(bench, "leader"), person(bench, "leader")
    look(desk)
    at(2 * HOUR)
    assert news(bench, phone) == (2 * HOUR, "look", 0, 0)
    look(phone)
    at(2 * HOUR + 20 * MINUTE)
    look(desk)
    at(2 * HOUR + 40 * MINUTE)
    assert news(bench, phone)[:2] == (2 * HOUR + 40 * MINUTE, "look"), "the desk has gone on with the visit"
    assert list(inside.visits(bench.store)) == ["Lan"]


def test_whoever_is_not_known_by_name_is_told_of_a_day(bench: Bench, at: Set) -> None:
    look(person(bench, "leader"))
    at(2 * HOUR)
    for client in (bench.client(), bench.client("ckp_unknown"), bench.client(bench.token(role="reader"))):
        assert news(bench, client) == (DAY, "day", 0, 0)
        assert give(client, "seen", {}).status_code in (401, 403)
    assert list(inside.visits(bench.store)) == ["Lan"]


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_look(bench: Bench, demo: Bench, role: Role) -> None:
    here = bench if role in roles_of(demo=False) else demo
    assert look(person(here, role))["counted"] == "day"
    assert list(inside.visits(here.store)) == ["Lan"]


def test_a_look_is_not_on_record_carried_out_or_refused(bench: Bench) -> None:
    lan = person(bench, "admin")
    look(lan)
    assert give(lan, "seen", {"at": 1}).json()["code"] == "bad_argument"
    assert execute(bench, Command(Actor("Khách", "reader"), Seen())).code == "done", "who is known looks, too"
    assert execute(bench, Command(Actor("", "reader"), Seen())).code == "read_only", "nobody has looked"
    assert lan.get("/api/v1/audit").json() == {"audit": []}
    assert inside.commands(bench.store) == []
    assert inside.log(bench.store) == []
    assert "seen" in {c["name"] for c in lan.get("/api/v1/commands").json()["commands"]}


def test_a_look_is_kept_at_most_once_a_minute_also_where_two_processes_send_them(
    bench: Bench, at: Set
) -> None:
    """Both pages stand beside the engine and send at once, ten times a minute."""
    kept = []
    with serving(bench) as address:
        pages = [Pages(bench, Forward(address, bench.token(role="pages"))) for _ in range(2)]
        for step in range(0, 180_001, 6_000):
            at(step)
            threads = [
                threading.Thread(target=execute, args=(page, Command(Actor("Lan", "leader"), Seen())))
                for page in pages
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(PATIENCE_S)
            kept.append(inside.visits(bench.store)["Lan"].last - START)
    assert sorted(set(kept)) == [0, APART_MS, 2 * APART_MS, 3 * APART_MS]
    assert kept == sorted(kept)


def test_a_look_on_pages_that_only_read_is_carried_out_by_the_engine(bench: Bench, at: Set) -> None:
    lan = person(bench, "operator")
    with serving(bench) as address:
        page = Pages(bench, Forward(address, bench.token(role="pages")))
        assert execute(page, Command(Actor("Lan", "operator"), Seen())).ok
    at(2 * HOUR)
    assert news(bench, lan) == (2 * HOUR, "look", 0, 0)


def test_what_nobody_watched_is_not_counted(bench: Bench, at: Set) -> None:
    lan = person(bench, "leader")
    look(lan)
    at(4 * HOUR)

    def watched_since(ms: int) -> None:
        inside.done(bench.store, lambda conn: meta.put(conn, "engine_since", str(START + ms)))

    watched_since(3 * HOUR)
    assert news(bench, lan)[:2] == (HOUR, "watched")
    watched_since(-HOUR)
    assert news(bench, lan)[:2] == (4 * HOUR, "look")


def test_a_clock_that_is_set_back_makes_a_person_unknown_and_a_little_back_does_not(
    bench: Bench, at: Set
) -> None:
    lan = person(bench, "leader")
    at(0)
    look(lan)
    at(2 * HOUR)
    look(lan)
    at(2 * HOUR - MINUTE)
    assert news(bench, lan) == (2 * HOUR - MINUTE, "look", 0, 0)
    look(lan)
    assert inside.visits(bench.store)["Lan"] == Visit(START + 2 * HOUR, START + 2 * HOUR, START)
    at(-HOUR)
    assert news(bench, lan)[:2] == (DAY, "day")
    look(lan)
    assert inside.visits(bench.store)["Lan"] == Visit(START - HOUR, START - HOUR, None)


def test_whoever_has_not_looked_for_ninety_days_is_forgotten(bench: Bench, at: Set) -> None:
    lan, minh = person(bench, "leader"), person(bench, "leader", "Minh")
    look(lan)
    at(DAY)
    look(minh)
    at(GONE_MS)
    bench.store.maintain(START + GONE_MS).result(PATIENCE_S)
    assert set(inside.visits(bench.store)) == {"Lan", "Minh"}
    assert news(bench, lan)[:2] == (GONE_MS, "look")
    at(GONE_MS + 1)
    assert news(bench, lan)[:2] == (DAY, "day"), "whether it is removed yet or not"
    bench.store.maintain(START + GONE_MS + 1).result(PATIENCE_S)
    assert set(inside.visits(bench.store)) == {"Minh"}
    assert news(bench, minh)[1] == "look"
