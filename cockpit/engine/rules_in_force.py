"""The rules that an engine works under: those it was started with, until others are put in force."""

from __future__ import annotations

from dataclasses import replace

from cockpit.engine.carrying import carried
from cockpit.engine.core import Core
from cockpit.profiles import Profile
from cockpit.store import Store, rule_sets


class RulesInForce:
    """`profile` has the rules that hold now."""

    def __init__(self, store: Store, profile: Profile) -> None:
        self._store = store
        self.profile = profile
        self._mark = rule_sets.mark(profile.rules)
        self._next: tuple[str, Profile] | None = None

    def changed(self) -> bool:
        """Whether others were put in force than those of `profile`. Raises StoreError."""
        with self._store.read() as conn:
            found = rule_sets.in_force(conn)
            if found in ("", self._mark):
                return False
            rules = rule_sets.read(conn, found)
        if rules is None:  # nobody can read them here: the old ones stay
            self._mark = found
            return False
        self._next = found, replace(self.profile, rules=rules)
        return True

    def take_up(self, old: Core) -> Core:
        """The core that goes on under the new ones; what the old one has found is on disk. Raises
        StoreError."""
        assert self._next is not None  # noqa: S101 - asked for after `changed`
        mark, profile = self._next
        core = carried(self._store, old, profile)
        self._mark, self.profile, self._next = mark, profile, None
        return core
