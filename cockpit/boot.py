"""Joins the parts. app.py and the command line call this and nothing else joins."""

from __future__ import annotations

import contextlib
import gc
import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit import children, director
from cockpit.children import Stopped
from cockpit.clock import Clock, RealClock, VirtualClock
from cockpit.commands import forwarding
from cockpit.config import Config, ConfigError, from_env, in_address
from cockpit.cues import cues_of
from cockpit.director import Director
from cockpit.domain import instants
from cockpit.domain.instants import iso
from cockpit.engine import Engine
from cockpit.engine.layout import checked
from cockpit.ingest import tokens
from cockpit.ingest.door import Door
from cockpit.ingest.host import HostAgent
from cockpit.past import Past, PastMissing
from cockpit.playbill import known, playbill
from cockpit.profiles import Profile, load
from cockpit.recording import Recorder
from cockpit.replay import Player
from cockpit.stage import KEY, Setting, Stage, setting_of
from cockpit.store import Store, StoreError, alerting, meta, private
from cockpit.store.handles import Write
from cockpit.store.lock import DirectoryHeld, Lock, Owner, hold

log = logging.getLogger(__name__)

STOP_S = 3.0
"""How long a start or a way back under way may take to see that the cockpit is to stop."""

SIMULATOR = "the demo's own simulator"
STARTER = "cockpit demo"
"""Who orders the scenarios that a demo is started with."""


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
    director: Director | None = None
    recorder: Recorder
    forward: forwarding.Forward | None = None
    pictures: str | None = None
    """Where pictures of cameras are to be had, as the simulator has said: an address on this machine."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.profile = checked(load(config.profile, size=config.size))
        self._playbill = playbill(config.scenarios, self.profile, config.seed) if self.demo else None
        self.ready = threading.Event()
        self.startup = Startup("lock")
        self.failure: BaseException | None = None
        self.live: children.Live | Player | None = None
        self.recorder = Recorder()
        self.errands = children.Errands(config)
        self._stopping = threading.Event()
        self._turn = threading.Lock()  # held while the parts are opened anew or closed
        self._thread: threading.Thread | None = None
        self._host: HostAgent | None = None
        self._persisted_ms = 0
        self._past: Past | None = None
        self.owner: Owner | None = None  # the engine beside which this process only reads
        self._lock: Lock | None = self._take_directory()
        self.writable = self._lock is not None

    @property
    def demo(self) -> bool:
        return self.config.mode == "demo"

    @property
    def address(self) -> str:
        return f"http://{in_address(self.config.host)}:{self.config.port}"

    @property
    def path(self) -> Path:
        return self.config.data_dir / "cockpit.db"

    @property
    def lost(self) -> str | None:
        """Why nothing is promised any more until a restart, None as long as all files are in place."""
        store = getattr(self, "store", None)
        return store.lost if store is not None else None

    def _take_directory(self) -> Lock | None:
        private.take(self.config.data_dir)
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
        except PastMissing as error:
            self.failure = error
            log.error("the cockpit could not start: %s", error)
        except BaseException as error:
            self.failure = error
            log.exception("the cockpit could not start")

    def start(self) -> None:
        """Open the store, bring in history where a demo has none, start engine, host agent and simulator."""
        self.phase("store")
        if self.demo and self.writable:
            director.put_back(self)  # a way back to the start that was cut off
        stored = meta.peek(self.path, "domain_ms") if self.demo else None
        self.clock = self._make_clock(stored)
        if self.demo:
            self.director = Director(self)
        self._open(0, fresh=stored is None)
        _freeze()
        self.be_ready()

    def _open(self, revision: int, *, fresh: bool) -> None:
        """Everything on top of the database file, in order."""
        beside = (self._lock.path,) if self._lock is not None else ()
        self.store = Store(
            self.path, self.profile, self.clock, writable=self.writable, revision=revision, beside=beside
        )
        self.store.start()
        self.tokens = tokens.Tokens(self.store)
        self.door = Door(self.store, self.profile, self.clock, simulated=self.demo)
        if self.demo:
            with self.store.read() as conn:
                setting = setting_of(meta.get(conn, KEY))
            bill, setting = known(setting, self.config.scenarios, self.profile, self.config.seed)
            self.stage = Stage(self.clock, self.profile, bill, recorded=bool(self.config.replay))
            self.stage.restore(setting)
        if self.writable:
            self._start_owner(fresh=fresh)
        elif self.owner is not None and self.owner.address:
            label = f"pages at {self.address}"
            self.forward = forwarding.to(self.path, self.owner.address, label, self.clock.real_ms())

    def _start_owner(self, *, fresh: bool) -> None:
        if self.demo:
            self._set_stage(fresh=fresh)
        self.phase("engine")
        self.engine = Engine(self.store, self.profile, self.clock, self.config.announce_to)
        self.engine.guarded_tick()  # before anything plays: the log begins alike at every speed
        self.engine.start()
        if not self.config.replay:
            self._host = HostAgent(self.door)
            self._host.start()
        if self.demo and self.config.replay:
            self.live = Player(self)
        elif self.demo and self.config.simulator:
            self._start_simulator()
        if self._past is not None:
            self._past.bring_detail()

    def _set_stage(self, *, fresh: bool) -> None:
        """What must be so before anything plays: the past, the scenarios, something to go back to."""
        assert self.director is not None  # noqa: S101 - a demo has one
        if self.config.history_days and self.config.simulator and not self.config.replay:
            self._past = Past(self)
            self._past.bring_core()
        self.director.finish_jump()
        began = self._begin_scenarios()
        now = self.clock.domain_ms()
        if fresh:
            self.put(("domain_ms", str(now)))
        if began or (fresh and (self.config.simulator or self.config.replay)):
            self.director.copy(now)

    def _begin_scenarios(self) -> bool:
        """Begin those of the settings that are not on the stage yet."""
        assert self.stage is not None  # noqa: S101 - a demo has one
        stage, now = self.stage, self.clock.domain_ms()
        on = {c.code for c in stage.playing()}
        wanted = [code for code in dict.fromkeys(self.config.scenarios) if code not in on]
        if not wanted:
            return False

        def write(conn: Write) -> Setting:
            setting = setting_of(meta.get(conn, KEY))
            for code in wanted:
                setting = stage.begin(setting, code, now)
                args = {"scenario": code, "from": now}
                alerting.record_command(
                    conn, now, self.clock.real_ms(), STARTER, "presenter", "stage_begin", args, "done"
                )
            meta.put(conn, KEY, setting.dump())
            return setting

        stage.adopt(self.store.write(write).result())
        return True

    def _make_clock(self, stored: str | None) -> Clock:
        if not self.demo:
            return RealClock()
        return VirtualClock(int(stored) if stored else self._first_ms(), self.config.speed)

    def _first_ms(self) -> int:
        """Where a new demo begins: at the instant of the settings, of the recording, of the scenario."""
        if self.config.replay:
            return Player.begins(self.config.replay)
        if not self.config.start and self.config.scenarios and self._playbill is not None:
            return self._playbill.scenarios[self.config.scenarios[0]].start_ms
        return _start_ms(self.config.start)

    def restart(self) -> None:
        """Close the store and all on top of it, do what was announced for its file, and start again."""
        clock = self.clock
        assert isinstance(clock, VirtualClock)  # noqa: S101 - only a demo is set back
        self.ready.clear()
        with self._turn:
            self._set_back(clock)
        self.be_ready()

    def _set_back(self, clock: VirtualClock) -> None:
        self.phase("reset")
        try:
            clock.halt()
            revision = self.store.revision + 1
            self._close_parts()
            director.put_back(self)
            clock.jump(int(meta.peek(self.path, "domain_ms") or 0))
            self._persisted_ms = 0
            self._open(revision, fresh=False)
            clock.release()
        except Stopped:
            raise
        except BaseException as error:
            self.failure = error
            raise
        _freeze()

    def be_ready(self) -> None:
        """Let everybody in, unless the cockpit is to stop. The way out of every time of setting up."""
        self.ready.set()
        if self._stopping.is_set():
            self.ready.clear()

    @property
    def past_missing(self) -> bool:
        """Whether a part of the past could not be brought in, so that it is missing until the next start."""
        return self._past is not None and self._past.missing

    def playing(self) -> bool:
        """Whether something sends what the clock grants."""
        return self.live is not None

    def cues(self) -> dict[str, Any]:
        """The scenarios and faults that the simulator is to play, as `GET /api/v1/clock` gives them."""
        return {} if self.stage is None else cues_of(self.stage)

    def put(self, *facts: tuple[str, str]) -> None:
        """Keep small facts in the store; returns when they are on disk."""

        def write(conn: Write) -> None:
            for key, value in facts:
                meta.put(conn, key, value)

        self.store.write(write).result()

    def _start_simulator(self) -> None:
        self.phase("simulator")
        sources = [s.code for s in self.profile.sources if s.time == "domain"]

        def fresh(conn: Write) -> str:
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

    def phase(self, phase: str, done: int = 0, total: int = 0) -> None:
        """Tell viewers who wait how far the start is. Raises Stopped."""
        if self._stopping.is_set():
            raise Stopped
        before = self.startup
        self.startup = Startup(phase, done, total or (before.total if before.phase == phase else 0))

    def give_up(self) -> None:
        """Whatever is being set up ends soon, and nobody new is let in. What was begun by others goes on."""
        self._stopping.set()
        self.ready.clear()
        self.errands.stop()

    def stop(self) -> None:
        """Stop everything in the reverse order; whatever was answered is on disk already."""
        self.give_up()
        if self._thread is not None:
            self._thread.join(STOP_S)
        mine = self._turn.acquire(timeout=STOP_S)  # whoever sets it back ends as soon as it sees that we stop
        try:
            self._close_parts()
        finally:
            if mine:
                self._turn.release()
            if self._lock is not None:
                self._lock.release()

    def _close_parts(self) -> None:
        """What plays, evaluates and stores, in this order."""
        if self._past is not None:
            self._past.stop()
        with contextlib.ExitStack() as stack:
            if hasattr(self, "door"):
                stack.callback(self.door.close)
            if hasattr(self, "store"):
                stack.callback(self.store.close)
            for part in (self.engine, self._host, self.live):
                if part is not None:
                    stack.callback(part.stop)
        self.engine = self._host = self.live = None


def _start_ms(start: str) -> int:
    if not start:
        return RealClock().domain_ms() // 60_000 * 60_000
    try:
        return instants.parse(start)
    except instants.NotAnInstant as error:
        raise ConfigError(f"COCKPIT_START: {error}") from None


def _freeze() -> None:
    """Take what is loaded out of the collector's sight: it would walk through all of it again and again."""
    gc.unfreeze()  # what was there before a restart may go
    gc.collect()
    gc.freeze()
    gc.collect()  # of nothing: Python judges by the size of the last one when the next is due


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
