"""Joins the parts. app.py and the command line call this and nothing else joins."""

from __future__ import annotations

import contextlib
import gc
import logging
import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cockpit import children
from cockpit.clock import Clock, RealClock, VirtualClock
from cockpit.config import Config, ConfigError, from_env
from cockpit.engine import Engine
from cockpit.ingest import tokens
from cockpit.ingest.door import Door
from cockpit.ingest.files import import_lines
from cockpit.ingest.host import HostAgent
from cockpit.profiles import Profile, load
from cockpit.stage import Stage
from cockpit.store import Store, StoreError, meta
from cockpit.store.lock import DirectoryHeld, Lock, Owner, hold
from cockpit.store.queries import loading

log = logging.getLogger(__name__)

HOUR_MS = 3_600_000
SIMULATOR = "the demo's own simulator"
RAW_HOURS = 1
"""Full hours of the past, besides the one begun, that a new demo holds as single observations."""


class Stopped(Exception):
    """The cockpit is to stop before it has finished starting."""


@dataclass(frozen=True, slots=True)
class Startup:
    """How far the start is: a key of the words catalogue, steps done and in all (0: not known)."""

    phase: str
    done: int = 0
    total: int = 0


class Cockpit:
    """One cockpit process: what is joined, and the order in which it starts and stops.

    `clock`, `store`, `door` and `engine` are there once `start()` has made them; `ready` tells when
    all is up. A process that does not own the data directory is not `writable` and has no engine.
    """

    profile: Profile
    clock: Clock
    store: Store
    door: Door
    tokens: tokens.Tokens
    engine: Engine | None = None
    stage: Stage | None = None
    pictures: str | None = None
    """Where pictures of cameras are to be had, as the simulator has said: an address on this machine."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.profile = load(config.profile, size=config.size)
        self.ready = threading.Event()
        self.startup = Startup("lock")
        self.failure: BaseException | None = None
        self.live: children.Live | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._host: HostAgent | None = None
        self._persisted_ms = 0
        self._detail: threading.Thread | None = None
        self._detail_until: int | None = None
        self.owner: Owner | None = None  # the engine beside which this process only reads
        self._lock: Lock | None = self._take_directory()
        self.writable = self._lock is not None

    @property
    def demo(self) -> bool:
        return self.config.mode == "demo"

    @property
    def address(self) -> str:
        host = self.config.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.config.port}"

    @property
    def path(self) -> Path:
        return self.config.data_dir / "cockpit.db"

    def _take_directory(self) -> Lock | None:
        self.config.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            return hold(self.config.data_dir, role=self.config.mode, address=self.address)
        except DirectoryHeld as held:
            if held.owner.role == "engine" and self.config.mode == "serve":
                self.owner = held.owner
                return None
            raise

    def start_in_thread(self) -> None:
        """Begin; `ready` is set when done, `failure` if it cannot be."""
        self._thread = threading.Thread(target=self._start_guarded, name="start", daemon=True)
        self._thread.start()

    def _start_guarded(self) -> None:
        try:
            self.start()
        except Stopped:
            log.info("stopped before the start was complete")
        except StoreError as error:
            self.failure = error  # says all there is to say: which file, and what to do
            log.error("the cockpit could not start: %s: %s", self.path, error)
        except BaseException as error:
            self.failure = error
            log.exception("the cockpit could not start")

    def start(self) -> None:
        """Open the store, bring in history where a demo has none, start engine, host agent and simulator."""
        self._phase("store")
        self.clock = self._make_clock()
        self.store = Store(self.path, self.profile, self.clock, writable=self.writable)
        self.store.start()
        self.tokens = tokens.Tokens(self.store)
        self.door = Door(self.store, self.profile, self.clock, simulated=self.demo)
        if self.demo:
            self.stage = Stage(self.clock, self.profile.asset)
        if self.writable:
            self._start_owner()
        _freeze()
        self.ready.set()

    def _start_owner(self) -> None:
        if self.demo and self.config.history_days and self.config.simulator:
            self._bring_core()
        self._phase("engine")
        self.engine = Engine(self.store, self.profile, self.clock)
        self.engine.start()
        self._host = HostAgent(self.door)
        self._host.start()
        if self.demo and self.config.simulator:
            self._start_simulator()
        if self._detail_until is not None:
            args = (self._detail_until,)
            self._detail = threading.Thread(target=self._bring_detail, args=args, name="past", daemon=True)
            self._detail.start()

    def _make_clock(self) -> Clock:
        if not self.demo:
            return RealClock()
        stored = meta.peek(self.path, "domain_ms")
        start = int(stored) if stored else _start_ms(self.config.start)
        return VirtualClock(start, self.config.speed)

    def _bring_core(self) -> None:
        """What screens need of the past, before the first of them is shown."""
        with self.store.read() as conn:
            if meta.get(conn, "history") == "done":
                return
            # A start that was cut off goes on with the same past: its ids say what is stored already.
            known = meta.get(conn, "history")
        until = int(known) if known else self.clock.domain_ms()
        begin = until // HOUR_MS * HOUR_MS - RAW_HOURS * HOUR_MS
        self._put(("history", str(until)), ("domain_ms", str(max(until, self.clock.domain_ms()))))
        self._put((loading.KEY, str(begin)))
        senders = sum(1 for a in self.profile.assets if a.rhythm_s)
        # An estimate, for the progress bar alone.
        self._phase("history", 0, senders * self.config.history_days // 2)
        self._import("core", until)
        self._detail_until = until

    def _bring_detail(self, until: int) -> None:
        """The rest of the past, behind the pages: it takes half of a core's time at most."""
        try:
            self._import("detail", until)
            self._put((loading.KEY, ""), ("history", "done"))
        except Stopped:
            log.info("stopped before all of the past was in; the next start goes on with it")
        except Exception:
            log.exception("the past could not be brought in; the next start tries again")

    def _import(self, part: str, until: int) -> None:
        paced = part == "detail"
        began = self.clock.monotonic()

        def progress(done: int) -> None:
            nonlocal began
            if not paced:
                self._phase("history", done)
                return
            spent = self.clock.monotonic() - began
            if self._stopping.wait(spent):
                raise Stopped
            began = self.clock.monotonic()

        with children.history(self.config, iso(until), part) as lines:
            import_lines(self.door, lines, progress, past=True)
        self.store.flush()

    def _put(self, *facts: tuple[str, str]) -> None:
        def write(conn: sqlite3.Connection) -> None:
            for key, value in facts:
                meta.put(conn, key, value)

        self.store.write(write).result()

    def _start_simulator(self) -> None:
        self._phase("simulator")
        sources = [s.code for s in self.profile.sources if s.time == "domain"]

        def fresh(conn: sqlite3.Connection) -> str:
            tokens.revoke_labelled(conn, "simulator", SIMULATOR)  # that of the start before
            return tokens.issue(conn, sources, "simulator", SIMULATOR, self.clock.real_ms())

        token = self.store.write(fresh).result()
        assert isinstance(self.clock, VirtualClock)  # noqa: S101 - a demo has one
        watermark = iso(self.clock.state().watermark_ms)
        self.live = children.Live(self.config, self.address, token, watermark)

    def reach(self, watermark_ms: int) -> None:
        """The simulator has sent everything up to `watermark_ms` of domain time."""
        if not isinstance(self.clock, VirtualClock):
            raise ConfigError("only a demo has a watermark")
        self.clock.reach(watermark_ms)
        reached = self.clock.state().watermark_ms  # never less than before, whatever was reported
        if reached - self._persisted_ms >= 1000:
            self._persisted_ms = reached
            self.store.write(lambda conn: meta.put(conn, "domain_ms", str(reached)))

    def _phase(self, phase: str, done: int = 0, total: int = 0) -> None:
        if self._stopping.is_set():
            raise Stopped
        self.startup = Startup(phase, done, total or self.startup.total)

    def stop(self) -> None:
        """Stop everything in the reverse order; whatever was answered is on disk already."""
        self._stopping.set()
        self.ready.clear()
        for thread in (self._thread, self._detail):
            if thread is not None:
                thread.join(3)
        with contextlib.ExitStack() as stack:
            if self._lock is not None:
                stack.callback(self._lock.release)
            if hasattr(self, "store"):
                stack.callback(self.store.close)
            for part in (self.engine, self._host, self.live):
                if part is not None:
                    stack.callback(part.stop)


def iso(ms: int) -> str:
    """An instant of milliseconds since the epoch as ISO 8601 in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")


def _start_ms(start: str) -> int:
    if not start:
        return RealClock().domain_ms() // 60_000 * 60_000
    try:
        instant = datetime.fromisoformat(start)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ConfigError(
            f"COCKPIT_START={start!r}: expected ISO 8601 with offset, as 2026-11-22T08:00:00+07:00"
        )
    return int(instant.timestamp() * 1000)


def _freeze() -> None:
    """Take what is loaded out of the collector's sight: Streamlit collects after every script run."""
    gc.collect()
    gc.freeze()


_current: Cockpit | None = None


def current() -> Cockpit:
    """The cockpit of this process, made from the environment at the first call."""
    global _current
    if _current is None:
        _current = Cockpit(from_env())
    return _current


def install(cockpit: Cockpit) -> None:
    """Make this one the cockpit of the process, for tests and the command line."""
    global _current
    _current = cockpit
