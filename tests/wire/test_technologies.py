"""LTE alone decides about 4G; what else is measured is taken, kept apart and counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.coverage import technologies
from cockpit.store import Store
from cockpit.store.queries import indicators
from cockpit.views import coverage
from cockpit.views.context import ViewContext
from tests.clocks import HandClock
from tests.store import earlier, inside
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench, event, make
from tests.wire.test_events import ALL, post, sample


def samples(**change: Any) -> list[dict[str, Any]]:
    """Good samples of seven devices at one place."""
    return [{**sample(down_mbps=30, **change), "subject": f"phone-{n}"} for n in range(7)]


def unique(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**e, "id": f"s{i}"} for i, e in enumerate(events)]


def test_what_is_not_lte_or_of_an_unknown_place_decides_nothing_and_is_counted(bench: Bench) -> None:
    client = bench.client(bench.token(*ALL))
    apart = [
        *samples(tech="GSM"), *samples(tech="wcdma"), *samples(tech="NR", rsrp_dbm=-35, rsrq_db=-40),
        *samples(tech="NR_NSA", operator="vnpt"), *samples(accuracy_m=0), *samples(accuracy_m=-0.0),
    ]  # fmt: skip
    assert post(client, unique(apart)).json() == {"accepted": len(apart), "duplicates": 0, "rejected": []}
    assert post(client, unique(apart)).json()["duplicates"] == len(apart)  # counted once
    counts = {"2g": 7, "3g": 7, "5g": 14, "accuracy": 14}
    context = ViewContext(bench.store, bench.profile, bench.clock.domain_ms(), bench.clock.real_ms())
    view = coverage.build(context)
    assert (view.samples, view.operators, sum(view.counts.values())) == (0, (), 0)
    assert view.apart == counts
    assert coverage.build(context, "vnpt").apart == {"5g": 7}
    with bench.store.read() as conn:
        assert indicators.coverage_sums(conn) == (0, 0, 0)
        assert indicators.downloads(conn).size == 0
    assert inside.count(bench.store, inside.Rows.COVERAGE_DAYS) == 0
    sources = {s["code"]: s["apart"] for s in client.get("/api/v1/sources").json()["sources"]}
    assert sources["dien-thoai"] == counts
    assert sources["cam-vms"] == {}

    named = [e for tech in ("LTE", "4g", "lte_ca", None) for e in samples(tech=tech)]
    lte = [*samples(), *named]
    assert post(client, [{**e, "id": f"l{i}"} for i, e in enumerate(lte)]).json()["accepted"] == len(lte)
    view = coverage.build(context)
    assert (view.samples, view.counts["good"] + view.counts["samples"]) == (35, 1)
    assert view.apart == counts


def test_an_unknown_technology_is_refused_with_the_list(bench: Bench) -> None:
    client = bench.client(bench.token(*ALL))
    bad = [sample(tech=tech) for tech in ("6G", "", "LTE\u202e", 4)]
    found = post(client, [*bad, sample(rsrp_dbm=-35), sample(tech="NR", rsrp_dbm=-20)]).json()["rejected"]
    assert [r["code"] for r in found] == ["bad_field"] * 4 + ["out_of_range"] * 2
    assert found[0]["reason"].startswith('tech is "6G", a text: expected one of GSM, ')
    page = (Path(__file__).parents[2] / "docs" / "wire.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in technologies.ALL)


def test_counts_leave_with_the_days_and_an_older_database_learns_to_count(
    bench: Bench, tmp_path: Path
) -> None:
    client = bench.client(bench.token(*ALL))
    assert post(client, unique(samples(tech="GSM"))).json()["accepted"] == 7
    clock: Any = bench.clock
    clock.advance(402 * 86_400_000)
    bench.store.maintain(clock.domain).result(PATIENCE_S)
    assert inside.count(bench.store, inside.Rows.APART) == 0
    bench.door.close()
    bench.store.close()
    earlier.keeping_nothing_apart(bench.store.path)
    again = make(tmp_path, bench.profile, HandClock(START))
    try:
        assert isinstance(again.store, Store)
        sent = [{**e, "id": f"n{i}"} for i, e in enumerate(samples(tech="NR"))]
        other = again.client(again.token(*ALL))
        assert post(other, [*sent, event(9)]).json()["accepted"] == 8
        sources = {s["code"]: s["apart"] for s in other.get("/api/v1/sources").json()["sources"]}
        assert sources["dien-thoai"] == {"5g": 7}
    finally:
        again.door.close()
        again.store.close()


@pytest.mark.parametrize("name", technologies.ALL)
def test_every_name_belongs_to_one_generation(name: str) -> None:
    assert technologies.generation(name.lower()) in technologies.GENERATIONS
