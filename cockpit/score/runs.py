"""Runs of scenarios: one in this process, or many side by side, each judged where it was played."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

from cockpit import signals
from cockpit.config import DEFAULT_PROFILE
from cockpit.engine.kinds import CLAIMS
from cockpit.profiles import Profile, load
from cockpit.score import harness
from cockpit.score.figures import load_of, tallies
from cockpit.score.findings import findings
from cockpit.score.match import judge
from cockpit.score.promise import claims, lag_of
from cockpit.score.result import Result
from cockpit.score.truth import faults_of
from simulator.play import Play
from simulator.scenario import Scenario, cast
from simulator.truth import truth_lines

MOST_MS = 6 * 3_600_000
"""Domain time of a run unless it is told: no scenario needs more to tell how it was seen."""


@dataclass(frozen=True, slots=True)
class Job:
    """A run to do: scenarios played together from the start of the first."""

    name: str
    scenarios: tuple[Scenario, ...]
    seed: int
    profile: str = DEFAULT_PROFILE
    size: str = "district"
    length_ms: int = 0  # 0: that of the first scenario, at most MOST_MS
    step_ms: int = harness.STEP_MS
    past_days: int = harness.PAST_DAYS


def play_of(job: Job, profile: Profile) -> tuple[Play, int, int]:
    """The play of a job and its span, ms."""
    start = job.scenarios[0].start_ms
    play = Play(profile, job.seed)
    play.obey(cast([(scenario, start) for scenario in job.scenarios], profile, job.seed))
    return play, start, start + (job.length_ms or min(job.scenarios[0].length_ms, MOST_MS))


def run(job: Job, progress: harness.Progress = lambda share: None) -> Result:
    """Do a job here. Raises HarnessError, StoreError, TruthError."""
    begun = time.monotonic()
    profile = load(job.profile, size=job.size)
    play, start, end = play_of(job, profile)
    faults = faults_of(truth_lines(play, start, end, CLAIMS, job.past_days))
    out = harness.run(
        profile, play, start, end, step_ms=job.step_ms, past_days=job.past_days, progress=progress
    )
    claimed, judging = claims(profile)
    verdict = judge(faults, out.alerts, start, end, lag_of(profile))
    return Result(
        name=job.name,
        seed=job.seed,
        tallies=tallies((f.kind for f in faults), verdict, claimed, judging),
        load=load_of((t for a in out.alerts for t in a.calls), start, end),
        findings=findings(verdict, faults, judging, start),
        events=out.events,
        refused=out.refused,
        seconds=round(time.monotonic() - begun, 1),
    )


def run_all(jobs: Sequence[Job], processes: int, done: Callable[[Result], None]) -> list[Result]:
    """Do jobs in so many processes; `done` is called as each ends. Results in the order of the jobs."""
    if processes <= 1 or len(jobs) == 1:
        results = []
        for job in jobs:
            results.append(run(job))
            done(results[-1])
        return results
    found: dict[int, Result] = {}
    with ProcessPoolExecutor(min(processes, len(jobs)), get_context("spawn"), initializer=_worker) as pool:
        try:
            with signals.unheard():
                waiting = {pool.submit(run, job): number for number, job in enumerate(jobs)}
            for future in as_completed(waiting):
                found[waiting[future]] = future.result()
                done(found[waiting[future]])
        except BrokenProcessPool:
            raise harness.HarnessError("a process of the score was ended from outside") from None
        except BaseException:
            signals.end_workers()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [found[number] for number in range(len(jobs))]


def _worker() -> None:
    signals.end_with_parent()
    # One core a process: numeric libraries must not start threads of their own beside it.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
