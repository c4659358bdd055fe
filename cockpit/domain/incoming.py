"""Alerts that another system of monitoring sends here, as Prometheus sends them to an Alertmanager.

What one is, its labels say, all of them: the same labels of the same source are the same alert. It stands as
long as it is sent; who sends it says until when it holds without being sent again. What is not sent again by
then is stale and not over: nobody knows. It is over when that is said. All instants are ms of real time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from cockpit.domain.alerting.subjects import INCOMING, Subject
from cockpit.domain.catalog import Priority
from cockpit.domain.text import plain

HOLDS_MS = 300_000
"""So long one holds that does not say until when: an Alertmanager's resolve timeout, unless set there."""

ALERTNAME = "alertname"
"""The label that every rule of Prometheus sets."""
WHERE = ("instance", "node", "host", "pod", "job")
"""Labels that say where it is so; the first that there is stands behind the name."""

_LETTERS = "BN"
MAX_NAME = 120
"""Letters of a name on screens."""

SEVERITIES: Mapping[str, Priority] = {
    "critical": "critical", "page": "critical", "emergency": "critical", "disaster": "critical",
    "fatal": "critical", "high": "high", "error": "high", "major": "high", "warning": "medium",
    "warn": "medium", "medium": "medium", "average": "medium", "minor": "low", "low": "low", "info": "low",
    "notice": "low", "none": "low", "debug": "low",
}  # fmt: skip
"""What words of others mean here, where a profile says nothing else."""

RESPOND_S: Mapping[Priority, int] = {"critical": 3_600, "high": 14_400, "medium": 86_400, "low": 259_200}
"""By when somebody has to act, where the priority is not that of the rule itself."""


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How labels are read: which one names severity, unit and owner (a code of a unit or a body), and which
    words of severity mean which priority, before those of `SEVERITIES`."""

    severity_label: str = "severity"
    unit_label: str = "unit"
    owner_label: str = "owner"
    severity: dict[str, Priority] = {}

    def priority(self, labels: Mapping[str, str], otherwise: Priority) -> Priority:
        """That of the severity that is told, `otherwise` where none is or nobody knows the word."""
        word = labels.get(self.severity_label, "").strip()
        told = {said.casefold(): priority for said, priority in self.severity.items()}
        return told.get(word.casefold()) or SEVERITIES.get(word.casefold(), otherwise)


class Sent(NamedTuple):
    """An alert of a body, fit to be stored. `ends`: when it was over, or until when it holds; None: it does
    not say. `labels` and `annotations` in the order of their names."""

    labels: dict[str, str]
    annotations: dict[str, str]
    generator: str
    starts: int
    ends: int | None

    def over(self, now: int) -> bool:
        """Whether it says that it is over."""
        return self.ends is not None and self.ends <= now

    def until(self, now: int) -> int:
        """Until when it holds without being sent again."""
        return now + HOLDS_MS if self.ends is None else self.ends


class Incoming(NamedTuple):
    """An alert as it was told last. `number` is its own among all of them; `heard`: when it was sent last,
    `until`: how long that holds; `ended`: when it was over, None while it is not."""

    number: int
    source: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    generator: str
    starts: int
    until: int
    heard: int
    ended: int | None

    @property
    def subject(self) -> Subject:
        """What our alert about it is about."""
        return Subject(INCOMING, str(self.number))

    @property
    def sort(self) -> str:
        """The name of the rule there: many of one are one line here."""
        return _short(plain(self.labels.get(ALERTNAME, "")))

    @property
    def name(self) -> str:
        """How people name it: the rule's name there, and where it is so."""
        named = plain(self.labels.get(ALERTNAME, ""))
        where = next((told for name in WHERE if (told := plain(self.labels.get(name, "")))), "")
        said = f"{named} ({where})" if named and where else named or where
        if not said:
            said = ", ".join(f"{plain(k)}={plain(v)}" for k, v in self.labels.items())
        return _short(said)

    def facts(self, *, stale: bool) -> dict[str, Any]:
        """What explains our alert. `stale`: when it was sent last, once that does not hold any more."""
        found: dict[str, Any] = {
            "name": {"vi": self.name, "en": self.name, "sort": self.sort}, "labels": dict(self.labels),
            "annotations": dict(self.annotations), "generator": self.generator, "starts": self.starts,
        }  # fmt: skip
        if self.ended is not None:
            found["ended"] = self.ended
        elif stale:
            found["stale"] = self.heard
        return found


def _short(text: str) -> str:
    return text if len(text) <= MAX_NAME else f"{text[: MAX_NAME - 1]}…"


def code_of(number: int | str) -> str:
    """How people name one by its number: "BN-17", bên ngoài."""
    return f"{_LETTERS}-{number}"


def fingerprint(labels: Iterable[tuple[str, str]]) -> str:
    """32 hex digits of all labels, in whatever order they come. No two sets have the same by chance or by
    intent, as those of Alertmanager, which has 64 bits, may."""
    body = msgspec.json.encode(sorted(labels))
    return blake2b(body, digest_size=16).hexdigest()
