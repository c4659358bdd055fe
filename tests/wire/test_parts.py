"""A figure that arrives with its parts is reckoned from them; one that does not says so."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.commands import Actor, Asked, Command, execute
from cockpit.domain.instants import iso
from cockpit.ingest.codes import Code
from cockpit.views import indicators
from cockpit.views.context import ViewContext
from cockpit.views.indicators import IndicatorDetail
from tests.wire.conftest import Bench, event
from tests.wire.test_events import post, report
from tests.wire.test_reports import Office, office

__all__ = ["office"]

THIRD = {"value": 33.3, "numerator": 1, "denominator": 3}


def send(bench: Bench, **data: Any) -> Any:
    return post(bench.client(bench.token("bao-cao")), [report(**data)]).json()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"numerator": 11}, "numerator without denominator, expected both or neither"),
        ({"denominator": 27}, "denominator without numerator"),
        ({"value": 45.7, "numerator": 11, "denominator": 27}, "100 * 11 / 27 = 40.7"),
        ({"value": 40.6, "numerator": 11, "denominator": 27}, "value is 40.6"),
        ({"value": 50.0, "numerator": -1, "denominator": -2}, "denominator is -2"),
        ({"value": 0.0, "numerator": 3, "denominator": 0}, "numerator is 3 of 0"),
        ({"value": 0.0, "numerator": 1e300, "denominator": 1e302}, "numerator is 1e+300"),
    ],
)
def test_parts_that_do_not_make_the_value_are_refused_with_the_sum(
    bench: Bench, data: dict[str, Any], reason: str
) -> None:
    (refused,) = send(bench, **data)["rejected"]
    assert refused["code"] == Code.BAD_PARTS
    assert reason in refused["reason"]


def test_a_value_may_be_rounded_to_its_decimals_or_not_at_all(bench: Bench) -> None:
    client = bench.client(bench.token("bao-cao"))
    values = (33.3, 33.33, 33.333333333333336)
    told = [{**report(**{**THIRD, "value": value}), "id": f"v{value}"} for value in values]
    assert post(client, told).json() == {"accepted": 3, "duplicates": 0, "rejected": []}


def test_a_department_is_a_body_of_the_profile_and_no_unit_besides(bench: Bench) -> None:
    (unknown,) = send(bench, department="sngv")["rejected"]
    assert (unknown["code"], "skhcn" in unknown["reason"]) == (Code.UNKNOWN_UNIT, True)
    (both,) = send(bench, department="skhcn", unit="06652")["rejected"]
    assert both["code"] == Code.UNKNOWN_UNIT


def card(office: Office, code: str) -> IndicatorDetail:
    office.shown(code)
    clock: Any = office.bench.clock
    now = ViewContext(office.bench.store, office.bench.profile, clock.domain_ms(), clock.real_ms())
    found = indicators.detail(now, code)
    assert found is not None
    return found


def tell(office: Office, source: str = "bao-cao", **data: Any) -> None:
    """A report through the door, a minute later."""
    clock: Any = office.bench.clock
    clock.advance(60_000)
    office.sent += 1
    made = {**report(**data), "id": f"p{office.sent}", "source": source, "time": event_time(office)}
    answer = post(office.bench.client(office.bench.token(source)), [made]).json()
    assert answer == {"accepted": 1, "duplicates": 0, "rejected": []}


def event_time(office: Office) -> str:
    clock: Any = office.bench.clock
    return iso(clock.domain)


def test_a_figure_is_what_its_parts_make_and_says_them(office: Office) -> None:
    tell(office, value=33.3, numerator=1, denominator=3)
    figure = card(office, "I39").figure
    assert figure.value == pytest.approx(100 / 3), "not the rounded number that was sent"
    assert (figure.part, figure.whole, figure.finished) == (1, 3, False)


def test_a_figure_without_parts_is_received_finished_and_shows_no_formula(office: Office) -> None:
    tell(office, value=41.0)
    figure = card(office, "I39").figure
    assert (figure.value, figure.part, figure.finished) == (41.0, None, True)


def test_nothing_of_nothing_is_no_value(office: Office) -> None:
    tell(office, value=0.0, numerator=0, denominator=0)
    assert card(office, "I39").figure.value is None


def test_units_and_departments_have_figures_of_their_own(office: Office) -> None:
    tell(office, value=41.0)
    tell(office, value=50.0, numerator=1, denominator=2, unit="07192")
    tell(office, value=25.0, numerator=1, denominator=4, department="skhcn")
    found = card(office, "I39")
    assert found.figure.value == 41.0
    assert [(u.unit.code, u.value) for u in found.units] == [("07192", 50.0)]
    assert [(d.code, d.value, d.part, d.whole) for d in found.departments] == [("skhcn", 25.0, 1, 4)]


def test_an_officer_withdraws_what_the_own_department_has_reported(office: Office) -> None:
    tell(office, value=25.0, numerator=1, denominator=4, department="skhcn")
    bench = office.bench

    def withdraw(unit: str) -> str:
        asked = Asked("report_withdraw", {"report": 1})
        return execute(bench, Command(Actor("Lan", "officer", unit), asked, "gõ nhầm")).code

    assert [withdraw(unit) for unit in ("syt", "", "skhcn", "skhcn")] == [
        "no_right", "no_right", "done", "already",
    ]  # fmt: skip


def test_a_system_that_reports_its_parts_gives_the_figure_and_its_kind_of_source(office: Office) -> None:
    bare = event(source="dvcqg", subject="sys-dvcqg", data={"values": {"toan_trinh_pct": 37.0}})
    bare["time"] = event_time(office)
    assert post(office.bench.client(office.bench.token("dvcqg")), [bare]).json()["accepted"] == 1
    figure = card(office, "I11").figure
    assert (figure.value, figure.finished) == (37.0, True)
    tell(office, "dvcqg", indicator="I11", period="2026-11", value=37.5, numerator=3, denominator=8)
    figure = card(office, "I11").figure
    assert (figure.value, figure.part, figure.whole) == (37.5, 3, 8)
    assert (figure.finished, figure.source_kind) == (False, "api")


def test_what_others_report_is_compared_and_never_the_figure_itself(office: Office) -> None:
    tell(office, "van-ban", indicator="I23", period="2026-11", value=75.0, numerator=3, denominator=4)
    tell(office, "thi-dua", indicator="I23", period="2026-11", value=96.0)
    found = card(office, "I23")
    assert found.figure.value == 75.0
    assert found.reported is not None
    assert found.reported.value == 96.0
