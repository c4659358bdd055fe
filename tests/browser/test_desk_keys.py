"""The alert desk by the keyboard alone: go through the list, acknowledge, silence, search, act on many."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from cockpit.ui.words import t
from tests.browser.conftest import Demo, Open
from tests.browser.test_live import alerts_of
from tests.waiting import until

CAMERAS = ("cam-00009", "cam-00010", "cam-00011")
WHY = "thay nguồn cụm camera"


def test_an_operator_needs_no_pointer(open_tab: Open, demo: Demo) -> None:
    until(lambda: demo.ask("GET", f"/api/v1/latest?asset={CAMERAS[0]}")["latest"], "a first value")
    for camera in CAMERAS:
        demo.ask("POST", "/api/v1/faults", {"asset": camera, "kind": "silent", "seconds": 7200})
    ids = [alert_of(demo, camera) for camera in CAMERAS]
    page = open_tab(f"alerts?role=operator&id={ids[0]}")
    panel = page.locator(".st-key-alert-detail")
    expect(panel).to_contain_text(t("alerts.code", "vi", id=str(ids[0])))
    expect(page.get_by_role("button", name=t("keys.open", "vi"))).to_be_visible()

    page.keyboard.press("j")
    expect(page).not_to_have_url(re.compile(rf"id={ids[0]}(&|$)"))
    page.keyboard.press("k")
    expect(page).to_have_url(re.compile(rf"id={ids[0]}(&|$)"))
    expect(panel).to_contain_text(t("alerts.code", "vi", id=str(ids[0])))

    page.keyboard.press("a")
    acknowledged(demo, ids[0])
    expect(panel.get_by_role("button", name=t("alerts.undo", "vi"))).to_be_visible()
    page.keyboard.press("s")
    form = page.locator("[data-testid=stPopoverBody]")
    reason = form.get_by_label(t("acting.reason", "vi"))
    reason.press_sequentially("ase? jk")  # letters, while somebody writes
    expect(reason).to_have_value("ase? jk")
    expect(form.get_by_role("radio", name=t("acting.do_silence", "vi"), exact=True)).to_be_checked()
    page.keyboard.press("Escape")

    help_of(page)
    page.keyboard.press("/")
    field = page.locator(".st-key-q input")
    expect(field).to_be_focused()
    field.press_sequentially("camera mat tin hieu")
    page.keyboard.press("Enter")
    many = page.locator(".st-key-bulk-found-open button").first
    expect(many).to_be_visible()
    many.press("Enter")
    note = form.get_by_label(t("alerts.note", "vi"))
    note.fill(WHY)
    form.get_by_role("button", name=re.compile("Tiếp nhận [0-9]+ cảnh báo")).press("Enter")
    for number in ids[1:]:
        acknowledged(demo, number)


def alert_of(demo: Demo, camera: str) -> int:
    return int(until(lambda: alerts_of(demo, camera), "an alert")[0]["id"])


def acknowledged(demo: Demo, number: int) -> None:
    until(lambda: demo.ask("GET", f"/api/v1/alerts/{number}")["ack_by"], "the acknowledgement")


def help_of(page: Page) -> None:
    """The list of the keys opens by one of them, and switches them off and on."""
    page.keyboard.press("?")
    told = page.get_by_role("dialog", name=t("keys.title", "vi"))
    expect(told).to_contain_text(t("keys.next", "vi"))
    box = told.get_by_role("checkbox")
    box.press("Space")
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    page.keyboard.press("?")
    expect(told).to_be_hidden()
    page.get_by_role("button", name=t("keys.open", "vi")).press("Enter")
    box.press("Space")
    page.keyboard.press("Escape")
