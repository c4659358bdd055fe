"""Figures in words: numbers, ages, instants and changes as officials write them.

Every function takes the language as `lang` or asks the reader's. Instants are milliseconds since the
epoch and are written in the time of the province.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from functools import cache, lru_cache

from babel import Locale
from babel.numbers import parse_pattern

from cockpit.domain.catalog import Direction
from cockpit.ui import words
from cockpit.ui.context import utc_offset_s
from cockpit.ui.words import NBSP, t

MINUS = "\u2212"
NOTHING = "—"


def number(value: float | None, decimals: int = 0, lang: str | None = None) -> str:
    """`1.497.447` or `98,4`; a dash where there is no value. Never writes a negative zero."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return _number(value, decimals, lang or words.lang())


@lru_cache(maxsize=8192)
def _number(value: float, decimals: int, lang: str) -> str:
    pattern = parse_pattern("#,##0" + ("." + "0" * decimals if decimals else ""))
    text = str(pattern.apply(value, Locale(lang)))
    if not any(c in "123456789" for c in text):
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def plain(value: float | None, lang: str | None = None) -> str:
    """A count in whole numbers, a sum in no more digits than it has, two at most."""
    digits = 0 if value is None else next((d for d in (0, 1) if round(value, d) == value), 2)
    return number(value, digits, lang)


def quantity(value: float | None, unit: str, decimals: int = 0, lang: str | None = None) -> str:
    """A number with its unit, held together: `98,4 %`, `143 hồ sơ`."""
    text = number(value, decimals, lang)
    return f"{text}{NBSP}{words.unit_word(text, unit, lang)}" if unit and text != NOTHING else text


def percent(share: float | None, decimals: int = 0, lang: str | None = None) -> str:
    """A share from 0 to 1 as per cent."""
    return quantity(None if share is None else share * 100, "%", decimals, lang)


def span(seconds: float, lang: str | None = None) -> str:
    """A length of time, rounded down: `40 giây`, `4 phút`, `26 giờ`, `3 ngày`."""
    whole = max(0, int(seconds))
    if whole < 90:
        return t("time.seconds", lang, n=whole)
    if whole < 90 * 60:
        return t("time.minutes", lang, n=whole // 60)
    if whole < 36 * 3600:
        return t("time.hours", lang, n=whole // 3600)
    return t("time.days", lang, n=whole // 86400)


def age(seconds: float | None, lang: str | None = None, *, now_ms: int | None = None) -> str:
    """How long ago: `4 phút trước`. From 60 days on the date, if `now_ms` is known."""
    if seconds is None:
        return NOTHING
    if seconds >= 60 * 86400 and now_ms is not None:
        return date(now_ms - int(seconds * 1000))
    return t("time.ago", lang, span=span(seconds, lang))


def local(ms: int) -> datetime:
    """The instant in provincial time."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(_zone(utc_offset_s()))


@cache
def _zone(offset_s: int) -> timezone:
    return timezone(timedelta(seconds=offset_s))


def naive(ms: int) -> datetime:
    """Provincial wall time without a zone, for charts and tables, which would show the browser's."""
    return local(ms).replace(tzinfo=None)


def clock(ms: int) -> str:
    """`08:58`."""
    return local(ms).strftime("%H:%M")


def date(ms: int) -> str:
    """`22/11/2026`."""
    return local(ms).strftime("%d/%m/%Y")


def instant(ms: int | None, now_ms: int | None = None, lang: str | None = None) -> str:
    """`08:58 ngày 22/11/2026`, as it is read aloud; with `now_ms` without what is the same: the day, or the
    year."""
    time, day = _parted(ms, now_ms)
    return t("time.on_day", lang, time=time, day=day) if day else time


def compact(ms: int | None, now_ms: int | None = None) -> str:
    """The same in a cell or beside a line: `08:58 22/11/2026`."""
    return " ".join(part for part in _parted(ms, now_ms) if part)


def _parted(ms: int | None, now_ms: int | None) -> tuple[str, str]:
    """Time, and day where it must be told."""
    if ms is None:
        return NOTHING, ""
    when = local(ms)
    if now_ms is not None:
        today = local(now_ms)
        if when.date() == today.date():
            return when.strftime("%H:%M"), ""
        if when.year == today.year:
            return when.strftime("%H:%M"), when.strftime("%d/%m")
    return when.strftime("%H:%M"), when.strftime("%d/%m/%Y")


def both(ms: int | None, now_ms: int, lang: str | None = None) -> str:
    """Instant and age, for cards: `08:58 ngày 22/11/2026 (2 phút trước)`."""
    if ms is None:
        return NOTHING
    return f"{instant(ms, lang=lang)} ({age((now_ms - ms) / 1000, lang)})"  # the date stands there already


def due(due_ms: int, now_ms: int, lang: str | None = None) -> str:
    """`hạn 10:00` before, `**quá hạn 1 ngày**` in red after: markdown."""
    if due_ms >= now_ms:
        return t("time.due", lang, when=instant(due_ms, now_ms, lang))
    return f":red[**{t('time.overdue', lang, span=span((now_ms - due_ms) / 1000, lang))}**]"


def left(until_ms: int, now_ms: int, lang: str | None = None) -> str:
    """`còn 60 phút`, or how long it is over."""
    if until_ms >= now_ms:
        return t("time.left", lang, span=span((until_ms - now_ms) / 1000, lang))
    return t("time.overdue", lang, span=span((now_ms - until_ms) / 1000, lang))


def goal(value: float | None, direction: Direction, unit: str, lang: str | None = None) -> str:
    """`≥ 95 %`: which side of the target is good is in the sign."""
    if value is None:
        return NOTHING
    sign = {"up": "≥ ", "down": "≤ " if value else "", "none": ""}[direction]
    decimals = next((d for d in (0, 1) if round(value, d) == value), 2)
    return sign + quantity(value, unit, decimals, lang)


def target(value: float | None, direction: Direction, unit: str, lang: str | None = None) -> str:
    """`Mục tiêu ≥ 95 %`."""
    if value is None:
        return t("figure.no_target", lang)
    return t("figure.target", lang, value=goal(value, direction, unit, lang))


def change(
    delta: float, direction: Direction, decimals: int, unit: str, days: int, lang: str | None = None
) -> str:
    """A change in words with the good direction built in: `kém đi 3,2 điểm từ hôm qua`."""
    since = t(f"since.{_SINCE[days]}", lang) if days in _SINCE else t("since.days", lang, n=days)
    if round(abs(delta), decimals) == 0:
        return t("figure.same", lang, since=since)
    what = t("unit.points", lang) if unit == "%" else unit
    amount = quantity(abs(delta), what, decimals, lang)
    if direction == "none":
        key = "figure.up" if delta > 0 else "figure.down"
    else:
        key = "figure.better" if (delta > 0) == (direction == "up") else "figure.worse"
    return t(key, lang, amount=amount, since=since)


def period(code: str, lang: str | None = None) -> str:
    """A reporting period in words: `2026-11`, `2026-Q4`, `2026` or `2026-11-22`."""
    year, _, rest = code.partition("-")
    if not rest:
        return t("period_of.year", lang, year=year)
    if rest.startswith("Q"):
        return t("period_of.quarter", lang, quarter=rest[1:], year=year)
    month, _, day = rest.partition("-")
    return f"{day}/{month}/{year}" if day else t("period_of.month", lang, month=month, year=year)


YEAR_DAYS = 365
_SINCE = {1: "yesterday", 7: "week", 30: "month", YEAR_DAYS: "year"}
