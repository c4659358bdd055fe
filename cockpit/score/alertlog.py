"""The alert log of a run, as judged: every alert with when it was folded below which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cockpit.domain.alerting.rules import split
from cockpit.domain.numbers import AlertId
from cockpit.store.queries.outcome import Row
from cockpit.store.rows import Logged

CLEARED = "cleared"
"""Why an alert closes by itself: what it was about is good again."""


@dataclass(frozen=True, slots=True)
class Raised:
    """One alert that opened; times in ms. `folds`: from the instant on, the alert it is folded below, None
    for standing by itself. `closed` is None while it is open at the end of the run."""

    id: AlertId
    key: str
    rule: str
    opened: int
    closed: int | None
    reason: str
    folds: tuple[tuple[int, AlertId | None], ...] = ()

    @property
    def code(self) -> str:
        """What it is about: code of an asset, a source or an indicator."""
        return split(self.key)[1]

    def open_at(self, t: int) -> bool:
        return self.opened <= t and (self.closed is None or t < self.closed)

    def cause_at(self, t: int) -> AlertId | None:
        """What it is folded below at `t`."""
        found: AlertId | None = None
        for since, cause in self.folds:
            if since <= t:
                found = cause
        return found

    @property
    def calls(self) -> list[int]:
        """When it called an operator: at opening unless it was folded at that very instant, and whenever it
        came to stand by itself later."""
        came = [t for t, cause in self.folds if cause is None and (self.closed is None or t < self.closed)]
        return came if self.cause_at(self.opened) is not None else [self.opened, *came]


def raised(alerts: Iterable[Row], log: Iterable[Logged]) -> list[Raised]:
    """Alerts in order of opening, with the folds that the log tells."""
    folds: dict[AlertId, list[tuple[int, AlertId | None]]] = {}
    for line in log:
        if line.alert is not None and line.what in ("folded", "unfolded"):
            cause = AlertId(int(line.data["cause"])) if line.what == "folded" else None
            folds.setdefault(line.alert, []).append((line.t, cause))
    return [
        Raised(a.id, a.key, a.rule, a.opened, a.closed, a.reason, tuple(folds.get(a.id, ()))) for a in alerts
    ]
