"""An operator hides an alert from its panel, sees it in the ledger, and shows it again."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from cockpit.ui.words import t
from tests.browser.conftest import Demo, Open
from tests.browser.test_live import alerts_of
from tests.waiting import until

CAMERA = "cam-00005"
WHY = "thay nguồn camera"


def mutes(demo: Demo) -> list[Any]:
    found: Any = demo.ask("GET", "/api/v1/registers/mute?state=active")["mute"]
    return [m for m in found if m["facts"]["reason"] == WHY]


def test_what_is_written_in_the_actions_outlives_the_refreshes_and_hides_the_alert(
    open_tab: Open, demo: Demo
) -> None:
    until(lambda: demo.ask("GET", f"/api/v1/latest?asset={CAMERA}")["latest"], "a first value")
    demo.ask("POST", "/api/v1/faults", {"asset": CAMERA, "kind": "silent", "seconds": 7200})
    found = until(lambda: alerts_of(demo, CAMERA), "an alert for the camera")
    page = open_tab(f"alerts?role=operator&id={found[0]['id']}")
    page.get_by_role("button", name=t("acting.open", "vi")).click()
    form = page.locator("[data-testid=stPopoverBody]")
    form.get_by_role("radio", name=t("acting.do_silence", "vi"), exact=True).click()
    expect(form).to_contain_text(re.compile(r"Sẽ ẩn 1 cảnh báo"))
    reason = form.get_by_label(t("acting.reason", "vi"))
    reason.fill(WHY)
    panel = page.locator(".st-key-alert-detail")
    before = panel.inner_text()
    page.wait_for_function(  # what is told of times has changed: the page has been drawn anew
        "before => document.querySelector('.st-key-alert-detail').innerText !== before", arg=before
    )
    expect(reason).to_have_value(WHY)
    form.locator(".stButton button").last.click()
    until(lambda: mutes(demo), "the silence")
    expect(panel).to_contain_text(WHY)
    expect(page.get_by_text(re.compile("Đang tắt tiếng: [1-9]"))).to_be_visible()

    page.goto(f"{demo.address}/alerts?role=operator&list=muted")
    detail = page.locator(".st-key-mute-detail")
    expect(detail).to_contain_text(WHY)
    detail.get_by_role("button", name=t("mutes.end", "vi")).click()
    until(lambda: not mutes(demo), "the end of the silence")
