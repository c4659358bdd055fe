"""Alerts of rules that count: their sentences hold the numbers, in both languages, on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cockpit.domain.numbers import AlertId
from cockpit.store.alerting import Changes, dump, save
from cockpit.store.alerts import Alert
from tests.pages.conftest import NOW_MS, text
from tests.waiting import PATIENCE_S

CASES: dict[str, tuple[str, str, float, dict[str, Any], str, str]] = {
    "feeder-out": (
        "asset", "feeder-06652", 0.9, {"known": 20, "bad": 18, "dark": 17, "silent": 1},
        "18 trong 20 trạm và đường truyền", "18 of the 20 sites and links",
    ),
    "clock-skew": (
        "asset", "cam-00001", 3600.0, {"offset_s": 3600, "refused": 1},
        "đi trước 60 phút", "60 min ahead",
    ),
    "source-lag": (
        "source", "ran-oss", 0.83, {"events": 40, "late": 33, "lag_s": 1800, "limit_s": 900},
        "83\u00a0% bản ghi của nguồn", "83\u00a0% of the records",
    ),
    "source-duplicates": (
        "source", "cam-vms", 0.5, {"events": 960, "repeats": 480, "minutes": 1},
        "480 trên 960 trong 60 giây", "480 of 960 in 60 s",
    ),
    "source-flood": (
        "source", "loa-truyen-thanh", 7.9, {"events": 64, "promised": 8.01},
        "gấp 7,9 lần lượng đã hẹn", "7.9 times the promised 8.0",
    ),
    "source-refused": (
        "source", "loa-truyen-thanh", 0.9, {"events": 60, "refused": 54, "minutes": 3},
        "54 trên 60 trong 3 phút", "54 of 60 in 3 min",
    ),
}  # fmt: skip


def opened(cockpit: Any, rule_code: str) -> int:
    """An open alert of a rule, as the engine writes it; its number."""
    about, code, value, facts, _, _ = CASES[rule_code]
    rule = cockpit.profile.rule[rule_code]
    asset = cockpit.profile.asset[code] if about == "asset" else None
    number = AlertId(9_000 + list(CASES).index(rule_code))
    alert = Alert(
        id=number, key=f"{rule_code}|{code}", rule=rule_code, rule_version=1, priority=rule.priority,
        asset=code if asset else "", source=asset.source if asset else code, indicator="",
        unit=asset.unit if asset else "", owner="Trực ban", owner_en="Duty desk", simulated=1,
        first_seen=NOW_MS - 600_000,
        opened=NOW_MS - 540_000, updated=NOW_MS, due=NOW_MS + 3_600_000, closed=None, close_reason=None,
        value=value, peak=value, facts=dump(facts), cause=None, folded=0,
    )  # fmt: skip
    changes = Changes()
    changes.alerts[number] = alert
    cockpit.store.write(lambda conn: save(conn, changes)).result(PATIENCE_S)
    return number


@pytest.mark.parametrize("rule_code", CASES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_says_what_was_counted(
    cockpit: Any, visit: Callable[..., Any], rule_code: str, lang: str
) -> None:
    app = visit("alerts", lang=lang, id=str(opened(cockpit, rule_code)))
    assert not app.exception
    said = text(app)
    vi, en = CASES[rule_code][4:]
    assert (vi if lang == "vi" else en) in said
    assert "{" not in said


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_list_of_rules_says_when_each_fires(visit: Callable[..., Any], lang: str) -> None:
    for rule_code in CASES:
        app = visit("alerts", lang=lang, list="rules", rule=rule_code)
        assert not app.exception
