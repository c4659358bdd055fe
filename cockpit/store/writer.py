"""The one thread that writes: it drains what is queued, commits it together, then answers everyone."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol

from cockpit.store import meta
from cockpit.store.batch import Batch, Committed, Outcome
from cockpit.store.errors import QueueFull, StoreError, explain
from cockpit.store.handles import Read, Write
from cockpit.store.staging import Memory

log = logging.getLogger(__name__)

QUEUE_OBSERVATIONS = 400_000
"""Bound of the queue, in observations; other events are counted by what they cost."""

COMMIT_OBSERVATIONS = 40_000
"""A transaction takes no more than this, so that nobody waits behind an endless commit."""

FLUSH_S = 20.0
FLUSH_GROUPS = 30_000


class Times(Protocol):
    def monotonic(self) -> float: ...
    def domain_ms(self) -> int: ...
    def real_ms(self) -> int: ...


@dataclass(slots=True)
class Append:
    batch: Batch
    future: Future[Outcome]
    cost: int


@dataclass(slots=True)
class Call:
    """A function to run in a savepoint, and again from the start where the transaction it was in failed by
    another's fault. `done` gets its value on the writer's thread after the commit, before anybody else."""

    fn: Callable[[Write], Any]
    future: Future[Any]
    done: Callable[[Any], None] | None = None


@dataclass(slots=True)
class Flush:
    future: Future[None]


Job = Append | Call | Flush


def cost_of(batch: Batch) -> int:
    """What a batch weighs in the queue: observations, or what equals them in work and memory."""
    return (
        len(batch.obs_series)
        + len(batch.key)
        + (0 if batch.sampled is None else len(batch.sampled))
        + 10 * (len(batch.samples) + len(batch.records) + len(batch.reports))
        + 30 * len(batch.rollups)
        + len(batch.refused)
    )


class Writer:
    """Owns the writing connection. Every public method may be called from any thread."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        memory: Memory,
        clock: Times,
        revision: int = 0,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """`check` raises StoreError `gone` where what is committed would not last."""
        self._check = check
        self._ended: StoreError | None = None
        self._conn = conn
        self._memory = memory
        self._clock = clock
        self._jobs: deque[Job] = deque()
        self._wake = threading.Condition()
        self._queued = 0
        self._stop = False
        self._abandon = False
        self._flushed_at = clock.monotonic()
        self._listeners: list[Callable[[Committed], None]] = []
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._rate = 50_000.0
        self.commits = 0
        self.revision = revision
        self.observations = 0
        self.failures = 0

    def start(self) -> None:
        self._thread.start()

    @property
    def queued(self) -> int:
        return self._queued

    def subscribe(self, fn: Callable[[Committed], None]) -> None:
        self._listeners.append(fn)

    def append(self, batch: Batch) -> Future[Outcome]:
        job = Append(batch, Future(), cost_of(batch))
        with self._wake:
            # An empty queue takes anything, or a large body could never enter.
            if self._queued and self._queued + job.cost > QUEUE_OBSERVATIONS:
                raise QueueFull(max(1.0, self._queued / self._rate))
            self._put(job, job.cost)
        return job.future

    def call(self, fn: Callable[[Write], Any], done: Callable[[Any], None] | None = None) -> Future[Any]:
        job = Call(fn, Future(), done)
        with self._wake:
            self._put(job, 0)
        return job.future

    def flush(self) -> Future[None]:
        job = Flush(Future())
        with self._wake:
            self._put(job, 0)
        return job.future

    def _put(self, job: Job, cost: int) -> None:
        if self._stop:
            raise self._ended or StoreError("closed", "the store is closed")
        self._jobs.append(job)
        self._queued += cost
        self._wake.notify()

    def close(self, *, abandon: bool = False) -> None:
        """Write what is queued, flush, end the thread. `abandon` ends as a crash would: without either."""
        with self._wake:
            self._stop = True
            self._abandon = abandon
            self._wake.notify()
        self._thread.join()
        self._conn.close()

    def _run(self) -> None:
        while True:
            jobs = self._take()
            if self._abandon:
                _refuse([*jobs, *self._jobs], StoreError("closed", "the store was closed"))
                return
            if jobs:
                try:
                    self._commit(jobs)
                except BaseException as error:
                    self._give_up(jobs, error)
                    return
            elif self._stop:
                break
            if self._flush_due():
                self._flush()
        self._flush()

    def _give_up(self, jobs: list[Job], error: BaseException) -> None:
        """What is in memory may not agree with the disk any more: nobody is left waiting, and nothing is
        taken until the next start, which reads all from the disk."""
        known = error if isinstance(error, StoreError) else None  # says all there is to say
        log.critical("the writer has ended: %s", error, exc_info=None if known else error)
        ended = known or StoreError("error", f"the writer has ended: {error}")
        with self._wake:
            self._stop, self._ended = True, known
            self.failures += 1
            left, self._queued = [*jobs, *self._jobs], 0
            self._jobs.clear()
        with contextlib.suppress(sqlite3.Error):
            self._rollback()
        _refuse(left, ended)

    def _take(self) -> list[Job]:
        """The next jobs for one transaction; empty when only time has passed."""
        with self._wake:
            if not self._jobs and not self._stop:
                self._wake.wait(FLUSH_S if self._memory.open.rows or len(self._memory.groups) else None)
            jobs: list[Job] = []
            cost = 0
            while self._jobs and cost < COMMIT_OBSERVATIONS:
                job = self._jobs.popleft()
                jobs.append(job)
                if isinstance(job, Append):
                    cost += job.cost
                elif isinstance(job, Flush):
                    break
            self._queued -= cost
            return jobs

    def _commit(self, jobs: list[Job]) -> None:
        begun = self._clock.monotonic()
        calls = [j for j in jobs if isinstance(j, Call) and j.future.set_running_or_notify_cancel()]
        appends = [j for j in jobs if isinstance(j, Append) and j.future.set_running_or_notify_cancel()]
        if calls or appends:
            self._transact(calls, appends)
            cost = sum(j.cost for j in appends)
            if cost > 5_000:
                self._rate += 0.2 * (cost / max(1e-4, self._clock.monotonic() - begun) - self._rate)
        for job in jobs:
            if isinstance(job, Flush) and job.future.set_running_or_notify_cancel():
                self._flush(job.future)

    def _transact(self, calls: list[Call], appends: list[Append]) -> None:
        conn = self._conn
        try:
            self._check()
            conn.execute("BEGIN IMMEDIATE")
            staged = self._memory.stage(conn, [a.batch for a in appends]) if appends else None
            answers = [_in_savepoint(conn, call.fn) for call in calls]
            conn.execute("COMMIT")
            self._check()  # before anybody is told that it is on the disk
        except Exception as error:
            self._rollback()
            self.failures += 1
            reason = explain(error)
            if reason.code == "gone":
                raise reason from None
            if len(calls) + len(appends) > 1 and reason.code == "error":
                # One of them cannot be stored: each by itself, so that it harms no neighbour.
                for call in calls:
                    self._transact([call], [])
                for append in appends:
                    self._transact([], [append])
                return
            log.error("a transaction failed: %s", reason, exc_info=reason.code == "error")
            _refuse([*calls, *appends], reason)
            return
        self.commits += 1
        self.revision += 1
        if staged is not None:
            self._memory.committed(staged)
            self.observations += len(staged.committed.series)
            self._announce(staged.committed)
            for append, outcome in zip(appends, staged.outcomes, strict=True):
                append.future.set_result(outcome)
        for call, (value, failed) in zip(calls, answers, strict=True):
            if failed is not None:
                call.future.set_exception(failed)
                continue
            if call.done is not None:
                call.done(value)
            call.future.set_result(value)

    def _rollback(self) -> None:
        if self._conn.in_transaction:
            self._conn.execute("ROLLBACK")

    def _announce(self, committed: Committed) -> None:
        for fn in self._listeners:
            try:
                fn(committed)
            except Exception:
                log.exception("a listener of commits failed")

    def _flush_due(self) -> bool:
        if not self._memory.open.rows and not len(self._memory.groups):
            return False
        late = self._clock.monotonic() - self._flushed_at >= FLUSH_S
        return late or len(self._memory.groups) >= FLUSH_GROUPS

    def _flush(self, future: Future[None] | None = None) -> None:
        """Roll-ups of what is pending go to disk, in a transaction of their own."""
        memory, conn = self._memory, self._conn
        self._flushed_at = self._clock.monotonic()
        upto = self._clock.domain_ms(), self._clock.real_ms()
        saved = memory.groups.save()
        try:
            if memory.open.rows or len(memory.groups) or memory.groups.dirty:
                self._check()
                memory.open.groups_of_pending()
                conn.execute("BEGIN IMMEDIATE")
                memory.open.write(conn)
                memory.groups.write(conn)
                meta.put(conn, meta.ROLLED_UP, f"{upto[0]} {upto[1]}")
                conn.execute("COMMIT")
                memory.open.written()
                memory.groups.written()
                self.revision += 1
        except Exception as error:
            self._rollback()
            memory.groups.restore(saved)
            self.failures += 1
            reason = explain(error)
            log.error("the roll-ups could not be written: %s", reason, exc_info=reason.code == "error")
            if future is not None:
                future.set_exception(reason)
            return
        if future is not None:
            future.set_result(None)


def _refuse(jobs: Sequence[Job], error: Exception) -> None:
    for job in jobs:
        if not job.future.done():
            job.future.set_exception(error)


def _in_savepoint(conn: sqlite3.Connection, fn: Callable[[Write], Any]) -> tuple[Any, Exception | None]:
    """The function's value, or the exception after which only its own changes were undone."""
    conn.execute("SAVEPOINT call")
    try:
        value = fn(Write(Read(conn)))
    except Exception as error:
        if not conn.in_transaction:
            raise  # the database itself gave up, as on a full disk
        conn.execute("ROLLBACK TO call")
        conn.execute("RELEASE call")
        return None, error
    conn.execute("RELEASE call")
    return value, None
