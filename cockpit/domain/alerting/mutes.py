"""What hides an alert: a function of the mutes, the alert and the instant, and of nothing else.

A mute says what it hides and until when, and every mute ends. An alert that is hidden goes on being
evaluated. Instants are ms of domain time; a mute lasts within [since, until).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, Protocol

from cockpit.domain.alerting.weekly import Weekly, Window
from cockpit.domain.numbers import AlertId

What = Literal["rule_off", "out_of_service", "maintenance", "shelve", "accepted", "false_alarm", "silence"]
RULE_OFF: What = "rule_off"
WHATS: tuple[What, ...] = (
    RULE_OFF, "out_of_service", "maintenance", "shelve", "accepted", "false_alarm", "silence",
)  # fmt: skip
"""Every kind of mute; where several hide one alert, the first of them is named."""

ANY = "*"
"""What stands for anything in a matcher."""


class Muteable(Protocol):
    """What of an alert tells whether a mute hides it."""

    @property
    def id(self) -> AlertId: ...
    @property
    def key(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def priority(self) -> str: ...
    @property
    def asset(self) -> str: ...
    @property
    def unit(self) -> str: ...


class Matcher(NamedTuple):
    """What a mute hides: alerts that are all of what is named, "" and 0 name nothing. `key` is what an alert
    is about under its rule, whenever it opens; `alert` is one alert by its number."""

    rule: str = ""
    asset: str = ""
    unit: str = ""
    key: str = ""
    alert: int = 0

    @property
    def empty(self) -> bool:
        """Whether it names nothing, and so would hide everything."""
        return not any(self)

    def takes(self, alert: Muteable) -> bool:
        """Whether the alert is what it names."""
        return (
            not self.empty
            and self.rule in ("", alert.rule)
            and self.asset in ("", alert.asset)
            and self.unit in ("", alert.unit)
            and self.key in ("", alert.key)
            and self.alert in (0, alert.id)
        )


class Mute(NamedTuple):
    """`number`: of its entry in the register. What is critical it hides until `critical_until` only. One that
    is `weekly` hides within its windows only, as far as they lie in [since, until)."""

    number: int
    what: What
    matcher: Matcher
    since: int
    until: int
    critical_until: int
    actor: str
    reason: str
    weekly: Weekly | None = None

    def stands(self, t: int) -> bool:
        """Whether it hides anything at `t`."""
        return self.since <= t < self.until and (self.weekly is None or self.weekly.holds(t))

    def next(self, t: int) -> Window | None:
        """When one that is weekly hides, from `t` on: the window that lasts, or the next; None where there is
        none any more."""
        if self.weekly is None or t >= self.until:
            return None
        found = self.weekly.coming(max(t, self.since))
        if found.begin >= self.until:
            return None
        return Window(max(found.begin, self.since), min(found.end, self.until))

    def hides(self, alert: Muteable, t: int) -> bool:
        """Whether it hides the alert at `t`."""
        until = min(self.until, self.critical_until) if alert.priority == "critical" else self.until
        return t < until and self.stands(t) and self.matcher.takes(alert)


def hiding(mutes: Iterable[Mute], alert: Muteable, t: int) -> list[Mute]:
    """The mutes that hide an alert at `t`, the one that is named first at the top."""
    found = [mute for mute in mutes if mute.hides(alert, t)]
    return sorted(found, key=lambda m: (WHATS.index(m.what), m.number))


def muted(mutes: Iterable[Mute], alert: Muteable, t: int) -> What | Literal[""]:
    """Why an alert is hidden at `t`, "" where it is shown."""
    found = hiding(mutes, alert, t) if mutes else ()
    return found[0].what if found else ""


def turns(mutes: Iterable[Mute], after: int, upto: int) -> set[int]:
    """The instants within (after, upto] at which what is hidden may change by itself."""
    found = set()
    for mute in mutes:
        found |= {t for t in (mute.since, mute.critical_until, mute.until) if after < t <= upto}
        if mute.weekly is not None:
            found |= mute.weekly.turns(max(after, mute.since), min(upto, mute.until))
    return found


class Taken:
    """Alerts by what matchers name, so that what one hides is found without looking at all of them."""

    def __init__(self, alerts: Iterable[Muteable]) -> None:
        self._by: dict[tuple[str, str | int], list[Muteable]] = defaultdict(list)
        for alert in alerts:
            for name in ("alert", "key", "asset", "unit", "rule"):
                value = alert.id if name == "alert" else getattr(alert, name)
                self._by[name, value].append(alert)

    def by(self, matcher: Matcher) -> list[Muteable]:
        """Those that a matcher takes."""
        for name in ("alert", "key", "asset", "unit", "rule"):
            value = getattr(matcher, name)
            if value:
                return [alert for alert in self._by.get((name, value), ()) if matcher.takes(alert)]
        return []

    def hidden(self, mute: Mute, t: int) -> int:
        """How many a mute hides at `t`."""
        return sum(mute.hides(alert, t) for alert in self.by(mute.matcher))


def wide(matcher: Matcher, rules: Sequence[str], units: Sequence[str]) -> bool:
    """Whether it hides everything there is: it names nothing, or nothing that anything else differs in."""
    if matcher.asset or matcher.key or matcher.alert:
        return False
    every_rule = not matcher.rule or [*rules] == [matcher.rule]
    every_unit = not matcher.unit or [*units] == [matcher.unit]
    return every_rule and every_unit
