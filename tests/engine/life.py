"""Two small provinces with the same evidence: in one people act, the cockpit is stopped, crashes and fails to
write; the other is left alone. What an oracle needs to know of the evidence is noted as it is sent."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cockpit.domain.alerting import Level
from cockpit.domain.catalog import EscalationStep
from cockpit.domain.notices import Wanted
from cockpit.engine.notices.channel import Channel
from cockpit.engine.notices.delivery import Delivery
from cockpit.engine.notices.queue import Queue
from cockpit.engine.outbox import Outbox
from cockpit.store import StoreError, notices
from tests.commands.test_commands import Running
from tests.engine.world import T0, World, province, rule
from tests.store import inside

RHYTHM_S = {"link-1": 60, "link-2": 60, "rec-0": 30, "cam-0": 15, "cam-1": 15, "cam-2": 15}
DEVICES = tuple(RHYTHM_S)
WORSE = {
    "camera": ("fps", {"good": 25.0, "band": 15.0, "bad": 5.0}),
    "recorder": ("disk", {"good": 50.0, "band": 85.0, "bad": 95.0}),
    "link": ("up", {"good": 1.0, "band": 1.0, "bad": 0.0}),
}
LEVEL = {"good": Level.CLEAR, "band": Level.BAND, "bad": Level.RAISE}
SILENCE = {"camera-silent", "recorder-silent", "link-silent"}
RULES = (
    rule("camera-silent", "asset_silent", "camera"),
    rule("recorder-silent", "asset_silent", "recorder"),
    rule("link-silent", "asset_silent", "link", priority="high"),
    rule("link-down", "threshold", "link", metric="up", op="<", raise_at=0.5, clear_at=0.5, cause=True,
         priority="critical"),
    rule("fps-low", "threshold", "camera", metric="fps", op="<", raise_at=12.0, clear_at=18.0, for_s=120,
         keep_s=60, priority="high"),
    rule("disk-full", "threshold", "recorder", metric="disk", op=">", raise_at=90.0, clear_at=80.0, for_s=0,
         keep_s=0, priority="low"),
    rule("source-silent", "source_silent", for_s=0),
)  # fmt: skip
STEPS = {
    "critical": (EscalationStep("unit_leader", 300), EscalationStep("leader", 900)),
    "high": (EscalationStep("unit_leader", 1800),),
}


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Evidence:
    """What a device has said: (received, level) of values that were the newest, and when it was heard."""

    newest: int = 0
    values: list[tuple[int, Level]] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)

    def take(self, t: int, level: Level) -> None:
        self.heard.append(t)
        if t >= self.newest:
            self.newest = t
            self.values.append((t, level))

    def rebase(self, t: int) -> None:
        """The clock stands at `t`: of what was, the last word is known."""
        self.values = [(t, level) for _, level in self.values[-1:]]
        self.heard = [t] if self.heard else []

    def since(self, t: int) -> tuple[int, Level | None]:
        """The newest level as of `t`, and since when each value has said so."""
        found: tuple[int, Level | None] = (0, None)
        for at, level in self.values:
            if at <= t and level != found[1]:
                found = at, level
        return found

    def last(self, t: int) -> int:
        """When it was heard last as of `t`, 0: never."""
        return max((at for at in self.heard if at <= t), default=0)


class Stage:
    """`world` is where people act, `calm` is left alone."""

    def __init__(self) -> None:
        self._scratch = tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
        profile = province(cameras=3, rules=RULES, indicators=(), escalation=STEPS)
        self.world = World(profile, Path(self._scratch.name) / "world.db")
        self.calm = World(profile, Path(self._scratch.name) / "calm.db")
        self.doing = Running(self.world)
        self.mode = dict.fromkeys(DEVICES, "good")
        self.evidence = {code: Evidence() for code in DEVICES}
        self.anew = T0  # since when timers may run
        self.rules_were_off = False
        self.notices = Notices(self.world)
        self.both(lambda world: world.engine.tick())
        self.pass_time(65, 65)

    def close(self) -> None:
        self.world.close()
        self.calm.close()
        self._scratch.cleanup()

    def both(self, do: Callable[[World], Any]) -> None:
        do(self.world)
        do(self.calm)

    @property
    def now(self) -> int:
        return int(self.world.clock.domain)

    def feed(self, t: int) -> list[tuple[int, str, dict[str, float]]]:
        rows = []
        for n, (code, rhythm) in enumerate(RHYTHM_S.items()):
            mode = self.mode[code]
            if mode != "away" and (t // 1000 - n) % rhythm == 0:
                metric, values = WORSE[self.world.profile.asset[code].kind]
                rows.append((t, code, {metric: values[mode]}))
        return rows

    def pass_time(self, seconds: int, tick_s: int) -> None:
        """Where people act the engine looks every `tick_s`, in the other world once."""
        for t in range(self.now + 1000, self.now + seconds * 1000 + 1, 1000):
            for _, code, _ in self.feed(t):
                banded = self.mode[code] == "band" and code.startswith("link")  # it is up or it is not
                self.evidence[code].take(t, Level.CLEAR if banded else LEVEL[self.mode[code]])
        for begin in range(0, seconds, tick_s):
            step = min(tick_s, seconds - begin)
            self.world.run(step, step, self.feed)
        if seconds:
            self.calm.run(seconds, seconds, self.feed)
        self.notices.collect()

    def do(self, name: str, role: str = "operator", **args: Any) -> Any:
        """A command, and the tick that follows within a second of it."""
        result = self.doing.do(name, role, "thay thiết bị", **args)
        self.world.engine.tick()
        return result

    def moved(self) -> None:
        """The clock stands elsewhere, or nobody has listened meanwhile."""
        self.anew = self.now
        for evidence in self.evidence.values():
            evidence.rebase(self.now)
        self.both(lambda world: world.engine.tick())

    def fail_next_write(self, before: Callable[[], Any] | None = None, *, fails: bool = True) -> None:
        """What the engine would write next is not written; or `before` happens before it is."""
        store = self.world.store
        write = store.write

        def once(fn: Any, then: Any = None) -> Future[Any]:
            if "Engine._write" not in fn.__qualname__:
                return write(fn, then)
            store.write = write  # type: ignore[method-assign]
            if before is not None:
                before()
            if not fails:
                return write(fn, then)
            failed: Future[Any] = Future()
            failed.set_exception(StoreError("io", "the disk does not answer"))
            return failed

        store.write = once  # type: ignore[method-assign]

    def restart(self, *, crash: bool) -> None:
        self.world.restart(crash=crash)
        self.notices.restart()
        self.world.engine.tick()


class Notices:
    """Somebody outside who is told of alerts. Who kills the cockpit does so between telling and noting."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.told: list[str] = []
        self.kills = 0
        self.kill = False
        self.restart()

    def restart(self) -> None:
        world, channel = self._world, Channel("truc-ban", "json://127.0.0.1/", Wanted())
        self._outbox = Outbox(world.store, [Queue(world.store, world.profile, world.clock, channel)])
        self._outbox.begin()
        self._delivery = Delivery(world.store, world.profile, world.clock, channel, self._ring)

    def _ring(self, channel: Channel, id_: str, body: dict[str, Any]) -> None:
        self.told.append(id_)
        if self.kill:
            self.kill = False
            raise Killed

    def collect(self, *, kill: bool = False) -> None:
        """Tell what is to be told; with `kill` the process ends after the first of it was told."""
        self.kill = kill
        self._outbox.send()
        try:
            for _ in range(inside.MANY):
                if not self._delivery.round():
                    break
        except Killed:
            self.kills += 1
            self._world.restart(crash=True)
            self.restart()
            self._world.engine.tick()
        self.kill = False

    def kept(self) -> list[notices.Notice]:
        with self._world.store.read() as conn:
            return notices.of_channel(conn, "truc-ban", inside.MANY)
