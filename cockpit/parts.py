"""What is joined: the parts of a cockpit, as pages and doors see them."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from cockpit.clock import Clock
from cockpit.commands import forwarding
from cockpit.config import Config, in_address
from cockpit.demo.demo import Demo
from cockpit.demo.tape import Recorder
from cockpit.engine import Engine
from cockpit.engine.kinds import KINDS
from cockpit.engine.notices import channels
from cockpit.ingest import tokens
from cockpit.ingest.door import Door
from cockpit.profiles import Profile
from cockpit.profiles.roster import Roster
from cockpit.progress import Progress, Startup
from cockpit.score.bystander import Bystander
from cockpit.store import Store, rule_sets
from cockpit.store.lock import Owner


class Parts:
    """`clock`, `store`, `door` and `tokens` are there once the cockpit has started. One that does not own the
    data directory is not `writable` and has no engine; it has the `owner` beside which it only reads, and the
    way there. `demo` is what only a demo has, once it has started, `bystander` who judges what its simulator
    plays; `roster` what is there in earnest, where a file says who is who."""

    clock: Clock
    store: Store
    door: Door
    tokens: tokens.Tokens

    def __init__(self, config: Config, profile: Profile, *, owner: Owner | None, writable: bool) -> None:
        self.config = config
        self._rules = (-1, "", profile)  # revision of the last look, mark of the rules, the profile with them
        self.owner = owner
        self.writable = writable
        self.progress = Progress()
        self.recorder = Recorder()
        self.engine: Engine | None = None
        self.forward: forwarding.Forward | None = None
        self.demo: Demo | None = None
        self.bystander: Bystander | None = None
        self.channels = channels.load(config.channels, profile) if config.channels else ()
        self.roster = Roster(config.people, profile) if config.people and not config.demo else None

    @property
    def profile(self) -> Profile:
        """The province, with the rules that are in force."""
        store = getattr(self, "store", None)
        revision = -1 if store is None else store.revision
        if store is None or revision == self._rules[0]:
            return self._rules[2]
        _, mark, profile = self._rules
        mark, rules = rule_sets.newer(store, mark) or (mark, None)
        if rules is not None and all(rule.kind in KINDS for rule in rules):
            profile = replace(profile, rules=rules)
        self._rules = (revision, mark, profile)
        return profile

    @property
    def is_demo(self) -> bool:
        """Whether this is a demo: the one place to ask, also before it has started."""
        return self.config.demo

    @property
    def address(self) -> str:
        return address_of(self.config)

    @property
    def path(self) -> Path:
        """The database."""
        return self.config.data_dir / "cockpit.db"

    @property
    def ready(self) -> threading.Event:
        """Set while all is up."""
        return self.progress.ready

    @property
    def startup(self) -> Startup:
        """How far a start is."""
        return self.progress.startup

    @property
    def failure(self) -> BaseException | None:
        """Why the cockpit could not come up."""
        return self.progress.failure

    @property
    def past_missing(self) -> bool:
        """Whether a part of a demo's past is missing until the next start."""
        return self.demo is not None and self.demo.past_missing

    @property
    def lost(self) -> str | None:
        """Why nothing is promised any more until a restart, None as long as all files are in place."""
        store = getattr(self, "store", None)
        return store.lost if store is not None else None


def address_of(config: Config) -> str:
    """Where a cockpit with these settings answers."""
    return f"http://{in_address(config.host)}:{config.port}"
