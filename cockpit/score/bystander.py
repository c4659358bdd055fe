"""Judges what a running demo has played, for whoever looks at it: in a process of its own, now and then."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from cockpit import ROOT, signals
from cockpit.clock import Clock
from cockpit.config import Config
from cockpit.demo import run_log
from cockpit.domain.alerting import kept
from cockpit.domain.alerting.played import Played
from cockpit.domain.periods import DAY_MS
from cockpit.profiles import Profile
from cockpit.score.alertlog import raised
from cockpit.store import Store, StoreError, alerting, meta
from cockpit.store.handles import Read
from cockpit.store.queries import outcome
from cockpit.store.queries import stage as rows

log = logging.getLogger(__name__)

MOST_MS = 2 * DAY_MS
"""Domain time that is judged, the newest: a demo that goes on for months costs no more than one of days."""

LEAST_MS = 60_000
"""Domain time that must have been played before there is anything to judge."""

AGAIN_S = 20.0
"""Between two judgements, at least, and so many times as long as one takes: it never has more than a small
part of a core."""
SHARE = 20.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """The last one, None before the first; whether the next is being reached; and whether the last try
    failed."""

    played: Played | None
    busy: bool
    failed: bool


class Bystander:
    """Judges one demo. Safe to ask from any thread; nothing happens unless somebody asks."""

    def __init__(self, config: Config, store: Store, profile: Callable[[], Profile], clock: Clock) -> None:
        """`profile`: the province with the rules in force."""
        self._config, self._store, self._profile, self._clock = config, store, profile, clock
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._next = 0.0  # monotonic: not before this
        self._of: tuple[object, ...] = ()  # what the last one was of
        self._told = Judgement(None, False, False)

    def look(self) -> Judgement:
        """What is known now; where that is old, a new judgement is begun behind the page."""
        now = self._clock.monotonic()
        with self._lock:
            if not self._told.busy and not self._stopped and now >= self._next:
                self._next = now + AGAIN_S
                if (state := self._state()) and state != self._of:
                    self._told = Judgement(self._told.played, True, self._told.failed)
                    self._thread = threading.Thread(
                        target=self._judge, args=(state,), name="bystander", daemon=True
                    )
                    self._thread.start()
            return self._told

    def stop(self) -> None:
        """End what is at work; nothing begins after it."""
        with self._lock:
            self._stopped = True
            if self._child is not None:
                self._child.kill()
        if self._thread is not None:
            self._thread.join(3)

    def _state(self) -> tuple[object, ...]:
        """Another value whenever a judgement would be another."""
        try:
            with self._store.read() as conn:
                end = alerting.evaluated(conn, "domain")
                return end, run_log.length(conn), meta.get(conn, "rules")
        except StoreError:
            return ()

    def _judge(self, state: tuple[object, ...]) -> None:
        began, played, failed = self._clock.monotonic(), self._told.played, True
        try:
            task = self._task()
            if task is not None:
                played = self._ask(task)
            failed = False
        except Exception as error:  # whatever it is: the page says so, and it is tried again
            if not self._stopped:
                log.warning("what was played could not be judged: %s: %s", type(error).__name__, error)
        took = self._clock.monotonic() - began
        with self._lock:
            self._of = () if failed else state
            self._next = self._clock.monotonic() + max(AGAIN_S, SHARE * took)
            self._told = Judgement(played, False, failed)

    def _task(self) -> bytes | None:
        """As `cockpit.score.played` reads it, a line of JSON; None where nothing was played yet."""
        profile, config = self._profile(), self._config
        apart = [s.code for s in profile.sources if s.time == "real"]
        with self._store.read() as conn:
            spans, whole = self._spans(conn)
            if not spans:
                return None
            rows = outcome.between(conn, spans[0][0], apart)
            alerts = raised(rows, outcome.folds(conn, [row.id for row in rows]))
        lines = run_log.text(config, profile.code, self._store).decode().splitlines()
        task = {
            "profile": config.profile, "size": config.size, "seed": config.seed, "deaf": config.deaf,
            "log": lines, "rules": [kept(rule)[1] for rule in profile.rules],
            "spans": spans, "whole": whole, "alerts": alerts,
        }  # fmt: skip
        return msgspec.json.encode(task) + b"\n"

    def _spans(self, conn: Read) -> tuple[list[tuple[int, int]], bool]:
        """What was played and evaluated, without what leaps skipped; whether that is all since the start."""
        end = alerting.evaluated(conn, "domain")
        begun = int(meta.get(conn, run_log.BEGUN) or outcome.begun(conn) or end)
        first = max(begun, end - MOST_MS)
        spans, start = [], first
        for leap in rows.done(conn, ("clock_jump",)):
            left, landed = leap.args.get("from"), leap.args.get("to")
            if isinstance(left, int) and isinstance(landed, int) and landed > start:
                spans.append((start, left))
                start = landed
        spans.append((start, end))
        return [(a, b) for a, b in spans if b - a >= LEAST_MS], first == begun

    def _ask(self, task: bytes) -> Played:
        command = [sys.executable, "-m", "cockpit.score.played"]
        with self._lock:
            if self._stopped:
                raise _Ended("the cockpit stops")
            with signals.unheard():
                child = subprocess.Popen(
                    command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0
                )
            self._child = child
        assert child.stdin is not None  # noqa: S101 - asked for where it was started
        assert child.stdout is not None  # noqa: S101
        try:
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(task)
                child.stdin.flush()
            answer = child.stdout.read()
        finally:
            with self._lock:
                self._child = None
            for pipe in (child.stdin, child.stdout):
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
            child.wait()
        if child.returncode:
            raise _Ended(f"the process that judges ended with code {child.returncode}")
        return msgspec.json.decode(answer, type=Played)


class _Ended(RuntimeError):
    """The child ended before it answered."""
