"""Alerts against truth, in cases small enough to be done by hand."""

from __future__ import annotations

from typing import Any

from cockpit.domain.numbers import AlertId
from cockpit.score.alertlog import Raised
from cockpit.score.match import Verdict, judge
from cockpit.score.truth import Expected, Fault

S = 1000
END = 10_000 * S


def fault(cause: str = "cam-1", onset: int = 100, end: int = 1000, **more: Any) -> Fault:
    """Seconds; expects a camera-silent alert on its cause 95 s after the onset unless told."""
    base: dict[str, Any] = {
        "id": f"f-{cause}-{onset}", "kind": "camera_silent", "scenario": "", "may": frozenset(),
        "affected": frozenset({cause}), "expected": (wants(f"camera-silent|{cause}", onset + 95),),
    }  # fmt: skip
    return Fault(cause=cause, onset=onset * S, end=end * S, **(base | more))


def wants(key: str, by: int) -> Expected:
    return Expected(key.partition("|")[0], key, by * S)


def recorder(onset: int = 100, end: int = 1000, **more: Any) -> Fault:
    """A recorder with two cameras."""
    base: dict[str, Any] = {
        "kind": "recorder_silent", "affected": frozenset({"rec-1", "cam-1", "cam-2"}),
        "expected": (wants("recorder-silent|rec-1", onset + 125),),
    }  # fmt: skip
    return fault("rec-1", onset, end, **(base | more))


_serial = 0


def alert(
    key: str,
    opened: int,
    closed: int | None = None,
    *folds: tuple[int, int | None],
    reason: str = "cleared",
    id: int = 0,
) -> Raised:
    global _serial
    _serial += 1
    return Raised(
        AlertId(id or 1000 + _serial),
        key,
        key.partition("|")[0],
        opened * S,
        None if closed is None else closed * S,
        reason if closed is not None else "",
        tuple((t * S, None if cause is None else AlertId(cause)) for t, cause in folds),
    )


def verdict(faults: list[Fault], alerts: list[Raised], start: int = 0, end: int = END) -> Verdict:
    return judge(faults, alerts, start * S, end, lambda code: 20 * S)


def whats(found: Verdict) -> list[str]:
    return [j.what for j in found.alerts]


def test_an_expected_alert_is_right_and_its_delay_counts_from_the_onset() -> None:
    found = verdict([fault()], [alert("camera-silent|cam-1", 190, 1050)])
    assert whats(found) == ["right"]
    (hit,) = found.hits
    assert (hit.opened, hit.delay, hit.over) == (190 * S, 90 * S, -5 * S)
    (closing,) = found.cleared
    assert (closing.false, closing.after) == (False, 50 * S)


def test_an_alert_after_its_deadline_is_found_but_late() -> None:
    (hit,) = verdict([fault()], [alert("camera-silent|cam-1", 300)]).hits
    assert hit.opened is not None
    assert hit.over == 105 * S


def test_an_expected_alert_that_never_comes_or_comes_after_the_fault_is_missed() -> None:
    found = verdict([fault()], [alert("camera-silent|cam-1", 1021)])
    assert [h.opened for h in found.hits] == [None]
    assert whats(found) == ["wrong"]


def test_an_alert_just_after_the_end_is_still_that_of_the_fault() -> None:
    assert whats(verdict([fault()], [alert("camera-silent|cam-1", 1015)])) == ["right"]


def test_an_alert_that_nothing_explains_is_wrong() -> None:
    found = verdict([fault()], [alert("camera-silent|cam-2", 190), alert("camera-silent|cam-1", 50)])
    assert whats(found) == ["wrong", "wrong"]


def test_an_allowed_alert_is_neither_right_nor_wrong() -> None:
    short = fault(end=180, expected=(), may=frozenset({"camera-silent|cam-1"}))
    found = verdict([short], [alert("camera-silent|cam-1", 190)])
    assert whats(found) == ["may"]
    assert not found.hits
    assert not found.cleared


def test_a_fault_too_short_to_be_alerted_makes_an_alert_on_it_a_symptom_only_while_it_lasts() -> None:
    short = fault(end=130, expected=())
    assert whats(verdict([short], [alert("camera-silent|cam-1", 190)])) == ["wrong"]


def test_alerts_below_the_cause_are_symptoms_and_no_mistakes() -> None:
    found = verdict(
        [recorder()],
        [
            alert("camera-silent|cam-1", 190, 1020, (220, 7)),
            alert("recorder-silent|rec-1", 220, 1060, id=7),
        ],
    )
    assert whats(found) == ["symptom", "right"]
    (named,) = found.named
    assert named.right
    assert named.symptoms == 1


def test_a_symptom_that_stands_by_itself_leaves_the_cause_unnamed() -> None:
    found = verdict(
        [recorder()],
        [
            alert("recorder-silent|rec-1", 220, 1060, id=7),
            alert("camera-silent|cam-1", 230, 1020, (230, 7)),
            alert("camera-silent|cam-2", 231, 1020, (231, 7), (500, None)),
        ],
    )
    (named,) = found.named
    assert not named.right
    assert named.stray == ("camera-silent|cam-2",)


def test_a_cause_that_is_not_alerted_is_not_named() -> None:
    (named,) = verdict([recorder()], [alert("camera-silent|cam-1", 190, 1020)]).named
    assert not named.open
    assert not named.right


def test_a_symptom_folded_over_another_one_or_below_a_fault_further_up_is_folded_rightly() -> None:
    link = fault(
        "link-1", 90, 1000, kind="link_silent", affected=frozenset({"link-1", "rec-1", "cam-1", "cam-2"}),
        expected=(wants("link-silent|link-1", 275),),
    )  # fmt: skip
    alerts = [
        alert("recorder-silent|rec-1", 220, 1060, (270, 9), id=7),
        alert("camera-silent|cam-1", 230, 1020, (230, 7)),
        alert("camera-silent|cam-2", 231, 1020, (231, 7), (270, 9)),
        alert("link-silent|link-1", 270, 1080, id=9),
    ]
    named = {n.fault: n for n in verdict([recorder(), link], alerts).named}
    assert named["f-rec-1-100"].right
    assert named["f-link-1-90"].right


def test_folded_below_something_else_is_not_folded_rightly() -> None:
    (named,) = verdict(
        [recorder()],
        [
            alert("recorder-silent|rec-1", 220, 1060, id=7),
            alert("camera-silent|cam-1", 230, 1020, (230, 3)),
        ],
    ).named
    assert not named.right


def test_another_alert_about_the_cause_names_it_too_and_is_no_symptom_itself() -> None:
    late = fault(
        "feed", kind="source_late", affected=frozenset({"feed", "site-1"}), end=5000,
        expected=(wants("source-lag|feed", 2500),),
    )  # fmt: skip
    alerts = [
        alert("source-silent|feed", 1900, 2000, id=5),
        alert("site-silent|site-1", 1900, 2400, (1900, 5)),
        alert("source-lag|feed", 2300, 5100, id=6),
    ]
    (named,) = verdict([late], alerts).named
    assert named.right
    assert named.symptoms == 1
    (named,) = verdict([late], alerts[:2]).named
    assert not named.open


def test_a_hidden_cause_cannot_be_named_and_is_not_counted() -> None:
    hidden = fault(
        "hidden:hop:1", affected=frozenset({"site-1", "site-1-1"}), kind="hidden_hop",
        expected=(wants("site-silent|site-1", 800),),
    )  # fmt: skip
    found = verdict(
        [hidden], [alert("site-silent|site-1", 700, id=4), alert("cell-busy|site-1-1", 710, None)]
    )
    assert not found.named
    assert whats(found) == ["right", "symptom"]


def test_a_deadline_after_the_end_of_the_run_is_not_counted() -> None:
    found = verdict([fault(onset=9950, end=20_000)], [])
    assert not found.hits
    early = verdict([fault(onset=9950, end=20_000)], [alert("camera-silent|cam-1", 9990)])
    assert not early.hits
    assert whats(early) == ["right"]


def test_a_fault_older_than_the_run_is_not_counted_and_excuses_its_alert() -> None:
    found = verdict([fault()], [alert("camera-silent|cam-1", 190)], start=150)
    assert not found.hits
    assert whats(found) == ["before"]


def test_closing_while_the_fault_goes_on_is_a_false_resolve_and_opening_again_is_no_second_success() -> None:
    found = verdict(
        [fault()], [alert("camera-silent|cam-1", 190, 400), alert("camera-silent|cam-1", 450, 1050)]
    )
    assert [(c.false, c.at) for c in found.cleared] == [(True, 400 * S), (False, 1050 * S)]
    assert whats(found) == ["right", "again"]


def test_closing_for_another_reason_is_no_false_resolve() -> None:
    assert not verdict([fault()], [alert("camera-silent|cam-1", 190, 400, reason="rule_off")]).cleared


def test_an_alert_of_an_earlier_fault_may_close_after_the_next_has_begun() -> None:
    faults = [fault(onset=100, end=1000), fault(onset=1040, end=2000)]
    found = verdict(
        faults, [alert("camera-silent|cam-1", 190, 1045), alert("camera-silent|cam-1", 1130, 2040)]
    )
    assert [c.false for c in found.cleared] == [False, False]
    assert [h.delay for h in found.hits] == [90 * S, 90 * S]


def test_an_alert_that_is_open_already_finds_the_next_fault_without_a_delay() -> None:
    faults = [fault(onset=100, end=1000), fault(onset=1010, end=2000)]
    found = verdict(faults, [alert("camera-silent|cam-1", 190, 2040)])
    assert [(h.opened, h.already, h.delay) for h in found.hits] == [
        (190 * S, False, 90 * S),
        (190 * S, True, None),
    ]


def test_an_operator_is_called_by_what_stands_by_itself() -> None:
    assert alert("r|a", 100).calls == [100 * S]
    assert alert("r|a", 100, None, (100, 5)).calls == []
    assert alert("r|a", 100, None, (130, 5)).calls == [100 * S]
    assert alert("r|a", 100, 900, (100, 5), (700, None)).calls == [700 * S]
