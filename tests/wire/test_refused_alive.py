"""A device whose events are refused is alive: it speaks, and what it says cannot be taken."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from cockpit.domain.instants import iso
from cockpit.engine import Engine
from cockpit.store.queries import observations as q
from cockpit.views import cameras
from cockpit.views.context import ViewContext
from tests.store import inside
from tests.wire.conftest import START, Bench, event

GOOD = {"values": {"fps": 24.9, "loss_pct": 0.02}}
REFUSED: dict[str, dict[str, object]] = {
    "cam-00001": {"values": {"fps": None, "loss_pct": 0.02}},  # cannot be decoded
    "cam-00002": {"values": {"fps": 24.9, "mood": 1.0}},  # checked and refused
    "cam-00003": {"values": {"fps": float("nan")}},
    "cam-00004": {"values": {"fps": 24.9}, "units": {"fps": "km"}},
}
SILENT = "cam-00005"


@pytest.fixture
def engine(bench: Bench) -> Iterator[Engine]:
    made = Engine(bench.store, bench.profile, bench.clock, played=True)
    made.tick()
    yield made
    made.stop()


def pass_by(bench: Bench, engine: Engine, seconds: int, data: Mapping[str, Mapping[str, object]]) -> None:
    """Every device sends four times a minute, the engine looks each time."""
    clock: Any = bench.clock
    client = bench.client(bench.token("cam-vms"))
    for _ in range(seconds // 15):
        clock.advance(15_000)
        n = (clock.real - START) // 15_000
        body = [
            event(0, id=f"{code}-{n}", subject=code, time=iso(clock.real), data=d) for code, d in data.items()
        ]
        answer = client.post(
            "/api/v1/events", content=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 202
        engine.tick()


def states(bench: Bench) -> dict[str, str]:
    ids = {a.id: a.code for a in bench.profile.assets}
    return {ids[asset]: state for asset, (state, _) in inside.states(bench.store).items()}


def open_alerts(bench: Bench) -> set[str]:
    return {alert.key for alert in inside.alerts(bench.store, open_only=True)}


def test_a_refused_event_of_a_known_device_is_a_sign_of_life(bench: Bench, engine: Engine) -> None:
    everybody = [*REFUSED, SILENT]
    pass_by(bench, engine, 60, dict.fromkeys(everybody, GOOD))
    with bench.store.read() as conn:
        before = q.latest(conn).value.tolist()
    pass_by(bench, engine, 300, REFUSED)
    found = states(bench)
    assert {code for code in everybody if found[code] == "silent"} == {SILENT}
    alerts = open_alerts(bench)
    assert f"camera-silent|{SILENT}" in alerts
    assert not any(key.startswith("camera-silent|") and SILENT not in key for key in alerts)
    assert any("cam-vms" in key and "refused" in key for key in alerts), alerts  # what stands instead
    with bench.store.read() as conn:
        assert q.latest(conn).value.tolist() == before  # and it advances no value
    clock = bench.clock
    view = cameras.build(ViewContext(bench.store, bench.profile, clock.domain_ms(), clock.real_ms()))
    told = {c.asset.code: (c.state, c.reason, c.fps) for c in view.cameras if c.asset.code in everybody}
    assert told == dict.fromkeys(REFUSED, ("degraded", "refused", None)) | {SILENT: ("offline", "", 24.9)}
    again = Engine(bench.store, bench.profile, clock, played=True)  # a restart forgets nothing of it
    engine.stop()
    again.tick()
    pass_by(bench, again, 60, REFUSED)
    assert {code for code in everybody if states(bench)[code] == "silent"} == {SILENT}
    pass_by(bench, again, 60, dict.fromkeys(everybody, GOOD))
    view = cameras.build(ViewContext(bench.store, bench.profile, clock.domain_ms(), clock.real_ms()))
    assert {c.state for c in view.cameras if c.asset.code in everybody} == {"online"}
    again.stop()


def test_nobody_gives_a_sign_of_life_for_a_device_of_another(bench: Bench, engine: Engine) -> None:
    pass_by(bench, engine, 60, {SILENT: GOOD})
    client = bench.client(bench.token("ran-oss"))
    clock: Any = bench.clock
    for n in range(20):
        clock.advance(15_000)
        sent = event(0, id=f"x{n}", source="ran-oss", subject=SILENT, time=iso(clock.real),
                     data={"values": {"fps": None}})  # fmt: skip
        assert client.post("/api/v1/events", json=sent).status_code == 202
        engine.tick()
    assert states(bench)[SILENT] == "silent"
