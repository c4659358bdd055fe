"""Figures out of counts."""

from __future__ import annotations

from cockpit.domain.numbers import AlertId
from cockpit.score.alertlog import raised
from cockpit.score.figures import Load, Tally, load_of, quantile, share, tallies
from cockpit.score.match import Hit, Judged, Named, Verdict
from cockpit.store.queries.outcome import Row
from cockpit.store.rows import Logged
from tests.score.test_match import alert


def verdict() -> Verdict:
    return Verdict(
        hits=(
            Hit("f1", "camera_silent", "camera-silent", "camera-silent|cam-1", 0, 95_000, 90_000),
            Hit("f2", "camera_silent", "camera-silent", "camera-silent|cam-2", 0, 95_000, None),
            Hit("f3", "stuck", "odd", "odd|cam-2", 0, 95_000, None),
        ),
        alerts=(
            Judged(alert("camera-silent|cam-1", 90), "right", "f1", "camera_silent"),
            Judged(alert("camera-silent|cam-9", 90), "wrong"),
            Judged(alert("quiet|cam-9", 90), "wrong"),
        ),
        named=(Named("f1", "camera_silent", 2, (), True),),
        cleared=(),
    )


def test_totals_count_claimed_kinds_and_rules_that_claim_some() -> None:
    found = tallies(
        ["camera_silent", "camera_silent", "stuck"],
        verdict(),
        frozenset({"camera_silent"}),
        frozenset({"camera-silent"}),
    )
    total = found.total.figures()
    assert (total["recall"], total["precision"], total["cause"]) == (0.5, 0.5, 1.0)
    assert (total["faults"], total["detect_p95_s"], total["over_p95_s"]) == (2, 90.0, -5.0)
    assert found.kinds["stuck"].figures()["recall"] == 0.0
    assert found.rules["quiet"].figures()["precision"] == 0.0


def test_tallies_of_runs_add_up() -> None:
    claimed, judging = frozenset({"camera_silent"}), frozenset({"camera-silent"})
    one, two = (tallies([], verdict(), claimed, judging) for _ in range(2))
    one.add(two)
    assert (one.total.expected, one.total.found, one.total.delays) == (4, 2, [90_000, 90_000])
    assert one.rules["camera-silent"].alerts == {"right": 2, "wrong": 2}


def test_nothing_to_judge_is_no_figure() -> None:
    empty = Tally().figures()
    assert [empty[k] for k in ("recall", "precision", "cause", "detect_p95_s")] == [None] * 4
    assert share(0, 0) is None
    assert quantile([], 0.95) is None


def test_a_quantile_is_a_value_that_occurred() -> None:
    assert quantile(list(range(1, 101)), 0.95) == 95
    assert quantile([7], 0.95) == 7
    assert quantile([3, 1, 2], 0.5) == 2


def test_calls_are_counted_in_windows_of_ten_minutes() -> None:
    load = load_of([0, 599_999, 600_000, 2_000_000], 0, 1_500_000)
    assert load.windows == [2, 1, 0]
    assert load.figures() == {"per_10_min": 1.0, "peak_10_min": 2, "crowded": 0.0}
    assert Load([11, 9]).figures()["crowded"] == 0.5


def test_folds_come_from_the_log() -> None:
    rows = [Row(AlertId(1), "a|x", "a", 10, None, ""), Row(AlertId(2), "b|y", "b", 20, 50, "cleared")]
    log = [
        Logged(1, 20, "folded", AlertId(2), "engine", {"cause": 1, "key": "b|y"}),
        Logged(2, 40, "unfolded", AlertId(2), "engine", {"cause": 1, "key": "b|y"}),
        Logged(3, 45, "rule_off", None, "someone", {}),
    ]
    first, second = raised(rows, log)
    assert first.folds == ()
    assert [second.cause_at(t) for t in (19, 20, 39, 40)] == [None, 1, 1, None]
    assert second.code == "y"
    assert second.open_at(49)
    assert not second.open_at(50)
