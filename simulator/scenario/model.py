"""A scenario: a story of faults in order, with what the presenter says. Pure values; times in ms after its
start, except where a name says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.catalog import Text


class ScenarioError(ValueError):
    """Something in a scenario that cannot be played: where it stands, what was found and expected, the
    cure."""

    def __init__(self, where: str, found: str, expected: str, cure: str) -> None:
        self.where, self.found, self.expected, self.cure = where, found, expected, cure
        super().__init__(f"{where}: found {found}, expected {expected}. {cure}")


@dataclass(frozen=True, slots=True)
class Near:
    """Within `within_km` of a point in WGS84 degrees."""

    lat: float
    lon: float
    within_km: float


@dataclass(frozen=True, slots=True)
class Selector:
    """Who is struck. What is given must all hold; of those that are left `count`, or a `share` of 0 to 1, at
    least one, is drawn (the nearest ones where `near` and `count` are given)."""

    kind: str = ""  # asset kind, "source" or "unit"
    units: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()  # codes of assets, sources or units
    near: Near | None = None
    count: int = 0
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of fault on everything selected. With `over_ms` it strikes each where and when the wind is
    stronger than so many metres a second, `at_ms` is then the earliest instant, and the hold begins when the
    wind has dropped again."""

    kind: str
    selector: Selector
    at_ms: int
    ramp_ms: int
    hold_ms: int
    recovery_ms: int
    size: float
    label: Text
    spread_ms: int = 0  # each of several is struck up to so much later
    over_ms: float = 0.0
    where: str = ""  # file and line, for errors


@dataclass(frozen=True, slots=True)
class Note:
    """What a presenter may say at an instant."""

    at_ms: int
    text: Text


@dataclass(frozen=True, slots=True)
class Fix:
    """The eye of a storm at an instant: place, strongest wind (m/s) and its distance from the eye."""

    at_ms: int
    lat: float
    lon: float
    max_ms: float
    radius_km: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """`start_ms` is the instant it is meant for (ms since the epoch); a stage plays it whenever it is
    picked. A demo that opens on it finds `lead_ms` of it played."""

    code: str
    name: Text
    story: Text
    seed: int
    start_ms: int
    length_ms: int
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]
    track: tuple[Fix, ...] = ()
    lead_ms: int = 0
