"""Carries out what a presenter orders where a changed setting is not enough: a scenario's beginning with its
snapshot, a jump ahead, the way back to a point. One at a time; whoever comes meanwhile is refused.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import msgspec

from cockpit.demo import points, run_log
from cockpit.demo.controls import Busy, Point
from cockpit.demo.ground import Ground
from cockpit.demo.points import Mark, Points
from cockpit.demo.simulator_process import ChildEnded
from cockpit.demo.state import KEY, DemoError, next_epoch, state_of
from cockpit.demo.virtual_clock import GRID_MS, VirtualClock
from cockpit.demo.wire import orders_of
from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.ingest.door import Door
from cockpit.ingest.files import import_lines
from cockpit.store import StoreError, alerting, evidence, meta, snapshot
from cockpit.store.handles import Write

log = logging.getLogger(__name__)

STAND_S = 60.0
"""How long the simulator may take to end the span it is sending."""

MAX_JUMP_MS = 31 * DAY_MS

JUMP = "jump"
"""Where the store holds the ends of a jump under way."""


class Return(msgspec.Struct, frozen=True):
    """Who went back to the start, and what must not go back with it."""

    actor: str
    role: str
    reason: str
    real_ms: int
    left_ms: int  # domain time that was left
    epoch: int


class _At:
    """A clock that stands: what is sent up to a landing is checked as if it were that instant."""

    def __init__(self, domain_ms: int, real_ms: int) -> None:
        self._domain_ms, self._real_ms = domain_ms, real_ms

    def domain_ms(self) -> int:
        return self._domain_ms

    def real_ms(self) -> int:
        return self._real_ms

    def monotonic(self) -> float:
        return 0.0


class Controller:
    """Brings a demo where a presenter wants it. Safe to use from any thread."""

    def __init__(self, ground: Ground, restart: Callable[[], None]) -> None:
        """`restart` closes the store and all on top of it, puts back what was announced, and starts again."""
        self._ground = ground
        self._restart = restart
        self._turn = threading.Lock()
        self._stands = threading.Event()
        self._copying: threading.Thread | None = None
        self._kept = Points(ground.path)
        mark = points.mark_of(meta.peek(ground.path, points.KEY))
        self._last = None if mark is None else mark.number
        self.busy: Busy | None = None

    @property
    def points(self) -> tuple[Point, ...]:
        """Where one can go back to, in the order in which they were taken."""
        return self._kept.all

    @property
    def origin(self) -> Point | None:
        """What a reset goes back to that names no point."""
        return self._kept.of(self._last)

    @property
    def _clock(self) -> VirtualClock:
        return self._ground.clock

    def stands(self) -> None:
        """The simulator has seen that nothing is granted: all it had to send is sent."""
        self._stands.set()

    @contextmanager
    def _alone(self, busy: Busy) -> Iterator[None]:
        if not self._turn.acquire(blocking=False):
            raise DemoError("busy", f"the stage is being set ({self.busy.what if self.busy else ''})")
        try:
            self.busy = busy
            yield
        finally:
            self.busy = None
            self._turn.release()

    @contextmanager
    def _still(self) -> Iterator[int]:
        """Domain time stands where all is sent, stored and evaluated; that instant."""
        clock, engine = self._clock, self._ground.engine
        self._stands.clear()
        clock.halt()
        try:
            if self._ground.playing and not self._stands.wait(STAND_S):
                raise DemoError("busy", "the simulator does not come to a stand")
            with engine.held() if engine is not None else nullcontext():
                now = clock.domain_ms()
                self._ground.put(("domain_ms", str(now)))
                self._ground.store.flush()
                yield now
        finally:
            clock.release()

    # A scenario begins

    def begin(self, codes: tuple[str, ...], change: Callable[[int], None]) -> int:
        with self._alone(Busy("begin", scenarios=codes)):
            self.settle_copy()
            with self._still() as now:
                change(now)
                self.copy(codes)
            return now

    def copy(self, codes: tuple[str, ...] = ()) -> None:
        """Take the snapshot of this instant, where `codes` begin, behind everybody's back; returns when the
        instant is fixed."""
        begun = threading.Event()
        mark = Mark(self._kept.next(), codes)
        self._ground.put((points.KEY, mark.dump()))  # so the copy knows itself, and what comes after it, too

        def run() -> None:
            try:
                self._kept.take(mark.number, begun)
            except (StoreError, OSError) as error:
                log.error("no snapshot to go back to could be taken: %s", error)

        self._last = mark.number
        self._copying = threading.Thread(target=run, name="snapshot", daemon=True)
        self._copying.start()
        begun.wait()

    def settle_copy(self) -> None:
        """Wait for the snapshot under way."""
        if self._copying is not None:
            self._copying.join()

    # A jump ahead

    def jump(self, to_ms: int, change: Callable[[int], None]) -> None:
        to_ms = to_ms // GRID_MS * GRID_MS
        ground = self._ground
        if ground.config.replay:
            raise DemoError("no_jump", "a recording is played: it has no other past")
        with self._alone(Busy("jump", to_ms=to_ms)), self._still() as now:
            if not now < to_ms <= now + MAX_JUMP_MS:
                days = MAX_JUMP_MS // DAY_MS
                raise DemoError("bad_jump", f"jump: expected an instant after now, within {days} days")
            ground.recorder.leap("jump")
            ground.put((JUMP, f"{now} {to_ms}"))
            try:
                ground.progress.shut("jump")
                self._land(now, to_ms)
                if ground.engine is not None:
                    ground.engine.jumped()
                change(now)
            finally:
                ground.progress.open()

    def finish_jump(self) -> None:
        """Land where a jump was to land that was cut off. To be called before anything plays."""
        with self._ground.store.read() as conn:
            cut_off = meta.get(conn, JUMP)
        if cut_off:
            start, end = map(int, cut_off.split())
            self._land(start, end)

    def _land(self, start: int, end: int) -> None:
        """Stand at the end with the span filled. What could not be filled is missing, and is shown so:
        a part of it is stored already, so there is no way back."""
        try:
            self._fill(start, end)
        except (ChildEnded, StoreError) as error:
            log.error("the span of a jump could not be filled to its end: %s", error)
        self._clock.jump(end)
        self._ground.put((JUMP, ""), ("domain_ms", str(end)))

    def _fill(self, start: int, end: int) -> None:
        """What the simulated province would have sent, as roll-ups where whole hours pass."""
        ground = self._ground
        if not ground.config.simulator:
            return
        ground.progress.phase("jump", 0, self._expected(start, end))
        door = Door(ground.store, ground.profile, _At(end, self._clock.real_ms()), simulated=True)

        def progress(done: int) -> None:
            ground.progress.phase("jump", done)

        def bring() -> None:
            with ground.errands.span(orders_of(ground.run), start, end) as lines:
                import_lines(door, lines, progress, past=True)

        try:
            ground.errands.again(bring)
        finally:
            door.close()
        ground.store.flush()

    def _expected(self, start: int, end: int) -> int:
        """About how many events fill a span: single ones at its edges, a summary an asset and day."""
        first, last = -(-start // HOUR_MS) * HOUR_MS, end // HOUR_MS * HOUR_MS
        edges = end - start if first >= last else first - start + end - last
        rhythms = [a.rhythm_s for a in self._ground.profile.assets if a.rhythm_s]
        days = (end - start) // DAY_MS + 1
        return int(sum(1 / r for r in rhythms) * edges / 1000) + len(rhythms) * days

    # Back to a point

    def reset(self, actor: str, role: str, reason: str = "", number: int | None = None) -> int:
        """Put the snapshot of a point back; the domain time it stands at. Returns when all is up again."""
        ground = self._ground
        with self._alone(Busy("reset")):
            seen = self._asked(number)
            self.busy = Busy(
                "reset", None if seen is None else seen.at_ms, () if seen is None else seen.scenarios
            )
            self.settle_copy()
            point = self._asked(number)
            if point is None:
                raise DemoError("no_start", "no snapshot of this point is there")
            self.busy = Busy("reset", point.at_ms, point.scenarios)
            ground.progress.phase("reset", 0, point.bytes)
            ground.recorder.leap("reset")
            clock = self._clock
            left = clock.domain_ms()
            epoch = ground.run.epoch
            self._keep_log(left)
            word = Return(actor, role, reason, clock.real_ms(), left, epoch)

            def announce(conn: Write) -> None:
                text = msgspec.json.encode(word).decode()
                snapshot.announce(ground.path, conn, text, point.number)

            engine = ground.engine
            try:
                if engine is not None:
                    engine.fall_silent()  # or what is told after this is told again from the snapshot
                ground.store.write(announce).result()
            except (StoreError, TimeoutError) as error:
                if engine is not None:
                    engine.speak()
                raise DemoError("busy", f"the way back could not be prepared: {error}") from error
            self._restart()
            self._last = point.number
            return point.at_ms

    def _asked(self, number: int | None) -> Point | None:
        """The point of this number, or that a reset goes back to by itself."""
        if number is None:
            return self.origin
        return next((p for p in self._kept.all if p.number == number), None)

    def _keep_log(self, left: int) -> None:
        """The run that is left can be repeated: its log stays as a file."""
        try:
            ground = self._ground
            run_log.keep(ground.config, ground.profile.code, ground.store, left, self._clock.real_ms())
        except OSError as error:
            log.warning("the log of the run that is left could not be kept: %s", error)


def put_back(path: Path, progress: Callable[[int, int], None] | None = None) -> bool:
    """Do what was announced, if anything: at a start, and in the middle of a reset. Nobody may have the
    database open. `progress` is told bytes done and in all; what it raises cuts it off."""
    order = snapshot.announced(path)
    if order is None:
        return False
    word = msgspec.json.decode(order.text, type=Return)

    def finish(conn: Write) -> None:
        at = int(meta.get(conn, "domain_ms") or 0)
        setting = next_epoch(state_of(meta.get(conn, KEY)), word.epoch)
        meta.put(conn, KEY, setting.dump())
        data = {"left": word.left_ms, "reason": word.reason}
        alerting.append(conn, [alerting.Line(at, None, "clock_reset", word.actor, data)])
        alerting.record_command(conn, at, word.real_ms, word.actor, word.role, "clock_reset", data, "done")

    snapshot.put_back(path, order, finish, progress)
    evidence.set_back(path)
    return True
