"""What the simulator plays of a province besides its devices, by the province's own codes: what stands in
`simulation.toml` of its profile. What is left out is not played. `simulator.reading` reads and checks it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from simulator.calendar import HEAT, MOBILE, OFFICE, ONLINE, STREET, Shape
from simulator.devices import SIGNALS
from simulator.signals import Signal

ShapeName = Literal["", "office", "online", "street", "mobile", "heat"]
SHAPES: dict[str, Shape] = {
    "office": OFFICE, "online": ONLINE, "street": STREET, "mobile": MOBILE, "heat": HEAT,
}  # fmt: skip
"""How something goes over the hours of a day."""

Range = tuple[float, float]


class Where(msgspec.Struct, frozen=True):
    """The place whose sun the province has, and whose rain; the middle of its box unless told."""

    lat: float | None = None
    lon: float | None = None


class Dossiers(msgspec.Struct, frozen=True):
    """Dossiers brought: `count` in `days`, a share of `online`, through `portal` where that is a feed."""

    source: str
    count: float
    days: float
    online: float
    portal: str = ""


class Payments(msgspec.Struct, frozen=True):
    """Fees of the dossiers; `cashless` is a share of them."""

    source: str
    cashless: float


class Feedback(msgspec.Struct, frozen=True):
    """What citizens write."""

    source: str
    a_day: float


class Broadcasts(msgspec.Struct, frozen=True):
    """Programmes over the loudspeakers, at `hours` of every day."""

    source: str
    hours: tuple[float, ...]


class Phones(msgspec.Struct, frozen=True):
    """Volunteers' phones; `shares` of operators, equal for one that is not named."""

    source: str
    count: int
    shares: dict[str, float] = {}


class Drives(msgspec.Struct, frozen=True):
    """Vehicles of drive tests."""

    source: str
    vehicles: int


class Visitors(msgspec.Struct, frozen=True):
    """Visitors of each month against the year's mean."""

    season: tuple[float, ...]


class Statistic(msgspec.Struct, frozen=True):
    """A figure that somebody types for a period of the indicator: its level at the start of 2026, its change
    a year. `this_year`: a yearly figure is of the year in which it is typed, not of the one before."""

    indicator: str
    source: str
    level: float
    change: float = 0.0
    decimals: int = 1
    this_year: bool = False


class Typed(msgspec.Struct, frozen=True):
    """A monthly figure that people type: its mean, and how far reports scatter."""

    indicator: str
    source: str
    mean: float
    spread: float


class Figure(msgspec.Struct, frozen=True):
    """A figure of departmental systems on 1 January 2026, its change a day, its noise, what it follows."""

    metric: str
    level: float
    slope: float = 0.0
    noise: float = 0.0
    shape: ShapeName = ""  # share of the day's peak at an hour
    work: bool = False  # follows how busy a working day is
    tourist: float = 0.0  # share added at weekends and on holidays
    season: bool = False  # follows the months of visitors
    island: bool = False  # nobody comes when ferries do not run
    year: bool = False  # runs from 0 to `level` over the year, slowly at first
    indicator: str = ""  # which it is reported as with its parts, "" for a bare number
    whole: float = 0.0  # the denominator of these
    step: float = 1.0  # what the numerator is a multiple of
    departments: int = 0  # per mille of the denominator that departments make together and report, too


class Department(msgspec.Struct, frozen=True):
    """A department in figures that are reported by department: its weight among all, and by how many per
    mille of its own part it does better than they do together."""

    body: str
    weight: int
    better: int = 0


class OwnSignal(msgspec.Struct, frozen=True):
    """How a metric of a kind of device behaves: as `simulator.signals.Signal`, which it becomes."""

    kind: str
    metric: str
    level: Range
    daily: Range = (0.0, 0.0)
    shape: ShapeName = ""
    weekend: float = 1.0
    walk: float = 0.0
    drift: float = 0.0
    noise: float = 0.0

    def signal(self) -> Signal:
        return Signal(
            self.level, self.daily, SHAPES.get(self.shape), self.weekend,
            walk=self.walk, drift=self.drift, noise=self.noise,
        )  # fmt: skip


class Simulation(msgspec.Struct, frozen=True):
    """All of the file. None, or nothing in a list: not played."""

    sky: Where = Where()
    dossiers: Dossiers | None = None
    payments: Payments | None = None
    feedback: Feedback | None = None
    broadcasts: Broadcasts | None = None
    phones: Phones | None = None
    drives: Drives | None = None
    visitors: Visitors | None = None
    statistic: tuple[Statistic, ...] = ()
    beside: tuple[Typed, ...] = ()
    by_commune: tuple[Typed, ...] = ()
    department: tuple[Department, ...] = ()
    figure: tuple[Figure, ...] = ()
    signal: tuple[OwnSignal, ...] = ()

    @property
    def people(self) -> dict[str, str]:
        """Feeds whose systems people use, and as what they know them: records wait where one is down."""
        found: dict[str, str] = {}
        if self.dossiers is not None:
            found |= {code: "system" for code in (self.dossiers.source, self.dossiers.portal) if code}
        if self.payments is not None:
            found[self.payments.source] = "payment"
        if self.feedback is not None:
            found[self.feedback.source] = ""
        return found

    @property
    def sampling(self) -> tuple[str, ...]:
        """Feeds of radio samples."""
        return tuple(one.source for one in (self.phones, self.drives) if one is not None)

    def signals(self, kind: str) -> dict[str, Signal]:
        """How metrics of a kind of device behave."""
        own = {s.metric: s.signal() for s in self.signal if s.kind == kind}
        return SIGNALS.get(kind, {}) | own
