"""The life of a request for an explanation, when its answer is due, and how fast units answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain import periods
from cockpit.domain import requests as life
from cockpit.domain.catalog import Text
from cockpit.domain.instants import iso, parse
from cockpit.domain.registers import Moved, number_of
from cockpit.domain.requests import About, Request, RequestFacts, due_after, request_of

FRIDAY = parse("2026-11-20T16:30:00+07:00")
HOUR = 3_600_000


def asked(number: int = 1, to: str = "a", t: int = 0, due: int = 10 * HOUR) -> Request:
    facts = RequestFacts(
        about=About("task", "7"), name=Text("x", "y"), asker="Lan", role="leader", question="?", due=due
    )
    return after(life.asked(number, facts, to, "", t))


def after(moved: Moved) -> Request:
    return request_of(moved.entry)


def test_working_days_pass_over_weekends_and_holidays() -> None:
    # Saturday and Sunday are off; so is Tuesday the 24th, the day of Vietnamese culture.
    found = [iso(due_after(FRIDAY, days)) for days in (1, 2, 3)]
    assert found == [f"2026-11-{day}T10:00:00.000+00:00" for day in (23, 25, 26)]
    before_tet = parse("2026-02-13T08:00:00+07:00")
    assert iso(due_after(before_tet, 1)) == "2026-02-23T10:00:00.000+00:00"


@given(st.integers(parse("2026-01-01T00:00:00Z"), parse("2027-12-01T00:00:00Z")), st.integers(1, 20))
def test_a_due_time_is_the_end_of_a_working_day_ahead(t: int, days: int) -> None:
    due = due_after(t, days)
    day = periods.day_number(due)
    assert due > t
    assert periods.is_workday(day)
    between = range(periods.day_number(t) + 1, day + 1)
    assert sum(map(periods.is_workday, between)) == days


def test_nothing_is_due_once_it_is_answered_and_the_first_answer_counts() -> None:
    one = asked()
    assert (one.waiting, one.late(9 * HOUR), one.late(10 * HOUR)) == (True, False, True)
    first = after(life.answered(one, "Do mưa", (), 9 * HOUR, "Minh"))
    assert (first.entry.due, first.late(99 * HOUR), first.facts.in_time) == (None, False, True)
    back = after(life.sent_back(first, "Chưa đủ", 20 * HOUR, 11 * HOUR, "Lan"))
    assert (back.entry.due, back.late(20 * HOUR), back.facts.text) == (20 * HOUR, True, "Do mưa")
    second = after(life.answered(back, "Do mưa, đã sửa", (), 30 * HOUR, "Minh"))
    assert (second.facts.first, second.facts.answered, second.facts.in_time) == (9 * HOUR, 30 * HOUR, True)
    over = after(life.accepted(second, "", 31 * HOUR, "Lan"))
    assert (over.entry.closed, over.entry.version) == (31 * HOUR, 5)


def test_response_times_are_of_first_answers_by_unit_the_overdue_first() -> None:
    quick = [after(life.answered(asked(n, "a"), "x", (), n * HOUR, "M")) for n in (1, 2, 9)]
    late = after(life.answered(asked(4, "b"), "x", (), 12 * HOUR, "M"))
    waiting = asked(5, "b")
    rows = life.times([*quick, late, waiting, asked(6, "c", due=99 * HOUR)], 20 * HOUR)
    assert rows == [
        life.Times("b", asked=2, answered=1, in_time=0, late=1, median_ms=12 * HOUR),
        life.Times("a", asked=3, answered=3, in_time=3, late=0, median_ms=2 * HOUR),
        life.Times("c", asked=1, answered=0, in_time=0, late=0, median_ms=None),
    ]


def test_a_number_is_read_with_and_without_the_letters_of_its_register() -> None:
    assert [number_of("task", text) for text in ("7", "NV-7", "LS-7", "", "-7", "٧", "9" * 16)] == [
        7, 7, None, None, None, None, None,
    ]  # fmt: skip
    assert number_of("alert", "CB-7") == 7


def told(request: Request, t: int) -> tuple[Request, list[tuple[str, object]]]:
    """What is told by `t`, step by step, and the request after it."""
    steps: list[tuple[str, object]] = []
    while (moved := life.prompted(request, t, "engine")) is not None:
        steps.append((moved.step.what, moved.step.evidence.get("to")))
        request = after(moved)
    return request, steps


def test_a_unit_is_reminded_then_its_leader_and_then_the_leader_is_told() -> None:
    due = due_after(FRIDAY, 3)
    one = asked(t=FRIDAY, due=due)
    assert iso(life.prompts(one)["reminded"]) == "2026-11-26T01:00:00.000+00:00"  # 08:00 of its last day
    assert told(one, due - 10 * HOUR)[1] == []
    one, steps = told(one, due - 9 * HOUR)
    assert steps == [("reminded", None)]
    one, steps = told(one, due)
    assert steps == [("escalated", "unit_leader")]
    assert told(one, due_after(due, 1) - 1)[1] == []
    one, steps = told(one, due_after(due, 1))
    assert (steps, one.entry.version) == ([("escalated", "leader")], 1)
    assert told(one, due + 1000 * HOUR)[1] == []


def test_nobody_is_told_of_what_is_answered_and_everybody_anew_when_it_was_sent_back() -> None:
    late, steps = told(asked(), 1000 * HOUR)
    assert steps == [("escalated", "unit_leader"), ("escalated", "leader")]  # too late to remind
    answered = after(life.answered(late, "Do mưa", (), 1000 * HOUR, "Minh"))
    assert told(answered, 9000 * HOUR)[1] == []
    back = after(life.sent_back(answered, "Chưa đủ", 1004 * HOUR, 1001 * HOUR, "Lan"))
    assert life.prompts(back)["reminded"] == 1001 * HOUR + HOUR * 3 // 2  # half-way: there is less time
    assert told(back, 1003 * HOUR)[1] == [("reminded", None)]
