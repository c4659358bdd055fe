"""Joins the parts, starts and stops them. app.py and the command line call this and nothing else joins."""

from __future__ import annotations

import contextlib
import gc
import logging
import threading
from functools import partial

from cockpit.clock import RealClock
from cockpit.commands import bygone, forwarding
from cockpit.config import Config, from_env
from cockpit.demo import controller
from cockpit.demo.backfill import HistoryMissing
from cockpit.demo.demo import Demo
from cockpit.demo.scenarios import library
from cockpit.engine import Engine
from cockpit.engine.layout import checked
from cockpit.ingest import host, shipped, tokens
from cockpit.ingest.door import Door
from cockpit.parts import Parts, address_of
from cockpit.profiles import load
from cockpit.progress import Stopped
from cockpit.score.bystander import Bystander
from cockpit.store import Store, StoreError, belonging, private, rule_sets
from cockpit.store.lock import DirectoryHeld, Lock, Owner, hold

log = logging.getLogger(__name__)

STOP_S = 3.0
"""How long a start or a way back under way may take to see that the cockpit is to stop."""


class Lifecycle:
    """Starts, stops and sets back one cockpit process. What others use of it are its `parts`."""

    def __init__(self, config: Config) -> None:
        profile = checked(load(config.profile, size=config.size))
        if config.demo:
            library(config.scenarios, profile, config.seed)  # a mistake in one is told before anything starts
        self._lock, owner = _take_directory(config)
        self.parts = Parts(config, profile, owner=owner, writable=self._lock is not None)
        if self.parts.roster is not None:
            self.parts.roster.of("")  # a wrong line is told at the start, not when somebody signs in
        self._turn = threading.Lock()  # held while the parts are opened anew or closed
        self._thread: threading.Thread | None = None
        self._host: host.HostAgent | None = None

    def start_in_thread(self) -> None:
        """Begin; `parts.ready` is set when done, `parts.failure` if it cannot be."""
        self._thread = threading.Thread(target=self._start_guarded, name="start", daemon=True)
        self._thread.start()

    def _start_guarded(self) -> None:
        progress = self.parts.progress
        try:
            self.start()
            return
        except Stopped:
            log.info("stopped before the start was complete")
            return
        except StoreError as error:
            progress.failure = error  # says all there is to say: which file, and what to do
            log.error("the cockpit could not start: %s: %s", self.parts.path, error)
        except HistoryMissing as error:
            progress.failure = error
            log.error("the cockpit could not start: %s", error)
        except BaseException as error:
            progress.failure = error
            log.exception("the cockpit could not start")
        with self._turn:
            self._put_down()

    def start(self) -> None:
        """Open the store, bring in history where a demo has none, start engine, host agent and simulator."""
        parts = self.parts
        parts.progress.phase("store")
        belonging.must_be_at_home(parts.path, parts.profile)  # a demo touches its files before it opens them
        if parts.config.demo:
            if parts.writable:
                controller.put_back(parts.path)  # a way back to the start that was cut off
            act = partial(bygone.act, parts)
            parts.demo = Demo(
                parts.config, parts.profile, parts.path, parts.recorder, parts.progress, self.restart, act
            )
            parts.clock = parts.demo.clock
        else:
            parts.clock = RealClock()
        self._open(0)
        _freeze()
        parts.progress.open()

    def _open(self, revision: int) -> None:
        """Everything on top of the database file, in order."""
        parts, demo = self.parts, self.parts.demo
        beside = (self._lock.path,) if self._lock is not None else ()
        rules = parts.profile.rules  # as they were read at the start, or since; not what this store knows
        parts.store = Store(
            parts.path, parts.profile, parts.clock, writable=parts.writable, revision=revision, beside=beside
        )
        parts.store.start()
        if parts.writable:
            rule_sets.begin(parts.store, rules)
        parts.tokens = tokens.Tokens(parts.store)
        parts.door = Door(parts.store, parts.profile, parts.clock, simulated=demo is not None)
        if demo is not None:
            demo.open(parts.store)
        if parts.writable:
            self._start_owner()
        elif parts.owner is not None and parts.owner.address:
            label = f"pages at {parts.address}"
            parts.forward = forwarding.to(parts.path, parts.owner.address, label, parts.clock)

    def _start_owner(self) -> None:
        parts, demo = self.parts, self.parts.demo
        shipped.ship(parts.store, parts.profile, parts.clock.domain_ms(), demo=parts.is_demo)
        if demo is not None:
            demo.prepare(parts.door)
        parts.progress.phase("engine")
        parts.engine = Engine(
            parts.store,
            parts.profile,
            parts.clock,
            parts.config.announce_to,
            parts.channels,
            played=demo is not None,
        )
        parts.engine.guarded_tick()  # before anything plays: the log begins alike at every speed
        parts.engine.start()
        if not parts.config.replay and host.ASSET in parts.profile.asset:
            self._host = host.HostAgent(parts.door)
            self._host.start()
        if demo is not None:
            demo.play(parts.engine, parts.address)
            if parts.config.simulator and not parts.config.replay:  # of a recording nobody knows the truth
                parts.bystander = Bystander(parts.config, parts.store, lambda: parts.profile, parts.clock)
            demo.bring_detail()

    def restart(self) -> None:
        """Close the store and all on top of it, do what was announced for its file, and start again. Only a
        demo is set back."""
        demo, progress = self.parts.demo, self.parts.progress
        if demo is None:
            raise ValueError("only a demo is set back")
        progress.shut("reset")
        with self._turn:
            self._set_back(demo)
        progress.open()

    def _set_back(self, demo: Demo) -> None:
        parts = self.parts
        try:
            demo.clock.halt()
            revision = parts.store.revision + 1
            self._close_parts()
            controller.put_back(parts.path, lambda done, total: parts.progress.phase("reset", done, total))
            demo.set_back()
            self._open(revision)
            demo.clock.release()
        except Stopped:
            raise
        except BaseException as error:
            parts.progress.failure = error
            self._put_down()
            raise
        _freeze()

    def give_up(self) -> None:
        """Whatever is being set up ends soon, and nobody new is let in. What was begun by others goes on."""
        self.parts.progress.give_up()
        if self.parts.demo is not None:
            self.parts.demo.errands.stop()

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

    def _put_down(self) -> None:
        """Behind a page that says that nothing works, nothing does."""
        try:
            self._close_parts()
        except Exception:
            log.exception("what had started could not be ended")

    def _close_parts(self) -> None:
        """What plays, evaluates and stores, in this order."""
        parts, demo = self.parts, self.parts.demo
        if demo is not None:
            demo.stop_past()
        if parts.bystander is not None:
            parts.bystander.stop()
        with contextlib.ExitStack() as stack:
            for name in ("door", "store"):
                if hasattr(parts, name):
                    stack.callback(getattr(parts, name).close)
            if parts.forward is not None:
                stack.callback(parts.forward.close)
            for part in (parts.engine, self._host):
                if part is not None:
                    stack.callback(part.stop)
            if demo is not None:
                stack.callback(demo.stop_playing)
        parts.engine = self._host = parts.forward = parts.bystander = None


def _take_directory(config: Config) -> tuple[Lock | None, Owner | None]:
    """The lock on the data directory, or the engine beside which this process only reads."""
    private.take(config.data_dir)
    try:
        return hold(config.data_dir, role=config.mode, address=address_of(config)), None
    except DirectoryHeld as held:
        if held.owner.role == "engine" and config.mode == "serve":
            return None, held.owner
        raise


def _freeze() -> None:
    """Take what is loaded out of the collector's sight: it would walk through all of it again and again."""
    gc.unfreeze()  # what was there before a restart may go
    gc.collect()
    gc.freeze()
    gc.collect()  # of nothing: Python judges by the size of the last one when the next is due


_current: Lifecycle | None = None


def current() -> Lifecycle:
    """The cockpit of this process, made from the environment at the first call."""
    global _current
    if _current is None:
        _current = Lifecycle(from_env())
    return _current


def installed() -> Lifecycle | None:
    """The cockpit of this process, if there is one yet."""
    return _current


def install(cockpit: Lifecycle | None) -> None:
    """Make this one the cockpit of the process, for tests and the command line; None: there is none yet."""
    global _current
    _current = cockpit
