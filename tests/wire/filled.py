"""A cockpit in which every answer of the API has something to show, and what to ask for to see it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

from cockpit.demo.controls import Point
from cockpit.demo.scenarios import library
from cockpit.demo.state import KEY, DemoRun, DemoState, Order
from cockpit.domain.alerting import kept
from cockpit.domain.freshness import State
from cockpit.domain.instants import iso
from cockpit.domain.numbers import AlertId
from cockpit.ingest.tokens import issue
from cockpit.store import meta
from cockpit.store.alerting import Changes, Line, save
from cockpit.store.alerts import Alert
from cockpit.store.handles import Write
from cockpit.store.indicators import Day, save_days, save_now
from cockpit.store.rows import IndicatorNow, SourceNow
from tests.waiting import PATIENCE_S
from tests.wire import handed
from tests.wire.conftest import START, Bench, event
from tests.wire.test_events import ALL, post, record, report, rollup, sample
from tests.wire.test_plans import ship
from tests.wire.test_registers import begin, count

DAY_MS = 86_400_000
CAMERA, OTHER = "cam-00001", "cam-00002"
SCENARIOS = ("fibre_ring_cut", "quiet_day")
EXAMPLES = {
    "/api/v1/events/{source}/{id}": "/api/v1/events/cam-vms/e0",
    "/api/v1/latest": "/api/v1/latest?asset=cam-00001&asset=cam-00002",
    "/api/v1/observations": "/api/v1/observations?asset=cam-00001&metric=fps",
    "/api/v1/rollups": "/api/v1/rollups?asset=cam-00001&metric=fps&level=1d",
    "/api/v1/indicators/{code}": "/api/v1/indicators/I13?period=report_month",
    "/api/v1/units/{code}": "/api/v1/units/06652",
    "/api/v1/alerts/{id}": "/api/v1/alerts/1",
    "/api/v1/why": "/api/v1/why?subject=cam-00001&rule=camera-unusable",
    "/api/v1/evidence/{id}": f"/api/v1/evidence/{hashlib.sha256(handed.PDF).hexdigest()}",
    "/api/v1/plans/{id}": "/api/v1/plans/THU",
    "/api/v1/registers/feedback/{id}": "/api/v1/registers/feedback/PA-1",
    "/api/v1/registers/{kind}": "/api/v1/registers/gap",
    "/api/v1/registers/{kind}/{id}": "/api/v1/registers/gap/2",
}
"""What is asked of routes that want more than their path."""


class Able:
    """Stands for who carries out what presenters order: whatever begins, begins now."""

    busy = None
    points = (Point(0, START - 60_000, 11_000_000), Point(3, START, 12_300_000, ("quiet_day",)))
    origin = points[-1]

    def begin(self, codes: tuple[str, ...], change: Callable[[int], None]) -> int:
        change(START)
        return START


def fill(bench: Bench) -> None:
    """Put into it, once, by the ways the cockpit itself goes."""
    _events(bench)
    begin(bench)
    count(bench)
    ship(bench)
    _plan(bench)
    alerts, rules = _alerts(bench)
    log = [Line(START, AlertId(1), "opened", "engine", {"value": 12.5})]
    bench.store.write(lambda conn: save(conn, Changes(alerts=alerts, rules=rules, log=log))).result(
        PATIENCE_S
    )
    bench.store.write(lambda conn: _figures(bench, conn)).result(PATIENCE_S)
    _commands(bench)
    _target(bench)
    if bench.demo is not None:
        _stage(bench)


def _plan(bench: Bench) -> None:
    """One that has some of everything."""
    word = {"vi": "Thử", "en": "Trial"}
    part = {"code": "p", "name": word}
    money = {"code": "D1", "name": word, "owner": "ca", "allotted": 9, "months": {"2026-02": [4, 3]}}
    plan = {
        "code": "THU", "name": word, "document": word, "source": word, "first": "2026-01-01",
        "last": "2026-12-31", "pillars": [part], "groups": [part],
        "published": [{"fact": "F1", "of": "target"}],
        "targets": [{"code": "M1", "name": word, "owner": "ca", "goal": 5, "unit": word, "measure": word}],
        "tasks": [{"code": "N1", "name": word, "who": word, "due": "2026-03-01"}], "projects": [money],
    }  # fmt: skip
    order = {"name": "plan_put", "args": {"plan": plan}, "reason": "thử"}
    answer = bench.client(person(bench, "admin")).post("/api/v1/commands", json=order)
    assert answer.json()["code"] == "done", answer.text


def person(bench: Bench, role: str) -> str:
    """A token that acts in somebody's name."""
    return bench.store.write(lambda conn: issue(conn, (), role, "Lan", unit="u1")).result(PATIENCE_S)


def _events(bench: Bench) -> None:
    client = bench.client(bench.token(*ALL))
    good = [event(n, data={"values": {"fps": 20 + n, "loss_pct": 0.02}}) for n in range(5)]
    apart = [{**sample(tech=tech), "id": tech, "subject": f"phone-{tech}"} for tech in ("GSM", "NR")]
    sent = [
        *good,
        {**event(9), "subject": OTHER},
        {**rollup(), "id": "day"},
        *apart,
        {**sample(), "id": "lte", "subject": "phone-LTE"},
        {**record(), "id": "r1", "time": iso(START - 7_200_000)},
        {**record(state="solved"), "id": "r2", "time": iso(START - 3_600_000)},
        {**report(indicator="I08", value=55.5), "id": "told"},
        event(7, subject="nobody"),
    ]
    assert post(client, sent).json()["accepted"] == len(sent) - 1
    lines = b"{\n" + json.dumps(event(8, source="nobody")).encode()
    assert post(bench.client(bench.token(*ALL, "nobody")), lines, "application/x-ndjson").status_code == 202
    petition = {"kind": "feedback", "key": "PA-1", "fields": {"field": "vien_thong", "text": "Mất sóng"}}
    sent = [{**record(**petition), "source": "phan-anh", "id": "pa1"}]
    assert post(bench.client(bench.token("phan-anh")), sent).json()["accepted"] == 1
    bench.store.flush()


def _alerts(bench: Bench) -> tuple[dict[AlertId, Alert], dict[str, str]]:
    """One of every state: waiting with a symptom, acknowledged, muted, closed; of rules of then and today;
    and three of one rule, which are one line on home."""
    rule = bench.profile.rule["camera-silent"]
    digest, body = kept(rule)
    unit = bench.profile.asset[CAMERA].unit
    cause = Alert(
        AlertId(1), f"{rule.code}|{CAMERA}", rule.code, 1, "high", CAMERA, "cam-vms", "", unit, "Sở",
        "Department", 1, START - 20_000, START - 10_000, START, START + 3_600_000, None, None, 12.5, 20,
        '{"age_s":100,"last":7}', None, 1, "asset", CAMERA, born=digest,
    )  # fmt: skip
    symptom = replace(
        cause, id=AlertId(2), key="2", asset=OTHER, subject=OTHER, cause=AlertId(1), folded=0, born="",
        rule="camera-loss", value=None, peak=None, facts="{}",
    )  # fmt: skip
    mine = replace(
        cause, id=AlertId(3), key="3", folded=0, ack_by="Lan", ack_at=START, ack_note="xem rồi", version=2,
        rule="no-such", born="",
    )  # fmt: skip
    muted = replace(cause, id=AlertId(4), key="4", folded=0, muted="rule_off")
    closed = replace(cause, id=AlertId(5), key="5", folded=0, closed=START, close_reason="cleared")
    of_gap = replace(
        cause, id=AlertId(6), key="6", asset="", source="", subject_kind="gap", subject="1", folded=0,
        simulated=0, unit="", born="", rule="gap-late",
    )  # fmt: skip
    more = [
        replace(cause, id=AlertId(n), key=str(n), folded=0, asset=f"cam-{n:05}", subject=f"cam-{n:05}")
        for n in (7, 8)
    ]
    return {a.id: a for a in (cause, symptom, mine, muted, closed, of_gap, *more)}, {digest: body}


def _figures(bench: Bench, conn: Write) -> None:
    """Sources and indicators as the engine leaves them: judged in every way, with a past, one in doubt."""
    states: tuple[State, ...] = ("fresh", "late", "silent")
    sources = {
        s.id: SourceNow(
            s.id, states[s.id % 3], START - 3_600_000, START - 10_000 * (s.id % 4 > 0), 1, 2, 3, 40
        )
        for s in bench.profile.sources[:-1]
    }
    save(conn, Changes(sources=sources))
    judged = ("red", "orange", "green", "stale", "suspect", "nodata")
    unit = bench.profile.units[0].code
    today = (START + bench.profile.utc_offset_s * 1000) // DAY_MS
    for n, indicator in enumerate(bench.profile.indicators):
        status = judged[n % len(judged)]
        value = None if status == "nodata" else 50.5
        save_now(
            conn,
            [
                IndicatorNow(
                    indicator.code, where, value, START - 60_000, 40, state, '{"completeness": 0.5}', 1
                )
                for where, state in (("", status), (unit, "red"), ("skhcn", "unjudged"))
            ],
        )
        save_days(conn, [Day(today - back, indicator.code, 40 + back, 1) for back in range(1, 30)])


def _commands(bench: Bench) -> None:
    client = bench.client(person(bench, "operator"))
    assert client.post("/api/v1/evidence", content=handed.PDF).status_code == 201
    off = {"rule": "camera-silent", "until": iso(START + 3_600_000)}
    for name, args in (
        ("rule_off", off | {"rule": "camera-unusable"}),
        ("rule_off", off),
        ("rule_on", {"rule": "camera-silent"}),
        ("rule_on", {"no": "such"}),
    ):
        order = {"name": name, "args": args, "reason": "thay đầu ghi"}
        assert client.post("/api/v1/commands", json=order).status_code == 200


def _target(bench: Bench) -> None:
    """What is asked of an indicator in this month of reports, which ends in December."""
    args = {"indicator": "I13", "period": "2026-12", "value": 90}
    order = {"name": "target_set", "args": args, "reason": "nghị quyết"}
    answer = bench.client(person(bench, "leader")).post("/api/v1/commands", json=order)
    assert answer.json()["code"] == "done", answer.text


def _stage(bench: Bench) -> None:
    """Two scenarios, one of them taken off, and a fault in force and one undone."""
    run = DemoRun(bench.clock, bench.profile, library((), bench.profile))
    on, off = SCENARIOS
    state = run.begin(DemoState(), on, START - 60_000)
    state = run.end(run.begin(state, off, START - 50_000), off, START - 40_000)
    for asset in (CAMERA, OTHER):
        state, _ = run.inject(state, Order(asset, "silent"), START - 30_000)
    run.restore(state)
    state = run.undo(state, 2, START - 20_000)
    run.restore(state)
    bench.store.write(lambda conn: meta.put(conn, KEY, state.dump())).result(PATIENCE_S)
    bench.demo.run, bench.demo.controller = run, Able()
