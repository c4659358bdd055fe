"""Judging an indicator, and the small formulas behind them. Percentages are 0..100."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from statistics import median
from typing import Literal

from cockpit.domain.catalog import Indicator
from cockpit.domain.targets import Aim, of_profile

Status = Literal["nodata", "suspect", "stale", "samples", "red", "orange", "green", "unjudged"]

SUSPECT_SHARE = 5.0
"""Percent of refused events within the hour from which a feed's figures are suspect."""

UNIT_DEVICES = 10
"""Under so many devices a share of one unit says little: one camera of four would turn it red, and that
camera has an alert of its own."""

UNIT_RECORDS = 30
"""Under so many records a share of one unit says nothing: one late dossier of seven would turn it red."""

OF_DEVICES = ("presence", "availability")
"""Measures that are shares of a unit's devices."""

SUSPECT_EVENTS = 20
"""Fewer events than this within the hour prove nothing about a feed's quality."""


def judged(indicator: Indicator, value: float, due: float = 1.0, aim: Aim | None = None) -> Status:
    """Green at the target or better, red beyond `watch`, orange between.

    Unjudged without a target, and without `watch`: that is a path over years. `due` is the share of the
    year gone, by which a prorated indicator's target and watch for the year count. `aim` is what is asked
    for, the profile's target unless told.
    """
    target, watch = due_now(indicator, due, aim or of_profile(indicator))
    if target is None or watch is None or indicator.direction == "none":
        return "unjudged"
    up = indicator.direction == "up"
    if value >= target if up else value <= target:
        return "green"
    return "red" if (value < watch if up else value > watch) else "orange"


def due_now(indicator: Indicator, due: float, aim: Aim) -> tuple[float | None, float | None]:
    """Target and limit of red that count today: of what is asked for by the end of a year, the part `due`."""
    part = due if indicator.prorated and aim.yearly else 1.0
    target, watch = aim.target, aim.watch
    return None if target is None else target * part, None if watch is None else watch * part


def status(
    indicator: Indicator,
    value: float | None,
    source_states: Collection[str],
    *,
    wrong: bool = False,
    enough: bool = True,
    aged: bool = False,
    due: float = 1.0,
    of_unit: bool = False,
    aim: Aim | None = None,
) -> Status:
    """The status to show: doubt comes before judgement, a figure that cannot be trusted is never green.

    `source_states`: freshness of the sources it depends on. A silent one makes it suspect, a late one
    stale. `wrong`: a source refuses too much or lies otherwise; `enough`: there are samples enough;
    `aged`: the figure itself is older than its period allows; `due`: share of the year gone. `of_unit`:
    it is a single unit's figure. That is judged only where the target is asked of each unit, or was set for
    the unit: of a mean over provinces or of a sum over the province half of all units would fall short by
    its very nature. `aim`: as of `judged`.
    """
    if value is None:
        return "nodata"
    if wrong or "silent" in source_states:
        return "suspect"
    if aged or "late" in source_states:
        return "stale"
    if not enough:
        return "samples"
    if of_unit and not asked_of_unit(indicator, aim):
        return "unjudged"
    return judged(indicator, value, due, aim)


def asked_of_unit(indicator: Indicator, aim: Aim | None) -> bool:
    """Whether a single unit answers for what is asked."""
    return indicator.each_unit or (aim is not None and aim.own)


def says_little(indicator: Indicator, n: int) -> bool:
    """Whether a unit's figure rests on so few devices that nothing follows from it."""
    return indicator.measure.get("kind") in OF_DEVICES and n < UNIT_DEVICES


def share(part: float, whole: float) -> float | None:
    """Percent, or None of nothing: an empty period is no zero."""
    return 100.0 * part / whole if whole > 0 else None


def of_parts(numerator: float, denominator: float, factor: float) -> float | None:
    """The value that parts make, in the figure's unit; None of nothing: 0 of 0 is no value."""
    return factor * numerator / denominator if denominator > 0 else None


def agrees(value: float, numerator: float, denominator: float, factor: float, decimals: int) -> bool:
    """Whether a finished value is what its parts make, rounded to its decimals. Where the denominator is 0
    there is nothing that it could be, so any will do."""
    made = of_parts(numerator, denominator, factor)
    if made is None:
        return numerator == 0
    half = 0.5 * 10.0**-decimals
    return abs(made - value) <= half + 1e-9 * max(1.0, abs(made))


def middle(values: Sequence[float]) -> float | None:
    """Median, or None of nothing."""
    return float(median(values)) if values else None


def refuses_too_much(accepted: int, refused: int) -> bool:
    """Whether a feed refused so large a share within the hour that its figures are in doubt."""
    total = accepted + refused
    return total >= SUSPECT_EVENTS and 100.0 * refused / total > SUSPECT_SHARE
