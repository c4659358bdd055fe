"""Every page in a real browser: it draws, it speaks both languages, it fits."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from cockpit.ui.words import t
from tests.browser.conftest import PAGES, Demo, Open

SIZES: tuple[ViewportSize, ...] = ({"width": 1920, "height": 1080}, {"width": 390, "height": 844})


def drawn(page: Page) -> None:
    """Wait until the page has its own headline, what was told before it is gone, and no run is under way."""
    expect(page.locator("#root h1").first).to_be_visible()
    expect(page.locator("#first")).to_have_count(0)
    expect(page.locator("[data-test-script-state='notRunning']")).to_have_count(1)


OBSERVED = """
  window.met = [];
  const asked = window.fetch, Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) { window.met.push("connects"); super(...given); }
  };
  window.fetch = async (...given) => {
    const address = String(given[0].url || given[0]), answer = await asked(...given);
    if (address.includes("_stcore/h")) window.met.push(new URL(address, location.href).pathname);
    return answer;
  };
"""


@pytest.mark.parametrize("name", PAGES)
def test_a_direct_visit_connects_first_draws_the_page_speaks_both_languages_and_fits_a_wall_and_a_phone(
    open_tab: Open, name: str
) -> None:
    """One visit for all of it: opening a page is what costs."""
    page = open_tab("api/v1/pulse", viewport=SIZES[0])
    page.add_init_script(OBSERVED)
    page.goto(f"{page.url.removesuffix('api/v1/pulse')}{name}")
    drawn(page)
    met = page.evaluate("window.met")
    assert met[0] == "connects", "the installed Streamlit asks for something before"
    assert {path for path in met if path != "connects"} <= {"/_stcore/health", "/_stcore/host-config"}
    expect(page.locator("[data-live='age']")).to_have_text(re.compile(r"\d"))
    for language in ("vi", "en", "vi"):
        if language != page.locator("html").get_attribute("lang"):
            page.get_by_role("radio", name=language.upper(), exact=True).click()
        expect(page.get_by_text(t("strip.simulated", language), exact=True)).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("[data-testid='stException']")).to_have_count(0)
        expect(page.get_by_text(t("ui.panel_failed", language))).to_have_count(0)
    for size in SIZES:
        page.set_viewport_size(size)
        drawn(page)
        wider = page.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]') || document.documentElement;"
            " return m.scrollWidth - m.clientWidth; }"
        )
        assert wider <= 1, size


def test_a_slider_tells_at_once_what_would_follow_and_stays_where_it_is(open_tab: Open) -> None:
    page = open_tab("indices?base=quang_nam_2024")
    drawn(page)
    handle = page.get_by_role("slider", name=t("indices.component_payment", "vi"))
    handle.focus()
    for _ in range(24):
        page.keyboard.press("ArrowRight")
    told = t("what.more", "vi", n="2,40", was="80,10")
    expect(page.get_by_text(told)).to_be_visible()
    age = page.locator("[data-live='age']")
    for _ in range(2):  # the page refreshes itself meanwhile
        before = age.inner_text()
        expect(age).not_to_have_text(before)
    expect(handle).to_have_attribute("aria-valuetext", "10,0")
    expect(page.get_by_text(told)).to_be_visible()


def test_links_between_pages_keep_the_tab_alive(open_tab: Open, demo: Demo) -> None:
    page = open_tab("")
    drawn(page)
    page.get_by_role("link", name=t("nav.cameras", "vi")).first.click()
    expect(page).to_have_url(re.compile(r"/cameras"))
    drawn(page)


MAP = "[data-testid='stMain'] svg.province"


def on_map(page: Page, name: str) -> Locator:
    """The area of a unit as it is drawn first."""
    return page.locator(f"{MAP} path[data-name='{name}']").first


@pytest.mark.parametrize("width", [390, 1440])
def test_a_click_on_the_map_shows_the_unit_one_on_the_sea_takes_it_away_and_no_chart_is_loaded(
    open_tab: Open, width: int
) -> None:
    page = open_tab("", viewport={"width": width, "height": 1000})
    drawn(page)
    on_map(page, "Xã Kỳ Thượng").click(force=True)
    panel = page.locator(".st-key-map-unit")
    expect(panel).to_contain_text("Xã Kỳ Thượng")
    expect(page).to_have_url(re.compile("unit=06979"))
    expect(page.locator(f"{MAP} .chosen[data-name='Xã Kỳ Thượng']")).to_have_count(1)
    on_map(page, "Xã Lương Minh").click(force=True)
    expect(panel).to_contain_text("Xã Lương Minh")
    expect(page.locator(f"{MAP} .chosen:not([data-name='Xã Lương Minh'])")).to_have_count(0)
    picture = page.locator(MAP)
    expect(picture).to_have_attribute("role", "img")
    expect(picture).to_have_attribute("aria-label", re.compile(t("home.map_alt", "vi").partition("{")[0]))
    box = picture.bounding_box()
    assert box is not None
    picture.click(position={"x": box["width"] * 0.97, "y": box["height"] * 0.55}, force=True)
    expect(panel).to_have_count(0)
    expect(page).not_to_have_url(re.compile("unit="))
    asked = page.evaluate("() => performance.getEntriesByType('resource').map(entry => entry.name)")
    assert len([url for url in asked if "/assets/province.svg" in url]) == 1, "the drawing comes once"
    assert not [url for url in asked if re.search(r"/(embed|ArrowVegaLiteChart)\.", url)], (
        "a library of charts"
    )


def test_a_unit_that_is_drawn_larger_can_be_clicked_there_and_says_its_counts(open_tab: Open) -> None:
    page = open_tab("")
    drawn(page)
    name = "Phường Quang Hanh"
    larger = page.locator(f"{MAP} path[data-name='{name}']")
    expect(larger).to_have_count(2)
    larger.last.hover(force=True)
    hint = page.locator(".province-hint")
    expect(hint).to_contain_text(name)
    expect(hint).to_contain_text(re.compile(r"\d+ cảnh báo"))
    larger.last.click(force=True)
    expect(page.locator(".st-key-map-unit")).to_contain_text(name)


def test_an_unknown_page_shows_no_traceback(open_tab: Open) -> None:
    page = open_tab("no-such-page")
    expect(page.locator("#root h1").first).to_be_visible()
    expect(page.locator("[data-testid='stException']")).to_have_count(0)


def test_a_plan_goes_out_as_a_workbook_and_comes_back_through_the_browser(
    open_tab: Open, tmp_path: Path
) -> None:
    """Downloaded, edited as in an office, uploaded: the register has what was edited, and no more."""
    page = open_tab("plans?role=admin&lang=vi")
    drawn(page)
    page.get_by_role("button", name=t("plans.workbook", "vi")).click()
    with page.expect_download() as got:
        page.get_by_role("button", name=t("plans.download", "vi")).click()
    file = tmp_path / "plan.xlsx"
    got.value.save_as(file)
    for value, told in (("31/02/2026", "Cần một ngày"), ("30/12/2026", "0 dòng mới, 1 dòng sửa")):
        book = openpyxl.load_workbook(file)
        tasks = book["Nhiệm vụ"]
        tasks.cell(2, 1 + [cell.value for cell in tasks[1]].index("Hạn")).value = value
        changed = tmp_path / f"{value.replace('/', '-')}.xlsx"
        book.save(changed)
        page.locator("input[type=file]").set_input_files(changed)
        expect(page.get_by_text(changed.name)).to_be_visible()
        page.get_by_label(t("plans.upload_reason", "vi")).fill("thử qua trình duyệt")
        page.get_by_role("button", name=t("plans.upload_do", "vi")).click()
        if "dòng" in told:
            expect(page.get_by_text(told)).to_be_visible()
        else:
            expect(page.get_by_text("1 ô cần sửa")).to_be_visible()
