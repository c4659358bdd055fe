"""Values of metrics and indicators with their names and units, as people read them."""

from __future__ import annotations

from cockpit.ui import figures
from cockpit.ui.context import cockpit
from cockpit.ui.words import lang, t


def is_flag(code: str) -> bool:
    """Whether a metric says only yes or no, as 1 or 0."""
    metric = cockpit().profile.metric.get(code)
    return metric is not None and metric.flag


def metric_name(code: str) -> str:
    """Name of a metric or an indicator; the code itself if nobody knows it."""
    profile = cockpit().profile
    found = profile.metric.get(code) or profile.indicator.get(code)
    return found.name.get(lang()) if found else code


def amount(value: float | None, code: str) -> str:
    """A value of a metric or an indicator with its unit."""
    profile = cockpit().profile
    if code in profile.metric:
        return figures.quantity(value, unit(code), len(str(profile.metric[code].scale)) - 1)
    if code in profile.indicator:
        return figures.quantity(value, unit(code), profile.indicator[code].decimals)
    return figures.number(value, 1)


def limit(value: float, code: str) -> str:
    """A threshold with its unit, in no more digits than it has."""
    digits = next((d for d in range(4) if round(value, d) == value), 4)
    return figures.quantity(value, unit(code), digits)


def unit(code: str) -> str:
    """Unit of a metric or an indicator; nothing for a mere number or a yes or no."""
    profile = cockpit().profile
    if code in profile.metric:
        return unit_word(profile.metric[code].unit)
    return profile.indicator[code].unit.get(lang()) if code in profile.indicator else ""


def unit_word(code: str) -> str:
    """A unit as the wire writes it in the words of people; most need none."""
    if code == "1":
        return ""
    key = {"Cel": "unit.celsius", "d": "unit.days", "1/s": "unit.frames", "10^9 VND": "unit.billions"}.get(
        code
    )
    return t(key) if key else code
