"""A shift is handed over and taken, signed by both, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.handover import SHIFT_MS, SOON_MS
from cockpit.domain.instants import iso
from cockpit.domain.periods import HOUR_MS
from cockpit.domain.registers import GAP, REQUEST, TASK, Entry, Moved, Step
from cockpit.domain.roles import ROLES
from cockpit.store import registers
from cockpit.store.queries.handover import MOST_OTHERS
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench
from tests.wire.test_commands import give, person
from tests.wire.test_desk import CAMERA, RULE, alerts, later

UNIT = "06652"


def kept(bench: Bench, number: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = bench.client().get(f"/api/v1/registers/handover/{number}").json()
    return found


def test_a_shift_hands_over_what_is_open_and_what_people_did(bench: Bench) -> None:
    alerts(bench)
    operator = person(bench, "operator", "Minh")
    assert give(operator, "acknowledge", {"alert": 1}).json()["code"] == "done"
    hide = {"matchers": {"rule": RULE, "asset": CAMERA}, "until": later(1)}
    assert give(operator, "silence", hide, "thay dây").json()["code"] == "done"
    bench.clock.domain = START + 1000  # type: ignore[attr-defined]
    told = give(operator, "hand_over", {"note": "Chờ thợ điện.\nGọi lại lúc 15:00."}).json()
    assert told == {
        "code": "done",
        "facts": {"handover": 1, "at": START + 1000, "since": START + 1000 - SHIFT_MS, "version": 1},
    }
    found = kept(bench)
    sheet = found["facts"]["sheet"]
    assert (found["code"], found["state"], found["owner"], found["closed"]) == ("BG-1", "given", "Minh", None)
    assert (sheet["since"], sheet["until"]) == (iso(START + 1000 - SHIFT_MS), iso(START + 1000))
    assert sheet["did"] == {"acknowledge": 1, "silence": 1}
    (muted,) = sheet["mutes"]
    assert (muted["number"], muted["at"], muted["owner"], muted["facts"]["reason"]) == (
        1, later(1), "Minh", "thay dây",
    )  # fmt: skip
    assert muted["facts"]["until"] == later(1)
    assert sheet["counts"] == {"requests": 0, "gaps": 0, "tasks": 0, "mutes": 1}
    assert [a["alert"] for a in sheet["alerts"]] == [2, 1], "most urgent first"
    first, second = sheet["alerts"]
    assert (first["acknowledged"], second["acknowledged"], first["new"], first["overdue"]) == (
        False, True, True, False,
    )  # fmt: skip
    assert (sheet["standing"], sheet["opened"]) == (2, 2)


def test_it_is_signed_by_two_and_begins_the_next_shift(bench: Bench) -> None:
    alerts(bench)
    one, other = person(bench, "operator", "Minh"), person(bench, "admin", "Lan")
    assert give(one, "hand_over", {}).json()["facts"]["handover"] == 1
    assert give(one, "take_over", {"handover": 1}).json() == {
        "code": "no_right", "facts": {"role": "operator", "by": "Minh"},
    }  # fmt: skip
    assert give(other, "hand_over", {}).json()["facts"]["by"] == "Minh"
    assert give(other, "take_over", {"handover": 1, "version": 9}).json()["code"] == "changed"
    bench.clock.domain = START + HOUR_MS  # type: ignore[attr-defined]
    assert give(one, "hand_over", {"note": "thêm"}).json()["facts"]["version"] == 2, "made anew"
    assert give(other, "take_over", {"handover": 1, "version": 1}).json()["code"] == "changed"
    bench.clock.domain = START + 2 * HOUR_MS  # type: ignore[attr-defined]
    told = give(other, "take_over", {"handover": 1, "note": "đã rõ"}).json()
    assert told["facts"] == {"handover": 1, "at": START + 2 * HOUR_MS, "from": "Minh", "version": 3}
    again = give(person(bench, "operator", "Hà"), "take_over", {"handover": 1}).json()
    assert again == {"code": "already", "facts": {"by": "Lan", "at": START + 2 * HOUR_MS, "version": 3}}
    found = kept(bench)
    assert (found["state"], found["facts"]["by"], found["facts"]["to"]) == ("taken", "Minh", "Lan")
    assert [(s["what"], s["actor"]) for s in found["history"]] == [
        ("given", "Minh"), ("renewed", "Minh"), ("taken", "Lan"),
    ]  # fmt: skip
    following = give(other, "hand_over", {}).json()["facts"]
    assert following["since"] == START + HOUR_MS, "what happened after it was given belongs to the next shift"
    assert [e["id"] for e in bench.client().get("/api/v1/registers/handover").json()["handover"]] == [1, 2]


def test_what_was_handed_over_stays_as_it_was(bench: Bench) -> None:
    alerts(bench)
    give(person(bench, "operator", "Minh"), "hand_over", {})
    give(person(bench, "admin", "Lan"), "take_over", {"handover": 1})
    before = kept(bench)["facts"]
    give(person(bench, "operator", "Minh"), "acknowledge", {"alert": 1})
    assert kept(bench)["facts"] == before


def owe(bench: Bench, kind: str, number: int, due: int, owner: str = "skhcn", **facts: Any) -> Entry:
    """Somebody owes a step by an instant."""
    state = "reported" if kind == GAP else "asked" if kind == REQUEST else "doing"
    entry = Entry(kind, number, state, UNIT, owner, START - HOUR_MS, due, facts=facts)
    step = Step(START - HOUR_MS, "engine", "found", "", state, {})
    bench.store.write(lambda conn: registers.move(conn, Moved(entry, 0, step))).result(PATIENCE_S)
    return entry


def test_steps_of_gaps_and_tasks_are_handed_over_where_they_are_late_or_due_soon(bench: Bench) -> None:
    task: dict[str, Any] = {"code": "NV1", "name": {"vi": "Lắp trạm", "en": "Build it"}}
    for number, due in enumerate((-HOUR_MS, SOON_MS, SOON_MS + 1), 1):
        owe(bench, GAP, number, START + due, UNIT, cells=[])
        owe(bench, TASK, number, START + due, **task)
    assert give(person(bench, "operator", "Minh"), "hand_over", {}).json()["code"] == "done"
    sheet = kept(bench)["facts"]["sheet"]
    assert [(g["number"], g["at"], g["owner"], g["unit"], g["state"]) for g in sheet["gaps"]] == [
        (1, iso(START - HOUR_MS), UNIT, UNIT, "reported"), (2, iso(START + SOON_MS), UNIT, UNIT, "reported"),
    ]  # fmt: skip
    assert [(g["number"], g["name"], g["name_en"], g["owner"]) for g in sheet["tasks"]] == [
        (1, "Lắp trạm", "Build it", "skhcn"), (2, "Lắp trạm", "Build it", "skhcn"),
    ]  # fmt: skip
    assert (sheet["counts"]["gaps"], sheet["counts"]["tasks"]) == (2, 2)


def test_long_lists_are_cut_and_counted_the_most_urgent_first(bench: Bench) -> None:
    for number in range(1, MOST_OTHERS + 6):
        owe(bench, TASK, number, START - number, code="NV", name={"vi": "x", "en": "x"})
    give(person(bench, "operator", "Minh"), "hand_over", {})
    sheet = kept(bench)["facts"]["sheet"]
    assert (len(sheet["tasks"]), sheet["counts"]["tasks"]) == (MOST_OTHERS, MOST_OTHERS + 5)
    assert sheet["tasks"][0]["number"] == MOST_OTHERS + 5


@pytest.mark.parametrize("name", ["hand_over", "take_over"])
@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("operator", "admin", "presenter")])
def test_nobody_else_signs(bench: Bench, name: str, role: Any) -> None:
    args = {} if name == "hand_over" else {"handover": 1}
    assert give(person(bench, role), name, args).json()["code"] == "no_right"


def test_wrong_arguments_are_named(bench: Bench) -> None:
    operator = person(bench, "operator")
    assert give(operator, "take_over", {"handover": 7}).json() == {
        "code": "unknown", "facts": {"handover": 7},
    }  # fmt: skip
    assert give(operator, "hand_over", {"note": "a" * 2001}).json()["facts"]["argument"] == "note"
    assert give(operator, "hand_over", {"note": "a" * 2000}).json()["code"] == "done"


def test_both_signatures_are_on_record(bench: Bench) -> None:
    give(person(bench, "operator", "Minh"), "hand_over", {"note": "Chờ thợ."})
    give(person(bench, "admin", "Lan"), "take_over", {"handover": 1})
    found = person(bench, "admin", "Lan").get("/api/v1/audit").json()["audit"]
    assert {(e["name"], e["actor"]) for e in found} == {("take_over", "Lan"), ("hand_over", "Minh")}
