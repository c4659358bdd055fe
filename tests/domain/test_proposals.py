"""What is proposed: by how much is at stake and how long it waits, and never what somebody is at."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain import decisions, requests
from cockpit.domain.catalog import Text
from cockpit.domain.decisions import (
    AGAIN_MS,
    ALIKE,
    MOST,
    Candidate,
    asked,
    of_alert,
    of_figure,
    of_gap,
    of_task,
    ranked,
)
from cockpit.domain.periods import DAY_MS
from cockpit.domain.requests import About, Request, RequestFacts

T = 1_795_312_800_000  # 2026-11-22T09:00:00+07:00, a Sunday


@pytest.mark.parametrize(
    ("candidate", "points"),
    [
        (of_alert(1, "ca", T, T + 1000, T), 60),
        (of_alert(1, "ca", T - 500, T + 500, T), 80),
        (of_alert(1, "ca", T - 5000, T - 4000, T), 100),  # long overdue weighs as much as it can
        (of_figure("I1", "ca", 60.0, 80.0, 1), 36),  # a quarter missed, one day of seven
        (of_figure("I1", "ca", 120.0, 80.0, 7), 100),  # less is better: half too much, a week
        (of_figure("I1", "ca", 0.2, 0.0, 7), 64),  # a target of 0: what is too much as such
        (of_gap(1, "ca", 500, T - 15 * DAY_MS, T, verified=True), 50),
        (of_gap(1, "ca", 5000, T - 90 * DAY_MS, T, verified=False), 100),
        (of_task(1, "ca", T - 15 * DAY_MS, T), 50),
    ],
)
def test_points_are_six_tenths_at_stake_and_four_by_waiting(candidate: Candidate, points: int) -> None:
    assert candidate.points == points


def test_what_weighs_most_comes_first_and_of_a_kind_and_addressee_one() -> None:
    late = [of_task(n, to, T - n * DAY_MS, T) for n, to in ((3, "ca"), (9, "ca"), (6, "skhcn"))]
    alert = of_alert(7, "ca", T, T + 1000, T)
    assert [one.about[1] for one in ranked([*late, alert], ())] == ["7", "9", "6"]
    assert [one.about[1] for one in ranked([*late, alert], {("task", "9")})] == ["7", "6", "3"]


def test_what_is_about_the_same_stands_once() -> None:
    alert = of_alert(7, "vnpt", T, T + 1000, T, [("indicator", "I1")])
    figure, other = of_figure("I1", "ca", 70.0, 80.0, 1), of_figure("I2", "sct", 79.0, 80.0, 1)
    assert ranked([figure, other, alert], ()) == [alert, other]
    assert ranked([figure, other, alert], {("indicator", "I1")}) == [other]


KIND = st.sampled_from(decisions.KINDS)
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        KIND,
        st.tuples(st.sampled_from(("alert", "gap", "task")), st.sampled_from("123456")),
        st.sampled_from(("ca", "skhcn", "sct")),
        st.floats(0, 1),
        st.floats(0, 1),
    ),
    max_size=20,
    unique_by=lambda c: (c.kind, c.about),
)


@given(CANDIDATES, st.sets(st.tuples(st.sampled_from(("alert", "gap")), st.sampled_from("123"))))
def test_never_what_is_taken_never_more_than_three_and_the_order_given_does_not_matter(
    found: list[Candidate], taken: set[tuple[str, str]]
) -> None:
    chosen = ranked(found, taken)
    assert len(chosen) <= MOST
    assert not {one.about for one in chosen} & taken
    assert max(Counter(one.kind for one in chosen).values(), default=0) <= ALIKE
    assert len({one.about for one in chosen}) == len({(one.kind, one.to) for one in chosen}) == len(chosen)
    assert [one.points for one in chosen] == sorted((one.points for one in chosen), reverse=True)
    assert ranked(found[::-1], taken) == chosen
    if any(one.about not in taken for one in found):
        assert chosen


def _request(state: str) -> Request:
    facts = RequestFacts(
        about=About("indicator", "I1"),
        name=Text("a", "a"),
        asker="Lan",
        role="leader",
        question="?",
        due=T + 1,
    )
    begun = requests.request_of(requests.asked(1, facts, "ca", "", T).entry)
    if state == "asked":
        return begun
    answered = requests.request_of(requests.answered(begun, "Do mưa.", (), T, "Minh").entry)
    return answered if state == "answered" else requests.request_of(
        requests.accepted(answered, "", T, "Lan").entry
    )  # fmt: skip


@pytest.mark.parametrize(("state", "after_ms", "there"), [
    ("asked", 0, True), ("asked", 300 * DAY_MS, True), ("answered", 300 * DAY_MS, True),
    ("accepted", AGAIN_MS - 1, True), ("accepted", AGAIN_MS, False),
])  # fmt: skip
def test_what_was_asked_is_asked_until_a_week_after_the_answer_was_accepted(
    state: str, after_ms: int, there: bool
) -> None:
    assert (("indicator", "I1") in asked([_request(state)], T + after_ms)) is there


def test_a_figure_is_red_since_it_was_beyond_the_limit_on_every_day() -> None:
    assert decisions.red_days([70, 90, 79, 78], 80, up=True) == 3
    assert decisions.red_days([85, 70, 90, 80], 80, up=True) == 1  # at the limit is not beyond it
    assert decisions.red_days([90, 91], 80, up=False) == 3
    assert decisions.red_days([], 80, up=True) == 1
