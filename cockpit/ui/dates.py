"""Names of days and months in the readers' languages, from the Unicode locale data that Babel carries."""

from __future__ import annotations

from functools import cache
from typing import Literal

from babel.dates import get_day_names, get_month_names, get_period_names

Width = Literal["wide", "abbreviated", "narrow"]


@cache
def days(lang: str, width: Width = "wide") -> tuple[str, ...]:
    """Names of the days of the week, Sunday first, as browsers count them."""
    names = get_day_names(width, locale=lang)  # 0 is Monday
    return tuple(names[(day + 6) % 7] for day in range(7))


@cache
def months(lang: str, width: Width = "wide") -> tuple[str, ...]:
    """Names of the months, January first."""
    names = get_month_names(width, locale=lang)
    return tuple(names[month] for month in range(1, 13))


@cache
def halves(lang: str) -> tuple[str, str]:
    """What is written for before and after noon."""
    names = get_period_names("abbreviated", context="format", locale=lang)
    return names["am"], names["pm"]
