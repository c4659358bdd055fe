"""A demo as a whole: what plays, what it plays on, and what it begins with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cockpit.config import Config
from cockpit.demo import run_log
from cockpit.demo.backfill import Backfill
from cockpit.demo.controller import Controller
from cockpit.demo.ground import Act, Ground
from cockpit.demo.opening import Opening, opening
from cockpit.demo.player import Player
from cockpit.demo.scenarios import known
from cockpit.demo.simulator_process import Errands, Live
from cockpit.demo.state import KEY, STARTER, DemoRun, DemoState, state_of
from cockpit.demo.tape import Recorder
from cockpit.demo.virtual_clock import VirtualClock
from cockpit.domain.instants import iso
from cockpit.engine import Engine
from cockpit.ingest import tokens
from cockpit.ingest.door import Door
from cockpit.profiles import Profile
from cockpit.progress import Progress
from cockpit.store import Store, alerting, meta
from cockpit.store.handles import Write

SIMULATOR = "the demo's own simulator"


class Demo:
    """All that only a demo has. `clock` and `controller` outlive a way back to the start, the rest is opened
    anew by `open` whenever the store is. `pictures` is where pictures of cameras are to be had, as the
    simulator has said: an address on this machine."""

    def __init__(
        self,
        config: Config,
        profile: Profile,
        path: Path,
        recorder: Recorder,
        progress: Progress,
        restart: Callable[[], None],
        act: Act,
    ) -> None:
        """Domain time goes on where the database at `path` stands. Raises ConfigError, TapeError, OSError."""
        stored = meta.peek(path, "domain_ms")
        self.fresh = stored is None
        self._opening = opening(config, profile) if self.fresh else Opening(0)
        self.clock = VirtualClock(int(stored) if stored else self._opening.at_ms, config.speed)
        self.errands = Errands(config)
        self.pictures: str | None = None
        self._config = config
        self._profile = profile
        self._ground = Ground(config, profile, self.clock, path, recorder, progress, self.errands, act)
        self.controller = Controller(self._ground, restart)
        self._past: Backfill | None = None
        self._live: Live | Player | None = None

    @property
    def run(self) -> DemoRun:
        """The scenarios and faults of this demo."""
        return self._ground.run

    @property
    def past_missing(self) -> bool:
        """Whether a part of the past could not be brought in, so that it is missing until the next start."""
        return self._past is not None and self._past.missing

    @property
    def playing(self) -> bool:
        """Whether something sends what the clock grants."""
        return self._ground.playing

    def open(self, store: Store) -> None:
        """Take up what the store keeps of scenarios and faults."""
        ground, config = self._ground, self._config
        ground.store = store
        with store.read() as conn:
            state = state_of(meta.get(conn, KEY))
        known_here, state = known(state, config.scenarios, self._profile, config.seed)
        ground.run = DemoRun(self.clock, self._profile, known_here, recorded=bool(config.replay))
        ground.run.restore(state)

    def prepare(self, door: Door) -> None:
        """What must be so before anything plays: the past, the scenarios, something to go back to."""
        ground, config = self._ground, self._config
        ground.door = door
        began = self._begin_scenarios()  # what opens with a lead has a part in the past
        if config.history_days and config.simulator and not config.replay:
            self._past = Backfill(ground)
            self._past.bring_core()
        self.controller.finish_jump()
        now = self.clock.domain_ms()
        if self.fresh:
            ground.put(("domain_ms", str(now)), (run_log.BEGUN, str(now)))
            if self._past is not None:
                # Nobody was away: what the past tells of the last minutes counts as if it had been watched.
                ground.put(("engine_domain_ms", str(now)))
        if self.fresh and (config.simulator or config.replay):
            self.controller.copy()  # where the demo begins, with what it opens on
        elif began:
            self.controller.copy(began)
        self.fresh = False

    def play(self, engine: Engine, address: str) -> None:
        """Begin to send what the clock grants; the cockpit answers at `address`."""
        ground, config = self._ground, self._config
        ground.engine = engine
        if config.replay:
            self._live = Player(ground, self.controller.stands)
        elif config.simulator:
            self._live = self._simulator(address)
        ground.playing = self._live is not None

    def bring_detail(self) -> None:
        """Begin with the rest of the past, behind the pages."""
        if self._past is not None:
            self._past.bring_detail()

    def reach(self, watermark_ms: int) -> None:
        """The simulator has sent everything up to `watermark_ms` of domain time."""
        self._ground.reach(watermark_ms)

    def put(self, *facts: tuple[str, str]) -> None:
        """Keep small facts in the store; returns when they are on disk."""
        self._ground.put(*facts)

    def set_back(self) -> None:
        """Stand where the database that was put back stands."""
        self.clock.jump(int(meta.peek(self._ground.path, "domain_ms") or 0))
        self._ground.set_back()

    def stop_past(self) -> None:
        """Leave what is not in yet of the past to the next start."""
        if self._past is not None:
            self._past.stop()

    def stop_playing(self) -> None:
        """Nothing is sent any more."""
        if self._live is not None:
            self._live.stop()
        self._live = None
        self._ground.playing, self._ground.engine = False, None

    def _begin_scenarios(self) -> tuple[str, ...]:
        """Begin those of the settings, or that a new demo opens on, if they do not run yet; their codes."""
        run, now = self.run, self.clock.domain_ms()
        on = {c.code for c in run.playing()}
        wanted = [c for c in dict.fromkeys(self._opening.scenarios or self._config.scenarios) if c not in on]
        since = now - self._opening.lead_ms
        if not wanted:
            return ()

        def write(conn: Write) -> DemoState:
            state = state_of(meta.get(conn, KEY))
            for code in wanted:
                state = run.begin(state, code, since)
                args = {"scenario": code, "from": since}
                alerting.record_command(
                    conn, now, self.clock.real_ms(), STARTER, "presenter", "stage_begin", args, "done"
                )
            meta.put(conn, KEY, state.dump())
            return state

        run.adopt(self._ground.store.write(write).result())
        return tuple(wanted)

    def _simulator(self, address: str) -> Live:
        self._ground.progress.phase("simulator")
        sources = [s.code for s in self._profile.sources if s.time == "domain"]

        def fresh(conn: Write) -> str:
            tokens.revoke_labelled(conn, "simulator", SIMULATOR)  # that of the start before
            return tokens.issue(conn, sources, "simulator", SIMULATOR, self.clock.real_ms())

        token = self._ground.store.write(fresh).result()
        return Live(self._config, address, token, iso(self.clock.state().watermark_ms))
