"""Which report stands is the same everywhere: for engine and card, after a correction or a late one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cockpit.commands import Actor, Asked, Command, Result, execute
from cockpit.domain.instants import iso
from cockpit.domain.periods import day_number
from cockpit.domain.roles import Role
from cockpit.engine import Engine
from cockpit.profiles import Profile
from cockpit.store import Store
from cockpit.store.queries import figures, reports
from cockpit.views import indicators
from cockpit.views.context import ViewContext
from tests.clocks import HandClock
from tests.store import earlier, inside
from tests.wire.conftest import START, Bench
from tests.wire.test_events import post, report

MINUTE = 60_000
TODAY = day_number(START)


@dataclass
class Office:
    """Sends reports over HTTP, a minute apart, and reads what engine and card make of them."""

    bench: Bench
    sent: int = 0
    client: Any = field(init=False)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.bench.client(self.bench.token("bao-cao"))
        self.engine = Engine(self.bench.store, self.bench.profile, self.bench.clock, played=True)
        self.engine.tick()

    def send(self, *told: tuple[str, float], indicator: str = "I39") -> None:
        """Figures by period, in one body; each may have any id, so nothing can lie in its order."""
        clock: Any = self.bench.clock
        clock.advance(MINUTE)
        body = []
        for period, value in told:
            self.sent += 1
            made = report(period=period, value=value, indicator=indicator)
            body.append({**made, "id": f"r{self.sent}", "time": iso(clock.domain)})
        assert post(self.client, body).json() == {"accepted": len(body), "duplicates": 0, "rejected": []}

    def shown(self, indicator: str = "I39") -> tuple[float | None, float | None]:
        """The figure as the engine has it, and the report as the card has it."""
        clock: Any = self.bench.clock
        for _ in range(40):  # a few indicators are computed a tick, each of these within a minute
            clock.advance(2_000)
            self.engine.tick()
        c = self.bench
        found = indicators.detail(
            ViewContext(c.store, c.profile, clock.domain_ms(), clock.real_ms()), indicator
        )
        assert found is not None
        stands = [r.report.value for r in found.reports if r.state == "stands" and r.unit is None]
        return found.figure.value, stands[0] if stands else None


@pytest.fixture
def office(bench: Bench) -> Iterator[Office]:
    made = Office(bench)
    yield made
    made.engine.stop()


def test_of_several_corrections_the_one_received_last_stands_for_engine_and_card(office: Office) -> None:
    for n in range(1, 7):  # by chance an order of hashes would get the first few right
        office.send(("2026-Q3", 40.0 + n))
        assert office.shown() == (40.0 + n, 40.0 + n)
    office.send(("2026-Q3", 51.0), ("2026-Q3", 50.0), ("2026-Q3", 52.0), ("2026-Q3", 49.0))
    assert office.shown() == (49.0, 49.0), "received at the same instant: the one that came last"


def test_the_period_that_ends_last_stands_whatever_its_form_and_a_late_one_displaces_nothing(
    office: Office,
) -> None:
    for period, value, stands in (
        ("2026-Q2", 1.0, 1.0),
        ("2026-10", 2.0, 2.0),
        ("2026-Q3", 3.0, 2.0),  # as a text it would come after a month
        ("2025", 4.0, 2.0),
        ("2026-11-21", 5.0, 5.0),
        ("2026-11", 6.0, 6.0),  # ends on the 30th
        ("2026-11-20", 7.0, 6.0),
        ("2026-Q4", 8.0, 8.0),
        ("2026", 9.0, 9.0),  # ends with its last quarter: the newer one
        ("2026-Q4", 10.0, 10.0),
    ):
        office.send((period, value))
        assert office.shown() == (stands, stands), period


def old_database(path: Path) -> None:
    """One as the version before left it: reports keyed by a hash, one of a period far ahead on top."""
    earlier.with_hashed_reports(path, [
        ("I39", "", "9999-Q4", 5, START, START, 99.0, "an", "", 34),
        ("I39", "", "2026-Q3", -7, START, START + 2, 43.0, "an", "corrected twice", 34),
        ("I39", "", "2026-Q3", 9, START, START, 41.0, "an", "", 34),
        ("I39", "", "2026-Q3", 8, START, START + 1, 42.0, "an", "", 34),
        ("I39", "06652", "2026-Q3", 3, START, START, 12.0, "an", "", 34),
        ("I39", "", "٢٠٢٦", 4, START, START, 7.0, "an", "no digits that count", 34),
    ])  # fmt: skip


def test_a_database_of_before_keeps_all_its_reports_and_its_far_future_does_not_stand(
    tmp_path: Path, profile: Profile
) -> None:
    path = tmp_path / "cockpit.db"
    old_database(path)
    store = Store(path, profile, HandClock(START), writable=True)
    store.start()
    try:
        assert inside.count(store, inside.Rows.REPORTS) == 6
        with store.read() as conn:
            found = reports.standing(conn, "I39", TODAY)
            assert found is not None
            assert (found.period, found.value, found.note) == ("2026-Q3", 43.0, "corrected twice")
            assert [r.value for r in reports.newest(conn, "I39", TODAY)] == [43.0, 42.0, 41.0, 12.0]
            assert {r.period for r in reports.ahead(conn, "I39", TODAY)} == {"9999-Q4", "٢٠٢٦"}
        card = indicators.detail(ViewContext(store, profile, START, START), "I39")
        assert card is not None
        assert card.reported is None, "typed is typed: there is nothing to compare it with"
        assert card.reports[0].report == found
        states = [(r.report.value, r.state) for r in card.reports]
        assert states[:4] == [(43.0, "stands"), (42.0, "replaced"), (41.0, "replaced"), (12.0, "stands")]
        assert {state for _, state in states[4:]} == {"ahead"}
    finally:
        store.close()


def test_a_withdrawn_report_gives_way_to_the_one_before_at_once_and_stays_on_record(office: Office) -> None:
    bench = office.bench
    office.send(("2026-Q3", 41.0))
    office.send(("2026-Q3", 61.0))
    assert office.shown() == (61.0, 61.0)

    def withdraw(number: int, reason: str = "gõ nhầm số", role: Role = "admin", unit: str = "") -> Result:
        asked = Asked("report_withdraw", {"report": number})
        return execute(bench, Command(Actor("Lan", role, unit), asked, reason))

    with bench.store.read() as conn:
        last = reports.standing(conn, "I39", TODAY)
    assert last is not None
    assert withdraw(last.number, role="operator").code == "no_right"
    assert withdraw(last.number, role="officer", unit="07192").code == "no_right"
    assert withdraw(last.number, reason=" x ").code == "reason_needed"
    assert withdraw(last.number, reason="x" * 501).code == "reason_too_long"
    assert withdraw(999).code == "unknown"
    assert withdraw(2**70).code == "bad_argument"
    assert office.shown() == (61.0, 61.0)
    done = withdraw(last.number)
    assert (done.code, done.facts["report"], done.facts["period"]) == ("done", last.number, "2026-Q3")
    office.engine.tick()
    with bench.store.read() as conn:
        now = figures.province(conn, ["I39"])["I39"]
    assert now.value == 41.0, "the very next tick"
    assert office.shown() == (41.0, 41.0)
    again = withdraw(last.number, reason="lần nữa")
    assert (again.code, again.facts["by"]) == ("already", "Lan")
    with bench.store.read() as conn:
        kept = reports.find(conn, last.number)
    assert kept is not None
    assert (kept.value, kept.withdrawn_by, kept.withdrawn_why) == (61.0, "Lan", "gõ nhầm số")
    assert [command.outcome for command in inside.commands(bench.store)] == [
        "no_right", "no_right", "reason_needed", "reason_too_long", "unknown", "bad_argument", "done",
        "already",
    ]  # fmt: skip
    assert [x.actor for x in inside.log(bench.store) if x.what == "report_withdrawn"] == ["Lan"]
    office.send(("2026-Q3", 44.0))
    assert office.shown() == (44.0, 44.0), "a figure that was withdrawn is reported anew"
