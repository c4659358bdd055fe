"""Commands as of an instant that has passed: what the people of a demo did before it began."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from cockpit.clock import Clock
from cockpit.commands.dispatch import execute
from cockpit.commands.model import Actor, Asked, Cockpit, Command, Demo, Result
from cockpit.domain.roles import Role
from cockpit.profiles import Profile
from cockpit.store import Store

log = logging.getLogger(__name__)


class _Standing:
    """A clock whose domain time stands; the other times go on."""

    def __init__(self, clock: Clock, t: int) -> None:
        self._clock, self._t = clock, t

    def domain_ms(self) -> int:
        return self._t

    def real_ms(self) -> int:
        return self._clock.real_ms()

    def monotonic(self) -> float:
        return self._clock.monotonic()


class _AsOf:
    """A cockpit as it stood at an instant, for what a command asks of one."""

    def __init__(self, here: Cockpit, t: int) -> None:
        self._here = here
        self.clock: Clock = _Standing(here.clock, t)

    @property
    def is_demo(self) -> bool:
        return self._here.is_demo

    @property
    def store(self) -> Store:
        return self._here.store

    @property
    def profile(self) -> Profile:
        return self._here.profile

    @property
    def writable(self) -> bool:
        return self._here.writable

    @property
    def demo(self) -> Demo | None:
        return self._here.demo

    @property
    def forward(self) -> Callable[[Command], Result] | None:
        return self._here.forward


def act(here: Cockpit, t: int, role: Role, name: str, args: Mapping[str, Any], reason: str) -> bool:
    """Carry out a command of whoever has a role in the demo, at instant `t`; whether it could be done. Raises
    StoreError."""
    profile = here.profile
    actor = Actor(profile.people.get(role) or role, role, profile.posts.get(role, ""))
    result = execute(_AsOf(here, t), Command(actor, Asked(name, args), reason))
    if not result.ok:
        log.warning("the past tells of %s %s, which was refused: %s", name, dict(args), result)
    return result.ok
