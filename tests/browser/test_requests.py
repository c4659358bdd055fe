"""A leader asks for an explanation where the figure is, the unit answers with a file, the leader accepts."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from cockpit.ui.words import t
from tests.browser.conftest import Demo, Open
from tests.browser.test_accessible import ALL_BUT_COLOURS, violations
from tests.waiting import until
from tests.wire import handed

CODE = "I30"  # whose owner is the department of the demo's officer
QUESTION, ANSWER = "Nêu nguyên nhân và giải pháp", "Do mất điện, đã khắc phục xong"


def test_a_leader_asks_the_unit_answers_with_a_file_and_the_leader_accepts(
    open_tab: Open, demo: Demo, tmp_path: Path
) -> None:
    leader = open_tab(f"indicators?id={CODE}")
    leader.locator(f".st-key-ask-indicator-{CODE} summary").click()
    question = leader.get_by_label(t("requests.question", "vi"))
    question.fill(QUESTION)
    question.blur()
    press(leader, "requests.ask_do")
    asked = leader.get_by_role("link", name="Đã yêu cầu")
    expect(asked).to_contain_text("hạn")
    number = int(str(until(lambda: _listed(demo), "the request")[-1]["id"]))

    file = tmp_path / "Báo cáo.pdf"
    file.write_bytes(handed.PDF)
    officer = open_tab(f"requests?role=officer&id={number}", bypass_csp=True)
    expect(opened(officer).get_by_text(QUESTION).first).to_be_visible()
    assert violations(officer, ALL_BUT_COLOURS) == {}
    answer = officer.get_by_label(t("requests.answer_ask", "vi"))
    answer.fill(ANSWER)
    answer.blur()
    officer.locator(f".st-key-request-answer-{number} input[type=file]").set_input_files(file)
    expect(opened(officer).get_by_text("Báo cáo.pdf").first).to_be_visible()
    press(officer, "requests.answer_do")
    until(lambda: _state(demo, number) == "answered", "the answer", lambda: str(_listed(demo)))

    asked.click()
    expect(opened(leader).get_by_text(ANSWER).first).to_be_visible()
    with leader.expect_download() as download:
        leader.get_by_role("button", name="Báo cáo.pdf").click()
    assert Path(download.value.path()).read_bytes() == handed.PDF
    press(leader, "requests.accept")
    until(lambda: _state(demo, number) == "accepted", "the acceptance", lambda: str(_listed(demo)))
    expect(opened(leader).get_by_text(t("requests.state_accepted", "vi")).first).to_be_visible()


def _listed(demo: Demo) -> list[dict[str, object]]:
    found = demo.ask("GET", "/api/v1/registers/request")["request"]
    assert isinstance(found, list)
    return found


def _state(demo: Demo, number: int) -> object:
    return demo.ask("GET", f"/api/v1/registers/request/{number}")["state"]


def opened(page: Page) -> Locator:
    """The request beside the list, whose table on a canvas holds the same words in cells that nobody sees."""
    return page.locator(".st-key-request-detail")


def press(page: Page, word: str) -> None:
    page.get_by_role("button", name=t(word, "vi"), exact=True).click()
