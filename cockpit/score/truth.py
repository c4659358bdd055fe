"""What really happened, read from the truth a play writes: one JSON object a line, a fault each."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from cockpit.domain import instants
from cockpit.domain.alerting.rules import split


class TruthError(ValueError):
    """A line that tells no fault: which one, what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class Expected:
    """An alert that must be open by the instant `by` (ms)."""

    rule: str
    key: str
    by: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in [onset, end), ms. `affected` are the codes at and below the cause, `may` the keys of
    alerts that are neither right nor wrong."""

    id: str
    kind: str
    cause: str
    affected: frozenset[str]
    onset: int
    end: int
    scenario: str
    expected: tuple[Expected, ...]
    may: frozenset[str]

    @property
    def on_cause(self) -> tuple[str, ...]:
        """Keys of the expected alerts about the cause itself: the ones that name it."""
        return tuple(e.key for e in self.expected if split(e.key)[1] == self.cause)


class _Alert(msgspec.Struct):
    rule: str
    key: str
    by: str


class _Line(msgspec.Struct):
    id: str
    kind: str
    cause: str
    affected: list[str]
    onset: str
    end: str
    scenario: str
    expected: list[_Alert]
    may: list[str]


_decoder = msgspec.json.Decoder(_Line)


def faults_of(lines: Iterable[bytes]) -> list[Fault]:
    """The faults of a file of truth, in its order. Raises TruthError."""
    found = []
    for number, line in enumerate(lines, 1):
        try:
            raw = _decoder.decode(line.removeprefix(codecs.BOM_UTF8))
            fault = _fault(raw)
        except (msgspec.DecodeError, ValueError) as error:
            raise TruthError(f"truth, line {number}: {error}") from error
        if fault.end < fault.onset:
            raise TruthError(f"truth, line {number}: {raw.id} ends {raw.end}, before its onset {raw.onset}")
        found.append(fault)
    return found


def _fault(raw: _Line) -> Fault:
    return Fault(
        id=raw.id,
        kind=raw.kind,
        cause=raw.cause,
        affected=frozenset(raw.affected),
        onset=_ms(raw.onset),
        end=_ms(raw.end),
        scenario=raw.scenario,
        expected=tuple(Expected(e.rule, e.key, _ms(e.by)) for e in raw.expected),
        may=frozenset(raw.may),
    )


def _ms(iso: str) -> int:
    return instants.parse(iso)
