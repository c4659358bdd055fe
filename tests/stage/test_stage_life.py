"""Jumps, steps, what outlives a restart, who may do what, and the log of it all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.clock import RealClock
from cockpit.demo.opening import morning
from cockpit.domain.instants import iso
from cockpit.ingest import tokens
from cockpit.ingest.times import to_ms
from cockpit.profiles import load
from cockpit.store.database import visit
from simulator.orders import episodes_of, read_log, seeds
from tests.stage.conftest import START, Demo, options, running
from tests.store import inside

HOUR = 3_600_000
CAMERA = "cam-00003"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running(tmp_path_factory.mktemp("life"), *options("--speed", "60")) as made:
        made.clock(paused=True)
        yield made


def open_alerts(demo: Demo) -> list[tuple[object, ...]]:
    return [(a.id, a.key, a.opened) for a in inside.alerts(demo.store, open_only=True)]


def test_a_step_plays_exactly_its_span(demo: Demo) -> None:
    before = to_ms(demo.clock()["domain"])
    demo.step(90)
    assert to_ms(demo.clock()["domain"]) - before in range(89_500, 90_500)
    demo.clock(paused=False)
    status, answer = demo.ask("POST", "clock", {"step": 10})
    assert (status, answer["error"]["code"]) == (400, "bad_clock")
    demo.clock(paused=True)


def test_a_jump_fills_what_it_skips_and_neither_raises_nor_clears(demo: Demo) -> None:
    demo.step(90)  # what was never heard cannot fall silent
    demo.must("POST", "faults", {"asset": CAMERA, "kind": "silent", "seconds": 1200})
    demo.step(300)
    held = open_alerts(demo)
    assert [key for _, key, _ in held if str(key).endswith(CAMERA)]
    epoch, left = demo.clock()["epoch"], to_ms(demo.clock()["domain"])
    to = left + 3 * HOUR + 20 * 60_000
    landed = demo.clock(jump=iso(to))
    assert abs(to_ms(landed["domain"]) - to) < 500
    assert (landed["epoch"], landed["paused"]) == (epoch + 1, True)
    demo.until(lambda: demo.meta("engine_domain_ms") >= to_ms(landed["domain"]), "the evaluation at landing")
    assert open_alerts(demo) == held
    assert [a.id for a in inside.alerts(demo.store) if max(a.opened, a.closed or 0) > left] == []
    assert [x.what for x in inside.log(demo.store)].count("clock_jump") == 1
    first = (left // HOUR + 1) * HOUR
    span = f"from={iso(first)}&to={iso(first + 2 * HOUR)}".replace("+", "%2B")
    rolled = demo.must("GET", f"rollups?asset=cam-00001&metric=fps&level=1h&{span}")["rollups"]
    assert len(rolled) == 2
    assert all(200 < r["n"] <= 240 for r in rolled)  # a camera sends 240 times an hour, but for blips
    demo.step(120)
    assert [key for _, key, _ in open_alerts(demo) if str(key).endswith(CAMERA)] == []


def test_a_jump_goes_ahead_and_not_too_far(demo: Demo) -> None:
    now = to_ms(demo.clock()["domain"])
    for to in (now - HOUR, now, now + 40 * 24 * HOUR):
        status, answer = demo.ask("POST", "clock", {"jump": iso(to)})
        assert (status, answer["error"]["code"]) == (400, "bad_jump")
    assert demo.ask("POST", "clock", {"jump": "tomorrow"})[1]["error"]["where"] == "jump"
    assert to_ms(demo.clock()["domain"]) == now


@pytest.mark.parametrize("role", ["reader", "source", "simulator"])
def test_other_tokens_touch_nothing(demo: Demo, role: str) -> None:
    with visit(demo.data / "cockpit.db") as conn:
        token = tokens.issue(conn, ["cam-vms"], role, "somebody", 0)
    orders: list[tuple[str, str, dict[str, object] | None]] = [
        ("POST", "clock", {"reset": True}),
        ("POST", "clock", {"jump": iso(to_ms(START) + 86_400_000)}),
        ("POST", "clock", {"step": 1}),
        ("POST", "scenarios", {"scenario": "quiet_day"}),
        ("POST", "faults", {"asset": CAMERA, "kind": "silent"}),
        ("DELETE", "faults/1", None),
        ("DELETE", "scenarios/quiet_day", None),
        ("DELETE", "stage", None),
    ]
    for method, path, order in orders:
        assert demo.ask(method, path, order, token=token)[0] == 403
        assert demo.ask(method, path, order, token="")[0] == 401


def test_scenarios_come_and_go_and_the_log_repeats_the_run(demo: Demo) -> None:
    scenarios = demo.must("GET", "scenarios")["scenarios"]
    assert len(scenarios) >= 12
    for one in scenarios:
        assert one["name"]["vi"]
        assert one["story"]["en"]
    begun = demo.must("POST", "scenarios", {"scenario": ["fibre_ring_cut", "lying_feed"]})["scenarios"]
    assert [c["code"] for c in demo.clock()["scenarios"]] == ["fibre_ring_cut", "lying_feed"]
    assert demo.ask("POST", "scenarios", {"scenario": "lying_feed"})[0] == 409
    assert demo.ask("POST", "scenarios", {"scenario": "no_such"})[0] == 400
    fault = demo.must("POST", "faults", {"asset": "cam-vms", "kind": "source_late", "hold_s": 600})
    assert (fault["asset"], fault["hold_s"]) == ("cam-vms", 600)
    assert demo.ask("POST", "faults", {"asset": "cam-vms", "kind": "camera_loss"})[0] == 400
    demo.step(60)
    assert demo.must("DELETE", f"faults/{fault['id']}")["undone"]
    assert demo.must("DELETE", "scenarios/lying_feed")["ended"]
    assert demo.ask("DELETE", "scenarios/lying_feed")[0] == 404
    lines = demo.log()
    assert seeds(lines) == {"profile": "quang_ninh", "size": "district", "seed": 7, "deaf": "drop"}
    done = [json.loads(line)["do"] for line in lines]
    assert done[-5:] == ["stage_begin", "fault", "clock_step", "fault_undo", "stage_end"]
    profile = load("quang_ninh", size="district")
    state = demo.clock()
    ended = state["ended"]
    shown = episodes_of(
        [*state["scenarios"], *ended["scenarios"]], [*state["faults"], *ended["faults"]], profile, 7
    )
    assert episodes_of(*read_log(lines), profile, 7) == shown
    assert begun[0]["from"] == state["scenarios"][0]["from"]
    demo.must("DELETE", "stage")
    assert demo.clock()["scenarios"] == demo.clock()["faults"] == []


def test_a_second_start_goes_on_with_time_scenario_and_orders(data: Path) -> None:
    with running(data, *options("--speed", "60", "--scenario", "two_faults")) as demo:
        demo.must("POST", "faults", {"asset": CAMERA, "kind": "camera_frozen", "hold_s": 3600})
        demo.until(lambda: to_ms(demo.clock()["domain"]) > to_ms(START) + 120_000, "two minutes")
        demo.clock(paused=True)
        before = demo.clock()
    with running(data, *options("--scenario", "two_faults")) as demo:
        after = demo.clock()
        assert to_ms(before["watermark"]) - 2000 <= to_ms(after["domain"]) < to_ms(before["watermark"]) + HOUR
        for name in ("scenarios", "faults", "epoch", "start"):
            assert after[name] == before[name]


def test_a_new_demo_with_a_scenario_and_no_start_begins_at_the_scenarios_own(data: Path) -> None:
    with running(data, "--size", "district", "--history", "0", "--scenario", "power_and_battery") as demo:
        (own,) = (s for s in demo.must("GET", "scenarios")["scenarios"] if s["code"] == "power_and_battery")
        assert own["from"] == own["start"] == demo.clock()["start"]["domain"]


def test_a_new_demo_opens_on_a_working_morning_whose_first_alert_comes_within_half_a_minute(
    data: Path,
) -> None:
    with running(data, "--history", "1", "--speed", "20") as demo:  # a district has too few phones for that
        begun = to_ms(demo.clock()["start"]["domain"])
        (story,) = demo.clock()["scenarios"]
        assert (story["code"], to_ms(story["from"])) == ("working_morning", begun - 30 * 60_000)
        assert begun == morning(RealClock().domain_ms(), 25_200)

        def opened() -> list[int]:
            return [to_ms(a["opened"]) - begun for a in demo.must("GET", "alerts")["alerts"]]

        demo.until(lambda: max(opened(), default=0) > 0, "an alert that opens before our eyes")
        assert min(t for t in opened() if t > 0) < 30_000
        assert min(opened()) < 0  # and who fell silent before was seen then


def test_on_real_feeds_there_is_no_stage(data: Path) -> None:
    with running(data, mode="serve") as demo:
        for path in ("clock", "faults", "scenarios", "stage/log"):
            assert demo.ask("GET", path)[0] == 404
        assert demo.ask("POST", "scenarios", {"scenario": "quiet_day"})[0] == 404
        assert demo.ask("POST", "clock", {"reset": True})[0] == 404
