"""Coverage by cell, and sites that are suggested."""

from __future__ import annotations

import msgspec

from cockpit.domain.coverage import CellClass


class CellAnswer(msgspec.Struct):
    """A hexagon. `class`: samples where too little was measured. `share` of samples under the bad threshold
    with its Wilson 95 % bounds, 0..1."""

    h3: str
    kind: CellClass = msgspec.field(name="class")
    n: int
    groups: int
    devices: int
    share: float
    low: float
    high: float


class CellsAnswer(msgspec.Struct):
    """Cells of an operator, "any": of the one that serves each best; in the order of their ids."""

    operator: str
    level: int
    cells: list[CellAnswer]


class SiteAnswer(msgspec.Struct):
    """A site in the order of building: people it adds, and people of all up to it."""

    h3: str
    lat: float
    lon: float
    unit: str
    gain: int
    total: int


class CertificateAnswer(msgspec.Struct):
    """What the best plan of as many sites gains, if `proved`; otherwise what none can exceed."""

    optimum: int
    ratio: float
    proved: bool


class SuggestAnswer(msgspec.Struct):
    """Sites to build next. `without` are the people who are without, `measured` those of cells surely bad;
    the others live where no site of the register should reach by prediction."""

    operator: str
    without: int
    measured: int
    total: int
    certificate: CertificateAnswer
    suggest: list[SiteAnswer]
