"""Killed at any instant and told everything again, the store holds each event once, in every form."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cockpit.domain.numbers import AssetId, MetricId
from cockpit.store import Batch, integrity
from cockpit.store.queries import observations as q
from tests.store.world import HOUR, MACHINE, T0, clock_at, observe, open_store, series
from tests.waiting import PATIENCE_S

ROUNDS = 60
BODIES = 600
EVENTS = 25
STEP_MS = 47_000  # between bodies: ten minutes a round, so that hours end, are closed and sealed on the way

# One process imports, and forks for every round: a round then takes no longer than its work.
RUNNER = """
import os, random, signal, struct, sys, time, traceback
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.store.test_crashes import body, now_at, play
path = Path({path!r})
rng = random.Random(5)
answered = 0
for round_ in range({rounds}):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            play(path, answered, random.Random(round_), lambda n: os.write(write, struct.pack("<q", n)))
            os.close(write)
            signal.pause()  # a quick machine is through before the kill comes: then it hits a store at rest
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(3)
    os.close(write)
    # A quarter of the kills come early, into the recovery; a quarter among the bodies told again; the others
    # when something new was answered, so that a slow machine gets as far as a quick one.
    few, new = rng.randrange(1, 30), answered + rng.randrange(5)
    told = []
    while round_ % 4 and not (len(told) >= few if round_ % 4 == 2 else told and told[-1] >= new):
        if not (piece := os.read(read, 8)):
            break
        told.append(struct.unpack("<q", piece)[0])
    time.sleep(rng.uniform(0.0, 0.005 if round_ % 4 else 0.15))  # not at the instant of an answer
    os.kill(child, signal.SIGKILL)
    _, how = os.waitpid(child, 0)
    assert os.WIFSIGNALED(how), "the store failed by itself, not by the kill"
    while piece := os.read(read, 8):
        told.append(struct.unpack("<q", piece)[0])
    os.close(read)
    answered = max([answered, *(n + 1 for n in told)])
print(answered)
"""


def body(n: int) -> Batch:
    """Body number `n`: always the same 25 events, every seventh body two hours late."""
    batch = Batch()
    t = T0 + n * STEP_MS - (2 * HOUR if n % 7 == 3 else 0)
    for i in range(EVENTS):
        values = {1: (n * 31 + i) % 250, 2: i}
        observe(batch, f"{n}/{i}", t + i, 1 + (n + i) % 12, values, received=T0 + n * STEP_MS + 100)
    return batch


def now_at(n: int) -> int:
    return T0 + n * STEP_MS + 200


def play(path: Path, answered: int, rng: random.Random, tell: object) -> None:
    """Send bodies as a machine would that does not know what arrived: from some way before the last
    answer on, with housekeeping and flushes among them."""
    clock = clock_at(now_at(answered))
    store = open_store(path, clock)
    for n in range(max(0, answered - rng.choice((1, 3, 250))), answered + BODIES // ROUNDS):
        futures = [store.append(body(n))]
        if rng.random() < 0.3:  # the same body twice in one group
            futures.append(store.append(body(n)))
        if rng.random() < 0.1:
            clock.domain = max(clock.domain, now_at(n) + rng.choice((0, HOUR, 3 * HOUR)))
            store.maintain(clock.domain)
        if rng.random() < 0.1:
            store.flush()
        for future in futures:
            future.result(PATIENCE_S)
        tell(n)  # type: ignore[operator]


@pytest.mark.parametrize("rounds", [20, pytest.param(60, marks=pytest.mark.long)])
def test_events_told_again_after_many_kills_are_there_once(path: Path, rounds: int) -> None:
    root = str(Path(__file__).parents[2])
    code = RUNNER.format(root=root, path=str(path), rounds=rounds)
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=5 * PATIENCE_S, check=False
    )
    assert ran.returncode == 0, ran.stderr
    answered = int(ran.stdout.split()[-1])
    assert answered > rounds, "too little was stored to show anything"
    store = open_store(path, clock_at(now_at(BODIES)))
    try:
        sent = 0
        for n in range(BODIES):  # every machine gets its last answers, and some of them twice
            for _ in range(1 + n % 2):
                store.append(body(n)).result()
            sent += EVENTS
        store.maintain(now_at(BODIES)).result(PATIENCE_S)
        store.flush()
        _check(store, sent)
    finally:
        store.close()


def _check(store: object, sent: int) -> None:
    expected = {a: {m: [0, 0] for m in (1, 2)} for a in range(1, 13)}
    for n in range(BODIES):
        one = body(n)
        for number, value in zip(one.obs_series, one.obs_value, strict=True):
            held = expected[number >> 8][number & 255]
            held[0], held[1] = held[0] + 1, held[1] + value
    end = now_at(BODIES)
    with store.read() as conn:  # type: ignore[attr-defined]
        assert integrity(conn) == []
        for asset, metrics in expected.items():
            days = q.rollups_1h(conn, AssetId(asset), 19_998, 20_002, offset_s=25_200)
            for metric, (n, total) in metrics.items():
                hours = sum(a[MetricId(metric)][:2].sum(axis=1) for a in days.values())
                assert hours.tolist() == [n, total], f"hours of asset {asset}, metric {metric}"
                single = q.observations(conn, series(asset, metric), T0 - 3 * HOUR, end, 10**6).value
                assert [len(single), int(single.sum())] == [n, total], f"single ones of {asset}, {metric}"
        for metric in (1, 2):
            groups = q.group_rollups(conn, "camera", "", MetricId(metric), 19_998, 20_002).values()
            every = np.array([expected[a][metric] for a in expected]).sum(axis=0)
            assert sum(g[:2].sum(axis=1) for g in groups).tolist() == every.tolist()
        hours_ = q.source_hours(conn, 0, 10**7)
        assert sum(h.events for h in hours_ if h.source == MACHINE) == sent
        assert sum(h.observations for h in hours_ if h.source == MACHINE) == 2 * sent
