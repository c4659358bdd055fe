"""Since when, and by when: a screen says which of the two counts from what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from cockpit.domain.numbers import AlertId
from cockpit.ui import live
from tests.pages.conftest import NOW_MS, Visit, said, sheets, text
from tests.store import inside

HOUR_MS = 3_600_000


@pytest.fixture
def silence(cockpit: Any) -> Iterator[AlertId]:
    """A recorder that fell silent at 05:00, which the cockpit could know at 08:40 only."""
    rule = next(r for r in cockpit.profile.rules if r.code == "recorder-silent")
    recorder = next(a for a in cockpit.profile.assets if a.kind == "recorder")
    number = inside.put_alert(
        cockpit.store,
        key=f"{rule.code}|{recorder.code}",
        rule=rule.code,
        priority="critical",
        asset=recorder.code,
        source=recorder.source,
        unit=recorder.unit,
        owner=rule.owner.vi,
        first_seen=NOW_MS - 4 * HOUR_MS,
        opened=NOW_MS - 20 * 60_000,
        updated=NOW_MS,
        due=NOW_MS - 20 * 60_000 + rule.respond_s * 1000,
        facts=json.dumps({"last": NOW_MS - 4 * HOUR_MS}),
        folded=99,
        subject_kind="asset",
        subject=recorder.code,
    )
    live.forget()
    yield number
    inside.change_alert(cockpit.store, number, closed=NOW_MS - 2 * 24 * HOUR_MS, close_reason="cleared")
    live.forget()


def facts(app: Any) -> dict[str, str]:
    lines = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td></tr>', sheets(app))
    return {said(name): said(value) for name, value in lines}


def test_an_alert_says_when_it_began_when_it_was_known_and_from_when_its_due_time_counts(
    visit: Visit, silence: AlertId
) -> None:
    found = facts(visit("alerts", id=str(silence)))
    assert found["Xảy ra từ"] == "05:00 ngày 22/11/2026 (4 giờ trước) · bản ghi cuối"
    assert found["Hệ thống biết lúc"] == "08:40 ngày 22/11/2026 (20 phút trước)"
    assert found["Hạn"] == "10:40 (còn 1 giờ) · 2 giờ kể từ lúc hệ thống biết"


def test_an_alert_whose_rule_was_off_has_its_due_time_from_when_it_was_shown_again(
    visit: Visit, cockpit: Any, silence: AlertId
) -> None:
    inside.change_alert(cockpit.store, silence, due=NOW_MS + HOUR_MS)
    live.forget()
    assert facts(visit("alerts", id=str(silence)))["Hạn"].endswith("2 giờ kể từ lúc hiện lại")


def test_home_and_the_list_say_what_counts_from_what(visit: Visit, silence: AlertId) -> None:
    assert "từ 05:00 (hệ thống biết lúc 08:40)" in text(visit())
    for page in ("home", "alerts"):
        assert "“Hạn”: tính từ lúc hệ thống biết." in text(visit(page))
        assert "“Due”: counted from when it was known here." in text(visit(page, lang="en"))
