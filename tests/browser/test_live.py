"""What moves: live values, and an alert from the silence of a camera to its return."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from cockpit.ui.words import t
from tests.browser.conftest import Demo, Open
from tests.waiting import until

CAMERA = "cam-00003"


def all_alerts(demo: Demo) -> list[dict[str, Any]]:
    found: Any = demo.ask("GET", "/api/v1/alerts?state=open")
    return list(found["alerts"])


def alerts_of(demo: Demo, asset: str) -> list[dict[str, Any]]:
    return [alert for alert in all_alerts(demo) if alert["asset"] == asset]


def test_values_on_home_change_by_themselves(open_tab: Open) -> None:
    page = open_tab("")
    tiles = page.locator(".st-key-tiles")
    expect(tiles).to_be_visible()
    clock = page.locator("[data-live='clock']")
    expect(clock).to_have_text(re.compile(r"\d\d:\d\d"))
    before, time_before = tiles.inner_text(), clock.inner_text()
    page.wait_for_function(
        "([text]) => document.querySelector('.st-key-tiles').innerText !== text", arg=[before]
    )
    page.wait_for_function(
        "([text]) => document.querySelector(\"[data-live='clock']\") === null"
        " || document.querySelector(\"[data-live='clock']\").innerText !== text",
        arg=[time_before],
    )


def test_a_silent_camera_is_told_acknowledged_and_closed(open_tab: Open, demo: Demo) -> None:
    # A device that never sent anything cannot fall silent.
    until(lambda: demo.ask("GET", f"/api/v1/latest?asset={CAMERA}")["latest"], "a first value")
    kind = {"asset": CAMERA, "kind": "silent", "seconds": 36_000}
    fault = demo.ask("POST", "/api/v1/faults", kind)
    alert = until(lambda: alerts_of(demo, CAMERA), "an alert for the silent camera")[0]

    page = open_tab(f"alerts?id={alert['id']}&q=CB-{alert['id']}")
    detail = page.locator(".st-key-alert-detail")
    expect(detail).to_contain_text(f"CB-{alert['id']}")
    expect(detail).to_contain_text(t("alerts.state_unack", "vi"))
    button = page.get_by_role("button", name=t("alerts.acknowledge", "vi"))
    if not button.is_visible():
        page.get_by_role("button", name=t("role.leader", "vi")).click()
        page.get_by_text(t("role.operator", "vi")).last.click()
        page.keyboard.press("Escape")
    # A second press at once hits neither the next alert nor what takes the first one back.
    button.dblclick()
    undo = page.get_by_role("button", name=t("alerts.undo", "vi"))
    expect(undo).to_be_visible()
    expect(detail).to_contain_text(f"CB-{alert['id']}")
    expect(detail).to_contain_text(t("alerts.state_ack", "vi"))
    taken = [a["asset"] for a in all_alerts(demo) if a["ack_by"]]
    assert taken == [CAMERA]
    undo.click()
    expect(detail).to_contain_text(t("alerts.state_unack", "vi"))
    assert alerts_of(demo, CAMERA)[0]["ack_by"] is None
    button.click()
    expect(undo).to_be_visible()
    expect(undo).to_have_count(0)  # after ten seconds it stands
    assert alerts_of(demo, CAMERA)[0]["ack_by"]

    demo.ask("DELETE", f"/api/v1/faults/{fault['id']}")
    until(lambda: not alerts_of(demo, CAMERA), "the end of the alert")
    expect(detail).to_contain_text(t("alerts.state_closed", "vi"))
