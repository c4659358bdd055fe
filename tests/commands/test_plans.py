"""What people do with plans: who may, what it wants, what two people at once get, what stays on record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cockpit.commands import Actor, Asked, Command, Result, execute
from cockpit.commands.dispatch import MAX_RECORDED
from cockpit.domain.catalog import Text
from cockpit.domain.instants import iso
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.model import Draft, Item, Plan, ProjectRow, Row
from cockpit.domain.plans.putting import row_of
from cockpit.ingest import shipped
from cockpit.profiles import Profile, load
from cockpit.store.queries import plans as queries
from cockpit.store.queries import registers
from tests.clocks import HandClock
from tests.store import inside
from tests.wire.conftest import START, Bench, make

OURS = "MAU-2026"


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load("quang_ninh", size="district")


@pytest.fixture
def here(tmp_path: Path, profile: Profile) -> Iterator[Bench]:
    made = make(tmp_path, profile, HandClock(START))
    shipped.ship(made.store, profile, START, demo=True)
    yield made
    made.door.close()
    made.store.close()


def plan(here: Bench, code: str = OURS) -> Plan:
    with here.store.read() as conn:
        found = queries.plan(conn, code)
    assert found is not None
    return found


def task(here: Bench, code: str, of: str = OURS) -> Item:
    return next(i for i in plan(here, of).items if i.facts.code == code)


def do(
    here: Bench,
    name: str,
    role: Any = "officer",
    unit: str = "skhcn",
    reason: str = "",
    actor: str = "Lan",
    **args: Any,
) -> Result:
    """A command as it comes over the wire."""
    return execute(here, Command(Actor(actor, role, unit), Asked(name, args), reason))


def test_who_answers_for_a_task_moves_it_with_evidence(here: Bench) -> None:
    before = task(here, "N13")
    done = do(here, "task_move", task=before.entry.id, state="done", evidence=["QĐ 12/QĐ-SKHCN"])
    assert (done.code, done.facts) == ("done", {"task": before.entry.id, "state": "done", "version": 3})
    after = task(here, "N13")
    assert (after.state, after.entry.closed, after.facts.evidence) == ("done", START, ("QĐ 12/QĐ-SKHCN",))
    with here.store.read() as conn:
        last = registers.history(conn, "task", before.entry.id)[-1]
    assert (last.actor, last.what, last.before, last.after) == ("Lan", "to_done", "doing", "done")


@pytest.mark.parametrize(
    ("role", "unit", "code"),
    [
        ("officer", "skhcn", "done"), ("unit_leader", "skhcn", "done"), ("officer", "ca", "no_right"),
        ("officer", "", "no_right"), ("leader", "skhcn", "no_right"), ("admin", "", "no_right"),
        ("operator", "", "no_right"), ("reader", "skhcn", "read_only"),
    ],
)  # fmt: skip
def test_nobody_else_moves_it(here: Bench, role: str, unit: str, code: str) -> None:
    number = task(here, "N13").entry.id
    assert do(here, "task_move", role, unit, task=number, state="done", evidence=["x"]).code == code
    assert (task(here, "N13").state == "done") is (code == "done")


def test_whose_a_task_is_comes_before_what_is_wrong_in_the_order(here: Bench) -> None:
    number = task(here, "N13").entry.id
    assert do(here, "task_move", "officer", "ca", task=number, state="untold").code == "no_right"
    assert do(here, "task_move", "officer", "skhcn", task=number, state="untold").code == "bad_argument"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"state": "done"}, "evidence_needed"),
        ({"state": "done", "evidence": [" "]}, "bad_argument"),
        ({"state": "done", "evidence": ["x" * 201]}, "bad_argument"),
        ({"state": "doing"}, "already"),
        ({"state": "dropped"}, "reason_needed"),
        ({"state": "untold"}, "bad_argument"),
        ({"state": "not_started", "note": "lùi lại"}, "done"),
        ({"state": "done", "evidence": ["x"], "version": 1}, "changed"),
    ],
)
def test_a_step_that_cannot_be_taken_changes_nothing(here: Bench, args: dict[str, Any], code: str) -> None:
    number = task(here, "N13").entry.id
    assert do(here, "task_move", task=number, **args).code == code
    assert (task(here, "N13").entry.version == 2) is (code != "done")


def test_of_two_at_once_one_acts_and_the_other_is_told(here: Bench) -> None:
    number = task(here, "N13").entry.id
    first = do(here, "task_move", task=number, state="done", evidence=["x"], version=2)
    second = do(here, "task_move", actor="Minh", task=number, state="dropped", note="trùng", version=2)
    assert (first.code, second.code, second.facts) == ("done", "changed", {"version": 3})
    assert [c.outcome for c in inside.commands(here.store)] == ["done", "changed"]


def test_a_published_result_of_another_time_cannot_be_moved(here: Bench) -> None:
    number = task(here, "N4", "QN-2023").entry.id  # Công an tỉnh is named as its owner
    moved = do(here, "task_move", unit="ca", task=number, state="done", evidence=["x"])
    assert (moved.code, moved.facts["state"]) == ("wrong_state", "untold")
    assert do(here, "task_move", task=10_000, state="doing").code == "unknown"


def test_a_target_tied_to_an_indicator_is_nobodys_to_move_another_is_moved_with_what_was_reached(
    here: Bench,
) -> None:
    tied, free = task(here, "M08"), task(here, "M12")
    refused = do(here, "target_move", target=tied.entry.id, state="done", evidence=["x"])
    assert (refused.code, refused.facts["indicator"]) == ("wrong_state", "I32")
    done = do(
        here,
        "target_move",
        unit="sct",
        target=free.entry.id,
        state="done",
        value=51.5,
        evidence=["BC 7/BC-SCT"],
    )
    assert done.ok
    assert task(here, "M12").facts.value == 51.5


def test_why_a_task_is_not_started_is_kept_until_it_is(here: Bench) -> None:
    number = task(here, "N19").entry.id
    assert do(here, "task_explain", task=number, why="x").code == "bad_argument"
    assert do(here, "task_explain", unit="ca", task=number, why="chờ thẩm định").code == "no_right"
    assert do(here, "task_explain", task=number, why="chờ thẩm định giá").ok
    assert task(here, "N19").facts.why == "chờ thẩm định giá"
    assert do(here, "task_move", task=number, state="doing").ok
    assert task(here, "N19").facts.why == ""
    assert do(here, "task_explain", task=number, why="chờ thẩm định giá").code == "wrong_state"


def test_what_a_project_has_paid_is_told_by_month_and_never_ahead(here: Bench) -> None:
    one = plan(here).projects[0]
    paid = do(here, "project_paid", project=one.entry.id, month="2026-11", paid=1200)
    assert (paid.code, paid.facts["version"]) == ("done", 2)
    assert plan(here).projects[0].facts.months["2026-11"].paid == 1200
    assert do(here, "project_paid", project=one.entry.id, month="2026-12", paid=1).code == "bad_argument"
    assert do(here, "project_paid", project=one.entry.id, month="2026-13", paid=1).code == "bad_argument"
    assert do(here, "project_paid", project=one.entry.id, month="2026-11", paid=-1).code == "bad_argument"
    assert (
        do(here, "project_paid", unit="syt", project=one.entry.id, month="2026-11", paid=1).code == "no_right"
    )


def test_a_leader_gives_a_task_and_a_unit_leader_only_within_the_unit(here: Bench) -> None:
    ours, end = {"kind": "plan", "code": OURS}, iso(START + 86_400_000)
    order: dict[str, Any] = {
        "about": ours, "to": "syt", "due": end, "text": "Rà soát",
    }  # fmt: skip
    given = do(here, "task_assign", "leader", "", **order)
    assert given.code == "done"
    new = plan(here).tasks[-1]
    assert (new.entry.id, new.entry.owner, new.state) == (given.facts["task"], "syt", "not_started")
    assert (new.facts.name.vi, new.entry.due) == ("Rà soát", START + 86_400_000)
    assert do(here, "task_assign", "unit_leader", "syt", **order).ok
    assert do(here, "task_assign", "unit_leader", "ca", **order).code == "no_right"
    assert do(here, "task_assign", "unit_leader", "ca", **(order | {"text": "x"})).code == "no_right"
    assert do(here, "task_assign", "officer", "syt", **order).code == "no_right"
    alert, none, over, there = (
        {"about": {"kind": kind, "code": code}}
        for kind, code in (("alert", "1"), ("plan", "none"), ("plan", "KH59-2022"), ("plan", "QT-1982"))
    )
    for wrong, code in (
        ({"to": "nobody"}, "bad_argument"), ({"due": iso(START)}, "bad_argument"),
        ({"text": "x"}, "bad_argument"), (alert, "unknown"), (none, "unknown"),
        (over, "wrong_state"), (there, "wrong_state"),
    ):  # fmt: skip
        assert do(here, "task_assign", "leader", "", **(order | wrong)).code == code, wrong


def draft(**more: Any) -> Draft:
    word = Text("Kế hoạch thử", "Trial")
    base: dict[str, Any] = {
        "code": "THU-2026", "name": word, "document": word, "source": word, "first": "2026-01-01",
        "last": "2026-12-31",
        "tasks": (
            Row(code="N1", name=word, owner="skhcn", due="2026-12-01"),
            Row(code="N2", name=word, owner="06688"),
        ),
        "projects": (ProjectRow(code="D1", name=word, owner="stc", allotted=500),),
    }  # fmt: skip
    return Draft(**(base | more))


def put(here: Bench, plan: Draft, role: str = "leader", reason: str = "theo tờ trình") -> Result:
    return do(here, "plan_put", role, "", reason, plan=msgspec.to_builtins(plan))


def test_a_plan_is_put_whole_then_only_what_differs(here: Bench) -> None:
    assert put(here, draft()).facts == {"plan": "THU-2026", "new": 4, "edited": 0, "same": 0, "left": 0}
    assert put(here, draft()).facts == {"plan": "THU-2026", "new": 0, "edited": 0, "same": 4, "left": 0}
    first = draft().tasks[0]
    later = draft(tasks=(msgspec.structs.replace(first, due="2026-12-15"),))
    assert put(here, later).facts == {"plan": "THU-2026", "new": 0, "edited": 1, "same": 2, "left": 1}
    changed = task(here, "N1", "THU-2026")
    assert changed.entry.due == Days().end("2026-12-15")
    with here.store.read() as conn:
        step = registers.history(conn, "task", changed.entry.id)[-1]
    assert (step.what, step.actor) == ("edited", "Lan")
    assert step.evidence == {"changed": {"due": ["2026-12-01", "2026-12-15"]}, "note": "theo tờ trình"}
    assert task(here, "N2", "THU-2026").entry.unit == "06688"


def test_a_row_that_somebody_has_changed_since_it_was_seen_refuses_the_whole(here: Bench) -> None:
    put(here, draft())
    seen = row_of(task(here, "N1", "THU-2026"), Days())
    number = task(here, "N1", "THU-2026").entry.id
    assert do(here, "task_move", task=number, state="doing").ok
    edited = msgspec.structs.replace(seen, due="2026-12-20")
    again = put(here, draft(tasks=(edited,), name=Text("Tên khác", "Other")))
    assert again.code == "changed"
    assert [(m["part"], m["row"], m["member"]) for m in again.facts["mistakes"]] == [("tasks", 0, "version")]
    assert plan(here, "THU-2026").facts.name.vi == "Kế hoạch thử"
    unchanged = msgspec.structs.replace(row_of(task(here, "N1", "THU-2026"), Days()), version=1)
    assert put(here, draft(tasks=(unchanged,))).ok, "what changes nothing overtakes nobody"


def test_a_wrong_plan_is_refused_whole_and_names_every_mistake(here: Bench) -> None:
    word = Text("x", "x")
    rows = (
        Row(code="N1", name=word, owner="nobody"),
        Row(code="N1", name=word),
        Row(code="N3", name=word, owner="ca", due="31/12/2026"),
        Row(code="N4", name=word, owner="ca", state="done", done="2026-03-01"),
    )  # fmt: skip
    found = put(here, draft(tasks=rows))
    assert found.code == "bad_argument"
    assert found.facts["argument"] == "plan.tasks[1].code"
    assert {(m["row"], m["member"], m["code"]) for m in found.facts["mistakes"]} == {
        (0, "owner", "owner"), (1, "code", "repeated"), (1, "owner", "needed"), (2, "due", "day"),
        (3, "evidence", "needed"),
    }  # fmt: skip
    with here.store.read() as conn:
        assert queries.plan(conn, "THU-2026") is None


@pytest.mark.parametrize(
    ("role", "reason", "code"),
    [
        ("leader", "tờ trình", "done"), ("admin", "tờ trình", "done"), ("leader", "", "reason_needed"),
        ("officer", "tờ trình", "no_right"), ("operator", "tờ trình", "no_right"),
    ],
)  # fmt: skip
def test_who_may_put_a_plan(here: Bench, role: str, reason: str, code: str) -> None:
    assert put(here, draft(), role, reason).code == code


def test_on_record_is_how_much_was_put_and_not_all_of_it(here: Bench) -> None:
    put(here, draft())
    args = inside.commands(here.store)[-1].args
    assert {k: args[k] for k in ("plan", "rows", "reason")} == {
        "plan": "THU-2026",
        "rows": 3,
        "reason": "theo tờ trình",
    }
    assert len(str(args)) < MAX_RECORDED


def test_signs_that_are_not_seen_are_dropped_wherever_a_plan_holds_them(here: Bench) -> None:
    hidden = Text("Tên\u202e\u200b đẹp", "Fine\u2028name")
    assert put(here, draft(name=hidden)).ok
    assert plan(here, "THU-2026").facts.name == Text("Tên đẹp", "Fine name")


def test_a_tied_target_keeps_what_has_ticked_whatever_a_plan_says(here: Bench) -> None:
    whole = plan(here)
    tied = task(here, "M08")
    row = msgspec.structs.replace(row_of(tied, Days()), state="done", done="2026-11-01", evidence=("x",))
    head = {name: getattr(whole.facts, name) for name in whole.facts.__struct_fields__}
    assert put(here, Draft(**head, targets=(row,))).facts["edited"] == 0
    assert task(here, "M08").state == tied.state
