"""Plans: what counts, which step may follow which, what is due, and whose it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.catalog import Text
from cockpit.domain.periods import DAY_MS, period_of
from cockpit.domain.plans import counting, life, progress
from cockpit.domain.plans.counting import Count
from cockpit.domain.plans.days import Days, number_of
from cockpit.domain.plans.model import (
    Item,
    ItemFacts,
    Month,
    Plan,
    PlanFacts,
    Project,
    ProjectFacts,
    State,
    item_of,
    plain,
    project_of,
)
from cockpit.domain.registers import KEPT, PLAN, PROJECT, TARGET, TASK, Entry

DAYS = Days()
NOW = DAYS.within("2026-11-20")


def text(word: str) -> Text:
    return Text(word, word)


def item(
    state: State = "doing",
    due: str = "2026-11-30",
    owner: str = "a",
    done: str = "",
    n: int = 1,
    **facts: Any,
) -> Item:
    """A task as the register has it; `done` is the day it was over."""
    closed = DAYS.within(done) if done else None if state in ("doing", "not_started") else NOW
    said = ItemFacts(plan="P", code=f"T{n}", name=text("n"), due=due, **facts)
    kind = TARGET if said.goal is not None else TASK
    end = DAYS.end(due) if due else None
    return Item(Entry(kind, n, state, "", owner, 0, end, closed, facts=plain(said)), said)


def project(allotted: int, **months: tuple[int, int]) -> Project:
    said = ProjectFacts(
        plan="P", code="D", name=text("n"), allotted=allotted,
        months={at.replace("m", "2026-"): Month(*money) for at, money in months.items()},
    )  # fmt: skip
    return Project(Entry(PROJECT, 1, KEPT, "", "a", 0, None, facts=plain(said)), said)


def plan(code: str, first: str, last: str, n: int = 1, **facts: Any) -> Plan:
    said = PlanFacts(
        code=code, name=text(code), document=text("d"), source=text("s"), first=first, last=last, **facts
    )
    return Plan(Entry(PLAN, n, KEPT, "", "", 0, None, facts=plain(said)), said)


def test_the_published_rates_come_out_of_the_counts() -> None:
    for done, total, percent in ((11, 27, 40.7), (19, 51, 37.3), (11, 21, 52.4), (5, 9, 55.6), (1, 6, 16.7)):
        items = [item("done", done="2022-12-31")] * done + [item("missed")] * (total - done)
        found = counting.count(items)
        assert found == Count(done, total)
        assert round(found.share or 0, 1) == percent


def test_what_was_dropped_and_mere_results_count_nowhere_and_of_nothing_there_is_no_rate() -> None:
    some = [item("done", done="2026-01-01"), item("doing"), item("dropped"), item("told"), item("untold")]
    assert counting.count(some) == Count(1, 2, 1)
    assert counting.count([item("untold")]).share is None, "nobody knows is not none"
    assert counting.count([]).share is None
    assert counting.money([]).share is None
    assert not counting.known([item("untold"), item("told")])


@given(
    st.lists(st.sampled_from(["untold", "told", "not_started", "doing", "done", "missed", "dropped"])),
    st.data(),
)
def test_any_split_of_a_plan_counts_the_same(states: list[State], data: st.DataObject) -> None:
    items = [item(state, n=n) for n, state in enumerate(states, 1)]
    cut = data.draw(st.integers(0, len(items)))
    parts = [counting.count(items[:cut]), counting.count(items[cut:])]
    assert counting.count(items) == Count(*(sum(pair) for pair in zip(*parts, strict=True)))


def test_the_plan_of_a_day_is_the_one_that_runs_else_the_last_and_never_another_provinces() -> None:
    plans = [
        plan("old", "2022-01-01", "2022-12-31"),
        plan("long", "2022-01-01", "2030-12-31", 2),
        plan("year", "2026-01-01", "2026-12-31", 3),
        plan("there", "2026-01-01", "2026-06-30", 4, province="Bắc Kạn"),
        plan("sample", "2026-01-01", "2026-12-30", 5, made_up=True),
    ]

    def of(day: str, **more: Any) -> str:
        found = counting.running(plans, day, **more)
        return found.facts.code if found else ""

    assert (of("2026-11-20"), of("2026-11-20", made_up=False)) == ("sample", "year")
    assert of("2024-05-01") == "long"
    assert of("2031-01-01") == "long"
    assert of("2021-01-01") == ""


@pytest.mark.parametrize(
    ("state", "to", "note", "evidence", "wanting"),
    [
        ("not_started", "doing", "", (), ""),
        ("doing", "done", "", (), "evidence_needed"),
        ("doing", "done", "", ("QĐ 1",), ""),
        ("doing", "dropped", "", (), "reason_needed"),
        ("doing", "dropped", "trùng", (), ""),
        ("doing", "not_started", "", (), "reason_needed"),
        ("done", "doing", "còn thiếu", (), ""),
        ("done", "dropped", "x", (), "wrong_state"),
        ("missed", "done", "", ("QĐ 1",), ""),
        ("untold", "done", "", ("QĐ 1",), "wrong_state"),
        ("told", "done", "", ("QĐ 1",), "wrong_state"),
    ],
)
def test_which_step_may_follow_and_what_it_wants(
    state: State, to: State, note: str, evidence: tuple[str, ...], wanting: str
) -> None:
    assert life.wanting(item(state), to, note, evidence) == wanting


def test_a_step_keeps_what_shows_it_and_grows_the_version() -> None:
    begun = life.moved(item("not_started", why="chờ vốn"), "doing", NOW, "Lan", day="2026-11-20")
    assert (begun.seen, begun.entry.version, begun.entry.state, begun.entry.closed) == (1, 2, "doing", None)
    facts = item_of(begun.entry).facts
    assert (facts.began, facts.why) == ("2026-11-20", "")
    done = life.moved(
        item_of(begun.entry), "done", NOW + 5, "Lan", day="2026-11-21", evidence=("QĐ 1",), value=7
    )
    assert (done.entry.closed, done.step.evidence) == (NOW + 5, {"evidence": ["QĐ 1"], "value": 7})
    assert item_of(done.entry).in_time
    back = life.moved(item_of(done.entry), "doing", NOW + 9, "Lan", day="2026-11-21", note="thiếu")
    assert (back.entry.closed, item_of(back.entry).facts.evidence) == (None, ())


@pytest.mark.parametrize(
    ("direction", "state", "value", "to"),
    [
        ("up", "not_started", 50.0, "doing"), ("up", "doing", 79.9, None), ("up", "doing", 80.0, "done"),
        ("up", "done", 79.0, "doing"), ("up", "done", 81.0, None), ("down", "doing", 80.0, "done"),
        ("down", "done", 80.1, "doing"), ("up", "missed", 90.0, None), ("up", "dropped", 90.0, None),
    ],
)  # fmt: skip
def test_a_tied_target_ticks_by_its_figure(
    direction: Any, state: State, value: float, to: State | None
) -> None:
    tied = item(state, goal=80.0, direction=direction, indicator="I10")
    found = life.ticked(tied, value, NOW - 5, NOW, "2026-11-20")
    assert (found.entry.state if found else None) == to
    if found:
        assert found.step.actor == "engine"
        assert found.step.evidence == {"indicator": "I10", "value": value, "asof": NOW - 5}
    assert life.wanting(tied, "done", "", ("x",)) == "wrong_state"


def test_a_target_without_a_goal_does_not_tick() -> None:
    assert life.ticked(item(indicator="I10"), 5, NOW, NOW, "2026-11-20") is None


def test_late_soon_and_idle_in_their_order() -> None:
    some = [
        item(due="2026-12-10", n=1), item(due="2026-10-31", n=2), item(due="2026-09-30", n=3),
        item(due="2026-12-21", n=4), item("done", due="2026-10-31", done="2026-11-02", n=5),
        item("not_started", due="2026-12-31", start="2026-11-20", n=6),
        item("not_started", due="2026-12-31", start="2026-06-01", why="chờ", n=7),
        item("not_started", due="2026-12-31", start="2026-11-21", n=8),
    ]  # fmt: skip
    assert [i.entry.id for i in progress.late(some, NOW)] == [3, 2]
    assert [i.entry.id for i in progress.soon(some, NOW)] == [1]
    assert [i.entry.id for i in progress.idle(some, "2026-11-20")] == [6, 7]
    assert not some[4].in_time


def test_a_task_is_late_when_its_day_is_over_and_not_before() -> None:
    due = item(due="2026-11-20")
    assert not due.late(DAYS.end("2026-11-20") - 1)
    assert due.late(DAYS.end("2026-11-20"))


def test_the_path_of_a_plan_ends_with_all_of_it_and_knows_nothing_of_tomorrow() -> None:
    year = plan("P", "2026-01-01", "2026-12-31")
    some = [item("done", due="2026-03-31", done="2026-04-05"), item(due="2026-11-30"), item(due="", n=3)]
    found = progress.burn_up(some, year.facts, DAYS, NOW)
    assert [b.day for b in (found[0], found[-1])] == ["2026-01-01", "2026-12-31"]
    today = next(b for b in found if b.day == "2026-11-20")
    assert (today.due, today.done) == (1, 1)
    assert found[-1].due == 3
    assert all((b.done is None) is (b.day > "2026-11-20") for b in found)
    before = next(b for b in found if b.day == "2026-04-02")
    assert (before.due, before.done) == (1, 0)


def test_money_adds_up_by_month_and_is_not_known_ahead() -> None:
    some = [project(100, m01=(40, 10), m12=(60, 0)), project(50, m01=(50, 20))]
    assert counting.money(some) == (150, 30)
    assert progress.spending(some, "2026-11") == [("2026-01", 90, 30), ("2026-12", 150, None)]
    paid = life.paid(some[0], "2026-02", 25, NOW, "Lan")
    assert paid.step.evidence == {"month": "2026-02", "before": 0, "paid": 25}
    assert project_of(paid.entry).paid == 35


def reviewed(items: list[Item], day: str = "2026-11-20", back: int = 0) -> dict[str, Any]:
    period = period_of(number_of(day), "M", "report")
    for _ in range(back):
        period = period_of(period.first - 1, "M", "report")
    return {r.owner: r._asdict() for r in progress.review(items, period, DAYS, DAYS.within(day))}


def test_a_review_judges_a_reporting_month_by_owner() -> None:
    some = [
        item("done", due="2026-11-16", done="2026-11-15", n=1),
        item("done", due="2026-11-16", done="2026-11-18", n=2),
        item(due="2026-11-17", n=3),
        item(due="2026-12-10", n=4),
        item(due="2026-10-01", n=5),
        item("not_started", due="2026-12-31", start="2026-02-01", owner="b", n=6),
    ]
    found = reviewed(some)
    assert found["a"] == {
        "owner": "a", "due": 3, "in_time": 1, "after": 1, "open": 1, "coming": 1, "behind": 1, "idle": 0,
        "done": 2,
    }  # fmt: skip
    assert (found["b"]["idle"], found["b"]["due"]) == (1, 0)
    assert next(iter(found)) == "a", "who has most open comes first"


def test_what_was_open_at_the_end_of_a_period_stays_so_in_its_review() -> None:
    late = item("done", due="2026-11-10", done="2026-11-18")
    assert reviewed([late], back=1)["a"]["open"] == 1
    assert reviewed([late], back=1)["a"]["after"] == 0
    assert reviewed([late])["a"]["done"] == 1


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c"]), st.sampled_from(["not_started", "doing", "done"]),
            st.integers(-90, 60), st.integers(-120, 0),
        )
    )
)  # fmt: skip
def test_owners_add_up_to_the_plan(rows: list[tuple[str, State, int, int]]) -> None:
    today = number_of("2026-11-20")

    def day(ahead: int) -> str:
        return DAYS.of(NOW + ahead * DAY_MS)

    assert number_of(day(0)) == today
    some = [
        item(state, due=day(due), owner=owner, done=day(done) if state == "done" else "", n=n)
        for n, (owner, state, due, done) in enumerate(rows, 1)
    ]
    found = reviewed(some)
    whole = reviewed([replace(i, entry=replace(i.entry, owner="all")) for i in some])
    for name in ("due", "in_time", "after", "open", "coming", "behind", "idle", "done"):
        assert sum(r[name] for r in found.values()) == sum(r[name] for r in whole.values())
    for one in found.values():
        assert one["due"] == one["in_time"] + one["after"] + one["open"]
