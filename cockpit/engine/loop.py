"""The engine's thread: a tick each second, a heartbeat, and the way back after a restart."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path

from cockpit.clock import Clock
from cockpit.domain.freshness import WorkTime
from cockpit.domain.registers import LATE
from cockpit.engine import lease
from cockpit.engine.columns import DOMAIN, REAL
from cockpit.engine.core import Core
from cockpit.engine.following import Following
from cockpit.engine.gaps import Gaps
from cockpit.engine.indicators import Board
from cockpit.engine.leaps import Leaps
from cockpit.engine.lease import LeaseLost
from cockpit.engine.listening import listen
from cockpit.engine.long_ago import of_store
from cockpit.engine.notices.channel import Channel
from cockpit.engine.notices.delivery import Telling
from cockpit.engine.numbers import Lane
from cockpit.engine.orders import Orders
from cockpit.engine.plan_targets import PlanTargets
from cockpit.engine.restore import restore
from cockpit.engine.rules_in_force import RulesInForce
from cockpit.engine.uncollected import uncollected
from cockpit.profiles import Profile
from cockpit.store import Store, StoreError, alerting
from cockpit.store.alerting import Line
from cockpit.store.batch import Committed
from cockpit.store.handles import Write
from cockpit.store.queries import registers

log = logging.getLogger(__name__)

TICK_S = 1.0
STALL_S = 10.0
"""A loop that was held up for longer than this could not listen: as after a restart."""

JUMP_MS, TOP_SPEED = 120_000, 900
"""Domain time that runs further than `TOP_SPEED` times the monotonic clock, and this, has jumped."""

TELL_S = 60.0
"""How often the log says that the same trouble lasts."""

SETTLE_MS = 500
"""On a real clock an event may be on its way to the disk for this long after it was received."""

GRID_MS = 60_000
"""Rules about indicators are evaluated on this grid of domain time, however long a tick is."""

MAX_CUTS = 240
VALUES_MS = 10_000
WRITE_S = 30.0


class Engine:
    """Evaluates what the store receives. `start()` runs it in a thread; `tick()` is one step of it."""

    def __init__(
        self,
        store: Store,
        profile: Profile,
        clock: Clock,
        announce_to: Path | None = None,
        channels: Sequence[Channel] = (),
        *,
        played: bool = False,
    ) -> None:
        """`announce_to`: a file that is told every line of the event log; `channels` tell people what matters
        of it. `played`: domain time is played, and goes no further than all has been sent and stored."""
        self._store = store
        self._rules = RulesInForce(store, profile)
        self._clock = clock
        self._virtual = played
        self.leaps = Leaps(clock)
        self._work = WorkTime(profile.utc_offset_s)
        self._lease = lease.Lease(store, clock)
        self._stop = threading.Event()
        self._turn = threading.RLock()  # held while a tick works
        self._jumped = False
        self._thread: threading.Thread | None = None
        self._core: Core | None = None
        self._board: Board | None = None
        self._take_up_nothing()
        self._steps = -1
        self._writing: Future[None] | None = None
        self._written_meta: dict[str, str] = {}
        self._ticked = clock.monotonic()
        self._mono = clock.monotonic()
        self._values_at = 0
        self.ticks = self.failures = 0
        self._told = -TELL_S
        self.last_tick_s = 0.0
        self.last_error = ""
        told = announce_to is not None or bool(channels)
        self._outbox = Telling(store, profile, clock, announce_to, channels) if told else None
        if self._outbox is not None:
            self._outbox.begin()  # before the first tick, which may have something to tell
        store.subscribe(self._push)

    def _push(self, committed: Committed) -> None:
        core = self._core
        if core is not None:
            core.intake.push(committed)

    def start(self) -> None:
        """Begin to tick in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()
        if self._outbox is not None:
            self._outbox.start()

    def stop(self) -> None:
        """Stop ticking; whatever a tick decided is on disk."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)
        if self._outbox is not None:
            self._outbox.stop()
        with suppress(Exception):  # a store that is closing already keeps the lease until it runs out
            self._lease.release()

    def fall_silent(self) -> None:
        """What was announced is settled: nobody is told more until this engine is replaced, or `speak`.
        Raises TimeoutError."""
        if self._outbox is not None:
            self._outbox.end()

    def speak(self) -> None:
        """Go on announcing after `fall_silent`."""
        if self._outbox is not None:
            self._outbox = self._outbox.anew()
            self._outbox.start()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing is evaluated meanwhile, after all that was sent up to now has been. Raises what a tick
        raises."""
        with self._turn:
            self.tick()
            yield

    def compute_anew(self) -> None:
        """All indicators are computed at the next tick, those that count what people move one later."""
        with self._turn:
            if self._board is not None:
                self._board.anew()

    def jumped(self) -> None:
        """While `held`: the clock stands elsewhere. Timers begin anew at the next tick, which neither raises
        nor clears for what passed between."""
        self._jumped = True

    def tick_age_s(self) -> float:
        """Seconds since the last tick that succeeded, on the monotonic clock."""
        return self._clock.monotonic() - self._ticked

    def _run(self) -> None:
        before = self._clock.monotonic()
        while not self._stop.is_set():
            begun = self._clock.monotonic()
            if begun - before > STALL_S and not self._virtual and self._core is not None:
                for lane, now in self._instants().items():
                    self._core.jump(lane, now)
            before = begun
            self.guarded_tick()
            self._stop.wait(max(0.05, TICK_S - (self._clock.monotonic() - begun)))

    def guarded_tick(self) -> bool:
        """A tick whose failure is logged and counted, and stops nothing. False if it failed."""
        try:
            with self._turn:
                self.tick()
        except Exception as error:
            self._failed(error)
            return False
        return True

    def _failed(self, error: Exception) -> None:
        """Count a tick that failed; the same trouble is told once a minute, not every second."""
        self.failures += 1
        now, before = self._clock.monotonic(), self.last_error
        self.last_error = f"{type(error).__name__}: {error}"
        if self.last_error == before and now - self._told < TELL_S:
            return
        self._told = now
        # What the store answers says all; only a fault in the evaluation needs its place in the code.
        known = isinstance(error, StoreError | LeaseLost)
        log.error("a tick of the engine failed (%d so far): %s", self.failures, error, exc_info=not known)

    @uncollected()
    def tick(self) -> None:
        """Evaluate everything up to now and write what changed. Raises what the store raises; then the
        changes are kept and written with those of the next tick."""
        begun = self._clock.monotonic()
        self._settle()
        if not self._lease.hold():
            self._core = self._board = None  # another engine works on this store
            return
        leapt = self.leaps.look()
        if leapt < 0 and self._core is not None and self._board is not None:
            try:
                self._write(self._core, self._board)  # what it found before
            finally:
                self._core = None
        anew = self._core is None or self._board is None or self._core.intake.lost()
        if anew:
            leapt = self.leaps.mend(self._store, self._rules.profile, self._real_lanes()) or leapt
            self._core, self._board = self._load()
        self._follow_rules()
        core, board = self._core, self._board
        assert core is not None  # noqa: S101 - just made
        assert board is not None  # noqa: S101
        # Read together: what takes its time before this must not look like a jump of the one clock.
        mono, instants = self._clock.monotonic(), self._instants()
        self._watch_jumps(core, instants, mono, leapt)
        self._look_at_registers(core)
        self._domain(core, board, instants[DOMAIN])
        if instants[REAL] >= core.now[REAL]:
            listen(self._store, core, instants[REAL])
            core.step(REAL, instants[REAL])
            self._orders.run_real(core)
        if core.now[DOMAIN] // VALUES_MS != self._values_at:
            self._values_at = core.now[DOMAIN] // VALUES_MS
            core.refresh_values(core.now[DOMAIN])
        with self._store.read() as conn:
            board.run(conn, core, core.now[DOMAIN], self._clock.monotonic)
            self._targets.run(board.stands, core.now[DOMAIN])
        if self._targets.waiting:
            board.plans_moved()
        self._write(core, board)
        self.ticks += 1
        self._ticked = self._clock.monotonic()
        self.last_tick_s = self._ticked - begun

    def _follow_rules(self) -> None:
        """Take up the rules that were put in force since the last tick."""
        core, board = self._core, self._board
        if core is None or board is None or not self._rules.changed():
            return
        self._write(core, board)  # what it found under those before
        self._core = core = self._rules.take_up(core)
        board.follow(core)

    def _look_at_registers(self, core: Core) -> None:
        """Take up what has become of entries since the last tick, by the engine or by people."""
        with self._store.read() as conn:
            steps = registers.last_step(conn)
            if steps == self._steps and not self._gaps.outdated:
                return
            self._steps = steps
            now = {e.subject: e for e in registers.open_entries(conn) if e.kind in LATE}
            self._gaps.reload(conn)
            self._targets.reload(conn)
            self._orders.reload(conn)
        if self._board is not None:
            self._board.plans_moved()
        for entry in now.values():
            core.watch(entry, core.now[DOMAIN])
        for subject in sorted(core.entries.open.keys() - now.keys()):
            core.unwatch(subject, core.now[DOMAIN])

    def _instants(self) -> dict[Lane, int]:
        settle = 0 if self._virtual else SETTLE_MS
        return {DOMAIN: self._clock.domain_ms() - settle, REAL: self._clock.real_ms() - SETTLE_MS}

    def _real_lanes(self) -> tuple[Lane, ...]:
        return (REAL,) if self._virtual else (DOMAIN, REAL)

    def _watch_jumps(self, core: Core, instants: dict[Lane, int], mono: float, leapt: int) -> None:
        passed = (mono - self._mono) * 1000
        self._mono = mono
        told, self._jumped = self._jumped, False
        for lane, now in instants.items():
            ahead = now - core.now[lane]
            real = lane in self._real_lanes()
            if real and leapt:
                core.jump(lane, now)
                core.changes.log.append(
                    Line(now, None, "clock_jump", "engine", {"by_ms": leapt, "lane": lane, "real": True})
                )
            elif ahead > passed * TOP_SPEED + JUMP_MS or ahead < -JUMP_MS or (told and lane == DOMAIN):
                core.jump(lane, now)
                core.changes.log.append(
                    Line(now, None, "clock_jump", "engine", {"by_ms": ahead, "lane": lane})
                )

    def _domain(self, core: Core, board: Board, upto: int) -> None:
        """Evaluate domain time in sections between the instants at which rules are switched or judged, or
        somebody is told."""
        for cut in self._cuts(core, upto):
            while (before := self._orders.before(core, cut)) is not None:
                core.step(DOMAIN, before)
                self._orders.run(core, before)
            core.step(DOMAIN, cut)
            self._orders.run(core, cut)
            self._look_for_gaps(core, board, cut)
            if board.has_rules and cut % GRID_MS == 0 and cut > board.judged:
                with self._store.read() as conn:
                    news = board.judge_rules(conn, core, cut)
                core.desk.process(news, DOMAIN, cut)

    def _look_for_gaps(self, core: Core, board: Board, now: int) -> None:
        """Look the province over if it is time to; what was found holds from here on."""
        moved = self._gaps.step(self._store, now)
        if moved is None:
            return
        board.gaps_found()
        for entry in [one.entry for one in moved]:
            if entry.closed is None:
                core.watch(entry, now)
            else:
                core.unwatch(entry.subject, now)

    def _cuts(self, core: Core, upto: int) -> list[int]:
        start = core.now[DOMAIN]
        if upto < start:
            return []
        with self._store.read() as conn:
            cuts = {upto} | self._orders.look(conn, core, upto)
        first = start // GRID_MS + 1
        last = upto // GRID_MS
        cuts |= {g * GRID_MS for g in range(max(first, last - MAX_CUTS + 1), last + 1)}
        return sorted(cuts)

    def _settle(self) -> None:
        """Wait for a write that had not ended when its tick gave up on it."""
        if self._writing is not None:
            self._finish(self._writing)

    def _write(self, core: Core, board: Board) -> None:
        core.changes.sources |= core.source_states.changed(core.now[DOMAIN])
        facts = {
            "engine_beat": str(self._clock.real_ms() // 1000 * 1000),
            "engine_domain_ms": str(core.now[DOMAIN]),
            "engine_real_ms": str(core.now[REAL]),
            lease.KEY: self._lease.renewal(),
        }
        if (
            not core.changes
            and not board.waiting
            and not any(one.waiting for one in self._following)
            and facts["engine_beat"] == self._written_meta.get("engine_beat")
        ):
            return
        core.keep()
        core.changes.meta |= facts
        self._written_meta = facts

        def save(conn: Write) -> None:
            self._lease.must_be_ours(conn)
            self._orders.settle(conn, core)
            alerting.save(conn, core.changes)
            board.save(conn)
            for one in self._following:
                one.save(conn)

        self._writing = self._store.write(save)
        self._finish(self._writing)

    def _finish(self, writing: Future[None]) -> None:
        try:
            writing.result(WRITE_S)
        except TimeoutError:
            raise
        except BaseException:
            self._writing = None
            raise
        self._writing = None
        if self._core is not None and self._board is not None:
            self._core.changes.clear()
            self._board.saved()
            for one in self._following:
                one.saved()

    def _load(self) -> tuple[Core, Board]:
        """Take up what an earlier engine left."""
        profile = self._rules.profile
        ago = of_store(self._store, profile.utc_offset_s)
        core = Core(profile, self._work, virtual=self._virtual, ago=ago)
        self._core = core  # from here on commits are collected
        restore(self._store, core, self._instants())
        self._take_up_nothing()
        self._steps = -1  # the register is read at the first tick
        return core, Board(core, self._work, self._gaps)

    def _take_up_nothing(self) -> None:
        """What follows registers and people's orders, before it has read any."""
        self._gaps = Gaps(self._rules.profile, self._work)
        self._targets = PlanTargets(self._rules.profile)
        self._orders = Orders(self._rules.profile)
        self._following: tuple[Following, ...] = (self._gaps, self._targets, self._orders)
