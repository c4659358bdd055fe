"""Figures in words: numbers, ages, changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.ui import figures
from cockpit.ui.marks import escape
from tests.pages.conftest import NOW_MS

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (1497447, 0, "1.497.447", "1,497,447"),
        (98.44, 1, "98,4", "98.4"),
        (-0.4, 1, "\u22120,4", "\u22120.4"),
        (-0.04, 1, "0,0", "0.0"),
        (0, 0, "0", "0"),
        (None, 1, "—", "—"),
        (float("nan"), 1, "—", "—"),
    ],
)
def test_numbers_are_written_in_the_language_s_way(
    value: float | None, decimals: int, vi: str, en: str
) -> None:
    assert figures.number(value, decimals, "vi") == vi
    assert figures.number(value, decimals, "en") == en


def test_a_unit_stays_with_its_number() -> None:
    assert figures.quantity(98.4, "%", 1, "vi") == f"98,4{NBSP}%"
    assert figures.quantity(None, "%", 1, "vi") == "—"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 giây trước"),
        (40.9, "40 giây trước"),
        (89.9, "89 giây trước"),
        (90, "1 phút trước"),
        (299, "4 phút trước"),
        (5399, "89 phút trước"),
        (5400, "1 giờ trước"),
        (36 * 3600 - 1, "35 giờ trước"),
        (36 * 3600, "1 ngày trước"),
        (3 * 86400 + 80000, "3 ngày trước"),
    ],
)
def test_ages_are_rounded_down(seconds: float, told: str) -> None:
    assert figures.age(seconds, "vi") == told


def test_an_old_age_becomes_a_date() -> None:
    now = 1_795_312_800_000
    assert figures.age(61 * 86400, "vi", now_ms=now) == "22/09/2026"


def test_english_knows_one_day() -> None:
    assert figures.age(86400 * 1.6, "en") == "1 day ago"
    assert figures.age(86400 * 3, "en") == "3 days ago"


@given(st.floats(0, 1e8, allow_nan=False))
def test_no_age_is_ever_rounded_up(seconds: float) -> None:
    told = figures.span(seconds, "en").split()
    unit = {"s": 1, "min": 60, "h": 3600, "day": 86400, "days": 86400}[told[1]]
    assert int(told[0].replace(",", "")) * unit <= seconds


@pytest.mark.parametrize(
    ("delta", "direction", "told"),
    [
        (1.2, "up", f"tốt lên 1,2{NBSP}điểm từ hôm qua"),
        (-1.2, "up", f"kém đi 1,2{NBSP}điểm từ hôm qua"),
        (1.2, "down", f"kém đi 1,2{NBSP}điểm từ hôm qua"),
        (-1.2, "none", f"giảm 1,2{NBSP}điểm từ hôm qua"),
        (0.04, "up", "không đổi từ hôm qua"),
    ],
)
def test_a_change_says_whether_it_is_good(delta: float, direction: str, told: str) -> None:
    assert figures.change(delta, direction, 1, "%", 1, "vi") == told  # type: ignore[arg-type]


def test_targets_say_which_side_is_good() -> None:
    assert figures.target(95, "up", "%", "vi") == f"Mục tiêu ≥ 95{NBSP}%"
    assert figures.target(0, "down", "hồ sơ", "vi") == f"Mục tiêu 0{NBSP}hồ sơ"
    assert figures.target(16.2, "up", "", "vi") == "Mục tiêu ≥ 16,2"
    assert figures.target(None, "up", "%", "vi") == "Không đặt mục tiêu"


def test_due_times_turn_red_when_they_pass() -> None:
    now = 1_795_312_800_000
    assert figures.due(now + 3_600_000, now, "vi") == "hạn 10:00"
    assert figures.due(now - 2 * 86_400_000, now, "vi") == ":red[**quá hạn 2 ngày**]"


def test_instants_are_in_provincial_time_and_leave_out_what_is_the_same() -> None:
    now = 1_795_312_800_000
    assert figures.instant(now - 120_000) == "08:58 ngày 22/11/2026"
    assert figures.instant(now - 120_000, now) == "08:58"
    assert figures.instant(now - 86_400_000, now) == "09:00 ngày 21/11"
    assert figures.instant(now - 86_400_000, now, "en") == "09:00 on 21/11"
    assert figures.compact(now - 86_400_000, now) == "09:00 21/11"
    assert figures.instant(None) == figures.compact(None) == "—"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("2026-11", "tháng 11/2026"),
        ("2026-Q4", "quý 4/2026"),
        ("2026", "năm 2026"),
        ("2026-11-22", "22/11/2026"),
    ],
)
def test_periods_are_told_in_words(code: str, told: str) -> None:
    assert figures.period(code, "vi") == told


@given(st.text(max_size=80))
def test_no_markup_survives_from_data(text: str) -> None:
    written = escape(text)
    for opening in ("![", "](", "**", ":red["):
        assert opening not in written


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("https://x.y", "https\\:\u200b//x.y"),
        ("WWW.x.y", "WWW\u200b.x.y"),
        ("a@b.c", "a\u200b@b.c"),
        (":material/home:", "\\:\u200bmaterial/home\\:"),
        (":smile:", "\\:\u200bsmile\\:"),
        (":red[x]", "\\:red\\[x\\]"),
        ("$x$", "\\$x\\$"),
        ("10:30:45", "10\\:30\\:45"),
    ],
)
def test_text_from_people_and_feeds_becomes_no_link_icon_colour_or_formula(text: str, literal: str) -> None:
    assert escape(text) == literal


def test_beside_an_instant_its_age_is_told_and_never_its_date_once_more() -> None:
    then = NOW_MS - 66 * 86_400_000
    told = figures.both(then, NOW_MS, "vi")
    assert told.endswith("(66 ngày trước)")
    assert told.count(figures.date(then)) == 1
