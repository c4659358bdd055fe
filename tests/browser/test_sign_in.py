"""Who may act in `serve`: nobody, until a provider or a trusted proxy says who it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cockpit.bench import processes
from cockpit.ui.words import t
from tests.browser.conftest import new_context
from tests.browser.provider import CLIENT, SECRET, Provider, providing
from tests.store import inside

ADMIN, OPERATOR = "quan.tri@example.gov.vn", "truc@example.gov.vn"
NAMES = {"COCKPIT_ADMINS": ADMIN, "COCKPIT_OPERATORS": OPERATOR}
RULE = "alerts?list=rules&rule=host-disk"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providing() as found:
        yield found


@pytest.fixture(scope="module")
def signed(
    tmp_path_factory: pytest.TempPathFactory, provider: Provider
) -> Iterator[tuple[processes.Running, Path]]:
    """`cockpit serve` with the provider in Streamlit's secrets."""
    data = tmp_path_factory.mktemp("serve")
    port = processes.free_port()
    secrets = data / "secrets.toml"
    secrets.write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
        'cookie_secret = "a cookie secret of the tests, long enough"\n'
        f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
        f'server_metadata_url = "{provider.address}/.well-known/openid-configuration"\n',
        encoding="utf-8",
    )
    settings = {**NAMES, "STREAMLIT_SECRETS_FILES": str(secrets)}
    with processes.running("serve", data, port=port, settings=settings) as cockpit:
        yield cockpit, data


def tab(browser: Browser, address: str, headers: dict[str, str] | None = None) -> Page:
    page = new_context(browser, extra_http_headers=headers or {}).new_page()
    page.goto(address)
    return page


def test_an_administrator_signs_in_by_openid_connect_acts_by_name_and_signs_out(
    browser: Browser, signed: tuple[processes.Running, Path], provider: Provider
) -> None:
    cockpit, data = signed
    provider.email = ADMIN
    page = tab(browser, f"{cockpit.address}/{RULE}")
    off = page.get_by_role("button", name=t("rules.switch_off", "vi"))
    expect(page.locator(".st-key-rule-detail")).to_be_visible()
    expect(off).to_have_count(0)
    page.get_by_role("button", name=t("people.sign_in", "vi")).click()
    expect(page.get_by_text(ADMIN)).to_be_visible()

    page.goto(f"{cockpit.address}/{RULE}")
    page.get_by_label(t("rules.reason", "vi")).fill("thay ổ đĩa")
    off.click()
    expect(page.locator(".st-key-rule-detail")).to_contain_text("thay ổ đĩa")
    (told,) = (c for c in inside.commands(data / "cockpit.db") if c.name == "rule_off")
    assert (told.actor, told.role) == (ADMIN, "admin")

    page.get_by_role("button", name=t("people.sign_out", "vi")).click()
    expect(page.get_by_role("button", name=t("people.sign_in", "vi"))).to_be_visible()
    page.context.close()


def test_somebody_signed_in_without_a_task_may_only_look(
    browser: Browser, signed: tuple[processes.Running, Path], provider: Provider
) -> None:
    provider.email = "khach@example.gov.vn"
    page = tab(browser, signed[0].address)
    page.get_by_role("button", name=t("people.sign_in", "vi")).click()
    expect(page.get_by_text(provider.email)).to_be_visible()
    page.goto(f"{signed[0].address}/alerts?list=rules&rule=host-memory")
    expect(page.locator(".st-key-rule-detail")).to_be_visible()
    expect(page.get_by_role("button", name=t("rules.switch_off", "vi"))).to_have_count(0)
    page.context.close()


def test_an_address_that_the_provider_has_not_verified_is_nobody(
    browser: Browser, signed: tuple[processes.Running, Path], provider: Provider
) -> None:
    provider.email = ADMIN
    for claims in ({"email_verified": False}, {}, {"email_verified": True, "email": "", "name": ADMIN}):
        provider.claims = claims
        page = tab(browser, signed[0].address)
        page.get_by_role("button", name=t("people.sign_in", "vi")).click(timeout=90_000)
        expect(page.get_by_text(t("gate.unverified_why", "vi"))).to_be_visible(timeout=90_000)
        expect(page.get_by_role("button", name=t("people.sign_out", "vi"))).to_be_visible(timeout=90_000)
        expect(page.get_by_text(ADMIN)).to_have_count(0)
        page.goto(f"{signed[0].address}/{RULE}")
        expect(page.locator(".st-key-rule-detail")).to_be_visible(timeout=90_000)
        expect(page.get_by_role("button", name=t("rules.switch_off", "vi"))).to_have_count(0)
        page.context.close()
    provider.claims = {"email_verified": True}


def test_the_header_of_a_trusted_proxy_names_the_person(browser: Browser, tmp_path: Path) -> None:
    settings = {**NAMES, "COCKPIT_TRUSTED_HEADER": "X-Forwarded-User"}
    with processes.running("serve", tmp_path, settings=settings) as cockpit:
        page = tab(browser, f"{cockpit.address}/{RULE}", {"X-Forwarded-User": ADMIN})
        expect(page.get_by_text(ADMIN)).to_be_visible()
        expect(page.get_by_role("button", name=t("rules.switch_off", "vi"))).to_be_visible()
        stranger = tab(browser, f"{cockpit.address}/{RULE}")
        expect(stranger.locator(".st-key-rule-detail")).to_be_visible()
        expect(stranger.get_by_role("button", name=t("rules.switch_off", "vi"))).to_have_count(0)
        for found in (page, stranger):
            found.context.close()
