"""Every page for whoever does not see it, sees it in the dark, or has only a keyboard; and in one language.

One tab goes from page to page. In light colours axe looks at all its rules, those of good practice too; in
dark ones at colours; in the other language at all but colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from cockpit.bench import processes
from cockpit.ui.wall import SCREENS
from cockpit.ui.words import LANGUAGES, WORDS, t
from tests.browser.conftest import PAGES, Demo, Watch, new_context
from tests.browser.test_pages import drawn
from tests.waiting import until

GROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 22, 29)"}
ADDRESSES = (
    *PAGES,
    "?unit=06979",
    "indicators?id=I08",
    "cameras?id=cam-00001",
    "cameras?view=map",
    "alerts?list=closed",
    "alerts?list=rules&rule=dossiers-overdue&role=operator",
    "sources?id=mot-cua",
    "simulator?role=presenter",
    "nosuch",
)
ACCEPTED: tuple[tuple[str, str], ...] = ()
"""What Streamlit's own markup breaks and no style, option or script of ours mends: rule of axe, and what the
element's HTML begins with. Each with its reason. What is not here fails the tests."""

COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
ALL_BUT_COLOURS = {"rules": {rule: {"enabled": False} for rule in COLOURS["runOnly"]}}

STEADY = "[data-stale] { opacity: 1 !important; transition: none !important }"
"""What is being drawn anew fades on a slow machine: that is no colour of the page."""

NAMES = """() => {
  const found = new Set();
  const look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) look(one.shadowRoot);
      if (one.closest("[aria-hidden=true], canvas, [lang=en]")) continue;
      for (const name of ["aria-label", "title", "placeholder", "alt", "aria-roledescription"])
        if (one.getAttribute(name)) found.add(one.getAttribute(name));
    }
  };
  look(document.body);
  return [...found];
}"""
TEXTS = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Set();
  for (let node = walk.nextNode(); node; node = walk.nextNode())
    if (!node.parentElement.closest("script, style, canvas, table, noscript"))
      found.add(node.nodeValue.trim());
  return [...found];
}"""
ASCII = re.compile(r"[ -~]*[A-Za-z]{2}[ -~]*")
PLAIN = re.compile(
    r"(?:Cam|Xanh|Vai|Xem|Camera|Trang \d+|Trang sau|MobiFone|Viettel|VNPT VinaPhone)|.*\bcam-\d+.*"
)
"""Vietnamese names that have no letter of their own, and names of things."""


def violations(page: Page, options: Mapping[str, object]) -> dict[str, list[str]]:
    """What axe finds: elements by rule."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    told = {
        violation["id"]: [
            node["html"][:160]
            for node in violation["nodes"]
            if not any(violation["id"] == rule and node["html"].startswith(html) for rule, html in ACCEPTED)
        ]
        for violation in found
    }
    return {rule: nodes for rule, nodes in told.items() if nodes}


def coloured(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    expect(page.locator("[data-testid='stApp']")).to_have_css("background-color", GROUND[scheme])


@pytest.fixture(scope="module")
def reader(browser: Browser, demo: Demo) -> Iterator[Page]:
    """One tab for all pages, which must have behaved."""
    until(lambda: demo.ask("GET", "/api/v1/alerts?state=open")["alerts"], "an open alert")
    context = new_context(browser, color_scheme="light", bypass_csp=True)
    page, watch = context.new_page(), Watch()
    watch.attach(page)
    yield page
    context.close()
    watch.must_be_clean()


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_in_either_mode_and_language_and_no_word_is_of_the_other(
    reader: Page, demo: Demo, address: str
) -> None:
    page = reader
    page.emulate_media(color_scheme="light")
    page.goto(f"{demo.address}/{address}")
    drawn(page)
    coloured(page, "light")
    page.add_style_tag(content=STEADY)
    assert violations(page, {}) == {}
    coloured(page, "dark")
    assert violations(page, COLOURS) == {}
    assert theirs(page, "vi") == []
    names = page.evaluate(NAMES)
    assert [name for name in names if ASCII.fullmatch(name) and not PLAIN.fullmatch(name)] == []
    assert {name: to for name, to in by_name(page).items() if len(to) > 1} == {}, "one name for two places"
    page.get_by_role("radio", name="EN", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    drawn(page)
    assert violations(page, ALL_BUT_COLOURS) == {}
    assert theirs(page, "en") == []


def theirs(page: Page, language: str) -> list[str]:
    """What Streamlit has written in the other language, as far as the catalogue knows it."""
    expect(page.get_by_test_id("stSkipToContent")).to_have_text(t("streamlit.skip", language))
    other = next(one for one in LANGUAGES if one != language)
    known = {
        text
        for key, text in WORDS[other].items()
        if key.startswith("streamlit.") and text != WORDS[language][key] and text[:1].isupper()
    }
    return sorted(known & {*page.evaluate(NAMES), *page.evaluate(TEXTS)})


def by_name(page: Page) -> dict[str, set[str]]:
    """Where links lead, by their names."""
    found: dict[str, set[str]] = {}
    for name, address in page.evaluate(
        "() => [...document.querySelectorAll('#root a[href]')].map(a =>"
        " [a.getAttribute('aria-label') || a.innerText.trim(), a.getAttribute('href')])"
    ):
        found.setdefault(name, set()).add(address)
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_wall(reader: Page, demo: Demo, theme: str) -> None:
    page = reader
    language = "vi" if theme == "light" else "en"
    page.goto(f"{demo.address}/wall?seconds=600&theme={theme}&lang={language}")
    for name in SCREENS:
        expect(page.locator("#screen")).to_have_attribute("data-name", name)
        expect(page.locator("#screen h1")).to_have_count(1)
        assert violations(page, {}) == {}, name
        page.keyboard.press("ArrowRight")


def test_axe_finds_nothing_where_a_code_is_asked_for_and_while_the_demo_starts(
    browser: Browser, tmp_path: Path
) -> None:
    options = ("--host", "0.0.0.0", "--history", "400")
    cockpit = processes.start("demo", tmp_path, *options)  # what it brings in lasts longer than this test
    context = new_context(browser, bypass_csp=True)
    try:
        page = context.new_page()
        until(lambda: cockpit.get("/login")[0] == 200, "the form", cockpit.said)
        for language in LANGUAGES:
            page.goto(f"{cockpit.address}/login?next=/%3Flang%3D{language}")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert violations(page, {}) == {}, (language, scheme)
        page.goto(f"{cockpit.address}/login?next=/indicators")
        code = re.search(r"Code: (\S+)", cockpit.said())
        assert code is not None
        page.get_by_label(t("login.label", "vi")).fill(code[1])
        page.get_by_role("button", name=t("login.enter", "vi")).click()
        for language in LANGUAGES:
            page.goto(f"{cockpit.address}/indicators?lang={language}")
            expect(page.get_by_role("heading", name=t("startup.title", language))).to_be_visible()
            for scheme in ("light", "dark"):
                coloured(page, scheme)
                assert violations(page, {}) == {}, (language, scheme)
            assert theirs(page, language) == []
    finally:
        context.close()
        cockpit.stop()


def test_axe_finds_nothing_where_nobody_is_signed_in(browser: Browser, tmp_path: Path) -> None:
    with processes.running("serve", tmp_path, "--host", "0.0.0.0") as cockpit:
        context = new_context(browser, bypass_csp=True)
        page = context.new_page()
        page.goto(cockpit.address)
        expect(page.get_by_role("heading", name=t("gate.nobody", "vi"))).to_be_visible()
        for scheme in ("light", "dark"):
            coloured(page, scheme)
            assert violations(page, {}) == {}, scheme
        assert theirs(page, "vi") == []
        context.close()


def test_a_table_is_entered_left_and_chosen_from_by_keys_alone(reader: Page, demo: Demo) -> None:
    page = reader
    page.goto(f"{demo.address}/indicators")
    drawn(page)
    page.locator("[data-testid='data-grid-canvas']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#glide-cell-1-2")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('canvas')") is None, "Tab leaves it"
    page.keyboard.press("Shift+Tab")
    expect(page.locator("[data-testid='data-grid-canvas']")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]id=I0\d"))


def test_the_address_home_leads_home(reader: Page, demo: Demo) -> None:
    page = reader
    page.goto(f"{demo.address}/home?lang=en")
    drawn(page)
    expect(page).to_have_url(re.compile(r":\d+/(\?.*)?$"))
    expect(page.locator(".st-key-needs")).to_be_visible()
