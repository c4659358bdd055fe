"""Going back to the start: the exact state, and play that goes on as it did the first time."""

from __future__ import annotations

import json
import random
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cockpit.ingest.times import to_ms
from cockpit.store import evidence, integrity
from cockpit.store.database import visit
from tests.faults.test_kill import kill
from tests.stage.conftest import START, Demo, options, running
from tests.store import inside
from tests.waiting import PATIENCE_S

Present = dict[str, list[tuple[Any, ...]]]
CAMERA = "cam-00003"
ORIGIN = to_ms(START)


def told(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def played(demo: Demo) -> Present:
    """Play ten minutes with a fault and an acknowledgement in them; what there is then."""
    demo.step(120)
    fault = {"asset": CAMERA, "kind": "silent", "seconds": 7200}
    demo.must("POST", "faults", fault)
    demo.step(480)
    return demo.present()


def test_going_back_brings_the_exact_state_and_the_same_story_again(data: Path) -> None:
    with running(data, *options("--speed", "60")) as demo:
        demo.clock(paused=True)
        back = demo.clock(reset=True)
        assert (to_ms(back["domain"]), back["paused"], back["epoch"]) == (ORIGIN, True, 1)
        assert back["start"]["bytes"] == (data / "cockpit-start.db").stat().st_size
        before = demo.present()
        assert {key.split("|")[0] for _, key, *_ in before["alerts"]} == {"task-late"}, "what was late before"
        assert before["latest"] == []
        first = played(demo)
        assert demo.must("POST", "commands", {"name": "seen"})["code"] == "done"
        assert [v.last for v in inside.visits(demo.store).values()] == [ORIGIN + 600_000]
        assert [a for a in first["alerts"] if a[1].endswith(CAMERA)], "the fault was not seen"
        revision = demo.must("GET", "pulse")["revision"]
        evidence.put(data / "cockpit.db", b"handed in since", ORIGIN)
        again = demo.clock(reset=True)
        assert list(evidence.folder(data / "cockpit.db").iterdir()) == []
        assert again["faults"] == []
        assert again["epoch"] == 2
        assert demo.must("GET", "pulse")["revision"] > revision
        assert demo.present() == before
        assert inside.count(demo.store, inside.Rows.BLOCKS) == 0
        assert inside.visits(demo.store) == {}, "a look of what is not yet"
        assert played(demo) == first
        log = demo.commands("clock_reset")
        assert [(c.t, c.actor, c.outcome) for c in log] == [(ORIGIN, "a presenter", "done")]
        kept = sorted((data / "stage-logs").glob("*.jsonl"))
        assert len(kept) == 2
        done = [json.loads(line)["do"] for line in kept[-1].read_text("utf-8").splitlines()]
        assert done == ["stage", "clock_reset", "clock_step", "fault", "clock_step"]
        told = [(x.t, x.actor) for x in inside.log(demo.store) if x.what == "clock_reset"]
        assert told == [(ORIGIN, "a presenter")]


def test_going_back_announces_nothing_twice_and_everything_after(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "told.ndjson"
    with running(data, *options("--speed", "60", "--announce-to", str(path))) as demo:
        demo.clock(paused=True)
        played(demo)
        demo.until(lambda: path.exists() and '"opened"' in path.read_text("utf-8"), "an alert in the file")
        demo.clock(reset=True)
        played(demo)
        log = [(x.seq, x.what) for x in inside.log(demo.store)]
        demo.until(lambda: (told(path)[-1]["seq"], told(path)[-1]["what"]) == log[-1], "the second time")
    lines = told(path)
    at = [x["what"] for x in lines].index("clock_reset")
    first, second = lines[:at], lines[at:]
    assert [(x["seq"], x["what"]) for x in second] == log[-len(second) :]
    assert len({x["seq"] for x in first}) == len(first)
    assert [x["what"] for x in second].count("opened") == [x["what"] for x in first].count("opened")


@pytest.mark.faults
@pytest.mark.parametrize("kills", [1, pytest.param(8, marks=pytest.mark.long)])
def test_killed_while_it_goes_back_the_next_start_stands_there_or_where_it_was(
    data: Path, kills: int
) -> None:
    rng = random.Random("reset")
    for _ in range(kills):
        with running(data, *options("--speed", "60")) as demo:
            demo.clock(paused=True)
            demo.step(120)
            left = to_ms(demo.clock()["domain"])
            going = threading.Thread(target=_quietly, args=(demo,))
            going.start()
            time.sleep(rng.uniform(0.0, 0.4))  # the instant of the kill
            kill(demo.cockpit)
            going.join(PATIENCE_S)
            assert not going.is_alive()
        with visit(data / "cockpit.db") as conn:  # as a start does: what was cut off is rolled back first
            assert integrity(conn) == []
        with running(data, *options()) as demo:  # at ×1: it has gone on for seconds at most
            demo.clock(paused=True)
            assert not (data / "cockpit-reset.json").exists()
            resets = demo.commands("clock_reset")
            now = to_ms(demo.clock()["domain"])
            events = len(demo.present()["latest"])
            if resets:
                assert all(reset.t == ORIGIN for reset in resets)
                assert now < left
            else:
                assert now >= left
                assert events > 100


def _quietly(demo: Demo) -> None:
    with suppress(Exception):
        demo.clock(reset=True)
