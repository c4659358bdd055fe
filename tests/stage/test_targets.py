"""Targets in a demo: judged by while the clock stands, gone at the start, there again after a restart."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from cockpit.ingest import tokens
from cockpit.store.database import visit
from tests.stage.conftest import Demo, options, running

ORDER = {"name": "target_set", "reason": "Nghị quyết của Tỉnh ủy"}


def put(demo: Demo, value: float) -> Any:
    """What became of a leader's order for the share of cameras online (95, red under 85.5) this month."""
    with visit(demo.store) as conn:
        token = tokens.issue(conn, [], "leader", "Lan", 0)
    order = {**ORDER, "args": {"indicator": "I42", "period": "2026-11", "value": value}}
    status, answer = demo.ask("POST", "commands", order, token=token)
    assert (status, answer["code"]) == (200, "done"), answer
    return answer["facts"]


def told(demo: Demo) -> Any:
    return demo.must("GET", "indicators/I42")


def judged(demo: Demo, status: str) -> bool:
    return bool(told(demo)["status"] == status)


def test_a_target_is_gone_at_the_start_of_the_demo_and_known_after_a_restart(data: Path) -> None:
    with running(data, *options()) as demo:
        demo.clock(paused=True)
        demo.step(120)
        first = demo.until(lambda: (found := told(demo))["value"] is not None and found, "a figure")
        assert (first["target"], first["status"]) == (95, "green")
        for value, status in ((100, "orange"), (10, "green")):
            put(demo, value)
            demo.until(partial(judged, demo, status), f"{status} while the clock stands")
        demo.clock(reset=True)
        assert (told(demo)["target"], told(demo)["versions"], told(demo)["path"]) == (95, [], [])
        demo.step(120)
        demo.until(partial(judged, demo, "green"), "the profile's target again")
        assert put(demo, 100)["version"] == 1
        demo.until(partial(judged, demo, "orange"), "the engine of the second time to see it")
        put(demo, 70)
    with running(data, *options()) as demo:
        found = told(demo)
        assert (found["target"], [v["value"] for v in found["versions"]]) == (70, [70, 100])
        assert found["versions"][0]["reason"] == ORDER["reason"]
